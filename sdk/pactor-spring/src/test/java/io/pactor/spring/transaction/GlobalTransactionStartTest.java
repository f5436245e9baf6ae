package io.pactor.spring.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pactor.spring.boot.GlobalTransactionAutoConfiguration;
import io.pactor.spring.boot.PactorAutoConfiguration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.jackson.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.annotation.PostExchange;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

/** An application with an annotation that cannot work does not start, and says which and why. */
class GlobalTransactionStartTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class,
            PactorAutoConfiguration.class, GlobalTransactionAutoConfiguration.class));

    static Stream<Arguments> classes() {
        return Stream.of(
            Arguments.of(Later.class, "later()", "CompletableFuture"),
            Arguments.of(Final.class, "fixed()", "private, static or final"),
            Arguments.of(Negative.class, "act()", "has the timeout -1"),
            Arguments.of(GidAndResult.class, "act(java.lang.String)", "returns a value"),
            Arguments.of(GidAndMandatory.class, "act(java.lang.String)", "MANDATORY"),
            Arguments.of(NoExpression.class, "act()", "is no expression"),
            Arguments.of(TccOfClass.class, "hold()", "is a @Tcc of a class"));
    }

    @ParameterizedTest
    @MethodSource("classes")
    void of_a_class(Class<?> type, String method, String problem) {
        runner.withBean("wrong", type).run(context -> assertThat(context.getStartupFailure())
            .rootCause().isInstanceOf(GlobalTransactionException.class)
            .hasMessageContaining("bean 'wrong', ").hasMessageContaining(method)
            .hasMessageContaining(problem));
    }

    static Stream<Arguments> clients() {
        return Stream.of(
            Arguments.of(NoConfirm.class, "has no method book(String) to confirm"),
            Arguments.of(OtherParameters.class, "has no method setFree(String) to cancel"),
            Arguments.of(Primitive.class, "returns int"),
            Arguments.of(Generic.class, "returns java.util.List<java.lang.String>"));
    }

    @ParameterizedTest
    @MethodSource("clients")
    void of_a_client(Class<?> type, String problem) {
        started(type).run(context -> assertThat(context.getStartupFailure())
            .rootCause().isInstanceOf(GlobalTransactionException.class)
            .hasMessageContaining("bean 'wrong', ").hasMessageContaining("hold(")
            .hasMessageContaining(problem));
    }

    /** As Spring makes a client of it. */
    private <T> ApplicationContextRunner started(Class<T> type) {
        return runner.withBean("wrong", type, () -> HttpServiceProxyFactory.builderFor(
            RestClientAdapter.create(RestClient.create("http://127.0.0.1:1"))).build()
            .createClient(type));
    }

    @Test
    void what_is_right_starts_and_refuses_a_try_outside() {
        started(Right.class).run(context -> {
            Right client = context.getBean(Right.class);
            assertThat(context).hasNotFailed();
            assertThatThrownBy(() -> client.hold("a room"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("outside of a global transaction");
        });
    }

    @Test
    void a_class_that_serves_the_calls_may_implement_the_interface() {
        runner.withBean("server", Serving.class).run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(context.getBean(Serving.class).hold("a room")).isEqualTo("a room");
        });
    }

    @Test
    void a_bean_that_has_an_interface_can_be_asked_for_by_its_class() {
        runner.withBean("booking", Booking.class).run(context ->
            assertThat(context).hasSingleBean(Booking.class).hasSingleBean(Runnable.class));
    }

    static class Booking implements Runnable {

        @Override
        @GlobalTransaction
        public void run() {}
    }

    static class Later {

        @GlobalTransaction
        public CompletableFuture<String> later() {
            return null;
        }
    }

    static class Final {

        @GlobalTransaction
        public final void fixed() {}
    }

    static class Negative {

        @GlobalTransaction(timeout = -1)
        public void act() {}
    }

    static class GidAndResult {

        @GlobalTransaction(gid = "#id")
        public String act(String id) {
            return id;
        }
    }

    static class GidAndMandatory {

        @GlobalTransaction(gid = "#id", propagation = GlobalTransaction.Propagation.MANDATORY)
        public void act(String id) {}
    }

    static class NoExpression {

        @GlobalTransaction(gid = "trip-'")
        public void act() {}
    }

    static class TccOfClass {

        @Tcc(confirm = "book", cancel = "setFree")
        public void hold() {}
    }

    static class Serving implements Right {

        @Override
        public String hold(String room) {
            return room;
        }

        @Override
        public void book(String room) {}

        @Override
        public void setFree(String room) {}
    }

    interface Right {

        @Tcc(confirm = "book", cancel = "setFree")
        @PostExchange("/hold")
        String hold(String room);

        @PostExchange("/book")
        void book(String room);

        @PostExchange("/set-free")
        void setFree(String room);
    }

    interface NoConfirm {

        @Tcc(confirm = "book", cancel = "setFree")
        @PostExchange("/hold")
        void hold(String room);

        @PostExchange("/set-free")
        void setFree(String room);
    }

    interface OtherParameters {

        @Tcc(confirm = "book", cancel = "setFree")
        @PostExchange("/hold")
        void hold(String room);

        @PostExchange("/book")
        void book(String room);

        @PostExchange("/set-free")
        void setFree(int room);
    }

    interface Primitive {

        @Tcc(confirm = "hold", cancel = "hold")
        @PostExchange("/hold")
        int hold(String room);
    }

    interface Generic {

        @Tcc(confirm = "hold", cancel = "hold")
        @PostExchange("/hold")
        List<String> hold(String room);
    }
}

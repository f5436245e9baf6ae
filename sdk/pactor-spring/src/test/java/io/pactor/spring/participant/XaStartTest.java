package io.pactor.spring.participant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pactor.testing.PostgresServer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** An application whose {@code @Xa} cannot be safe does not start, and says which and why. */
class XaStartTest {

    private static final String BASE = "pactor.participant.base-url=http://bank:8080";

    @Test
    void with_a_transaction_of_springs() {
        refused(Runners.jdbc().withPropertyValues(BASE), WithTransaction.class,
            "has a transaction of Spring's", "Remove @Transactional");
    }

    @Test
    void outside_of_a_controller() {
        refused(Runners.jdbc().withPropertyValues(BASE), NoController.class,
            "no method of a controller");
    }

    @Test
    void mapped_to_get() {
        refused(Runners.jdbc().withPropertyValues(BASE), MappedToGet.class, "mapped to POST");
    }

    @Test
    void without_an_address() {
        refused(Runners.jdbc(), Right.class, "pactor.participant.base-url");
    }

    @Test
    void in_a_database_that_cannot_prepare() {
        refused(Runners.jdbc().withPropertyValues(BASE), Right.class, "cannot prepare in", "H2");
    }

    @Test
    void with_a_data_source_that_is_not_there() {
        refused(Runners.jdbc().withPropertyValues(BASE), Elsewhere.class,
            "its data source is not clear", "'elsewhere'");
    }

    @Test
    void in_a_postgresql_that_prepares_nothing() {
        assumeTrue(PostgresServer.isHere());
        try (PostgresServer server = PostgresServer.running("max_prepared_transactions=0")) {
            refused(Runners.jdbc().withPropertyValues(BASE,
                "pactor.participant.initialize-schema=always",
                "spring.datasource.url=" + server.fresh()), Right.class,
                "max_prepared_transactions is 0");
        }
    }

    @Test
    void with_a_data_source_that_is_named_it_starts() {
        assumeTrue(PostgresServer.isHere());
        String url = PostgresServer.shared().fresh();
        Runners.jdbc().withPropertyValues(BASE, "pactor.participant.initialize-schema=always")
            .withBean("elsewhere", DriverManagerDataSource.class,
                () -> new DriverManagerDataSource(url))
            .withBean("bare", Elsewhere.class)
            .run(context -> assertThat(context).hasNotFailed());
    }

    private static void refused(ApplicationContextRunner runner, Class<?> bean, String... told) {
        runner.withBean("bare", bean).run(context -> {
            assertThat(context).hasFailed();
            Throwable cause = context.getStartupFailure();
            while (!(cause instanceof ParticipantException) && cause.getCause() != null) {
                cause = cause.getCause();
            }
            assertThat(cause).isInstanceOf(ParticipantException.class)
                .hasMessageContainingAll("bean 'bare'", "act()");
            assertThat(cause.getMessage()).contains(told);
        });
    }

    @RestController
    static class WithTransaction {

        @Xa
        @Transactional
        @PostMapping("/act")
        public void act() {}
    }

    @Service
    static class NoController {

        @Xa
        public void act() {}
    }

    @RestController
    static class MappedToGet {

        @Xa
        @GetMapping("/act")
        public void act() {}
    }

    @RestController
    static class Right {

        @Xa
        @PostMapping("/act")
        public void act() {}
    }

    @RestController
    static class Elsewhere {

        @Xa(dataSource = "elsewhere")
        @PostMapping("/act")
        public void act() {}
    }
}

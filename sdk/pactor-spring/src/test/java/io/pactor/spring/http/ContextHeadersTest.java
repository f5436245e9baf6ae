package io.pactor.spring.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import feign.Feign;
import feign.RequestLine;
import io.pactor.client.Pactor;
import io.pactor.client.participant.BranchCall;
import io.pactor.spring.participant.BranchContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.http.client.reactive.JdkClientHttpConnector;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.WebClient;

/** What a participant sends says for which branch it does so, whatever client sends it. */
class ContextHeadersTest {

    private static final BranchCall CALL = new BranchCall("order 7/ä", "saga", "02", "action");

    private static final Map<String, String> EXPECTED = Map.of("Pactor-Gid", "order%207%2F%C3%A4",
        "Pactor-Trans-Type", "saga", "Pactor-Branch-Id", "02", "Pactor-Op", "action");

    private final BlockingQueue<Headers> received = new LinkedBlockingQueue<>();
    private HttpServer server;
    private String url;

    /** Sends a request. */
    interface Sender {

        void send(String url, boolean withOwnHeader);
    }

    /** As Feign has it. */
    interface Remote {

        @RequestLine("POST /")
        void call();

        @RequestLine("POST /")
        @feign.Headers("pactor-gid: mine")
        void callWithOwnHeader();
    }

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            received.add(exchange.getRequestHeaders());
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        url = "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    static Stream<Sender> senders() {
        return Stream.of(ContextHeadersTest::byRestClient, ContextHeadersTest::byRestTemplate,
            ContextHeadersTest::byWebClient, ContextHeadersTest::byFeign);
    }

    private static void byRestClient(String url, boolean own) {
        RestClient.RequestBodySpec request = RestClient.builder()
            .requestInterceptor(new ContextInterceptor()).build().post().uri(url);
        (own ? request.header("pactor-gid", "mine") : request).retrieve().toBodilessEntity();
    }

    private static void byRestTemplate(String url, boolean own) {
        RestTemplate template = new RestTemplate();
        if (own) {
            template.getInterceptors().add((request, body, execution) -> {
                request.getHeaders().set("pactor-gid", "mine");
                return execution.execute(request, body);
            });
        }
        template.getInterceptors().add(new ContextInterceptor());
        template.postForObject(url, null, Void.class);
    }

    private static void byWebClient(String url, boolean own) {
        WebClient.RequestBodySpec request = WebClient.builder()
            .clientConnector(new JdkClientHttpConnector())
            .filter(new ContextFilter(true)).build().post().uri(url);
        (own ? request.header("pactor-gid", "mine") : request).retrieve().toBodilessEntity()
            .block();
    }

    private static void byFeign(String url, boolean own) {
        Remote remote = Feign.builder().addCapability(new FeignCapability(true))
            .target(Remote.class, url);
        if (own) {
            remote.callWithOwnHeader();
        } else {
            remote.call();
        }
    }

    @ParameterizedTest
    @MethodSource("senders")
    void a_call_of_a_participant_carries_its_branch(Sender sender) throws Exception {
        BranchContext.call(CALL, () -> {
            sender.send(url, false);
            return null;
        });

        Headers headers = received.take();
        EXPECTED.forEach((name, value) -> assertThat(headers.get(name))
            .as(name).isEqualTo(List.of(value)));
    }

    @ParameterizedTest
    @MethodSource("senders")
    void another_call_carries_nothing(Sender sender) throws Exception {
        sender.send(url, false);

        assertThat(received.take().keySet()).noneMatch(EXPECTED::containsKey);
    }

    @ParameterizedTest
    @MethodSource("senders")
    void a_header_that_is_there_stays(Sender sender) throws Exception {
        BranchContext.call(CALL, () -> {
            sender.send(url, true);
            return null;
        });

        assertThat(received.take().get("Pactor-Gid")).isEqualTo(List.of("mine"));
    }

    @Test
    void a_step_by_web_client_is_refused_and_nothing_is_sent() {
        try (Pactor pactor = Pactor.connect("http://127.0.0.1:1")) {
            assertThatThrownBy(() -> pactor.saga().step(() -> byWebClient(url, false)))
                .hasStackTraceContaining("POST " + url + " is a request by WebClient");
        }
        assertThat(received).isEmpty();
    }
}

package io.pactor.spring.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import feign.AsyncFeign;
import feign.Body;
import feign.Feign;
import feign.Headers;
import feign.Param;
import feign.RequestLine;
import io.pactor.client.Pactor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A Feign client's request becomes a step, and is not sent when that is declared. */
class FeignCapabilityTest {

    private static final String STOCK = "http://stock:1";

    private final BlockingQueue<String> submitted = new LinkedBlockingQueue<>();
    private HttpServer coordinator;
    private Pactor pactor;

    /** How the stock is called. */
    interface Stock {

        @RequestLine("POST /reserve/{article}")
        @Headers("Content-Type: application/json")
        @Body("%7B\"copies\":{copies}%7D")
        String reserve(@Param("article") String article, @Param("copies") int copies);

        @RequestLine("POST /quote")
        @Headers({"Content-Type: application/json", "Accept: {accept}"})
        @Body("1")
        String quote(@Param("accept") String accept);

        @RequestLine("POST /upload")
        @Headers("Content-Type: multipart/form-data; boundary=x")
        @Body("x")
        void upload();
    }

    /** The same without waiting. */
    interface AsyncStock {

        @RequestLine("POST /reserve")
        CompletableFuture<String> reserve();
    }

    @BeforeEach
    void start() throws Exception {
        coordinator =
            HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        coordinator.createContext("/", exchange -> {
            submitted.add(new String(exchange.getRequestBody().readAllBytes(),
                StandardCharsets.UTF_8));
            byte[] answer = ("{\"dtm_result\":\"SUCCESS\",\"version\":\"v1\","
                + "\"features\":[\"step-options\"]}").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        coordinator.start();
        pactor = Pactor.connect("http://127.0.0.1:" + coordinator.getAddress().getPort());
    }

    @AfterEach
    void stop() {
        pactor.close();
        coordinator.stop(0);
    }

    private static Stock stock() {
        return Feign.builder().addCapability(new FeignCapability(true))
            .requestInterceptor(template -> template.header("Authorization", "of this moment"))
            .target(Stock.class, STOCK);
    }

    @Test
    void a_call_is_recorded_as_it_is_without_what_interceptors_add() throws Exception {
        Stock stock = stock();

        pactor.saga("s1").step(() -> stock.reserve("a book", 3)).submit();

        JsonNode saga = new ObjectMapper().readTree(submitted.take());
        assertThat(saga.at("/steps/0/action").asText()).isEqualTo(STOCK + "/reserve/a%20book");
        assertThat(saga.at("/payloads/0").asText()).isEqualTo("{\"copies\":3}");
        assertThat(saga.at("/steps/0/action_options").isMissingNode()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"application/vnd.shop.v2+json,application/vnd.shop.v2+json",
        "application/json,", "'application/json, application/*+json',", "*/*,"})
    void what_is_to_be_accepted_is_recorded_if_it_says_something(String accept, String recorded)
            throws Exception {
        Stock stock = stock();

        pactor.saga("s2").step(() -> stock.quote(accept)).submit();

        JsonNode saga = new ObjectMapper().readTree(withSteps());
        assertThat(saga.at("/steps/0/action_options/headers/Accept").asText(null))
            .isEqualTo(recorded);
    }

    /** What a coordinator knows is asked before, where it must know headers of steps. */
    private String withSteps() throws InterruptedException {
        String body = submitted.take();
        while (!body.contains("steps")) {
            body = submitted.take();
        }
        return body;
    }

    @Test
    void a_multipart_request_is_refused_by_name() {
        Stock stock = stock();

        assertThatThrownBy(() -> pactor.saga("s1").step(stock::upload))
            .hasMessageContaining("POST " + STOCK + "/upload is a multipart request");
    }

    @Test
    void a_call_that_does_not_wait_is_refused_and_not_sent() {
        AsyncStock stock = AsyncFeign.builder().addCapability(new FeignCapability(true))
            .target(AsyncStock.class, STOCK);

        assertThatThrownBy(() -> pactor.saga("s1").step(() -> stock.reserve().join()))
            .hasStackTraceContaining("POST " + STOCK + "/reserve is asynchronous");
    }
}

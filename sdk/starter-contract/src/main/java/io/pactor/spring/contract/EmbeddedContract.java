package io.pactor.spring.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.pactor.client.Call;
import io.pactor.client.Outcome;
import io.pactor.client.Pactor;
import io.pactor.client.Saga;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** The coordinator inside an application: the same code, and another configuration. */
public abstract class EmbeddedContract {

    static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path dir;

    final AtomicInteger calls = new AtomicInteger();
    final AtomicBoolean isDone = new AtomicBoolean();
    private HttpServer participant;
    private URI action;

    /** An application that has nothing but Pactor. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Kiosk {}

    @BeforeEach
    void open() throws IOException {
        participant = HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        participant.createContext("/", exchange -> {
            try (exchange) {
                exchange.getRequestBody().readAllBytes();
                calls.incrementAndGet();
                exchange.getResponseHeaders().set("Retry-After", "1");
                exchange.sendResponseHeaders(isDone.get() ? 200 : 425, -1);
            }
        });
        participant.start();
        action = URI.create("http://127.0.0.1:" + participant.getAddress().getPort() + "/");
    }

    @AfterEach
    void close() {
        participant.stop(0);
    }

    @Test
    void a_saga_begins_and_ends_at_the_coordinator_inside() throws Exception {
        isDone.set(true);
        try (ConfigurableApplicationContext inside = embedded()) {
            assertThat(saga(inside, "inside").submitAndWait(PATIENCE))
                .isEqualTo(new Outcome.Succeeded("inside"));
            assertThat(calls).hasValue(1);
            assertThat(health(inside)).contains("\"pactor\":{").contains("\"version\":");
        }
    }

    /** There every request needs a token, and the application has one without being told. */
    @Test
    void in_production_the_application_alone_is_let_in() throws Exception {
        isDone.set(true);
        try (ConfigurableApplicationContext inside = started("--pactor.mode=embedded",
                "--pactor.embedded.data-dir=" + dir,
                "--pactor.embedded.settings.profile=production",
                "--pactor.embedded.settings.security.admin-token-file=" + dir.resolve("admin"),
                "--pactor.embedded.settings.calls.egress.allow=" + action.getAuthority())) {
            assertThat(saga(inside, "inside").submitAndWait(PATIENCE))
                .isEqualTo(new Outcome.Succeeded("inside"));
            URI other = URI.create(inside.getBean(Pactor.class).urls().get(0)
                + "/api/dtmsvr/query?gid=inside");
            assertThat(HttpClient.newHttpClient().send(HttpRequest.newBuilder(other).build(),
                HttpResponse.BodyHandlers.discarding()).statusCode()).isEqualTo(401);
        }
    }

    Saga saga(ConfigurableApplicationContext context, String gid) {
        return context.getBean(Pactor.class).saga(gid).step(Call.post(action.toString(), "{}"));
    }

    ConfigurableApplicationContext embedded() {
        return started("--pactor.mode=embedded", "--pactor.embedded.data-dir=" + dir,
            "--pactor.embedded.settings.transaction.retry-interval=1 s");
    }

    static ConfigurableApplicationContext started(String... arguments) {
        String[] all = new String[arguments.length + 4];
        System.arraycopy(arguments, 0, all, 4, arguments.length);
        all[0] = "--server.port=0";
        all[1] = "--spring.main.banner-mode=off";
        all[2] = "--management.endpoint.health.show-details=always";
        all[3] = "--spring.datasource.url=jdbc:h2:mem:kiosk";
        return new SpringApplicationBuilder(Kiosk.class).run(all);
    }

    static String status(ConfigurableApplicationContext context, String gid) {
        return context.getBean(Pactor.class).query(gid).orElseThrow().status();
    }

    private static String health(ConfigurableApplicationContext context) throws Exception {
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create(
            "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port")
            + "/actuator/health")).build(), HttpResponse.BodyHandlers.ofString()).body();
    }
}

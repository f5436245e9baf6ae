package io.pactor.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.pactor.client.Pactor;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** The token of an application stands in a file that a property names. */
class TokenFileStartTest {

    @TempDir
    private Path dir;

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(PactorAutoConfiguration.class));

    @Test
    void requests_carry_it() throws Exception {
        Path file = Files.writeString(dir.resolve("token"), "pactor_mine\n");
        AtomicReference<String> seen = new AtomicReference<>();
        HttpServer coordinator = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        coordinator.createContext("/", exchange -> {
            seen.set(exchange.getRequestHeaders().getFirst("Authorization"));
            byte[] body = "{\"transaction\":null,\"branches\":[]}".getBytes();
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        coordinator.start();
        try {
            runner.withPropertyValues("pactor.token-file=" + file,
                    "pactor.url=http://127.0.0.1:" + coordinator.getAddress().getPort())
                .run(context -> {
                    assertThat(context.getBean(Pactor.class).query("g")).isEmpty();
                    assertThat(seen.get()).isEqualTo("Bearer pactor_mine");
                });
        } finally {
            coordinator.stop(0);
        }
    }

    @Test
    void without_the_file_the_application_does_not_start() {
        runner.withPropertyValues("pactor.token-file=" + dir.resolve("none"))
            .run(context -> assertThat(context.getStartupFailure()).rootCause()
                .hasMessageContaining("none"));
    }
}

package io.pactor.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.pactor.client.Pactor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** An application says by its properties with what it proves who it is. */
class IdentityStartTest {

    @TempDir
    private Path dir;

    private final List<String> asked = new CopyOnWriteArrayList<>();

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(PactorAutoConfiguration.class));

    @Test
    void tokens_are_fetched_with_what_the_properties_say() throws Exception {
        Path secret = Files.writeString(dir.resolve("secret"), "hidden");
        HttpServer coordinator = answering("{\"transaction\":null,\"branches\":[]}");
        HttpServer tokens = answering("{\"access_token\":\"t-1\",\"expires_in\":60}");
        try {
            runner.withPropertyValues("pactor.url=" + url(coordinator),
                    "pactor.oauth2.token-url=" + url(tokens), "pactor.oauth2.client-id=orders",
                    "pactor.oauth2.secret-file=" + secret, "pactor.oauth2.scope=read,write",
                    "pactor.oauth2.audience=pactor", "pactor.oauth2.in-body=true")
                .run(context -> {
                    assertThat(context.getBean(Pactor.class).query("g")).isEmpty();
                    assertThat(asked).containsExactly("null grant_type=client_credentials"
                        + "&client_id=orders&client_secret=hidden&scope=read+write"
                        + "&audience=pactor", "Bearer t-1 ");
                });
        } finally {
            coordinator.stop(0);
            tokens.stop(0);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "pactor.oauth2.client-id=orders,              pactor.oauth2.token-url is missing",
        "pactor.oauth2.token-url=https://idp/token,   pactor.oauth2.client-id is missing",
        "pactor.tls.certificate=orders.crt,           pactor.tls.key is missing",
        "pactor.tls.key=orders.key,                   pactor.tls.certificate is missing",
        "pactor.tls.authorities=none.crt,             none.crt",
    })
    void what_is_missing_is_named(String property, String problem) {
        runner.withPropertyValues(property)
            .run(context -> assertThat(context.getStartupFailure()).rootCause()
                .hasMessageContaining(problem));
    }

    private HttpServer answering(String body) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestHeaders().getFirst("Authorization") + " "
                + new String(exchange.getRequestBody().readAllBytes()));
            exchange.sendResponseHeaders(200, body.length());
            exchange.getResponseBody().write(body.getBytes());
            exchange.close();
        });
        server.start();
        return server;
    }

    private static String url(HttpServer server) {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }
}

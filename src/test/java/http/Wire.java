package http;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorSystem;
import org.slf4j.LoggerFactory;
import transaction.Outcome;

/** A started server with a {@link MemoryCoordinator} behind it, spoken to over its socket. */
final class Wire implements AutoCloseable {

    static final String API = "/api/dtmsvr/";

    /** One for all tests: starting it is what takes long. */
    private static final ActorSystem SYSTEM = ActorSystem.create("http-test",
        ConfigFactory.parseString("""
            pekko.daemonic = on
            pekko.log-dead-letters = off
            pekko.loglevel = WARNING
            pekko.loggers = ["org.apache.pekko.event.slf4j.Slf4jLogger"]
            pekko.logging-filter = "org.apache.pekko.event.slf4j.Slf4jLoggingFilter"
            """).withFallback(ConfigFactory.defaultReference()));

    static {
        // Both are made to speak on purpose.
        for (String loud : List.of("http.Troubles", "org.apache.pekko.io.TcpListener")) {
            ((Logger) LoggerFactory.getLogger(loud)).setLevel(Level.OFF);
        }
    }

    private static final HttpClient CLIENT = HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(5)).build();

    /** An answer, as it came. */
    record Answer(int status, String type, String body, String retryAfter) {

        boolean mentionsVerdict() {
            return body.toUpperCase(java.util.Locale.ROOT).contains("FAILURE");
        }
    }

    final MemoryCoordinator coordinator = new MemoryCoordinator();
    final List<String> metered = new CopyOnWriteArrayList<>();
    final HttpServer server;

    private Wire(HttpSettings settings) {
        Ops ops = new Ops(() -> "v0.1.0", () -> "survives a kill", () -> "pactor_up 1");
        RouteMeter meter = (route, method, status, took) ->
            metered.add(route + " " + method + " " + status);
        server = await(HttpServer.start(SYSTEM,
            new HttpServer.Parts(coordinator, ops, meter), settings).toCompletableFuture());
    }

    static Wire start() {
        return start(HttpSettings.defaults());
    }

    static Wire start(HttpSettings settings) {
        return new Wire(settings.at("127.0.0.1", 0));
    }

    static ActorSystem system() {
        return SYSTEM;
    }

    Wire participant(String url, Outcome outcome) {
        coordinator.participant(url, outcome);
        return this;
    }

    int port() {
        return server.address().getPort();
    }

    /** POST to one of DTM's paths. */
    Answer post(String name, String body) {
        return send("POST", API + name, body);
    }

    /** GET of one of DTM's paths, with its query. */
    Answer get(String name) {
        return send("GET", API + name, "");
    }

    Answer send(String method, String path, String body, String... headers) {
        return await(sending(method, path, body.getBytes(StandardCharsets.UTF_8), headers));
    }

    Answer sendBytes(String path, byte[] body, String... headers) {
        return await(sending("POST", path, body, headers));
    }

    /** The same without waiting. */
    CompletableFuture<Answer> sending(
            String method, String path, byte[] body, String... headers) {
        HttpRequest.Builder request = HttpRequest
            .newBuilder(URI.create("http://127.0.0.1:" + port() + path))
            .timeout(Duration.ofSeconds(20))
            .method(method, body.length == 0 ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return CLIENT.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
            .thenApply(response -> new Answer(response.statusCode(),
                response.headers().firstValue("content-type").orElse(""), response.body(),
                response.headers().firstValue("retry-after").orElse("")));
    }

    /** Sends these bytes and returns all that comes back until the server closes or is silent. */
    String raw(String request) {
        try (Socket socket = new Socket("127.0.0.1", port())) {
            socket.setSoTimeout(1_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            byte[] buffer = new byte[65_536];
            int read = socket.getInputStream().read(buffer);
            return read < 0 ? "" : new String(buffer, 0, read, StandardCharsets.ISO_8859_1);
        } catch (SocketTimeoutException silent) {
            return "";
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    @Override
    public void close() {
        await(server.drain(Duration.ofMillis(10)).toCompletableFuture());
    }

    static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(30, TimeUnit.SECONDS);
        } catch (Exception broken) {
            throw new IllegalStateException(broken);
        }
    }
}

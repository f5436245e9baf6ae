package http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A client of whatever serves Pactor's HTTP interface at a port of this machine. */
final class WireClient {

    static final String API = "/api/dtmsvr/";

    /** Longer than any answer may take, so that a test sees the server's own bounds. */
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private static final HttpClient HTTP = HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(5)).build();

    /** An answer, as it came. */
    record Answer(int status, String type, String body, String retryAfter) {

        boolean mentionsVerdict() {
            return body.toUpperCase(Locale.ROOT).contains("FAILURE");
        }
    }

    private final int port;

    WireClient(int port) {
        this.port = port;
    }

    int port() {
        return port;
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

    /** POST to one of DTM's paths, without waiting. */
    CompletableFuture<Answer> posting(String name, String body) {
        return sending("POST", API + name, body.getBytes(StandardCharsets.UTF_8));
    }

    /** The same with everything to choose. */
    CompletableFuture<Answer> sending(
            String method, String path, byte[] body, String... headers) {
        HttpRequest.Builder request = HttpRequest
            .newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(PATIENCE)
            .method(method, body.length == 0 ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
            .thenApply(response -> new Answer(response.statusCode(),
                response.headers().firstValue("content-type").orElse(""), response.body(),
                response.headers().firstValue("retry-after").orElse("")));
    }

    /** What {@code query} shows of this transaction. */
    String query(String gid) {
        return get("query?gid=" + encoded(gid)).body();
    }

    /** Sends these bytes and returns all that comes back until the server closes or is silent. */
    String raw(String request) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
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

    /** Sends these bytes and returns all that comes back until the server closes. */
    String rawUntilClosed(String request) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return new String(
                socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(PATIENCE.toSeconds() + 5, TimeUnit.SECONDS);
        } catch (Exception broken) {
            throw new IllegalStateException(broken);
        }
    }
}

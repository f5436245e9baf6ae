package crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * A client of the coordinator that does not give up: it repeats a request, in the same words, until
 * the answer says what happened. Safe for many threads.
 */
final class Wire {

    static final ObjectMapper JSON = new ObjectMapper();

    /** Beyond this a client is stuck, and the test with it. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final Duration PAUSE = Duration.ofMillis(50);

    private static final String BASE = "/api/dtmsvr/";

    private final HttpClient http = HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(2)).build();
    private final Function<String, URI> address;

    /**
     * @param status HTTP status
     * @param attempts how often it was asked; more than one if an answer may have been lost
     */
    record Answer(int status, String body, int attempts) {

        boolean isAck() {
            return status == 200;
        }

        /** A verdict that can never change. */
        boolean isRefusal() {
            return status == 409;
        }

        /** It is on record and goes on; there is no end to wait for yet. */
        boolean isOngoing() {
            return status == 425;
        }

        JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** @param address from a path to where it is served; asked for each request */
    Wire(Function<String, URI> address) {
        this.address = address;
    }

    /** Where {@code path}, which begins with a slash, is served. */
    URI address(String path) {
        return address.apply(path);
    }

    static ObjectNode about(String gid, String mode) {
        return JSON.createObjectNode().put("gid", gid).put("trans_type", mode);
    }

    /**
     * Posts until there is an answer below 500 that is no request for patience.
     *
     * @throws IllegalStateException if there is none for {@link #PATIENCE}
     */
    Answer tell(String verb, JsonNode body) {
        return patiently(verb + " " + body, () -> post(verb, body.toString()));
    }

    /** As {@link #status}, but asked as {@link #tell} does, until there is an answer. */
    String statusPatiently(String gid) {
        Answer answer = patiently("query " + gid, () -> get(queryOf(gid)));
        if (!answer.isAck()) {
            throw new IllegalStateException("query " + gid + ": " + answer);
        }
        return answer.json().path("transaction").path("status").asText("");
    }

    private interface Attempt {
        HttpResponse<String> make() throws IOException;
    }

    private static Answer patiently(String what, Attempt attempt) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String last = "";
        for (int attempts = 1; System.nanoTime() < deadline; attempts++) {
            try {
                HttpResponse<String> response = attempt.make();
                int status = response.statusCode();
                if (status < 500 && status != 408 && status != 429) {
                    return new Answer(status, response.body(), attempts);
                }
                last = status + " " + response.body();
            } catch (IOException e) {
                last = e.toString();
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        throw new IllegalStateException(what + " is not answered; last: " + last);
    }

    /** One attempt, whatever comes of it. */
    HttpResponse<String> post(String verb, String body) throws IOException {
        return send(HttpRequest.newBuilder(address.apply(BASE + verb))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    /** One attempt at {@code path}, which begins with a slash. */
    HttpResponse<String> get(String path) throws IOException {
        return send(HttpRequest.newBuilder(address.apply(path)));
    }

    /** {@code prepared} and so on; empty if the gid is unknown. One attempt. */
    String status(String gid) throws IOException {
        return query(gid).path("transaction").path("status").asText("");
    }

    /** What the coordinator says of {@code gid}. One attempt. */
    JsonNode query(String gid) throws IOException {
        HttpResponse<String> response = get(queryOf(gid));
        if (response.statusCode() != 200) {
            throw new IOException("query: " + response.statusCode() + " " + response.body());
        }
        return JSON.readTree(response.body());
    }

    private static String queryOf(String gid) {
        return BASE + "query?gid=" + URLEncoder.encode(gid, StandardCharsets.UTF_8);
    }

    /** How many transactions are listed with this status, up to a page of 1,000. */
    int listed(String status) throws IOException {
        JsonNode page = JSON.readTree(get(BASE + "all?limit=1000&status=" + status).body());
        return page.path("transactions").size();
    }

    /** Those that have not ended, up to some thousands. */
    int unfinished() throws IOException {
        return listed("prepared") + listed("submitted") + listed("aborting");
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            return http.send(request.timeout(Duration.ofSeconds(20)).build(),
                HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}

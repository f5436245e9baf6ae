package http;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;

/** A reader of {@code /api/events} with a memory, simple as clients of such streams are. */
final class EventStream implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final HttpClient HTTP = HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1).build();

    private final HttpResponse<InputStream> response;
    private final List<JsonNode> events = new CopyOnWriteArrayList<>();
    private final List<String> comments = new CopyOnWriteArrayList<>();
    private volatile String lastId = "";
    private volatile boolean ended;

    private EventStream(HttpResponse<InputStream> response) {
        this.response = response;
        Thread reader = new Thread(this::read, "event-stream");
        reader.setDaemon(true);
        reader.start();
    }

    /** Begins to read; what happens after this has returned is read. */
    static EventStream open(int port, String query, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + port + "/api/events" + query));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return new EventStream(HTTP.send(
                request.build(), HttpResponse.BodyHandlers.ofInputStream()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    int status() {
        return response.statusCode();
    }

    String header(String name) {
        return response.headers().firstValue(name).orElse("");
    }

    String lastId() {
        return lastId;
    }

    boolean hasEnded() {
        return ended;
    }

    List<String> comments() {
        return List.copyOf(comments);
    }

    List<JsonNode> all() {
        return List.copyOf(events);
    }

    /** In words, such as {@code attempt 01 action success} or {@code status aborting}. */
    List<String> told(String gid) {
        return events.stream().filter(event -> event.path("gid").asText().equals(gid))
            .map(EventStream::words).toList();
    }

    List<String> told() {
        return events.stream().map(EventStream::words).toList();
    }

    /** Waits for the end of so many passes of this transaction, and returns what was told. */
    List<String> afterPasses(String gid, int passes) {
        Awaitility.await("pass " + passes + " of " + gid).atMost(PATIENCE)
            .pollInterval(Duration.ofMillis(5)).until(() -> told(gid).stream()
                .filter(each -> each.startsWith("pass")).count() >= passes);
        return told(gid);
    }

    void awaitEnd() {
        Awaitility.await("the end of the stream").atMost(PATIENCE).until(() -> ended);
    }

    static String words(JsonNode event) {
        String kind = event.get("event").asText();
        String branch = event.path("branch_id").asText() + " " + event.path("op").asText();
        return switch (kind) {
            case "created", "pass" -> kind + " " + event.get("status").asText();
            case "status" -> kind + " " + event.get("from").asText() + " "
                + event.get("status").asText();
            case "branch" -> kind + " " + branch + " " + event.get("branch_status").asText();
            case "attempt" -> kind + " " + branch + " " + event.get("outcome").asText();
            case "retry" -> kind + " " + branch;
            default -> kind;
        };
    }

    private void read() {
        try (var lines = new BufferedReader(
                new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            String kind = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("id: ")) {
                    lastId = line.substring(4);
                } else if (line.startsWith("event: ")) {
                    kind = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    JsonNode event = StartedJar.json(line.substring(6));
                    if (!event.get("event").asText().equals(kind)) {
                        throw new IllegalStateException(kind + " is not that of " + line);
                    }
                    events.add(event);
                } else if (line.startsWith(":")) {
                    comments.add(line);
                }
            }
        } catch (IOException gone) {
            // The other side is gone, or this one has closed.
        }
        ended = true;
    }

    @Override
    public void close() {
        try {
            response.body().close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}

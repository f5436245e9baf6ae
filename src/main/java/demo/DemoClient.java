package demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import demo.Timeline.Entry;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * Someone who speaks to the coordinator and to the banks: the initiator, or a bank that joins a
 * transaction. What it says to the coordinator is put on the timeline; what it says to a bank the
 * bank puts there. Blocking; safe for many threads.
 */
final class DemoClient {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration ANSWER_MAX = Duration.ofSeconds(10);
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(2)).build();

    private final String name;
    private final String coordinator;
    private final Timeline timeline;

    /**
     * @param name as it stands on the timeline
     * @param coordinator the base of the coordinator's API, {@code http://host:port/api/dtmsvr}
     */
    DemoClient(String name, String coordinator, Timeline timeline) {
        this.name = name;
        this.coordinator = coordinator;
        this.timeline = timeline;
    }

    String name() {
        return name;
    }

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    /** A request body with nothing but what it is about. */
    static ObjectNode about(String gid, String mode) {
        return object().put("gid", gid).put("trans_type", mode);
    }

    /** The base of the coordinator's API, which an XA branch is told so that it can join. */
    String coordinator() {
        return coordinator;
    }

    /**
     * Sends {@code body} to the coordinator.
     *
     * @param verb the last part of the path, such as {@code submit}
     * @param branch the branch it is about, or empty; for the timeline, as {@code detail}
     * @throws BusinessRefusal if the coordinator refused it (409)
     * @throws IOException if it could not be asked or answered something else than 200
     */
    JsonNode tell(String verb, ObjectNode body, String branch, String detail)
            throws IOException, InterruptedException, BusinessRefusal {
        Entry entry = Entry.asked(name, "coordinator", verb).about(branch, detail);
        HttpResponse<String> answer;
        try {
            answer = send(HttpRequest.newBuilder(URI.create(coordinator + "/" + verb))
                    .POST(HttpRequest.BodyPublishers.ofString(body.toString())));
        } catch (IOException e) {
            timeline.add(entry.answered("no answer: " + e, false));
            throw e;
        }
        String words = words(answer);
        timeline.add(entry.answered(words, answer.statusCode() == 200));
        if (answer.statusCode() == 409) {
            throw new BusinessRefusal(words);
        }
        if (answer.statusCode() != 200) {
            throw new IOException(verb + " was answered " + words);
        }
        return JSON.readTree(answer.body());
    }

    /** What the coordinator knows of {@code gid}: the parts transaction and branches. */
    JsonNode query(String gid) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(
                HttpRequest.newBuilder(URI.create(coordinator + "/query?gid=" + encode(gid))));
        if (answer.statusCode() != 200) {
            throw new IOException("query was answered " + words(answer));
        }
        return JSON.readTree(answer.body());
    }

    /**
     * Calls a bank itself, as the initiator does in the modes that it drives.
     *
     * @param more further query parameters, besides the four of the branch
     * @throws BusinessRefusal if the bank refused it (409)
     * @throws IOException if it could not be asked or answered something else than 200
     */
    void ask(String url, BranchInfo branch, long cents, Map<String, String> more)
            throws IOException, InterruptedException, BusinessRefusal {
        Map<String, String> query = new TreeMap<>(more);
        query.putAll(Map.of("trans_type", branch.mode(), "gid", branch.gid(),
                "branch_id", branch.id(), "op", branch.op()));
        StringBuilder full = new StringBuilder(url).append('?');
        query.forEach((key, value) ->
                full.append(key).append('=').append(encode(value)).append('&'));
        HttpResponse<String> answer = send(HttpRequest.newBuilder(URI.create(full.toString()))
                .POST(HttpRequest.BodyPublishers.ofString(payload(cents))));
        if (answer.statusCode() == 409) {
            throw new BusinessRefusal(answer.body());
        }
        if (answer.statusCode() != 200) {
            throw new IOException(url + " was answered " + answer.statusCode());
        }
    }

    /** The payload of a branch of the banks. */
    static String payload(long cents) {
        return object().put("cents", cents).toString();
    }

    private static HttpResponse<String> send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return HTTP.send(request.header("Content-Type", "application/json").timeout(ANSWER_MAX)
                .build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String words(HttpResponse<String> answer) {
        return answer.statusCode() == 200 ? "ok" : answer.statusCode() + " " + answer.body();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}

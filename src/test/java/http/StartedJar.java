package http;

import client.CoordinatorProcess;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import grpc.DtmClient;
import grpc.GrpcDoor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** The runnable jar as a process of its own with a participant beside it, seen through its wire. */
public final class StartedJar implements AutoCloseable {

    static final ObjectMapper JSON = new ObjectMapper();

    /** Far beyond what anything takes on a busy machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    public final CoordinatorProcess process;
    final WireClient client;
    public final DtmClient grpc;
    public final Participant participant = Participant.start();

    private StartedJar(CoordinatorProcess.Launch launch) {
        process = CoordinatorProcess.start(launch);
        client = new WireClient(process.port());
        grpc = new DtmClient(process.grpcPort());
    }

    /** Each interface. */
    List<Door> doors() {
        return List.of(new HttpDoor(client), new JsonRpcDoor(client), new GrpcDoor(grpc));
    }

    /** @param arguments further ones of {@code serve} */
    public static StartedJar in(Path dir, String... arguments) {
        return of(CoordinatorProcess.Launch.in(dir).withArguments(arguments));
    }

    /** @param jvm options besides those for a short life */
    static StartedJar of(CoordinatorProcess.Launch launch, String... jvm) {
        // It lives for seconds: the first compiler is enough, and it starts in half the time.
        List<String> options =
            new ArrayList<>(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"));
        options.addAll(List.of(jvm));
        return new StartedJar(launch.withJvm(options.toArray(String[]::new)));
    }

    public String url(String path) {
        return participant.url(path);
    }

    /** The record that {@code query} shows; null if there is none. */
    public JsonNode transaction(String gid) {
        JsonNode found = json(client.query(gid)).get("transaction");
        return found.isNull() ? null : found;
    }

    /**
     * All that {@code query} shows. Left out is the next look at a transaction that waits for
     * nobody: it is told as an hour from now, whenever one asks; and the node, whose name is
     * another one after a restart.
     */
    JsonNode record(String gid) {
        JsonNode shown = json(client.query(gid));
        if (shown.get("transaction").isObject()) {
            ((ObjectNode) shown.get("transaction")).remove("node");
        }
        JsonNode next = shown.at("/transaction/next_cron_time");
        if (!next.isMissingNode()
                && Instant.parse(next.asText()).isAfter(Instant.now().plusSeconds(3_000))) {
            ((ObjectNode) shown.get("transaction")).remove("next_cron_time");
        }
        return shown;
    }

    /** Its status; {@code none} if there is no such transaction. */
    public String status(String gid) {
        JsonNode found = transaction(gid);
        return found == null ? "none" : found.get("status").asText();
    }

    /** Each branch as {@code 01 action succeed}. */
    public List<String> branches(String gid) {
        return json(client.query(gid)).get("branches").findParents("branch_id").stream()
            .map(each -> each.get("branch_id").asText() + " " + each.get("op").asText() + " "
                + each.get("status").asText()).toList();
    }

    /** Waits until the transaction has that status. */
    public void awaitStatus(String gid, String status) {
        Awaitility.await(gid + " becomes " + status).atMost(PATIENCE)
            .pollInterval(Duration.ofMillis(10)).until(() -> status(gid).equals(status));
    }

    /** Waits until nothing is under way: what was called has answered, and that is on record. */
    public void awaitRest(String gid) {
        Awaitility.await(gid + " rests").atMost(PATIENCE).pollInterval(Duration.ofMillis(10))
            .until(() -> rests(transaction(gid)));
    }

    private static boolean rests(JsonNode transaction) {
        return transaction == null || !transaction.has("next_cron_time")
            || Instant.parse(transaction.get("next_cron_time").asText()).isAfter(Instant.now());
    }

    /** The body of {@code /api/metrics}. */
    public String metrics() {
        return client.send("GET", "/api/metrics", "").body();
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException broken) {
            throw new UncheckedIOException(text, broken);
        }
    }

    /** Ends the process without ceremony. */
    @Override
    public void close() {
        grpc.close();
        process.close();
        participant.close();
    }
}

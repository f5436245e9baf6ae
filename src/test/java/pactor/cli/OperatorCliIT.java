package pactor.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import client.CoordinatorProcess;
import client.CoordinatorProcess.Launch;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator's night: {@code bin/pactor} against the runnable jar with transactions that wait. */
class OperatorCliIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Nobody listens there. */
    private static final String NOBODY = "http://127.0.0.1:9";

    @TempDir
    private Path dir;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, String> sick = new ConcurrentHashMap<>();
    private HttpServer participant;
    private CoordinatorProcess server;
    private String submits;

    private record Ran(int code, String out, String err) {

        Ran exits(int expected) {
            assertEquals(expected, code, this::toString);
            return this;
        }

        Ran says(String part) {
            assertTrue((out + err).contains(part), () -> part + " in " + this);
            return this;
        }
    }

    @BeforeEach
    void start() throws Exception {
        participant = HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        participant.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            String illness = sick.get(exchange.getRequestURI().getPath());
            byte[] body = (illness == null ? "{}" : illness).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(illness == null ? 200 : 500, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        participant.start();
        List<String> identities = new ArrayList<>();
        String viewer = token(identities, "victor", "viewer");
        String operator = token(identities, "alice", "operator");
        submits = token(identities, "orders", "client");
        Path file = Files.write(dir.resolve("identities"), identities);
        server = CoordinatorProcess.start(Launch.in(dir.resolve("data"))
            .withJvm("-Xmx256m", "-XX:TieredStopAtLevel=1").withArguments(
                "--set", "pactor.security.authentication=required",
                "--set", "pactor.security.identities-file=" + file));
        Files.writeString(dir.resolve("viewer.token"), viewer);
        Files.writeString(dir.resolve("operator.token"), operator);
        Files.writeString(dir.resolve("contexts"), "context = night\n"
            + "[night]\nserver = " + server.baseUrl() + "\ntoken-file = operator.token\n"
            + "[day]\nserver = " + server.baseUrl() + "\ntoken-file = viewer.token\n");
    }

    @AfterEach
    void stop() {
        server.close();
        participant.stop(0);
    }

    @Test
    void whatWaitsIsFound() throws Exception {
        seed();
        assertEquals(Set.of("down-1", "down-2", "sick-1", "parked-1"),
            gids("--status", "submitted"));
        assertEquals(Set.of("parked-1"), gids("--parked"));
        assertEquals(Set.of("tcc-1"), gids("--mode", "tcc"));
        assertEquals(Set.of("sick-1"), gids("--attribute", "order:17"));
        assertEquals(Set.of("done-1"), gids("--status", "succeed"));
        assertEquals(Set.of(), gids("--opened-to", "1h"));
        assertEquals(6, gids("--opened-from", "1h").size());

        Ran shown = pactor("tx", "show", "sick-1").exits(0);
        shown.says("status       submitted, waits for retry").says("attributes   order=17");
        Ran list = pactor("tx", "list", "--limit", "2").exits(0).says("there are more: --all");
        assertEquals(3, list.out.lines().count(), list::toString);
        assertFalse(list.out.contains("\u001b"), "no colours in a pipe");
        pactor("tx", "show", "none").exits(1).says("none");
    }

    @Test
    void whoMayNotIsToldSo() throws Exception {
        pactor("whoami").exits(0).says("role         operator");
        pactor("whoami", "--context", "day").exits(0).says("role         viewer");
        Files.writeString(dir.resolve("viewer.token"), "pactor_of_a_stranger");
        pactor("tx", "list", "--context", "day").exits(77).says("viewer.token");
        pactor("whoami", "--server", server.baseUrl().toString()).exits(0);
        pactor("whoami", "--server", NOBODY).exits(69).says("nobody listens there");
    }

    @Test
    void whatIsStuckIsHelpedOn() throws Exception {
        seed();
        pactor("tx", "pause", "sick-1", "--until", "2h", "--reason", "disk").exits(0)
            .says("sick-1: status submitted, paused until ");
        pactor("tx", "pause", "sick-1", "--context", "day").exits(77);
        pactor("tx", "edit", "down-1", "01", "action", "--url", url("/fine")).exits(0);
        pactor("tx", "retry", "down-1", "--reason", "the service has moved").exits(0);
        awaitStatus("down-1", "succeed");
        pactor("tx", "park", "down-2", "none", "sick-1").exits(1).says("pactor: none: ");
        assertEquals(Set.of("down-2", "parked-1", "sick-1"), gids("--parked"));

        sick.clear();
        pactor("tx", "unpark", "sick-1").exits(0);
        pactor("tx", "resume", "sick-1").exits(0);
        pactor("tx", "retry", "sick-1").exits(0);
        awaitStatus("sick-1", "succeed");
        pactor("tx", "unpark", "parked-1").exits(0);
        awaitStatus("parked-1", "succeed");
        pactor("tx", "resolve", "down-2", "01", "action", "--as", "failure", "--yes").exits(1)
            .says("reason");
        pactor("tx", "resolve", "down-2", "01", "action", "--as", "failure", "--reason",
            "told by phone", "--yes").exits(0);
        pactor("tx", "unpark", "down-2").exits(0);
        awaitStatus("down-2", "failed");
        // The word at its end is DTM's, for clients that look for it.
        assertEquals("resolved by an operator: told by phone FAILURE", JSON.readTree(
            pactor("tx", "show", "down-2", "--json").exits(0).out).get("reason").asText());
    }

    @Test
    void callsAreShownAndAParticipantIsHeldBack() throws Exception {
        seed();
        pactor("tx", "attempts", "sick-1").exits(0).says("500 Internal Server Error");
        // Payloads are not for an operator.
        pactor("tx", "attempts", "sick-1", "--curl").exits(0).says("# 01 action, attempt 1")
            .says("# ***");
        pactor("tx", "attempts", "none").exits(1).says("none");
        JsonNode all = JSON.readTree(pactor("tx", "export", "sick-1").exits(0).out);
        assertEquals("sick-1", all.at("/transaction/gid").asText());
        assertEquals(1, all.at("/attempts/0/attempt").asInt());
        assertFalse(all.get("history").isEmpty(), all::toString);

        String name = url("").replace("http://", "");
        pactor("participants", "pause", name, "--reason", "disk").exits(0)
            .says(name + ": paused");
        pactor("participants", "paused").exits(0).says("alice").says("disk");
        pactor("participants").exits(0).says("until resumed");
        pactor("participants", "--context", "day").exits(0).says("operators of the whole server");
        pactor("participants", "resume", name, "--context", "day").exits(77);
        pactor("participants", "resume", name).exits(0).says(name + ": called again");
        pactor("participants", "pause", "--all").exits(0).says("all participants: paused");
        pactor("participants", "resume", "--all").exits(0).says("all participants: called again");
    }

    @Test
    void whatCannotBeHelpedIsEnded() throws Exception {
        seed();
        pactor("tx", "rollback", "sick-1").exits(2).says("say --yes");
        pactor("tx", "rollback", "sick-1", "--yes", "--reason", "cancelled").exits(0);
        assertEquals(Set.of("sick-1"), gids("--status", "aborting"));
        pactor("tx", "skip", "down-1", "01", "action", "--yes", "--reason", "not needed").exits(0);
        awaitStatus("down-1", "succeed");
        pactor("tx", "stop", "down-2", "sick-1", "--yes").exits(0).says("down-2: status failed");
        pactor("tx", "rollback", "done-1", "--yes").exits(1).says("pactor: done-1: ");
        assertEquals(Set.of("done-1", "down-1"), gids("--status", "succeed"));
        assertEquals(Set.of("down-2", "sick-1"), gids("--status", "failed"));
    }

    @Test
    void whatHasEndedIsRunAgain() throws Exception {
        sick.put("/sick", "disk is full");
        post("submit", "{\"gid\":\"sick-1\",\"trans_type\":\"saga\",\"steps\":["
            + step("/fine") + "," + step("/sick") + "],\"payloads\":[\"{}\",\"{}\"]}");
        await().atMost(PATIENCE).until(() -> gids("--waiting", "retry").contains("sick-1"));
        pactor("tx", "again", "sick-1", "--yes").exits(1).says("it has not ended");
        pactor("tx", "stop", "sick-1", "--yes").exits(0);
        sick.clear();
        pactor("tx", "again", "sick-1", "--dry-run").exits(0).says("as sick-1-again-1:")
            .says(url("/sick"));
        assertEquals(Set.of(), gids("--attribute", "pactor.again_of:sick-1"));

        pactor("tx", "again", "sick-1").exits(2).says("say --yes");
        pactor("tx", "again", "sick-1", "--context", "day", "--yes").exits(77);
        pactor("tx", "again", "sick-1", "--yes", "--reason", "disk").exits(0)
            .says("sick-1: run again as sick-1-again-1").says("warning: 01: not part of it");
        awaitStatus("sick-1-again-1", "succeed");
        pactor("tx", "again", "sick-1", "--yes").exits(0).says("nothing has changed");
        assertEquals(Set.of("sick-1-again-1"), gids("--attribute", "pactor.again_of:sick-1"));
        assertEquals(Set.of("sick-1"), gids("--status", "failed"));
    }

    private void awaitStatus(String gid, String status) {
        await().atMost(PATIENCE).until(() -> gids("--status", status).contains(gid));
    }

    @Test
    void oneIsWatchedToItsEnd() throws Exception {
        sick.put("/late", "closed at night");
        submit("late-1", "saga", step("/late"), "");
        List<String> lines = new ArrayList<>();
        Process watching = process("tx", "watch", "late-1");
        Thread reading = new Thread(() -> watching.inputReader().lines().forEach(line -> {
            synchronized (lines) {
                lines.add(line);
            }
        }));
        reading.start();
        sick.clear();
        // Again and again, since nobody knows when the watch has begun.
        AtomicInteger others = new AtomicInteger();
        await().atMost(PATIENCE).until(() -> {
            submit("other-" + others.incrementAndGet(), "saga", step("/fine"), "");
            retry("late-1");
            return !watching.isAlive();
        });
        reading.join(PATIENCE.toMillis());
        assertEquals(0, watching.exitValue());
        assertTrue(lines.get(lines.size() - 1).contains("succeed"), lines::toString);
        assertTrue(lines.stream().noneMatch(line -> line.contains("other-")), lines::toString);
    }

    /** What a night brings, and what it does not. */
    private void seed() throws Exception {
        sick.put("/sick", "disk is full");
        sick.put("/hopeless", "no such article");
        submit("down-1", "saga", "{\"action\":\"" + NOBODY + "/a\"}", "");
        submit("down-2", "saga", "{\"action\":\"" + NOBODY + "/a\"}", "");
        submit("sick-1", "saga", step("/sick"), ",\"attributes\":{\"order\":\"17\"}");
        submit("parked-1", "saga", step("/hopeless"),
            ",\"retry_limit\":1,\"on_exhausted\":\"park\"");
        submit("done-1", "saga", step("/fine"), "");
        post("prepare", "{\"gid\":\"tcc-1\",\"trans_type\":\"tcc\"}");
        await().atMost(PATIENCE).until(() -> gids("--parked").size() == 1
            && gids("--status", "succeed").size() == 1);
    }

    private Set<String> gids(String... filter) throws Exception {
        List<String> words = new ArrayList<>(List.of("tx", "list", "--json"));
        words.addAll(List.of(filter));
        JsonNode page = JSON.readTree(pactor(words.toArray(String[]::new)).exits(0).out);
        return page.get("items").findValuesAsText("gid").stream()
            .collect(Collectors.toCollection(TreeSet::new));
    }

    private String step(String path) {
        return "{\"action\":\"" + url(path) + "\",\"compensate\":\"" + url(path) + "\"}";
    }

    private String url(String path) {
        return "http://127.0.0.1:" + participant.getAddress().getPort() + path;
    }

    private void submit(String gid, String mode, String step, String more) throws Exception {
        post("submit", "{\"gid\":\"" + gid + "\",\"trans_type\":\"" + mode + "\",\"steps\":["
            + step + "],\"payloads\":[\"{}\"]" + more + "}");
    }

    private void post(String route, String body) throws Exception {
        assertEquals(200, send(route, body, submits), body);
    }

    private void retry(String gid) throws Exception {
        send("resetNextCronTime", "{\"gid\":\"" + gid + "\"}",
            Files.readString(dir.resolve("operator.token")));
    }

    private int send(String route, String body, String token) throws Exception {
        return http.send(HttpRequest.newBuilder(server.uri("/api/dtmsvr/" + route))
            .header("Authorization", "Bearer " + token)
            .POST(HttpRequest.BodyPublishers.ofString(body)).build(),
            BodyHandlers.discarding()).statusCode();
    }

    private Ran pactor(String... words) throws Exception {
        Path err = Files.createTempFile(dir, "err", "");
        ProcessBuilder builder = builder(words).redirectError(err.toFile());
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        return new Ran(process.exitValue(), out, Files.readString(err));
    }

    private Process process(String... words) throws IOException {
        return builder(words).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private ProcessBuilder builder(String... words) throws IOException {
        Path lib = Files.createDirectories(dir.resolve("lib"));
        if (!Files.exists(lib.resolve("pactor.jar"))) {
            Files.createSymbolicLink(
                lib.resolve("pactor.jar"), CoordinatorProcess.jar().toAbsolutePath());
            Files.createDirectories(dir.resolve("bin"));
            Files.copy(Path.of("bin/pactor"), dir.resolve("bin/pactor"),
                StandardCopyOption.COPY_ATTRIBUTES);
        }
        ProcessBuilder builder = new ProcessBuilder(dir.resolve("bin/pactor").toString());
        builder.command().addAll(List.of(words));
        builder.environment().put("PACTOR_CONFIG", dir.resolve("contexts").toString());
        return builder;
    }

    private String token(List<String> identities, String name, String role) throws Exception {
        Process process = new ProcessBuilder(CoordinatorProcess.java(), "-jar",
            CoordinatorProcess.jar().toString(), "token", "create", name, role).start();
        List<String> lines = process.inputReader().lines().toList();
        identities.add(lines.get(2));
        return lines.get(0).replace("token: ", "");
    }
}

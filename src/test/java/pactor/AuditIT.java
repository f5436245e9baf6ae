package pactor;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import client.CoordinatorProcess;
import client.CoordinatorProcess.Launch;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import database.Databases;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import security.Token;

/** J-03: what operators do to the runnable jar is on record, and stays what it is. */
class AuditIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path dir;

    private final HttpClient http = HttpClient.newHttpClient();

    private Launch launch(List<String> arguments) {
        return Launch.in(dir.resolve("data")).withJvm("-Xmx256m", "-XX:TieredStopAtLevel=1")
            .withArguments(arguments.toArray(String[]::new));
    }

    private CompletableFuture<Integer> sending(CoordinatorProcess server, String path,
            String token, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
            URI.create(server.baseUrl() + "/api/dtmsvr/" + path)).timeout(PATIENCE)
            .header("Authorization", "Bearer " + token);
        if (headers.length > 0) {
            request.headers(headers);
        }
        if (!body.isEmpty()) {
            request.POST(HttpRequest.BodyPublishers.ofString(body));
        }
        return http.sendAsync(request.build(), HttpResponse.BodyHandlers.discarding())
            .thenApply(HttpResponse::statusCode);
    }

    private int send(CoordinatorProcess server, String path, String token, String body,
            String... headers) {
        return sending(server, path, token, body, headers).join();
    }

    /** What a command of the jar printed, and its exit code. */
    private record Run(String said, int code) {}

    private static Run run(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(CoordinatorProcess.java(),
            "-XX:TieredStopAtLevel=1", "-jar", CoordinatorProcess.jar().toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(said, process.waitFor());
    }

    private static String[] of(List<String> store, String... command) {
        return Stream.concat(Stream.of(command), store.stream()).toArray(String[]::new);
    }

    private static String tcc(String gid) {
        return "{\"gid\":\"" + gid + "\",\"trans_type\":\"tcc\"}";
    }

    @Test
    void whoDidWhatIsExportedAndTamperingIsFound() throws Exception {
        Path identities = Files.writeString(dir.resolve("identities"),
            line("alice", "operator") + line("orders", "client"));
        try (CoordinatorProcess server = CoordinatorProcess.start(launch(List.of(
                "--set", "pactor.security.identities-file=" + identities)))) {
            assertEquals(200, send(server, "prepare", "orders", tcc("g")));
            assertEquals(403, send(server, "forceStop", "orders", tcc("g")));
            assertEquals(401, send(server, "forceStop", "nobody", tcc("g")));
            assertEquals(200, send(server, "forceStop", "alice", "{\"gid\":\"g\"}",
                "Pactor-Reason", "ticket 4711"));
            assertEquals(200, send(server, "subscribe?topic=t&url=http://a/x", "alice", ""));
            server.stop();
        }
        List<String> store = List.of("--data-dir", dir.resolve("data").toString());
        Run exported = run(of(store, "audit", "export"));
        assertEquals(0, exported.code, exported.said);
        assertEquals(List.of(
            "event start  done",
            "refusal orders POST /api/dtmsvr/forceStop  403",
            "refusal  authenticate http wrong credentials",
            "intent alice POST /api/dtmsvr/forceStop gid=g ",
            "result alice POST /api/dtmsvr/forceStop gid=g 200",
            "intent alice GET /api/dtmsvr/subscribe topic=t url=http://a/x ",
            "result alice GET /api/dtmsvr/subscribe topic=t url=http://a/x 200"),
            exported.said.lines().map(AuditIT::shown).toList());
        JsonNode result = json(exported.said.lines().skip(4).findFirst().orElseThrow());
        assertEquals("prepared failed ticket 4711 127.0.0.1 token 4", Stream.of("before", "after",
            "reason", "address", "known_by", "about").map(name -> result.get(name).asText())
            .reduce((one, next) -> one + " " + next).orElseThrow());

        execute("jdbc:h2:file:" + dir.resolve("data/pactor"), "pactor", "",
            "DELETE FROM pactor_audit WHERE seq >= 6",
            "UPDATE pactor_audit_head SET seq = 5,"
                + " seal = (SELECT seal FROM pactor_audit WHERE seq = 5)");
        Run tampered = run(of(store, "audit", "verify"));
        assertEquals(1, tampered.code);
        assertTrue(tampered.said.startsWith("pactor: rows 6 to 7 are missing at the end: "
            + "pactor.audit-heads:14 knows row 7"), tampered.said);
    }

    /** Locks hold the node at the place where it is killed: the act is done, its result is not. */
    @Test
    void aKillBetweenActAndResultLeavesAnIntentThatIsTold() throws Exception {
        String url = Databases.fresh(Databases.POSTGRESQL);
        List<String> store = new ArrayList<>(Databases.arguments(url));
        // Longer than this test holds its locks on the slowest machine.
        for (String each : List.of("store.statement-timeout=25 s", "store.socket-timeout=26 s",
                "store.breaker-timeout=27 s", "coordinator.answer-within=28 s")) {
            store.addAll(List.of("--set", "pactor." + each));
        }
        CompletableFuture<Integer> answer;
        List<String> log;
        try (CoordinatorProcess server = CoordinatorProcess.start(launch(store));
                Connection journal = DriverManager.getConnection(url, "pactor", "pactor");
                Connection head = DriverManager.getConnection(url, "pactor", "pactor")) {
            assertEquals(200, send(server, "prepare", "", tcc("g")));
            lock(journal, "LOCK TABLE pactor_journal IN SHARE MODE");
            answer = sending(server, "forceStop", "", "{\"gid\":\"g\"}");
            await().atMost(PATIENCE).until(() -> ask(url,
                "SELECT COUNT(*) FROM pactor_audit WHERE kind = 'intent'").equals("1"));
            assertEquals("prepared", ask(url, "SELECT status FROM pactor_transaction"));
            lock(head, "SELECT * FROM pactor_audit_head FOR UPDATE");
            journal.rollback();
            await().atMost(PATIENCE).until(() -> ask(url,
                "SELECT status FROM pactor_transaction").equals("failed"));
            assertFalse(answer.isDone(), "nothing is told before its result is on record");
            log = server.log();
            server.killHard();
        }
        assertTrue(answer.handle((status, broken) -> broken != null).join());
        Path heads = Files.write(dir.resolve("log"), log);
        Run verified = run(of(store, "audit", "verify", "--heads", heads.toString()));
        assertEquals(List.of("row 2 has no result, so what it tells of was done or not: somebody"
                + " (admin) from 127.0.0.1: POST /api/dtmsvr/forceStop gid=g",
            "2 rows, compared with 2 notes of heads: nothing was changed"),
            verified.said.lines().toList());
        assertEquals(0, verified.code);
    }

    private static void lock(Connection connection, String statement) throws SQLException {
        connection.setAutoCommit(false);
        connection.createStatement().execute(statement);
    }

    private static String ask(String url, String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, "pactor", "pactor");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() ? row.getString(1) : "";
        }
    }

    private static void execute(String url, String user, String password, String... statements)
            throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, user, password);
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    private static String shown(String line) {
        JsonNode row = json(line);
        String name = row.get("known_by").asText().equals("system") ? ""
            : row.get("caller").asText() + " ";
        String target = row.get("act").asText().equals("start") ? "" : row.get("target").asText();
        return row.get("kind").asText() + " " + name + row.get("act").asText() + " " + target
            + " " + row.get("result").asText();
    }

    private static JsonNode json(String line) {
        try {
            return new ObjectMapper().readTree(line);
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException(line, broken);
        }
    }

    private static String line(String name, String role) {
        return name + " " + role + " sha256:" + HexFormat.of().formatHex(Token.hash(name)) + "\n";
    }
}

package database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import client.CoordinatorProcess;
import client.CoordinatorProcess.Launch;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import store.Unfinished;

/**
 * The database is killed, is away, loses its connections, under load. The coordinator lives on:
 * what it acknowledged comes to its end, what it cannot know it answers with 503, and it works
 * again within ten seconds of the database's return.
 */
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {Databases.POSTGRESQL, Databases.MARIADB})
class OutageIT {

    /** L4 of the failure model. */
    private static final Duration BACK_WITHIN = Duration.ofSeconds(10);

    private static final int INITIATORS = 8;

    @Parameter
    String kind;

    @TempDir
    Path dir;

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(Duration.ofSeconds(2)).build();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Integer> answers = new ConcurrentHashMap<>();
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final Set<String> wrong = ConcurrentHashMap.newKeySet();
    private final AtomicInteger numbers = new AtomicInteger();
    private final AtomicLong lastWritten = new AtomicLong();
    private volatile boolean goOn = true;
    private DatabaseServer server;
    private HttpServer participant;
    private CoordinatorProcess coordinator;

    @BeforeEach
    void start() throws IOException {
        server = Databases.own(kind);
        server.create("outage");
        participant = HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_000);
        participant.setExecutor(threads);
        participant.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            byte[] yes = "{\"dtm_result\":\"SUCCESS\"}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, yes.length);
            exchange.getResponseBody().write(yes);
            exchange.close();
        });
        participant.start();
        coordinator = CoordinatorProcess.start(Launch.in(dir).withJvm("-Xmx256m")
            .withArguments(Databases.arguments(server.url("outage")).toArray(String[]::new)));
    }

    @AfterEach
    void end() {
        goOn = false;
        threads.shutdownNow();
        if (coordinator != null) {
            coordinator.close();
        }
        if (participant != null) {
            participant.stop(0);
        }
        if (server != null) {
            server.close();
        }
    }

    @Test
    void theDatabaseGoesAndComesBack() throws Exception {
        for (int i = 0; i < INITIATORS; i++) {
            threads.submit(this::load);
        }
        awaitWritten(System.nanoTime(), Duration.ofSeconds(20));

        long slowest = 0;
        for (int away : new int[] {0, 2_000}) {
            server.kill();
            LockSupport.parkNanos(away * 1_000_000L);
            server.start();
            slowest = Math.max(slowest, awaitWritten(System.nanoTime(), BACK_WITHIN));
        }
        for (int cut = 0; cut < 10; cut++) {
            cutConnections();
            LockSupport.parkNanos(100_000_000L);
        }
        awaitWritten(System.nanoTime(), BACK_WITHIN);

        goOn = false;
        assertTrue(coordinator.isAlive());
        assertEquals(Set.of(), wrong);
        Awaitility.await().atMost(Duration.ofSeconds(60)).ignoreExceptions()
            .untilAsserted(() -> assertEquals(List.of(), unfinished()));
        Unfinished.assertAllDue(this::connect);
        System.out.println(kind + ": " + acknowledged.size() + " acknowledged, answers "
            + new TreeMap<>(answers) + ", back after " + slowest + " ms at most");
    }

    private void load() {
        while (goOn) {
            String gid = "out-" + numbers.incrementAndGet();
            boolean done = false;
            for (int attempt = 0; goOn && !done && attempt < 100; attempt++) {
                done = submit(gid);
                LockSupport.parkNanos((done ? 5 : 200) * 1_000_000L);
            }
        }
    }

    /** As a client does: whatever is no verdict is asked again with the same gid. */
    private boolean submit(String gid) {
        String url = "http://127.0.0.1:" + participant.getAddress().getPort() + "/";
        String body = "{\"gid\":\"" + gid + "\",\"trans_type\":\"saga\",\"retry_interval\":1,"
            + "\"steps\":[{\"action\":\"" + url + "a\",\"compensate\":\"" + url + "c\"},"
            + "{\"action\":\""
            + url + "b\",\"compensate\":\"" + url + "d\"}],\"payloads\":[\"{}\",\"{}\"]}";
        try {
            HttpResponse<String> answer = http.send(HttpRequest
                .newBuilder(coordinator.uri("/api/dtmsvr/submit")).timeout(Duration.ofSeconds(12))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)).build(),
                HttpResponse.BodyHandlers.ofString());
            answers.merge(String.valueOf(answer.statusCode()), 1, Integer::sum);
            if (answer.statusCode() == 200) {
                acknowledged.add(gid);
                lastWritten.set(System.nanoTime());
                return true;
            }
            if (answer.body().contains("current status 'succeed'")) {
                // Its answer was lost, and meanwhile it has come to its end.
                return true;
            }
            if (answer.statusCode() != 503 && answer.statusCode() != 429
                    || answer.body().contains("FAILURE")) {
                wrong.add(gid + ": " + answer.statusCode() + " " + answer.body());
            }
            return false;
        } catch (IOException late) {
            answers.merge("none", 1, Integer::sum);
            return false;
        } catch (InterruptedException end) {
            return true;
        }
    }

    /** @return milliseconds until a write that began later was acknowledged */
    private long awaitWritten(long since, Duration atMost) {
        Awaitility.await("a write is acknowledged").atMost(atMost)
            .pollInterval(Duration.ofMillis(20)).until(() -> lastWritten.get() > since);
        return TimeUnit.NANOSECONDS.toMillis(lastWritten.get() - since);
    }

    private void cutConnections() throws SQLException {
        try (Connection connection = connect(); var statement = connection.createStatement()) {
            if (kind.equals(Databases.POSTGRESQL)) {
                statement.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE application_name = 'pactor'");
            } else {
                var rows = statement.executeQuery("SELECT id FROM information_schema.processlist"
                    + " WHERE db = 'outage' AND id <> CONNECTION_ID()");
                while (rows.next()) {
                    try (var kill = connection.createStatement()) {
                        kill.execute("KILL " + rows.getLong(1));
                    } catch (SQLException gone) {
                        assertFalse(gone.getMessage().isEmpty());
                    }
                }
            }
        }
    }

    private List<String> unfinished() throws SQLException {
        Set<String> left = new java.util.TreeSet<>(acknowledged);
        try (Connection connection = connect(); var statement = connection.createStatement();
                var row = statement.executeQuery(
                    "SELECT gid FROM pactor_transaction WHERE status = 'succeed'")) {
            while (row.next()) {
                left.remove(new String(row.getBytes(1), StandardCharsets.UTF_8));
            }
        }
        return List.copyOf(left);
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(server.url("outage"), server.user(), server.user());
    }
}

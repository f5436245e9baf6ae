package pactor;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import client.ClassArchive;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import store.Canary;

/** A saga through a kill, a rotation and a restart; no byte of the file tells what was sent. */
class EncryptionIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Canary payload = new Canary("canary-of-the-payload-71c0");
    private final Canary data = new Canary("canary-of-custom-data-82d1");
    private final Canary header = new Canary("canary-of-a-header-93e2aa");
    private final Canary reason = new Canary("canary-of-the-reason-a4f3");
    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicInteger tries = new AtomicInteger();

    @TempDir
    private Path dir;

    @Test
    void aSagaGoesOnUnderAnotherKeyAndItsPayloadsAreNowhereInTheFile() throws Exception {
        Path keys = dir.resolve("keys");
        write(keys, line("k1", 1));
        int[] answer = {500};
        HttpServer participant = participant(answer);
        try (CoordinatorProcess server = CoordinatorProcess.start(launch(keys))) {
            submit(server, "http://127.0.0.1:" + participant.getAddress().getPort());
            await().atMost(PATIENCE).until(() -> tries.get() > 0
                && query(server).contains(reason.toString()));
            server.killHard();
            assertNothingIsKept();

            write(keys, line("k2", 2) + "\n" + line("k1", 1));
            answer[0] = 409;
            server.restart();
            await().atMost(PATIENCE).until(() -> query(server).contains("\"failed\""));
            String shown = query(server);
            for (Canary each : List.of(payload, data, header, reason)) {
                assertTrue(each.isIn(shown.getBytes(StandardCharsets.UTF_8)),
                    each + " is not in " + shown);
            }
            assertTrue(list(server).contains(reason.toString()));
            server.killHard();
            assertNothingIsKept();
        } finally {
            participant.stop(0);
        }
        assertTrue(doctor(keys, 0).contains("payloads are encrypted with key k2; used so far: k2,"
            + " k1"));
        write(keys, line("k1", 1));
        assertTrue(doctor(keys, 1).contains("key k2 is missing"));
    }

    /** It stays due, and goes on by itself; nobody has to have it read again. */
    @Test
    void aSagaWhoseKeyIsMissingWaitsUntilTheFileHasIt() throws Exception {
        Path keys = dir.resolve("keys");
        write(keys, line("k1", 1));
        int[] answer = {500};
        HttpServer participant = participant(answer);
        try (CoordinatorProcess server = CoordinatorProcess.start(launch(keys))) {
            submit(server, "http://127.0.0.1:" + participant.getAddress().getPort());
            await().atMost(PATIENCE).until(() -> tries.get() > 0);
            write(keys, line("k2", 2) + "\n" + line("k1", 1) + "\n");
            await().atMost(PATIENCE).until(() -> server.log().stream().anyMatch(
                line -> line.contains("payloads are encrypted with key k2 from now on")));
            server.killHard();

            write(keys, line("k2", 2) + "\n");
            answer[0] = 200;
            server.restart();
            await().atMost(PATIENCE).until(() -> query(server).contains(
                "its key is missing: entry 1 is encrypted with key k1"));
            assertTrue(get(server, "/api/health").contains(
                "transactions wait for encryption key k1"));
            assertFalse(get(server, "/api/dtmsvr/all?status=quarantined").contains("\"g\""));

            write(keys, line("k2", 2) + "\n" + line("k1", 1) + "\n");
            await().atMost(PATIENCE).until(() -> query(server).contains("\"succeed\""));
            assertFalse(get(server, "/api/health").contains("encryption key"));
        } finally {
            participant.stop(0);
        }
    }

    private Launch launch(Path keys) {
        return Launch.in(dir.resolve("data")).withJvm("-Xmx256m", "-XX:TieredStopAtLevel=1")
            .withArguments("--set", "pactor.store.encryption.keys-file=" + keys,
                "--set", "pactor.reload.interval=100 ms",
                "--set", "pactor.transaction.retry-interval=1 s");
    }

    private void submit(CoordinatorProcess server, String to) throws Exception {
        String saga = """
            {"gid": "g", "trans_type": "saga", "custom_data": "{\\"note\\": \\"%s\\"}",
             "branch_headers": {"X-Token": "%s"},
             "steps": [{"action": "%s/pay", "compensate": "%s/back"}],
             "payloads": ["{\\"card\\": \\"%s\\"}"]}""".formatted(data, header, to, to, payload);
        HttpResponse<String> sent = http.send(
            HttpRequest.newBuilder(server.uri("/api/dtmsvr/submit"))
                .POST(HttpRequest.BodyPublishers.ofString(saga)).build(),
            HttpResponse.BodyHandlers.ofString());
        assertEquals(200, sent.statusCode(), sent.body());
    }

    private String query(CoordinatorProcess server) throws Exception {
        return get(server, "/api/dtmsvr/query?gid=g");
    }

    private String list(CoordinatorProcess server) throws Exception {
        return get(server, "/api/dtmsvr/all");
    }

    private String get(CoordinatorProcess server, String path) throws Exception {
        return http.send(HttpRequest.newBuilder(server.uri(path)).build(),
            HttpResponse.BodyHandlers.ofString()).body();
    }

    /** The doctor's report, which must end with {@code expected}. */
    private String doctor(Path keys, int expected) throws Exception {
        Process process = new ProcessBuilder(CoordinatorProcess.java(), ClassArchive.option(),
            "-XX:TieredStopAtLevel=1", "-jar", CoordinatorProcess.jar().toString(), "doctor",
            "--port", "0", "--data-dir", dir.resolve("data").toString(),
            "--set", "pactor.grpc.enabled=off",
            "--set", "pactor.store.encryption.keys-file=" + keys)
            .redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(expected, process.waitFor(), said);
        return said;
    }

    private void assertNothingIsKept() throws IOException {
        try (Stream<Path> files = Files.walk(dir.resolve("data"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                byte[] bytes = Files.readAllBytes(file);
                for (Canary each : List.of(payload, data, header, reason)) {
                    assertFalse(each.isIn(bytes), each + " is in " + file);
                }
            }
        }
    }

    private HttpServer participant(int[] answer) throws IOException {
        HttpServer server = HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                boolean isBack = exchange.getRequestURI().getPath().equals("/back");
                byte[] said = reason.toString().getBytes(StandardCharsets.UTF_8);
                exchange.getRequestBody().readAllBytes();
                exchange.sendResponseHeaders(isBack ? 200 : answer[0], said.length);
                exchange.getResponseBody().write(said);
                tries.incrementAndGet();
            }
        });
        server.start();
        return server;
    }

    private static void write(Path keys, String lines) throws IOException {
        Files.deleteIfExists(keys);
        Files.createFile(keys, PosixFilePermissions.asFileAttribute(
            PosixFilePermissions.fromString("rw-------")));
        Files.writeString(keys, lines);
    }

    private static String line(String name, int first) {
        byte[] secret = new byte[32];
        secret[0] = (byte) first;
        return name + " " + Base64.getEncoder().encodeToString(secret);
    }
}

package pactor;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import client.ClassArchive;
import client.CoordinatorProcess;
import client.CoordinatorProcess.Launch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** J-03, J-15: the runnable jar with tokens, from its first start on. */
class AccessIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String SUBMIT = "{\"gid\":\"%s\",\"trans_type\":\"saga\","
        + "\"steps\":[],\"payloads\":[]}";

    @TempDir
    private Path dir;

    private final HttpClient http = HttpClient.newHttpClient();

    private Launch launch(String... arguments) {
        return Launch.in(dir.resolve("data"))
            .withJvm("-Xmx256m", "-XX:TieredStopAtLevel=1").withArguments(arguments);
    }

    private int status(CoordinatorProcess server, String path, String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
            URI.create(server.baseUrl() + path)).timeout(PATIENCE);
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        if (path.endsWith("submit")) {
            request.POST(HttpRequest.BodyPublishers.ofString(
                String.format(SUBMIT, token.hashCode())));
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } catch (InterruptedException ended) {
            throw new IllegalStateException(ended);
        }
    }

    @Test
    void theFirstStartMakesTheTokenOfTheAdministrator() throws Exception {
        Path file = dir.resolve("admin-token");
        Launch launch = launch("--set", "pactor.profile=production",
            "--set", "pactor.security.admin-token-file=" + file);
        String token;
        try (CoordinatorProcess server = CoordinatorProcess.start(launch)) {
            token = Files.readString(file).strip();
            assertEquals("rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            assertEquals(401, status(server, "/api/dtmsvr/newGid", ""));
            assertEquals(401, status(server, "/api/dtmsvr/submit", "wrong"));
            assertEquals(200, status(server, "/api/dtmsvr/newGid", token));
            assertEquals(200, status(server, "/api/ping", ""));
            assertFalse(String.join("\n", server.log()).contains(token));
            Files.delete(file);
            server.restart();
            assertEquals(200, status(server, "/api/dtmsvr/newGid", token));
            assertFalse(Files.exists(file));
            server.stop();
        }
        String other = run("token", "reset-admin", "--data-dir", dir.resolve("data").toString());
        Matcher shown = Pattern.compile("token: (\\S+)").matcher(other);
        assertTrue(shown.find(), other);
        try (CoordinatorProcess server = CoordinatorProcess.start(launch)) {
            assertEquals(401, status(server, "/api/dtmsvr/newGid", token));
            assertEquals(200, status(server, "/api/dtmsvr/newGid", shown.group(1)));
        }
        for (Path each : stored()) {
            String bytes = Files.readString(each, StandardCharsets.ISO_8859_1);
            assertFalse(bytes.contains(token) || bytes.contains(shown.group(1)), each.toString());
        }
    }

    @Test
    void aTokenIsReplacedWithoutARestart() throws Exception {
        String before = run("token", "create", "orders", "client");
        String after = run("token", "create", "orders", "client");
        Path file = Files.writeString(dir.resolve("identities"), line(before));
        try (CoordinatorProcess server = CoordinatorProcess.start(launch(
                "--set", "pactor.security.identities-file=" + file,
                "--set", "pactor.reload.interval=100 ms"))) {
            assertEquals(200, status(server, "/api/dtmsvr/newGid", token(before)));
            assertEquals(401, status(server, "/api/dtmsvr/newGid", token(after)));
            assertEquals(403, status(server, "/api/metrics", token(before)));
            Files.writeString(file, "not a line");
            await().atMost(PATIENCE).until(() -> server.log().stream()
                .anyMatch(line -> line.contains("cannot be used; what it said before")));
            assertEquals(200, status(server, "/api/dtmsvr/newGid", token(before)));
            Files.writeString(file, line(after));
            await().atMost(PATIENCE).until(
                () -> status(server, "/api/dtmsvr/newGid", token(after)) == 200);
            assertEquals(401, status(server, "/api/dtmsvr/newGid", token(before)));
        }
    }

    @Test
    void otherMachinesAreNotServedByDefault() throws Exception {
        Process refused = new ProcessBuilder(CoordinatorProcess.java(),
            ClassArchive.option(), "-jar", CoordinatorProcess.jar().toString(), "serve",
            "--host", "0.0.0.0", "--port", "0",
            "--data-dir", dir.resolve("data").toString()).redirectErrorStream(true).start();
        String said = new String(refused.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(refused.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        assertEquals(78, refused.exitValue(), said);
        assertTrue(said.contains("pactor.security.allow-insecure"), said);
        assertFalse(Files.exists(dir.resolve("data")));
    }

    private String run(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(CoordinatorProcess.java(),
            ClassArchive.option(), "-jar", CoordinatorProcess.jar().toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        return said;
    }

    private List<Path> stored() throws IOException {
        try (var all = Files.walk(dir.resolve("data"))) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    private static String token(String said) {
        return said.lines().findFirst().orElseThrow().replace("token: ", "").strip();
    }

    private static String line(String said) {
        return said.lines().reduce((first, last) -> last).orElseThrow() + "\n";
    }
}

package pactor.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import client.ClassArchive;
import database.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pactor.ListeningPorts;
import pactor.settings.DtmKeys;
import pactor.settings.SettingKeys;

/** The runnable jar as an operator meets it: its first line, its last words, its exit codes. */
class ServeIT {

    private static final Duration START_MAX = Duration.ofSeconds(90);
    private static final Pattern LINE = Pattern.compile(
        "pactor \\S+ listening on (http://127\\.0\\.0\\.1:(\\d+)) "
            + "and grpc://127\\.0\\.0\\.1:(?<grpc>\\d+), storing in (?<store>\\S+), "
            + "durability: .+");

    @TempDir
    private Path dir;

    private final List<Child> children = new ArrayList<>();

    @AfterEach
    void endAll() {
        children.forEach(child -> child.process.destroyForcibly());
    }

    @Test
    void itServesSaysSoInOneLineAndEndsInOrder() throws Exception {
        Child server = serve(Map.of(), "--data-dir", "data");
        Matcher line = listening(server);
        assertTrue(Integer.parseInt(line.group(2)) > 0, "the port that it really has");
        assertTrue(Integer.parseInt(line.group("grpc")) > 0, "that one, too");
        assertTrue(line.group("store").contains(dir.resolve("data").toString()), line.group());
        assertEquals(200, status(line.group(1) + "/api/health"));

        server.process.destroy();

        assertTrue(server.process.waitFor(30, TimeUnit.SECONDS), "ends within 30 s");
        assertEquals(143, server.process.exitValue());
        assertEquals(1, server.out().lines().count(), server.out());
        List<String> said = server.err().lines().toList();
        assertEquals(2, said.size(), server.err());
        assertTrue(said.get(0).contains("INFO  Ending stopping"), server.err());
        assertTrue(said.get(1).contains("INFO  Ending stopped after"), server.err());
    }

    /** Whenever it comes: what was not begun is not begun, and nothing is complained of. */
    @Test
    void aSignalEndsItInOrderAtAnyMomentOfItsStart() throws Exception {
        List<String> stages = List.of("", "Opened", "served");
        for (String stage : stages) {
            Child server = serve(Map.of(), "--data-dir", "data");
            if (stage.equals("Opened")) {
                await().atMost(START_MAX).until(
                    () -> Files.exists(dir.resolve("data/pactor.mv.db")));
            } else if (stage.equals("served")) {
                await().atMost(START_MAX).pollInterval(Duration.ofMillis(5))
                    .until(() -> server.out().contains("listening"));
            }
            server.process.destroy();

            assertTrue(server.process.waitFor(30, TimeUnit.SECONDS), "ends within 30 s");
            assertEquals(143, server.process.exitValue(), server.err());
            assertFalse(server.err().contains("Exception"), server.err());
            assertFalse(server.err().contains("ERROR"), server.err());
        }
    }

    /** Its supervisor starts it again and again: nobody is to take it for well meanwhile. */
    @Test
    void itIsNeverHealthyIfItCannotHaveAllItsPorts() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 9, InetAddress.getLoopbackAddress())) {
            int http = Ports.free();
            Child server = run(Map.of(), "serve", "--port", String.valueOf(http),
                "--grpc-port", String.valueOf(taken.getLocalPort()), "--data-dir", "data");
            while (server.process.isAlive()) {
                assertFalse(isHealthy(http), "healthy, though a port is missing");
            }
            server.ended(1, "pactor: cannot listen on 127.0.0.1:" + taken.getLocalPort());
            assertFalse(Files.exists(dir.resolve("data/pactor.mv.db")), "nothing was begun");
        }
    }

    @Test
    void hangUpReloadsTheConfiguration() throws Exception {
        assumeFalse(isHangUpIgnored(), "a child of nohup ignores it, as is meant");
        Path config = Files.writeString(dir.resolve("config.yaml"),
            "LogLevel: info\npactor.reload.interval: 0 s\n");
        Child server = serve(Map.of(), "-c", "config.yaml");
        listening(server);
        Files.writeString(config, "LogLevel: debug\npactor.reload.interval: 0 s\n");

        hangUp(server);

        await().atMost(START_MAX).until(
            () -> server.err().contains("pactor.log.level is now debug"));
        assertTrue(server.process.isAlive());
    }

    /** Whoever starts it and tells it to reload need not know how far it is. */
    @Test
    void hangUpDoesNotEndItWhileItStarts() throws Exception {
        Path classes = dir.resolve("classes");
        Child server = serve(
            Map.of("JDK_JAVA_OPTIONS", "-Xlog:class+load:file=" + classes), "--data-dir", "data");
        await().atMost(START_MAX).pollInterval(Duration.ofMillis(5)).until(() ->
            Files.exists(classes)
                && Files.readString(classes).contains("pactor.settings.Effective "));
        hangUp(server);
        await().atMost(START_MAX).pollInterval(Duration.ofMillis(1)).until(
            () -> Files.exists(dir.resolve("data")) || !server.process.isAlive());
        hangUp(server);

        assertEquals(200, status(listening(server).group(1) + "/api/health"));
    }

    /** Whether this process was told to ignore SIGHUP; its children do so, too. */
    private static boolean isHangUpIgnored() throws IOException {
        Path status = Path.of("/proc/self/status");
        return Files.exists(status) && Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .anyMatch(line -> (Character.digit(line.charAt(line.length() - 1), 16) & 1) == 1);
    }

    private static void hangUp(Child server) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-HUP", String.valueOf(server.process.pid())).start().waitFor();
    }

    private static boolean isHealthy(int port) throws InterruptedException {
        try {
            return status("http://127.0.0.1:" + port + "/api/health") == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Strangers could reach a port for other nodes, too. */
    @Test
    void aNodeAloneListensForClientsOnly() throws Exception {
        assumeTrue(ListeningPorts.areKnown(), "Linux tells them");
        Child server = serve(Map.of(), "--data-dir", "data");
        Matcher line = listening(server);

        assertEquals(
            Set.of(Integer.valueOf(line.group(2)), Integer.valueOf(line.group("grpc"))),
            ListeningPorts.of(server.process.pid()));
    }

    @Test
    void whatIsTakenIsToldInOneLine() throws Exception {
        Child first = serve(Map.of(), "--data-dir", "data");
        Matcher line = listening(first);
        String port = line.group(2);
        String grpcPort = line.group("grpc");

        Child samePort = run(Map.of(), "serve", "--port", port, "--grpc-port", "0",
            "--data-dir", "other");
        Child sameGrpcPort = run(Map.of(), "serve", "--port", "0", "--grpc-port", grpcPort,
            "--data-dir", "another");
        Child sameData = serve(Map.of(), "--data-dir", "data");

        samePort.ended(1, "pactor: cannot listen on 127.0.0.1:" + port + ": the port is in use");
        sameGrpcPort.ended(1,
            "pactor: cannot listen on 127.0.0.1:" + grpcPort + ": the port is in use");
        sameData.ended(1,
            "pactor: the store in " + dir.resolve("data") + " is in use by another process");
    }

    @Test
    void aMistakeInTheConfigurationIsToldInOneLine() throws Exception {
        Files.writeString(dir.resolve("config.yaml"), "HttpPrt: 1\n");

        Child child = serve(Map.of(), "--config", "config.yaml");

        child.ended(78, "pactor: config.yaml:1: there is no key HttpPrt; did you mean HttpPort?");
        assertFalse(Files.exists(dir.resolve("data")), "nothing was begun");
    }

    @Test
    void noSecretIsShownAndALevelReloads() throws Exception {
        Path config = dir.resolve("config.yaml");
        String yaml = """
            LogLevel: %s
            AlertWebHook: http://127.0.0.1:1/canary
            AdminBasePath: /dtm
            pactor.reload.interval: 100 ms
            """;
        Files.writeString(config, String.format(yaml, "info"));
        Child server = serve(Map.of("STORE_PASSWORD", "canary"), "-c", "config.yaml");
        listening(server);
        await().atMost(START_MAX).until(() -> server.err().contains("AdminBasePath is ignored"));

        Files.writeString(config, String.format(yaml, "trace"));

        await().atMost(START_MAX).until(
            () -> server.err().contains("pactor.log.level is now trace"));
        server.process.destroy();
        assertTrue(server.process.waitFor(30, TimeUnit.SECONDS), "ends within 30 s");
        assertFalse((server.out() + server.err()).contains("canary"), server.out() + server.err());
        try (var lines = Files.lines(server.errFile)) {
            assertTrue(lines.allMatch(line -> line.matches("\\d{4}-\\d\\d-\\d\\dT.*")),
                "each line is an event: " + server.err());
        }
    }

    private Child serve(Map<String, String> environment, String... more) throws IOException {
        List<String> args = new ArrayList<>(List.of("--port", "0", "--grpc-port", "0"));
        args.addAll(List.of(more));
        return run(environment, args.toArray(String[]::new));
    }

    private Child run(Map<String, String> environment, String... args) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path jar = Path.of(System.getProperty("pactor.jar")).toAbsolutePath();
        List<String> command = new ArrayList<>(List.of(java.toString(), "-Xmx256m",
            ClassArchive.option(), "-jar", jar.toString()));
        command.addAll(List.of(args));
        int number = children.size();
        Path out = dir.resolve("out" + number);
        Path err = dir.resolve("err" + number);
        ProcessBuilder builder = new ProcessBuilder(command).directory(dir.toFile())
            .redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> SettingKeys.isVariable(name)
            || DtmKeys.ofVariable(name).isPresent());
        builder.environment().putAll(environment);
        Child child = new Child(builder.start(), out, err);
        children.add(child);
        return child;
    }

    private static Matcher listening(Child server) throws IOException {
        await().atMost(START_MAX).until(
            () -> server.out().endsWith("\n") || !server.process.isAlive());
        Matcher line = LINE.matcher(server.out().strip());
        assertTrue(line.matches(), server.out() + server.err());
        return line;
    }

    private static int status(String url) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(URI.create(url)).build(),
                HttpResponse.BodyHandlers.discarding())
            .statusCode();
    }

    /** A process and what it has printed so far. */
    private record Child(Process process, Path outFile, Path errFile) {

        private String out() throws IOException {
            return Files.readString(outFile);
        }

        private String err() throws IOException {
            return Files.readString(errFile);
        }

        private void ended(int code, String line) throws IOException, InterruptedException {
            assertTrue(process.waitFor(START_MAX.toSeconds(), TimeUnit.SECONDS), "it ends");
            assertEquals(1, err().lines().count(), err());
            assertTrue(err().startsWith(line), err());
            assertEquals("", out());
            assertEquals(code, process.exitValue());
        }
    }
}

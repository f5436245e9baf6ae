package cluster;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import client.ClassArchive;
import client.CoordinatorProcess;
import database.Databases;
import database.Ports;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Does what {@code docs/tls.md} says, on the real jar: makes the certificates with the commands of
 * the page, starts its three nodes, and asks them as it does; ports and database are its own. Then
 * tries what the page says is refused. Rows J-07 and J-14 of the failure model.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClosedClusterIT {

    /** Three processes start at once, on a machine that is busy. */
    private static final Duration PATIENCE = Duration.ofSeconds(180);

    private static final Pattern BLOCK =
        Pattern.compile("(?s)(?:<!-- ([a-z ]+) -->\n)?```([a-z]+)\n(.*?)```");

    private static final List<Integer> HTTP = List.of(Ports.free(), Ports.free(), Ports.free());
    private static final List<Integer> CLUSTER = List.of(Ports.free(), Ports.free(), Ports.free());

    @TempDir
    private static Path dir;

    private static String page;
    private static String database;
    private static Process nodes;

    /** What a command said, and whether it went well. */
    private record Said(boolean isWell, String text) {}

    @BeforeAll
    static void followThePage() throws Exception {
        page = Files.readString(Path.of("docs/tls.md"));
        database = Databases.arguments(Databases.fresh(Databases.POSTGRESQL)).stream()
            .map(each -> "'" + each + "'").collect(Collectors.joining(" "));
        for (String block : blocks("certificates")) {
            Said said = run(block);
            assertTrue(said.isWell, said.text);
        }
        Matcher yaml = Pattern.compile("(?s)```yaml\n(pactor:.*?)```").matcher(page);
        assertTrue(yaml.find());
        Files.writeString(dir.resolve("node-0.yaml"), yaml.group(1));
        nodes = start(own(blocks("nodes").get(0)) + "wait\n", "nodes.log");
        for (int port : HTTP) {
            awaitSaying("\"success\"",
                "curl -sS --cacert ca.crt https://localhost:" + port + "/api/health");
        }
    }

    @AfterAll
    static void stop() throws Exception {
        if (nodes != null) {
            nodes.descendants().forEach(ProcessHandle::destroyForcibly);
            nodes.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
        }
    }

    @Test
    @Order(1)
    void theClientsOfThePageAreAnswered() throws Exception {
        Said said = run(own(blocks("clients").get(0)));
        assertTrue(said.isWell && said.text.contains("SUCCESS"), said.text + log("nodes.log"));
        assertTrue(said.text.contains("\"status\":\"succeed\""), said.text);
    }

    @Test
    @Order(2)
    void clientsWithoutTheAuthorityOrInTheClearGetNothing() throws Exception {
        int port = HTTP.get(0);
        Said without = run("curl -sS https://localhost:" + port + "/api/ping");
        assertTrue(!without.isWell && without.text.contains("certificate"), without.text);
        Said elsewhere = run("curl -sS --cacert nodes-ca.crt https://localhost:" + port + "/");
        assertFalse(elsewhere.isWell, elsewhere.text);
        Said plain = run("curl -s http://localhost:" + port + "/api/ping");
        assertTrue(plain.text.contains("this port speaks TLS"), plain.text);
        Said old = run("curl -sS --tls-max 1.1 --cacert ca.crt https://localhost:" + port + "/");
        assertFalse(old.isWell, old.text);
    }

    @Test
    @Order(3)
    void strangersDoNotGetIn() throws Exception {
        assertStaysOut("plain", "");
        // Another authority of the same name, and a certificate of it with the nodes' name.
        Path others = Files.createDirectory(dir.resolve("others"));
        Said made = run("cd " + others + "\n" + blocks("certificates").get(0));
        assertTrue(made.isWell, made.text);
        assertStaysOut("others", "--set pactor.cluster.tls.certificate=others/node-0.crt"
            + " --set pactor.cluster.tls.key=others/node-0.key"
            + " --set pactor.cluster.tls.ca=nodes-ca.crt");
    }

    /** The nodes of the page notice it and go on, as without TLS. */
    @Test
    @Order(4)
    void aKilledNodeIsNoticedAtOnce() throws Exception {
        ProcessHandle second = nodes.descendants().filter(each -> each.info().commandLine()
            .orElse("").contains("node-1.yaml")).findFirst().orElseThrow();
        second.destroyForcibly();
        await().atMost(PATIENCE).until(
            () -> log("nodes.log").contains("has ended: it takes no connections"));
        awaitSaying("succeed", "curl -sS --cacert ca.crt https://localhost:" + HTTP.get(2)
            + "/api/dtmsvr/query?gid=closed-1");
    }

    private static void assertStaysOut(String name, String settings) throws Exception {
        Process stranger = start(CoordinatorProcess.java() + " -Xmx256m "
            + ClassArchive.option() + " -jar " + CoordinatorProcess.jar()
            + " serve --port 0 --grpc-port 0"
            + " --cluster-host 127.0.0.1 --cluster-port " + Ports.free()
            + " --join 127.0.0.1:" + CLUSTER.get(0) + " --set 'pactor.cluster.join-within=15 s' "
            + settings + " " + database, name + ".log");
        assertTrue(stranger.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS), name);
        assertEquals(1, stranger.exitValue(), log(name + ".log"));
        assertFalse(log(name + ".log").contains("listening on"), log(name + ".log"));
    }

    private static void awaitSaying(String word, String script) {
        AtomicReference<String> last = new AtomicReference<>("");
        try {
            await().atMost(PATIENCE).until(() -> {
                last.set(run(script).text);
                return last.get().contains(word);
            });
        } catch (ConditionTimeoutException late) {
            throw new AssertionError(script + " said " + last + "\n" + log("nodes.log"), late);
        }
    }

    /** The blocks that are marked so. */
    private static List<String> blocks(String mark) {
        List<String> found = new ArrayList<>();
        Matcher block = BLOCK.matcher(page);
        while (block.find()) {
            if (mark.equals(block.group(1))) {
                found.add(block.group(3));
            }
        }
        assertFalse(found.isEmpty(), mark);
        return found;
    }

    /** With ports, jar and database of this test. */
    private static String own(String block) {
        String text = block.replace("java -jar target/pactor.jar serve",
                CoordinatorProcess.java() + " -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx256m "
                    + ClassArchive.option() + " -jar " + CoordinatorProcess.jar()
                    + " serve " + database)
            .replace("--port 808$i", "--port ${HTTP[$i]}")
            .replace("--grpc-port 3679$i", "--grpc-port 0")
            .replace("735$((5 + i))", "${CLUSTER[$i]}");
        for (int i = 0; i < HTTP.size(); i++) {
            text = text.replace(":808" + i + "/", ":" + HTTP.get(i) + "/")
                .replace(":735" + (5 + i), ":" + CLUSTER.get(i));
        }
        return "HTTP=(" + words(HTTP) + ")\nCLUSTER=(" + words(CLUSTER) + ")\n" + text;
    }

    private static String words(List<Integer> ports) {
        return ports.stream().map(String::valueOf).collect(Collectors.joining(" "));
    }

    private static Said run(String script) throws Exception {
        Process process = builder(script).redirectErrorStream(true).start();
        String text = new String(
            process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Said(process.waitFor() == 0, text);
    }

    private static Process start(String script, String log) throws IOException {
        File to = dir.resolve(log).toFile();
        return builder(script).redirectErrorStream(true).redirectOutput(to).start();
    }

    private static ProcessBuilder builder(String script) {
        ProcessBuilder bash = new ProcessBuilder("bash", "-e", "-c", script);
        bash.directory(dir.toFile());
        bash.environment().keySet().removeIf(name -> name.startsWith("PACTOR_"));
        return bash;
    }

    private static String log(String name) {
        try {
            return Files.readString(dir.resolve(name));
        } catch (IOException none) {
            return none.toString();
        }
    }
}

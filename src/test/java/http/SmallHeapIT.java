package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import client.CoordinatorProcess;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What strangers may ask of a node with a small heap, which must live through it and serve. Each
 * holds several times the heap; {@code -Dheap.mib} and {@code -Dheap.times} choose how much.
 */
class SmallHeapIT {

    private static final int HEAP_MIB = Integer.getInteger("heap.mib", 256);

    /** How many times the heap is what is stored, asked for or sent. */
    private static final int TIMES = Integer.getInteger("heap.times", 1);

    private static final int MIB = 1 << 20;

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @TempDir
    private Path dir;

    private final List<Socket> sockets = new ArrayList<>();
    private HttpServer participant;
    private volatile boolean well = true;
    private CoordinatorProcess node;
    private WireClient client;

    @BeforeEach
    void start() throws IOException {
        participant = HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_000);
        participant.setExecutor(Executors.newCachedThreadPool());
        participant.createContext("/", exchange -> {
            exchange.getRequestBody().skip(Long.MAX_VALUE);
            exchange.sendResponseHeaders(well ? 200 : 500, -1);
            exchange.close();
        });
        participant.start();
        node = CoordinatorProcess.start(launch(HEAP_MIB));
        client = new WireClient(node.port());
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        node.close();
        participant.stop(0);
    }

    /** K4.1. */
    @Test
    void listsOfLongTexts() {
        int count = HEAP_MIB * TIMES;
        String data = "x".repeat(MIB - 100);
        for (int i = 0; i < count; i++) {
            done("prepare", "{\"gid\":\"t" + i + "\",\"trans_type\":\"tcc\",\"timeout_to_fail\":"
                + "3600,\"custom_data\":\"" + data + "\"}");
        }
        List<CompletableFuture<WireClient.Answer>> lists = IntStream.range(0, 20).mapToObj(i ->
            client.sending("GET", WireClient.API + "all?limit=1000", new byte[0])).toList();
        lists.forEach(list -> assertTrue(
            Set.of(200, 503).contains(WireClient.await(list).status())));

        assertEquals(count, listed().size());
        assertServes();
    }

    /** K10.5: what a larger node has accepted is carried out by a small one, after a kill. */
    @Test
    void aBacklogLargerThanTheHeap() {
        int count = HEAP_MIB * TIMES / 8;
        String payload = "x".repeat(MIB - 100);
        node.restart(launch(1_024 + 2 * HEAP_MIB * TIMES));
        well = false;
        for (int i = 0; i < count; i++) {
            String gid = "b" + i;
            done("prepare", "{\"gid\":\"" + gid + "\",\"trans_type\":\"tcc\"}");
            for (int branch = 0; branch < 8; branch++) {
                done("registerBranch", "{\"gid\":\"" + gid + "\",\"trans_type\":\"tcc\","
                    + "\"branch_id\":\"0" + branch + "\",\"data\":\"" + payload
                    + "\",\"confirm\":\"" + url() + "\",\"cancel\":\"" + url() + "\"}");
            }
            submitUntilDone(gid);
        }
        node.restart(launch(HEAP_MIB));
        well = true;

        for (int i = 0; i < count; i++) {
            awaitStatus("b" + i, "succeed");
        }
        assertServes();
    }

    /** K10.7, and its like: what is asked for and never read. */
    @Test
    void answersThatNobodyReads() throws IOException {
        Map<String, String> headers = IntStream.range(0, 64).boxed()
            .collect(Collectors.toMap(i -> "X-" + i, i -> "h".repeat(4_000)));
        String header = headers.entrySet().stream()
            .map(each -> "\"" + each.getKey() + "\":\"" + each.getValue() + "\"")
            .collect(Collectors.joining(","));
        for (int i = 0; i < 100; i++) {
            done("prepare", "{\"gid\":\"h" + i + "\",\"trans_type\":\"tcc\",\"timeout_to_fail\":"
                + "3600,\"branch_headers\":{" + header + "}}");
        }
        done("prepare", "{\"gid\":\"large\",\"trans_type\":\"tcc\",\"timeout_to_fail\":3600}");
        for (int branch = 0; branch < 7; branch++) {
            done("registerBranch", "{\"gid\":\"large\",\"trans_type\":\"tcc\",\"branch_id\":\"0"
                + branch + "\",\"data\":\"" + "x".repeat(MIB - 100)
                + "\",\"confirm\":\"" + url() + "\",\"cancel\":\"" + url() + "\"}");
        }
        for (int i = 0; i < 100 * TIMES; i++) {
            askAndLeave(i % 2 == 0 ? "all?limit=100" : "query?gid=large");
        }

        assertServes();
    }

    /** K3.10. */
    @Test
    void manyLargeRequestsAtOnce() {
        String payload = "x".repeat(MIB - 100);
        List<String> open = IntStream.range(0, HEAP_MIB * TIMES / 4)
            .mapToObj(i -> "s" + i).toList();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!open.isEmpty()) {
            assertTrue(System.nanoTime() < deadline, open.toString());
            Map<String, CompletableFuture<WireClient.Answer>> asked = open.stream().collect(
                Collectors.toMap(gid -> gid, gid -> client.posting("submit",
                    saga(gid, payload)).exceptionally(cut -> null)));
            List<String> again = new ArrayList<>();
            asked.forEach((gid, answer) -> {
                WireClient.Answer given = WireClient.await(answer);
                if (given == null || given.status() != 200) {
                    assertTrue(given == null || Set.of(429, 503).contains(given.status()));
                    again.add(gid);
                }
            });
            open = again;
        }

        assertServes();
    }

    private CoordinatorProcess.Launch launch(int heapMib) {
        return CoordinatorProcess.Launch.in(dir)
            .withJvm("-Xmx" + heapMib + "m", "-XX:TieredStopAtLevel=1");
    }

    private void assertServes() {
        assertTrue(node.isAlive());
        submitUntilDone("honest", Requests.step("honest", "saga", url(), ""));
        awaitStatus("honest", "succeed");
        assertEquals(200, client.send("GET", "/api/health", "").status());
        assertTrue(node.log().stream().noneMatch(line -> line.contains("OutOfMemory")));
    }

    private void submitUntilDone(String gid) {
        submitUntilDone(gid, Requests.bare(gid, "tcc"));
    }

    private void submitUntilDone(String gid, String body) {
        Awaitility.await(gid).atMost(PATIENCE).pollInterval(Duration.ofMillis(100))
            .ignoreExceptions().until(() -> client.post("submit", body).status() == 200);
    }

    private void awaitStatus(String gid, String status) {
        Awaitility.await(gid + " " + status).atMost(PATIENCE).pollInterval(Duration.ofMillis(100))
            .ignoreExceptions().until(() -> StartedJar.json(client.get("all?gid=" + gid).body())
                .at("/transactions/0/status").asText().equals(status));
    }

    /** All gids, page by page. */
    private Set<String> listed() {
        Set<String> gids = new HashSet<>();
        String position = "";
        do {
            JsonNode page = StartedJar.json(
                client.get("all?limit=1000&position=" + position).body());
            page.get("transactions").forEach(row -> gids.add(row.get("gid").asText()));
            position = page.get("next_position").asText();
        } while (!position.isEmpty());
        return gids;
    }

    private void askAndLeave(String what) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4_096);
        socket.connect(new InetSocketAddress("127.0.0.1", node.port()));
        socket.getOutputStream().write(("GET " + WireClient.API + what
            + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        sockets.add(socket);
    }

    /** Repeated while it is refused, as clients do. */
    private void done(String what, String body) {
        Awaitility.await(what).atMost(PATIENCE).pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(50)).until(() -> {
                WireClient.Answer answer = client.post(what, body);
                assertTrue(Set.of(200, 429, 503).contains(answer.status()), answer.body());
                return answer.status() == 200;
            });
    }

    private String saga(String gid, String payload) {
        String step = "{\"action\":\"" + url() + "\",\"compensate\":\"\"}";
        String quoted = "\"" + payload + "\"";
        return "{\"gid\":\"" + gid + "\",\"trans_type\":\"saga\",\"steps\":["
            + String.join(",", step, step, step) + "],\"payloads\":["
            + String.join(",", quoted, quoted, quoted) + "]}";
    }

    private String url() {
        return "http://127.0.0.1:" + participant.getAddress().getPort() + "/";
    }
}

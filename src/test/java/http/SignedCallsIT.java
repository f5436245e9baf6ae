package http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import branch.GrpcParticipant;
import client.CoordinatorProcess;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.grpc.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import signature.Proof;
import signature.SigningKey;
import signature.SigningKeys;

/**
 * The started jar with a key: whatever it sends, a participant that believes nothing else finds
 * signed, by a key that the jar publishes.
 */
class SignedCallsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String KEYS = "/.well-known/http-message-signatures-directory";
    private static final Pattern COMMAND =
        Pattern.compile("<!-- keys -->\n```sh\njava -jar target/pactor.jar (.*)\n```");

    /** By path, the key of each call that was found good. */
    private static final Map<String, ConcurrentLinkedQueue<String>> GOOD =
        new ConcurrentHashMap<>();
    private static final ConcurrentLinkedQueue<Throwable> BAD = new ConcurrentLinkedQueue<>();
    private static final AtomicBoolean REFUSES = new AtomicBoolean();

    private static StartedJar jar;
    private static HttpServer participant;
    private static ExecutorService threads;
    private static GrpcParticipant bank;
    private static Path keys;
    private static SigningKey first;

    @BeforeAll
    static void start(@TempDir Path dir) throws Exception {
        keys = dir.resolve("signing.pem");
        addKeyAsThePageHasIt();
        first = SigningKeys.of(Files.readAllLines(keys)).newest();
        threads = Executors.newCachedThreadPool();
        participant = HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        participant.setExecutor(threads);
        participant.createContext("/", SignedCallsIT::serve);
        participant.start();
        bank = GrpcParticipant.start().on("In", received -> {
            try {
                good("grpc", new Proof(published()).ofGrpc(received.method(),
                    received.authority(), received::value, received.message()));
            } catch (AssertionError wrong) {
                BAD.add(wrong);
            }
            return Status.OK;
        });
        jar = StartedJar.of(CoordinatorProcess.Launch.in(dir.resolve("data")).withArguments(
            "--set", "pactor.calls.signing.key-file=" + keys,
            "--set", "pactor.reload.interval=100 ms",
            "--set", "pactor.alert.attempts=1",
            "--set", "pactor.alert.web-hook=" + url("hook")));
    }

    @AfterAll
    static void stop() throws Exception {
        jar.close();
        participant.stop(0);
        threads.shutdownNow();
        bank.close();
    }

    @AfterEach
    void nothingWasSentThatIsNotSigned() {
        assertTrue(BAD.isEmpty(), () -> BAD.toString());
    }

    private static void addKeyAsThePageHasIt() throws Exception {
        Matcher command = COMMAND.matcher(Files.readString(Path.of("docs/signatures.md")));
        assertTrue(command.find());
        List<String> words = new ArrayList<>(List.of(
            CoordinatorProcess.java(), "-XX:TieredStopAtLevel=1", "-jar",
            CoordinatorProcess.jar().toAbsolutePath().toString()));
        int own = words.size();
        words.addAll(List.of(command.group(1).split(" ")));
        assertTrue(command.find(), "a key is replaced by the same command");
        assertEquals(String.join(" ", words.subList(own, words.size())), command.group(1));
        Process made = new ProcessBuilder(words).directory(keys.getParent().toFile())
            .redirectErrorStream(true).start();
        String said = new String(made.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, made.waitFor(), said);
    }

    private static String url(String path) {
        return "http://127.0.0.1:" + participant.getAddress().getPort() + "/" + path;
    }

    private static String published() {
        return jar.client.send("GET", KEYS, "").body();
    }

    private static void good(String path, Proof.Signed signed) {
        GOOD.computeIfAbsent(path, none -> new ConcurrentLinkedQueue<>()).add(signed.keyId());
    }

    private static void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath().substring(1);
            if (path.equals("fickle") && REFUSES.getAndSet(false)) {
                answer(exchange, 401, "{\"message\":\"the key is of no coordinator\"}");
                return;
            }
            try {
                good(path, new Proof(published()).of(exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    exchange.getRequestHeaders()::getFirst, body));
                answer(exchange, path.equals("down") ? 500 : 200,
                    path.startsWith("rpc") ? "{\"result\":1}" : "{}");
            } catch (AssertionError wrong) {
                BAD.add(wrong);
                answer(exchange, 401, "{}");
            }
        }
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static void ok(String what, String body) {
        WireClient.Answer answer = jar.client.post(what, body);
        assertEquals(200, answer.status(), answer.body());
    }

    private static String saga(String gid, String more, String... urls) {
        String steps = String.join(",", List.of(urls).stream()
            .map(each -> "{\"action\":\"" + each + "\"}").toList());
        String payloads = String.join(",", List.of(urls).stream()
            .map(each -> "\"{\\\"n\\\":1}\"").toList());
        return "{\"gid\":\"" + gid + "\",\"trans_type\":\"saga\",\"retry_interval\":1" + more
            + ",\"steps\":[" + steps + "],\"payloads\":[" + payloads + "]}";
    }

    private static void awaitGood(String path) {
        await(path).atMost(PATIENCE).until(() -> GOOD.containsKey(path));
    }

    @Test
    void eachKindOfCallIsSigned() {
        ok("submit", saga("signed-saga", ",\"wait_result\":true", url("one?x=%20"), url("two")));
        ok("submit", saga("signed-rpc", ",\"wait_result\":true,\"protocol\":\"json-rpc\"",
            url("rpc?method=in")));
        ok("submit", saga("signed-grpc", ",\"wait_result\":true,\"protocol\":\"grpc\"",
            bank.url("In")));
        ok("prepare", "{\"gid\":\"signed-msg\",\"trans_type\":\"msg\",\"timeout_to_fail\":1,"
            + "\"query_prepared\":\"" + url("check") + "\",\"steps\":[{\"action\":\""
            + url("deliver") + "\"}],\"payloads\":[\"{}\"]}");
        assertEquals(200, jar.client.post("prepareWorkflow", "{\"gid\":\"signed-flow\","
            + "\"trans_type\":\"workflow\",\"timeout_to_fail\":1,\"query_prepared\":\""
            + url("resume") + "\",\"custom_data\":\"{\\\"name\\\":\\\"wf\\\",\\\"data\\\":"
            + "\\\"d29yaw==\\\"}\"}").status());
        ok("prepare", "{\"gid\":\"signed-tcc\",\"trans_type\":\"tcc\"}");
        ok("registerBranch", "{\"gid\":\"signed-tcc\",\"trans_type\":\"tcc\",\"branch_id\":\"01\","
            + "\"data\":\"{}\",\"confirm\":\"" + url("confirm") + "\",\"cancel\":\""
            + url("cancel") + "\"}");
        ok("submit", "{\"gid\":\"signed-tcc\",\"trans_type\":\"tcc\",\"wait_result\":true}");
        ok("submit", saga("signed-alert", "", url("down")));

        for (String path : new String[] {"one", "two", "rpc", "grpc", "check", "deliver", "resume",
            "confirm", "down", "hook"}) {
            awaitGood(path);
        }
        jar.client.post("forceStop", "{\"gid\":\"signed-alert\"}");
        jar.client.post("forceStop", "{\"gid\":\"signed-flow\"}");
    }

    /** A refused signature says nothing about the business. */
    @Test
    void aParticipantThatRefusesTheSignatureIsCalledAgain() {
        REFUSES.set(true);
        ok("submit", saga("signed-refused", "", url("fickle")));
        jar.awaitStatus("signed-refused", "succeed");
        assertEquals(1, GOOD.get("fickle").size());
    }

    /** What is told in logs and answers would be told to whoever reads them. */
    @Test
    void theKeyItselfIsNowhere() throws IOException {
        String secret = first.pem().lines().toList().get(1).substring(22);
        assertTrue(published().contains(first.id()));
        for (String told : List.of(published(), String.join("\n", jar.process.log()),
                jar.client.send("GET", "/api/metrics", "").body())) {
            assertTrue(!told.contains(secret));
        }
        assertTrue(String.join("\n", jar.process.log()).contains(first.id()));
    }

    @Test
    void aKeyIsReplacedAndNoCallIsRefused() throws IOException {
        SigningKey next = SigningKey.make();
        write(first.pem() + next.pem());
        await().atMost(PATIENCE).until(() -> published().contains(next.id()));
        assertTrue(published().contains(first.id()));
        ok("submit", saga("rotate-1", ",\"wait_result\":true", url("rotate")));
        // The unit test waits the minute after which the new one signs.
        write(next.pem());
        await().atMost(PATIENCE).until(() -> !published().contains(first.id()));
        write("nothing that is a key\n");
        await().atMost(PATIENCE).until(() -> jar.process.log().stream()
            .anyMatch(line -> line.contains("what it said before stays in force")));
        ok("submit", saga("rotate-2", ",\"wait_result\":true", url("rotate")));
        assertEquals(List.of(first.id(), next.id()), List.copyOf(GOOD.get("rotate")));
        write(first.pem());
        await().atMost(PATIENCE).until(() -> published().contains(first.id()));
    }

    private static void write(String pem) throws IOException {
        Path other = Files.writeString(keys.resolveSibling("other.pem"), pem);
        Files.move(other, keys, StandardCopyOption.ATOMIC_MOVE);
    }
}

package io.pactor.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.pactor.client.participant.HttpAnswer;
import io.pactor.client.participant.Reply;
import io.pactor.client.participant.UnverifiedCall;
import io.pactor.testing.CoordinatorProcess;
import io.pactor.testing.MarkdownPage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real coordinator calls a participant that serves nobody else. */
@Timeout(120)
class SignedCallsTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final AtomicLong SKIPPED = new AtomicLong();

    private static CoordinatorProcess process;
    private static HttpServer server;
    private static SignatureVerifier verifier;
    private static Path keys;
    private static String here;

    /** Calls as they came. */
    private static final List<Signing.Request> CALLS = new CopyOnWriteArrayList<>();
    private static final List<Integer> ANSWERS = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void start(@TempDir Path dir) throws Exception {
        keys = Files.writeString(dir.resolve("signing.pem"), newKey());
        process = CoordinatorProcess.start(CoordinatorProcess.Launch.in(dir.resolve("data"))
            .withArguments("--set", "pactor.calls.signing.key-file=" + keys,
                "--set", "pactor.reload.interval=100 ms"));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        here = "http://127.0.0.1:" + server.getAddress().getPort();
        server.createContext("/stock", SignedCallsTest::serve);
        server.start();
        verifier = SignatureVerifier.builder().coordinators(process.baseUrl()).reachedAt(here)
            .clocks(Clock.systemUTC(), () -> System.nanoTime() + SKIPPED.get()).build();
    }

    @AfterAll
    static void stop() {
        process.close();
        server.stop(0);
    }

    private static String newKey() throws GeneralSecurityException {
        return "-----BEGIN PRIVATE KEY-----\n" + Base64.getEncoder().encodeToString(
            KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate().getEncoded())
            + "\n-----END PRIVATE KEY-----\n";
    }

    /** As the page has it. */
    static SignatureVerifier simple(String coordinator) {
        SignatureVerifier verifier = SignatureVerifier.builder()
            .coordinators(coordinator).reachedAt(here).build();
        return verifier;
    }

    private static void serve(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        HttpAnswer answer;
        try {
            verifier.verify(exchange.getRequestMethod(), exchange.getRequestURI().toString(),
                exchange.getRequestHeaders()::get, body);
            answer = HttpAnswer.of(reserve(body));
        } catch (RuntimeException e) {
            answer = HttpAnswer.of(e);
        }
        CALLS.add(new Signing.Request(exchange.getRequestMethod(),
            exchange.getRequestURI().toString(), exchange.getRequestHeaders(), body));
        ANSWERS.add(answer.status());
        exchange.sendResponseHeaders(answer.status(), answer.body().length);
        exchange.getResponseBody().write(answer.body());
        exchange.close();
    }

    private static Reply reserve(byte[] body) {
        return Reply.EMPTY;
    }

    private static Outcome saga(String gid) {
        try (Pactor pactor = Pactor.connect(process.baseUrl())) {
            return pactor.saga(gid).step(Call.post(here + "/stock", "{\"copies\":2}"))
                .submitAndWait(Duration.ofSeconds(20));
        }
    }

    @Test
    void thePageShowsWhatIsDoneHere() {
        assertEquals(List.of(), MarkdownPage.read("docs/signatures.md").javaThatIsNotIn(
            "sdk/pactor-client/src/test/java/io/pactor/client/SignedCallsTest.java"));
    }

    @Test
    void theCoordinatorIsServedAndNobodyElse() throws Exception {
        assertInstanceOf(Outcome.Succeeded.class, saga("signed-1"));
        Signing.Request call = CALLS.get(CALLS.size() - 1);
        simple(process.baseUrl()).verify(
            call.method(), call.target(), call.fields(), call.body());

        // A stranger who has seen it, and one who has not.
        assertEquals(200, send(call));
        assertEquals(401, send(call.withBody("{\"copies\":3}".getBytes())));
        assertEquals(401, send(call.withTarget(call.target().replace("signed-1", "signed-2"))));
        assertEquals(401, send(call.withTarget(call.target().replace("action", "compensate"))));
        assertEquals(401, send(call.withMethod("PUT")));
        assertEquals(401, send(new Signing.Request("POST", call.target(), Map.of(), call.body())));
        // And in five minutes it is no longer good for anything.
        SignatureVerifier later = SignatureVerifier.builder().coordinators(process.baseUrl())
            .reachedAt(here).clocks(Clock.offset(Clock.systemUTC(),
                SignatureVerifier.AGE_MAX.plusSeconds(1)), System::nanoTime).build();
        assertThrows(UnverifiedCall.class, () -> later.verify(
            call.method(), call.target(), call.fields(), call.body()));
    }

    /** The participant reads keys when it meets one that it does not know. */
    @Test
    void aKeyIsReplacedAndNoCallIsRefused() throws Exception {
        assertInstanceOf(Outcome.Succeeded.class, saga("rotated-1"));
        String old = published();
        Path next = Files.writeString(keys.resolveSibling("next.pem"), newKey());
        Files.move(next, keys, StandardCopyOption.ATOMIC_MOVE);
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (published().equals(old)) {
            assertTrue(System.nanoTime() < until, "the new key is not published");
        }
        SKIPPED.addAndGet(PublishedKeys.PAUSE.toNanos() + 1);
        ANSWERS.clear();
        assertInstanceOf(Outcome.Succeeded.class, saga("rotated-2"));
        assertEquals(List.of(200), ANSWERS);
    }

    private static String published() throws IOException, InterruptedException {
        return HTTP.send(HttpRequest.newBuilder(URI.create(
            process.baseUrl() + PublishedKeys.PATH)).build(),
            HttpResponse.BodyHandlers.ofString()).body();
    }

    private static int send(Signing.Request call) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(here + call.target()))
            .method(call.method(), HttpRequest.BodyPublishers.ofByteArray(call.body()));
        List<String> names = new ArrayList<>(Stream.of(
            "Signature", "Signature-Input", "Content-Digest").toList());
        names.removeIf(name -> call.headers().get(name) == null);
        names.forEach(name -> request.header(name, call.headers().get(name).get(0)));
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
    }
}

package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tls.ClientAuth;
import tls.LiveCredentials;
import tls.PemFiles;
import tls.ServerTls;

/** A server that ends amid requests: what it has done it also says. */
class DrainTest {

    private static final int ROUNDS = 30;
    private static final int CLIENTS = 8;

    @TempDir
    private Path place;

    private interface Opening {
        Socket to(int port) throws IOException;
    }

    @Test
    void nothingIsDoneOfWhichTheAnswerIsLost() {
        assertNothingIsLost(HttpSettings.defaults(), port -> new Socket("127.0.0.1", port));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void norOverTls(String version) {
        PemFiles pem = new PemFiles(place);
        ServerTls tls = new ServerTls(
            LiveCredentials.ofServer("test", pem.issue("localhost"), Duration.ZERO),
            ClientAuth.NONE);
        SSLContext trusting = pem.client();
        assertNothingIsLost(HttpSettings.defaults().over(tls), port -> {
            SSLSocket socket =
                (SSLSocket) trusting.getSocketFactory().createSocket("127.0.0.1", port);
            socket.setEnabledProtocols(new String[] {version});
            return socket;
        });
    }

    private static void assertNothingIsLost(HttpSettings settings, Opening opening) {
        List<String> lost = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            Wire wire = Wire.start(settings);
            AtomicInteger answered = new AtomicInteger();
            List<CompletableFuture<String>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                String name = "drained-" + i + "-";
                clients.add(CompletableFuture.supplyAsync(
                    () -> untilClosed(wire, opening, name, answered)));
            }
            Awaitility.await().until(() -> answered.get() > 5 * CLIENTS);

            Wire.await(wire.server.drain(Duration.ofSeconds(10)).toCompletableFuture());

            for (CompletableFuture<String> client : clients) {
                String gid = Wire.await(client);
                if (!wire.coordinator.state(gid).isAbsent()) {
                    lost.add("round " + round + ": " + gid);
                }
            }
        }
        assertEquals(List.of(), lost);
    }

    @Test
    void whoStillWaitsInTheEndIsToldThatNothingIsKnown() {
        Wire wire = Wire.start();
        wire.participant("http://p/later", MemoryCoordinator.LATER);
        CompletableFuture<WireClient.Answer> waiting = wire.sending("POST", Wire.API + "submit",
            ("{\"gid\":\"g\",\"trans_type\":\"saga\",\"wait_result\":true,\"steps\":[{\"action\":"
                + "\"http://p/later\"}],\"payloads\":[\"\"]}").getBytes(StandardCharsets.UTF_8));
        Awaitility.await().until(() -> !wire.coordinator.calls().isEmpty());

        Wire.await(wire.server.drain(Duration.ofMillis(10)).toCompletableFuture());

        WireClient.Answer answer = Wire.await(waiting);
        assertEquals(503, answer.status());
        assertTrue(answer.body().contains("it may or may not have happened"), answer.body());
    }

    /** Sends one request after the other on one connection. Returns the one without an answer. */
    private static String untilClosed(
            Wire wire, Opening opening, String name, AtomicInteger answered) {
        String gid = name + "first";
        try (Socket socket = opening.to(wire.port())) {
            for (int i = 0;; i++) {
                gid = name + i;
                String body = "{\"gid\":\"" + gid + "\",\"trans_type\":\"tcc\"}";
                socket.getOutputStream().write(("POST /api/dtmsvr/prepare HTTP/1.1\r\nHost: p\r\n"
                    + "Content-Type: application/json\r\nContent-Length: " + body.length()
                    + "\r\n\r\n" + body).getBytes(StandardCharsets.US_ASCII));
                if (!hasAnswer(socket.getInputStream())) {
                    return gid;
                }
                answered.incrementAndGet();
            }
        } catch (IOException closed) {
            return gid;
        }
    }

    private static boolean hasAnswer(InputStream in) throws IOException {
        StringBuilder read = new StringBuilder();
        for (int next = in.read(); next >= 0; next = in.read()) {
            read.append((char) next);
            if (read.toString().endsWith("{\"dtm_result\":\"SUCCESS\"}")) {
                return true;
            }
        }
        return false;
    }
}

package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A server that ends amid requests: what it has done it also says. */
class DrainTest {

    private static final int ROUNDS = 30;
    private static final int CLIENTS = 8;

    @Test
    void nothingIsDoneOfWhichTheAnswerIsLost() {
        List<String> lost = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            Wire wire = Wire.start();
            AtomicInteger answered = new AtomicInteger();
            List<CompletableFuture<String>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                String name = "drained-" + i + "-";
                clients.add(CompletableFuture.supplyAsync(
                    () -> untilClosed(wire, name, answered)));
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
    private static String untilClosed(Wire wire, String name, AtomicInteger answered) {
        String gid = name + "first";
        try (Socket socket = new Socket("127.0.0.1", wire.port())) {
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

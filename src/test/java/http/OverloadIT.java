package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Empty;
import grpc.DtmClient;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import store.Unfinished;
import wire.DtmRequest;
import wire.DtmTransOptions;

/** What is more than a node takes is told so, and nothing that was acknowledged is lost. */
class OverloadIT {

    private static final int ROOM = 20;
    private static final int BURST = 200;

    private static final Metadata.Key<String> PUSHBACK =
        Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

    @TempDir
    private static Path dir;

    private static StartedJar jar;

    @BeforeAll
    static void start() {
        jar = StartedJar.in(dir, "--set", "pactor.coordinator.max-in-flight=" + ROOM,
            "--set", "pactor.coordinator.max-waiting=" + ROOM,
            "--set", "pactor.coordinator.max-in-flight-per-gid=2");
    }

    @AfterAll
    static void stop() {
        jar.close();
        Unfinished.assertAllDue(dir);
    }

    @Test
    void oneGidDoesNotTakeTheRoomOfOthers() {
        List<CompletableFuture<WireClient.Answer>> waiting = new ArrayList<>();
        try (Participant slow = Participant.start()) {
            for (int i = 0; i < 2; i++) {
                waiting.add(jar.client.posting("submit", waits("hot", slow)));
            }
            awaitWaiting(2);

            WireClient.Answer third = jar.client.post("submit", waits("hot", slow));
            WireClient.Answer other = jar.client.post("submit", quick("cold"));

            refused(429, third);
            assertEquals(200, other.status(), other.body());
        }
        waiting.forEach(WireClient::await);
        awaitWaiting(0);
        assertEquals(1, count("gid"));
    }

    @Test
    void noMoreWaitThanThereIsRoomForAndWhoDoesNotWaitIsServed() {
        List<CompletableFuture<WireClient.Answer>> waiting = new ArrayList<>();
        try (Participant slow = Participant.start()) {
            for (int i = 0; i < ROOM; i++) {
                waiting.add(jar.client.posting("submit", waits("slow-" + i, slow)));
            }
            awaitWaiting(ROOM);

            refused(503, jar.client.post("submit", waits("late", slow)));
            StatusRuntimeException over = assertThrows(StatusRuntimeException.class,
                () -> ClientCalls.blockingUnaryCall(jar.grpc.channel(),
                    DtmClient.method("Submit", DtmRequest.getDefaultInstance(),
                        Empty.getDefaultInstance()),
                    CallOptions.DEFAULT, DtmRequest.newBuilder().setGid("late")
                        .setTransType("tcc").setTransOptions(
                            DtmTransOptions.newBuilder().setWaitResult(true)).build()));
            assertEquals(Status.Code.UNAVAILABLE, over.getStatus().getCode());
            assertEquals("1000", over.getTrailers().get(PUSHBACK));
            assertEquals(200, jar.client.post("submit", quick("early")).status());
            jar.awaitStatus("early", "succeed");
        }
        waiting.forEach(WireClient::await);
        awaitWaiting(0);
        assertEquals("none", jar.status("late"), "nothing was done");
        assertEquals(200, jar.client.post("submit", quick("late")).status());
        jar.awaitStatus("late", "succeed");
        assertEquals(2, count("waiting"));
    }

    @Test
    void ofManyAtOnceEachIsDoneOrRefusedAndTheRefusedCanBeRepeated() {
        List<String> open = new ArrayList<>();
        for (int i = 0; i < BURST; i++) {
            open.add("burst-" + i);
        }
        for (int round = 0; !open.isEmpty(); round++) {
            assertTrue(round < BURST, "one at a time is taken at least");
            open = send(open);
        }

        for (int i = 0; i < BURST; i++) {
            String gid = "burst-" + i;
            Awaitility.await().atMost(Duration.ofSeconds(30))
                .until(() -> !jar.participant.calls(gid).isEmpty());
        }
        awaitInFlight(0);
        for (int i = 0; i < BURST; i += 10) {
            jar.awaitStatus("burst-" + i, "succeed");
        }
        assertEquals(0, Scrape.of(jar.metrics()).stream()
            .filter(each -> each.name().equals("pactor_messages_lost_total")
                && each.labels().get("how").equals("dropped"))
            .mapToDouble(Scrape.Sample::value).sum());
    }

    /** All at once. Returns those that were refused, or not answered, a little later. */
    private static List<String> send(List<String> gids) {
        Map<String, CompletableFuture<WireClient.Answer>> asked = new LinkedHashMap<>();
        gids.forEach(gid -> asked.put(gid, jar.client.posting("submit", quick(gid))
            .exceptionally(cut -> null)));
        List<String> again = new ArrayList<>();
        asked.forEach((gid, answer) -> {
            WireClient.Answer given = WireClient.await(answer);
            if (given == null || given.status() != 200) {
                again.add(gid);
            }
            if (given != null && given.status() != 200) {
                refused(503, given);
            }
        });
        return WireClient.await(CompletableFuture.supplyAsync(
            () -> again, CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS)));
    }

    private static void refused(int status, WireClient.Answer answer) {
        assertEquals(status, answer.status(), answer.body());
        assertEquals("1", answer.retryAfter());
        assertTrue(answer.body().contains("nothing was done, try again soon"), answer.body());
        assertFalse(answer.mentionsVerdict(), answer.body());
    }

    private static void awaitInFlight(int count) {
        await("pactor_requests_in_flight", count);
    }

    private static void awaitWaiting(int count) {
        await("pactor_requests_waiting", count);
    }

    private static void await(String gauge, int count) {
        Awaitility.await().atMost(Duration.ofSeconds(30))
            .until(() -> value(gauge, Map.of()) == count);
    }

    private static double count(String reason) {
        return value("pactor_requests_refused_total", Map.of("reason", reason));
    }

    private static double value(String name, Map<String, String> labels) {
        return Scrape.of(jar.metrics()).stream()
            .filter(each -> each.name().equals(name) && each.labels().equals(labels))
            .mapToDouble(Scrape.Sample::value).sum();
    }

    private static String quick(String gid) {
        return Requests.step(gid, "saga", jar.url("yes"), "");
    }

    /** Its client waits for a participant that says nothing for as long as it is there. */
    private static String waits(String gid, Participant slow) {
        return Requests.step(gid, "saga", slow.url("hang"), "").replaceFirst(
            "\\{", "{\"wait_result\":true,\"request_timeout\":60,");
    }
}

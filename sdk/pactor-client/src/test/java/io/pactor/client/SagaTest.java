package io.pactor.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sagas on the real coordinator. */
@Timeout(120)
class SagaTest {

    private static final Duration WAIT = Duration.ofSeconds(30);

    private static Pactor pactor;

    private final Participants services = new Participants();

    @BeforeAll
    static void start() {
        pactor = Pactor.connect(SharedCoordinator.url());
    }

    @AfterAll
    static void stop() {
        pactor.close();
    }

    @AfterEach
    void close() {
        services.close();
    }

    private Saga transfer(String gid) {
        return pactor.saga(gid)
            .step(Call.post(services.url("/out"), Map.of("amount", 30)))
            .undo(Call.post(services.url("/outUndo"), Map.of("amount", 30)))
            .step(Call.post(services.url("/in"), Map.of("amount", 30)))
            .undo(Call.post(services.url("/inUndo"), Map.of("amount", 30)));
    }

    @Test
    void allStepsAreDone() {
        assertEquals(new Outcome.Succeeded("ok"), transfer("ok").submitAndWait(WAIT));

        assertEquals(List.of("/out", "/in"), services.calls("ok"));
        assertEquals("{\"amount\":30}", services.received().get(0).body());
        TransactionView view = pactor.query("ok").orElseThrow();
        assertEquals("succeed", view.status());
        assertEquals("saga", view.mode());
        assertEquals("{\"amount\":30}", view.branches().get(0).payload());
    }

    @Test
    void aRefusalRollsBackAndIsToldInItsOwnWords() {
        services.answer("/in", 409,
            "{\"dtm_result\":\"FAILURE\",\"message\":\"no stock of book\"}");

        assertEquals(new Outcome.RolledBack("refused", "no stock of book"),
            transfer("refused").submitAndWait(WAIT));
        assertEquals(List.of("/out", "/in", "/inUndo", "/outUndo"), services.calls("refused"));
    }

    @Test
    void whatHasNoVerdictIsInProgressAndSaysWhatItWaitsFor() {
        services.answer("/in", 503, "{\"message\":\"closed for lunch\"}");

        Outcome.InProgress outcome = (Outcome.InProgress)
            transfer("open").submitAndWait(Duration.ofSeconds(5));

        assertEquals("submitted", outcome.status());
        assertTrue(outcome.waitsFor().startsWith("02 action: "), outcome.waitsFor());
        assertTrue(outcome.waitsFor().contains("closed for lunch"), outcome.waitsFor());
    }

    @Test
    void aRepeatIsTheSameSaga() {
        assertEquals(new Outcome.Succeeded("again"), transfer("again").submitAndWait(WAIT));
        assertEquals(new Outcome.Succeeded("again"), transfer("again").submitAndWait(WAIT));
        transfer("again").submit();
        assertEquals(List.of("/out", "/in"), services.calls("again"));

        Saga other = pactor.saga("again").step(Call.post(services.url("/out"), "{}"));
        assertThrows(RejectedException.class, () -> other.submitAndWait(WAIT));
        assertThrows(RejectedException.class, other::submit);
    }

    @Test
    void aUrlIsOnRecordAsItWasGiven() {
        for (int i = 0; i < 2; i++) {
            assertEquals(new Outcome.Succeeded("url"), pactor.saga("url")
                .step(Call.post(services.url("/%C3%A4/ä?q=a%20ö&r=1+2"),
                    "{\"b\":1.50, \"a\":\"ä\"}"))
                .submitAndWait(WAIT));
        }
        assertEquals(1, services.calls("url").size());
    }

    @Test
    void whileItRunsTheGidIsTakenToo() {
        services.answer("/out", 503, "");
        transfer("taken").submit();

        Saga other = pactor.saga("taken").step(Call.post(services.url("/out"), "{}"));
        String message =
            assertThrows(RejectedException.class, () -> other.submitAndWait(WAIT)).getMessage();
        assertTrue(message.contains("was used with other content before"), message);
    }

    @Test
    void aBadRequestIsTold() {
        Saga saga = pactor.saga("bad");
        for (int i = 0; i < 1_001; i++) {
            saga.step(Call.get(services.url("/x")));
        }
        RejectedException thrown = assertThrows(RejectedException.class, saga::submit);
        assertEquals(400, thrown.status());
        assertEquals(Optional.empty(), pactor.query("bad"));
    }

    @Test
    void aWrongPathIsToldAsSuch() {
        try (Pactor wrong = Pactor.connect(SharedCoordinator.url() + "/pactor")) {
            Saga saga = wrong.saga("lost").step(Call.get(services.url("/x")));
            String message = assertThrows(RejectedException.class, saga::submit).getMessage();
            assertTrue(message.contains("is the url or its path wrong?"), message);
        }
    }

    @Test
    void concurrentStepsKeepTheirOrder() {
        Outcome outcome = pactor.saga("fan").concurrent()
            .step(Call.get(services.url("/a"))).step(Call.get(services.url("/b")))
            .step(Call.get(services.url("/c"))).after(0, 1).submitAndWait(WAIT);

        assertEquals(new Outcome.Succeeded("fan"), outcome);
        assertEquals("/c", services.calls("fan").get(2));
    }

    @Test
    void nothingBlocksWithoutWaiting() throws Exception {
        CompletableFuture<Outcome> outcome = transfer("async").submitAndWaitAsync(WAIT);
        assertEquals(new Outcome.Succeeded("async"), outcome.get(60, TimeUnit.SECONDS));
        transfer("async").submitAsync().get(60, TimeUnit.SECONDS);
        assertTrue(pactor.queryAsync("async").get(60, TimeUnit.SECONDS).isPresent());
    }

    @Test
    void theServerSaysWhatItIs() {
        ServerInfo server = pactor.server();
        assertEquals(SharedCoordinator.url(), server.url());
        assertTrue(server.version().startsWith("v"), server.version());
        assertTrue(pactor.isReachable(WAIT));
    }

    /** Of JDK 21 and later; there is nothing to be tested before. */
    @Test
    void aVirtualThreadCanWait() throws Exception {
        assumeTrue(Runtime.version().feature() >= 21, "no virtual threads");
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        startVirtual(() -> outcome.complete(transfer("virtual").submitAndWait(WAIT)));

        assertEquals(new Outcome.Succeeded("virtual"), outcome.get(60, TimeUnit.SECONDS));
    }

    private static void startVirtual(Runnable task)
            throws NoSuchMethodException, IllegalAccessException, InvocationTargetException {
        Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, task);
    }
}

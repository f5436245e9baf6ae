package io.pactor.client;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pactor.client.FakeCoordinator.Reply;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a submit that waits makes of the coordinator's answers. */
@Timeout(60)
class SettlingTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofSeconds(1);

    private final FakeCoordinator coordinator = new FakeCoordinator();
    private final Pactor pactor = Pactor.connect(coordinator.url());

    /** The first request of a JVM takes long, and the tests that run out of time need none. */
    @BeforeAll
    static void warmUp() {
        FakeCoordinator.warmUp();
    }

    @AfterEach
    void close() {
        coordinator.close();
    }

    private Saga saga() {
        return pactor.saga("s1").step(Call.post("http://a/out", "{\"n\":1}"));
    }

    private Outcome endedWhileWaiting(String status, String reason) throws Exception {
        CompletableFuture<Outcome> outcome = saga().submitAndWaitAsync(LONG);
        await().until(() -> coordinator.status("s1").equals("submitted"));
        coordinator.become("s1", status, reason);
        return outcome.get(30, TimeUnit.SECONDS);
    }

    @Test
    void twoHundredIsSuccess() {
        coordinator.next(FakeCoordinator.DONE);

        assertEquals(new Outcome.Succeeded("s1"), saga().submitAndWait(LONG));
        assertEquals(1, coordinator.received().size());
        assertEquals(true, coordinator.received().get(0).json().get("wait_result"));
    }

    @Test
    void whatIsStillGoingOnIsAskedFor() throws Exception {
        assertEquals(new Outcome.Succeeded("s1"), endedWhileWaiting("succeed", ""));
    }

    @Test
    void aRefusalIsToldInTheParticipantsWords() throws Exception {
        assertEquals(new Outcome.RolledBack("s1", "no funds"), endedWhileWaiting("failed",
            "url:http://a/out return failed: {\"error\":\"no funds. FAILURE\"} FAILURE"));
    }

    @Test
    void atTheEndOfTheTimeItIsInProgress() {
        assertEquals(new Outcome.InProgress("s1", "submitted", ""), saga().submitAndWait(SHORT));
    }

    @Test
    void rollingBackIsInProgress() {
        saga().submit();
        coordinator.become("s1", "aborting", "no funds");

        assertEquals(new Outcome.InProgress("s1", "aborting", ""), saga().submitAndWait(SHORT));
    }

    @Test
    void a409IsNotBelieved() {
        saga().submit();
        coordinator.next(Reply.says(409, "wait result not return success: FAILURE"));

        assertEquals(new Outcome.InProgress("s1", "submitted", ""), saga().submitAndWait(SHORT));
    }

    @ParameterizedTest
    @ValueSource(ints = {425, 500, 504})
    void noVerdictIsNoFailure(int status) {
        saga().submit();
        coordinator.become("s1", "succeed", "");
        coordinator.next(Reply.says(status, "a participant gives no verdict"));

        assertEquals(new Outcome.Succeeded("s1"), saga().submitAndWait(LONG));
    }

    @Test
    void aLostAnswerIsLookedUp() {
        saga().submit();
        coordinator.become("s1", "succeed", "");
        coordinator.next(Reply.BROKEN);

        assertEquals(new Outcome.Succeeded("s1"), saga().submitAndWait(LONG));
    }

    @Test
    void aLostRequestIsSentAgain() {
        coordinator.next(Reply.BROKEN);

        assertEquals(new Outcome.InProgress("s1", "submitted", ""), saga().submitAndWait(SHORT));
        assertEquals(2, coordinator.received("/api/dtmsvr/submit").size());
    }

    @Test
    void aSilentCoordinatorIsNotWaitedForToTheEnd() {
        saga().submit();
        coordinator.become("s1", "succeed", "");
        coordinator.next(Reply.SILENT);

        Pactor hasty = Pactor.builder().urls(coordinator.url())
            .requestTimeout(Duration.ofMillis(300)).build();
        assertEquals(new Outcome.Succeeded("s1"), hasty.saga("s1")
            .step(Call.post("http://a/out", "{\"n\":1}")).submitAndWait(LONG));
    }

    @Test
    void aRepeatOfAnEndedSagaIsThatSaga() {
        saga().submit();
        coordinator.become("s1", "succeed", "");
        assertEquals(new Outcome.Succeeded("s1"), saga().submitAndWait(LONG));
        saga().submit();

        coordinator.become("s1", "failed", "no funds FAILURE");
        assertEquals(new Outcome.RolledBack("s1", "no funds"), saga().submitAndWait(LONG));
        saga().submit();
    }

    @Test
    void theSameGidForOtherWorkIsNoRepeat() {
        saga().submit();
        coordinator.become("s1", "succeed", "");
        Saga other = pactor.saga("s1").step(Call.post("http://a/out", "{\"n\":2}"));
        Saga more = saga().step(Call.get("http://b"));
        Saga elsewhere = pactor.saga("s1").step(Call.post("http://b/out", "{\"n\":1}"));
        Saga same = pactor.saga("s1").step(Call.post("http://a/out", "{ \"n\" : 1 }"));

        assertThrows(RejectedException.class, () -> other.submitAndWait(LONG));
        assertThrows(RejectedException.class, other::submit);
        assertThrows(RejectedException.class, () -> more.submitAndWait(LONG));
        assertThrows(RejectedException.class, () -> elsewhere.submitAndWait(LONG));
        assertEquals(new Outcome.Succeeded("s1"), same.submitAndWait(LONG));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gid s1 was used with other content before. FAILURE",
        "gid s1 is a tcc, not a saga. FAILURE",
        "this gid was used by a transaction that has ended and was removed. FAILURE"})
    void aGidOfSomethingElseIsRejected(String words) {
        coordinator.next(Reply.says(409, words));

        assertTrue(assertThrows(RejectedException.class, () -> saga().submitAndWait(LONG))
            .getMessage().contains(words));
    }

    @Test
    void aBadRequestIsRejected() {
        coordinator.next(Reply.says(400, "no trans_type specified"));

        assertThrows(RejectedException.class, () -> saga().submitAndWait(LONG));
    }

    @Test
    void withoutACoordinatorNobodyKnows() {
        coordinator.close();

        assertThrows(UnavailableException.class, () -> saga().submitAndWait(SHORT));
    }

    @Test
    void whatWasSeenIsInProgressThoughTheCoordinatorIsGone() throws Exception {
        CompletableFuture<Outcome> outcome =
            saga().submitAndWaitAsync(Duration.ofSeconds(2));
        await().until(() -> !coordinator.received("/api/dtmsvr/query").isEmpty());
        coordinator.close();

        assertEquals("s1",
            ((Outcome.InProgress) outcome.get(30, TimeUnit.SECONDS)).gid());
    }
}

package io.pactor.client;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pactor.client.FakeCoordinator.Reply;
import io.pactor.client.participant.BranchCall;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What TCC sends, and what it does not when answers are lost. */
@Timeout(60)
class TccWireTest {

    private static final Duration SHORT = Duration.ofSeconds(1);

    private final FakeCoordinator coordinator = new FakeCoordinator();
    private final Participants services = new Participants();
    private final Pactor pactor = Pactor.builder().urls(coordinator.url())
        .timeout(Duration.ofSeconds(20)).build();

    @BeforeAll
    static void warmUp() {
        FakeCoordinator.warmUp();
    }

    @AfterEach
    void close() {
        coordinator.close();
        services.close();
    }

    private Call call(String path, Object body) {
        return Call.post(services.url(path), body);
    }

    private List<String> paths() {
        return coordinator.received().stream().map(FakeCoordinator.Received::path)
            .map(path -> path.replaceFirst(".*/", "").replaceFirst("\\?.*", "")).toList();
    }

    @Test
    void aBranchIsKnownBeforeItsTryIsCalled() {
        services.close(); // No try can succeed.

        assertThrows(BranchUnknownException.class, () -> pactor.tcc("t1").run(tx ->
            tx.branch(call("/try", "{\"n\":1}"), call("/confirm", null), call("/cancel", null))));

        assertEquals(List.of("prepare", "registerBranch", "abort"), paths());
        assertEquals(Map.of("gid", "t1", "trans_type", "tcc", "branch_id", "01",
            "data", "{\"n\":1}", "confirm", services.url("/confirm"),
            "cancel", services.url("/cancel")), coordinator.received().get(1).json());
    }

    @Test
    void theBranchesOfAParticipantBeginWithItsOwn() {
        TccBranches nested =
            Tcc.branchesWithin(pactor, new BranchCall("t1", "tcc", "02", "try"));
        pactor.tcc("t1").run(SHORT, tx -> {
            for (int i = 0; i < 2; i++) {
                nested.branch(call("/try", "{}"), call("/confirm", null), call("/cancel", null));
            }
        });

        assertEquals(List.of("0201", "0202"),
            coordinator.received("/api/dtmsvr/registerBranch").stream()
            .map(each -> each.json().get("branch_id")).toList());
        assertEquals("0202", services.received().get(1).query().get("branch_id"));
    }

    @Test
    void onlyATryOfATccHasBranchesOfItsOwn() {
        for (String[] served : new String[][] {{"tcc", "confirm"}, {"saga", "action"}}) {
            BranchCall call = new BranchCall("t1", served[0], "02", served[1]);
            assertThrows(IllegalArgumentException.class, () -> Tcc.branchesWithin(pactor, call));
        }
    }

    @Test
    void confirmAndCancelMayShareABodyOfTheirOwn() {
        pactor.tcc("t1").run(SHORT, tx ->
            tx.branch(call("/try", "[1]"), call("/confirm", "[2]"), call("/cancel", null)));

        assertEquals("[2]", coordinator.received().get(1).json().get("data"));
        assertEquals("[1]", services.received().get(0).body());
    }

    @Test
    void whatABranchCannotSayIsRefusedBeforeAnythingIsCalled() {
        Call post = call("/x", "{}");
        Call get = Call.get(services.url("/x"));
        List<List<Call>> wrong = List.of(
            List.of(post, call("/x", "[1]"), call("/x", "[2]")),
            List.of(post, get, post), List.of(get, get, call("/x", null)),
            List.of(post, post.withHeader("X-A", "1"), post),
            List.of(post, post, post.withTimeout(Duration.ofSeconds(1))),
            List.of(post, post.withRetryLimit(1), post));
        for (int i = 0; i < wrong.size(); i++) {
            List<Call> calls = wrong.get(i);
            Tcc tcc = pactor.tcc("t" + i);
            assertThrows(IllegalArgumentException.class, () -> tcc.run(SHORT, tx ->
                tx.branch(calls.get(0), calls.get(1), calls.get(2))), calls::toString);
        }
        assertTrue(services.received().isEmpty());
        assertTrue(coordinator.received("/api/dtmsvr/registerBranch").isEmpty());
    }

    @Test
    void afterALostAnswerToTheSubmitNothingIsAborted() {
        Outcome outcome = pactor.tcc("t1").run(SHORT, tx -> coordinator.next(Reply.BROKEN));

        assertEquals(new Outcome.InProgress("t1", "submitted", ""), outcome);
        assertTrue(coordinator.received("/api/dtmsvr/abort").isEmpty());
        assertEquals(2, coordinator.received("/api/dtmsvr/submit").size(), "it had not arrived");
    }

    @Test
    void aCoordinatorThatIsGoneAtTheSubmitLeavesItOpen() {
        assertThrows(UnavailableException.class,
            () -> pactor.tcc("t1").run(SHORT, tx -> coordinator.close()));
        assertTrue(coordinator.received("/api/dtmsvr/abort").isEmpty());
    }

    @Test
    void whatTheBodyThrowsIsHeardThoughTheAbortFails() {
        IllegalStateException thrown = new IllegalStateException("mine");
        Pactor hasty = Pactor.builder().urls(coordinator.url()).timeout(SHORT).build();

        assertEquals(thrown, assertThrows(IllegalStateException.class,
            () -> hasty.tcc("t1").run(tx -> {
                coordinator.close();
                throw thrown;
            })));
        assertEquals(UnavailableException.class, thrown.getSuppressed()[0].getClass());
    }

    @Test
    void anInterruptedBodyIsAbortedWithoutWaiting() {
        assertThrows(IllegalStateException.class, () -> pactor.tcc("t1").run(tx -> {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted");
        }));
        assertTrue(Thread.interrupted());
        await().until(() -> coordinator.status("t1"), "aborting"::equals);
    }

    @Test
    void thereAreAtMost99Branches() {
        assertThrows(IllegalStateException.class, () -> pactor.tcc("t1").run(SHORT, tx -> {
            for (int i = 0; i <= OwnBranches.BRANCHES_MAX; i++) {
                tx.branch(call("/try", "{}"), call("/confirm", null), call("/cancel", null));
            }
        }));
        assertEquals(OwnBranches.BRANCHES_MAX, services.received().size());
        assertEquals("99", services.received().get(98).query().get("branch_id"));
    }

    @Test
    void handlingIsToldWithThePrepare() {
        coordinator.knows("park");
        pactor.tcc("t1").timeoutToFail(Duration.ofMinutes(1)).parkAfter(3).header("X-A", "1")
            .run(SHORT, tx -> tx.branch(call("/try", "{}"), call("/confirm", null),
                call("/cancel", null)));

        Map<String, Object> prepared =
            coordinator.received("/api/dtmsvr/prepare").get(0).json();
        assertEquals(60L, prepared.get("timeout_to_fail"));
        assertEquals(3L, prepared.get("retry_limit"));
        assertEquals("park", prepared.get("on_exhausted"));
        assertEquals(Map.of("X-A", "1"), prepared.get("branch_headers"));
        assertThrows(IllegalArgumentException.class, () -> pactor.tcc("t2").parkAfter(0));
    }

    @Test
    void theQueryOfATryIsKept() {
        pactor.tcc("a b").run(SHORT, tx -> tx.branch(call("/try?x=1", "{}"),
            call("/confirm", null), call("/cancel", null)));

        assertEquals("1", services.received().get(0).query().get("x"));
        assertEquals("a b", services.received().get(0).gid());
    }

    @Test
    void aVerdictInTheBodyCounts() {
        services.answer("/no", 200, "{\"dtm_result\":\"FAILURE\",\"message\":\"no seat\"}");
        services.answer("/later", 200, "{\"dtm_result\":\"ONGOING\"}");

        assertThrows(BranchUnknownException.class, () -> pactor.tcc("t1").run(SHORT, tx ->
            tx.branch(call("/later", "{}"), call("/confirm", null), call("/cancel", null))));
        Outcome outcome = pactor.tcc("t2").run(SHORT, tx ->
            tx.branch(call("/no", "{}"), call("/confirm", null), call("/cancel", null)));
        assertEquals(new Outcome.InProgress("t2", "aborting", ""), outcome);
        assertEquals("no seat",
            coordinator.received("/api/dtmsvr/abort").get(1).json().get("rollback_reason"));
    }
}

package demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bank of the demo, asked over HTTP in every order that a network can bring about. */
final class BankTest {

    private static final String GID = "g1";

    @TempDir
    Path directory;

    /** Stands for the coordinator: remembers which branch joined, and can refuse. */
    private final List<String> joined = new CopyOnWriteArrayList<>();
    private final Timeline timeline = new Timeline();
    private volatile Endpoint.Reply joinReply = Endpoint.Reply.success();
    private Endpoint coordinator;
    private DemoClient caller;
    private Bank bank;

    @BeforeEach
    void open() throws Exception {
        coordinator = new Endpoint(request -> {
            joined.add(request.body().path("branch_id").asText());
            return joinReply;
        });
        caller = new DemoClient("Amber", coordinator.url(), timeline);
        bank = new Bank(caller, directory, 10_000, timeline);
    }

    @AfterEach
    void close() throws Exception {
        bank.close();
        coordinator.close();
    }

    @Test
    void anActionIsDoneOnceHoweverOftenItIsAsked() throws Exception {
        withdraw("saga", "action", 3_000);
        withdraw("saga", "action", 3_000);

        assertEquals(7_000, bank.books().balance());
        assertEquals(List.of("done", "already done (barrier)"), answers());
    }

    @Test
    void aCompensationIsDoneOnceHoweverOftenItIsAsked() throws Exception {
        withdraw("saga", "action", 3_000);
        withdraw("saga", "compensate", 3_000);
        withdraw("saga", "compensate", 3_000);

        assertEquals(10_000, bank.books().balance());
    }

    @Test
    void aCompensationWithoutItsActionDoesNothingAndBarsTheLateAction() throws Exception {
        withdraw("saga", "compensate", 3_000);
        withdraw("saga", "action", 3_000);

        assertEquals(10_000, bank.books().balance());
        assertEquals(List.of("nothing to undo (barrier)", "already done (barrier)"),
                answers());
    }

    @Test
    void aRefusedActionLeavesNothingToUndo() throws Exception {
        assertThrows(BusinessRefusal.class, () -> withdraw("saga", "action", 10_001));
        withdraw("saga", "compensate", 10_001);

        assertEquals(10_000, bank.books().balance());
        assertEquals(List.of("FAILURE: only 100.00 there", "nothing to undo (barrier)"),
                answers());
    }

    @Test
    void whatIsHeldCannotBeSpentAndIsPaidOnConfirm() throws Exception {
        withdraw("tcc", "try", 6_000);
        assertThrows(BusinessRefusal.class, () -> ask("g2", "saga", "action", 6_000));
        assertEquals(10_000, bank.books().balance());
        withdraw("tcc", "confirm", 6_000);

        assertEquals(4_000, bank.books().balance());
        assertEquals(0, bank.books().held());
    }

    @Test
    void aCancelGivesBackWhatWasHeld() throws Exception {
        withdraw("tcc", "try", 6_000);
        withdraw("tcc", "cancel", 6_000);

        assertEquals(10_000, bank.books().balance());
        assertEquals(0, bank.books().held());
    }

    @Test
    void anXaBranchIsInDoubtUntilItIsCommitted() throws Exception {
        withdraw("xa", "action", 2_500);

        assertEquals(List.of("01"), joined);
        assertEquals(1, bank.books().inDoubt());
        assertEquals(10_000, bank.books().balance());
        CompletableFuture<Void> other = CompletableFuture.runAsync(() -> {
            try {
                ask("g2", "saga", "action", 1_000);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        assertThrows(java.util.concurrent.TimeoutException.class,
                () -> other.get(300, TimeUnit.MILLISECONDS), "the row is not locked");

        withdraw("xa", "commit", 0);
        withdraw("xa", "commit", 0);

        other.get(5, TimeUnit.SECONDS);
        assertEquals(0, bank.books().inDoubt());
        assertEquals(6_500, bank.books().balance());
    }

    @Test
    void anXaBranchThatIsRolledBackIsUndoneAndCannotComeAgain() throws Exception {
        withdraw("xa", "action", 2_500);
        withdraw("xa", "rollback", 0);
        withdraw("xa", "rollback", 0);
        withdraw("xa", "action", 2_500);

        assertEquals(0, bank.books().inDoubt());
        assertEquals(10_000, bank.books().balance());
    }

    @Test
    void anXaBranchThatMayNotJoinIsNotPrepared() throws Exception {
        joinReply = Endpoint.Reply.failure("too late");

        assertThrows(BusinessRefusal.class, () -> withdraw("xa", "action", 2_500));

        assertEquals(0, bank.books().inDoubt());
        assertEquals(10_000, bank.books().balance());
        assertThrows(IOException.class, () -> withdraw("xa", "commit", 0));
    }

    @Test
    void aLocalTransactionThatCommittedIsRememberedAsSuch() throws Exception {
        bank.withdrawLocally(GID, 900);

        caller.ask(bank.committedUrl(), new BranchInfo("msg", GID, "00", "msg"), 0, Map.of());

        assertEquals(9_100, bank.books().balance());
    }

    @Test
    void aLocalTransactionThatWasAskedForTooEarlyNeverCommits() throws Exception {
        BranchInfo question = new BranchInfo("msg", GID, "00", "msg");
        assertThrows(BusinessRefusal.class,
            () -> caller.ask(bank.committedUrl(), question, 0, Map.of()));

        assertThrows(BusinessRefusal.class, () -> bank.withdrawLocally(GID, 900));

        assertEquals(10_000, bank.books().balance());
    }

    @Test
    void theSameActionTwiceAtOnceIsDoneOnce() throws Exception {
        CompletableFuture<?>[] calls = new CompletableFuture<?>[8];
        for (int i = 0; i < calls.length; i++) {
            calls[i] = CompletableFuture.runAsync(() -> {
                try {
                    withdraw("saga", "action", 1_000);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
        }
        CompletableFuture.allOf(calls).get(20, TimeUnit.SECONDS);

        assertEquals(9_000, bank.books().balance());
    }

    @Test
    void anAnswerCanBeHeldBackAfterTheWorkIsDone() throws Exception {
        CompletableFuture<Void> release = new CompletableFuture<>();
        bank.beforeAnswering(GID, "01", release::join);

        CompletableFuture<Void> call = CompletableFuture.runAsync(() -> {
            try {
                withdraw("saga", "action", 1_000);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        Awaitility.await().atMost(5, TimeUnit.SECONDS)
                .until(() -> bank.books().balance() == 9_000);
        assertTrue(!call.isDone());
        release.complete(null);
        call.get(5, TimeUnit.SECONDS);
    }

    private void withdraw(String mode, String op, long cents) throws Exception {
        ask(GID, mode, op, cents);
    }

    private void ask(String gid, String mode, String op, long cents) throws Exception {
        caller.ask(bank.withdrawUrl(), new BranchInfo(mode, gid, "01", op), cents,
                Map.of("phase2_url", bank.withdrawUrl()));
    }

    private List<String> answers() {
        return timeline.entries().stream().map(Timeline.Entry::answer).toList();
    }
}

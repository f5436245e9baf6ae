package testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import transaction.BranchOp;
import transaction.Coordinator;
import transaction.GlobalTransaction;
import transaction.Reply;
import transaction.Status;
import transaction.TestControls;

/**
 * What a test expects of one transaction. Each method waits a few seconds at most for what runs in
 * the background, throws an {@link AssertionError} that tells the transaction's story, and returns
 * this.
 */
public final class TransactionAssert {

    /** Real time; what waits by the coordinator's clock has to be advanced by the test. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration LOOK = Duration.ofMillis(200);

    private static final Set<String> UNDOING = Set.of("compensate", "cancel", "rollback");

    private final String gid;
    private final Coordinator coordinator;
    private final TestControls controls;
    private final Participant participant;

    TransactionAssert(String gid, Coordinator coordinator, TestControls controls,
            Participant participant) {
        this.gid = gid;
        this.coordinator = coordinator;
        this.controls = controls;
        this.participant = participant;
    }

    public TransactionAssert succeeded() {
        return hasStatus("succeed");
    }

    public TransactionAssert failed() {
        return hasStatus("failed");
    }

    /** @param status as clients see it: prepared, submitted, aborting, succeed or failed */
    public TransactionAssert hasStatus(String status) {
        Status expected = Status.of(status).orElseThrow(
            () -> new IllegalArgumentException("there is no status " + status));
        await("be " + status, t -> t.status() == expected);
        return this;
    }

    /**
     * It has failed, and what was done was undone by these calls, in this order; a call that was
     * made again counts once.
     *
     * @param paths of the compensations (of a TCC: the cancels), as in {@code /stock/give-back}
     */
    public TransactionAssert rolledBackInOrder(String... paths) {
        failed();
        List<String> undone = new ArrayList<>();
        for (Participant.Call call : participant.calls(gid)) {
            if (UNDOING.contains(call.op()) && !undone.contains(call.path())) {
                undone.add(call.path());
            }
        }
        check(undone.equals(List.of(paths)),
            "have been undone by " + List.of(paths) + ", not by " + undone);
        return this;
    }

    /** The participant was called with these paths, in this order, and with no others. */
    public TransactionAssert called(String... paths) {
        await("have come to rest with the calls " + List.of(paths),
            t -> paths().equals(List.of(paths)));
        return this;
    }

    /** The participant was called so often with that path. */
    public TransactionAssert calledTimes(String path, int times) {
        await("have called " + path + " " + times + " times",
            t -> paths().stream().filter(path::equals).count() == times);
        return this;
    }

    private List<String> paths() {
        return participant.calls(gid).stream().map(Participant.Call::path).toList();
    }

    /** Once all has come to rest; it looks after each pass, and now and then. */
    private void await(String expectation, Predicate<GlobalTransaction> holds) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long seen = 0;
        while (!controls.isAtRest() || !holds.test(look())) {
            check(System.nanoTime() < deadline, expectation);
            List<TestControls.Pass> passes = Stages.await(controls.passes(seen, LOOK));
            seen = passes.isEmpty() ? seen : passes.get(passes.size() - 1).number();
        }
    }

    private GlobalTransaction look() {
        GlobalTransaction t =
            ((Reply.Found) Stages.await(coordinator.find(gid))).transaction();
        if (t.isAbsent()) {
            throw new AssertionError("there is no transaction " + gid);
        }
        return t;
    }

    private void check(boolean holds, String expectation) {
        if (!holds) {
            throw new AssertionError(gid + " should " + expectation + "\n" + story());
        }
    }

    private String story() {
        GlobalTransaction t = look();
        String branches = t.ops().stream().map(TransactionAssert::line)
            .collect(Collectors.joining("\n"));
        String calls = participant.calls(gid).stream()
            .map(call -> "  " + call.branchId() + " " + call.op() + " " + call.path())
            .collect(Collectors.joining("\n"));
        return "it is " + t.status().wire()
            + (t.reason().isEmpty() ? "" : ", because " + t.reason()) + "\nbranches:\n" + branches
            + "\ncalls, in order:\n" + calls;
    }

    private static String line(BranchOp op) {
        return "  " + op.branchId() + " " + op.op().wire() + " " + op.status().wire()
            + (op.backoff().attempts() == 0 ? "" : ", tried " + op.backoff().attempts()
                + " times, next not before " + op.backoff().notBefore());
    }
}

package prove;

import static prove.ProveOp.ACTION;
import static prove.ProveOp.UNDO;

import java.util.List;

/**
 * What becomes of calls whose participant dies after it has done its work, and before anybody has
 * read the answer. Only where the participant can be restarted from here.
 */
final class KillChecks {

    static final List<Check> ALL = List.of(
        new Check("killed-after-action", "An action whose participant died before its answer was"
            + " read is done once.", KillChecks::action, Need.ACTION, Need.UNDO, Need.STATE,
            Need.REPEATS),
        new Check("killed-then-undo", "An undo after such an action leaves nothing behind.",
            KillChecks::actionThenUndo, Need.ACTION, Need.UNDO, Need.STATE),
        new Check("killed-after-undo", "An undo whose participant died before its answer was read"
            + " is done once.", KillChecks::undo, Need.ACTION, Need.UNDO, Need.STATE));

    private KillChecks() {}

    private static void action(Trial trial, State before) throws Broken, InterruptedException {
        Branch branch = trial.branch();
        trial.leaveUnread(ACTION, branch);
        trial.restart();
        trial.succeed(ACTION, branch);
        trial.actedOnce(before);
    }

    private static void actionThenUndo(Trial trial, State before)
            throws Broken, InterruptedException {
        Branch branch = trial.branch();
        trial.leaveUnread(ACTION, branch);
        trial.restart();
        trial.succeed(UNDO, branch);
        trial.same(before, "whether the action was done or not, in the end nothing is");
        trial.call(ACTION, branch);
        trial.same(before, "an action after its undo is not done");
    }

    private static void undo(Trial trial, State before) throws Broken, InterruptedException {
        Branch branch = trial.branch();
        trial.succeed(ACTION, branch);
        trial.leaveUnread(UNDO, branch);
        trial.restart();
        trial.succeed(UNDO, branch);
        trial.same(before, "the undo is done once");
    }
}

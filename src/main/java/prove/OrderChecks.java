package prove;

import static prove.ProveOp.ACTION;
import static prove.ProveOp.UNDO;

import java.util.List;

/** Calls that come in another order than they were sent. */
final class OrderChecks {

    static final List<Check> ALL = List.of(
        new Check("empty-undo", "An undo whose action never came answers 200 and does nothing.",
            OrderChecks::emptyUndo, Need.UNDO),
        new Check("late-action", "An action that comes after its empty undo does nothing.",
            OrderChecks::lateAction, Need.UNDO, Need.STATE),
        new Check("action-after-undo", "An action that comes again after its undo does nothing.",
            OrderChecks::actionAfterUndo, Need.ACTION, Need.UNDO, Need.STATE));

    private OrderChecks() {}

    private static void emptyUndo(Trial trial, State before) throws Broken, InterruptedException {
        Branch branch = trial.branch();
        trial.succeedPlainly(UNDO, branch, before);
        trial.same(before, "there is nothing to undo");
        trial.succeed(UNDO, branch);
        trial.same(before, "a repeat changes nothing");
    }

    private static void lateAction(Trial trial, State before)
            throws Broken, InterruptedException {
        Branch branch = trial.branch();
        trial.succeed(UNDO, branch);
        trial.call(ACTION, branch);
        trial.sameLater(before, "an action after its undo is not done, for nobody would undo it");
        trial.call(ACTION, branch);
        trial.sameLater(before, "nor is it done when it is repeated");
    }

    private static void actionAfterUndo(Trial trial, State before)
            throws Broken, InterruptedException {
        Branch branch = trial.branch();
        trial.succeed(ACTION, branch);
        trial.succeed(UNDO, branch);
        trial.same(before, "the undo takes back what the action did");
        trial.call(ACTION, branch);
        trial.sameLater(before, "an action after its undo is not done, for nobody would undo it");
    }
}

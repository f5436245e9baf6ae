package prove;

import static prove.ProveOp.ACTION;
import static prove.ProveOp.UNDO;

import java.util.List;
import transaction.Outcome.Kind;

/** What the business refuses. */
final class RefusalChecks {

    static final List<Check> ALL = List.of(
        new Check("refused", "An action that is refused answers 409 and changes nothing.",
            RefusalChecks::refused, Need.REFUSAL),
        new Check("refused-again", "A repeat of it is refused again.",
            RefusalChecks::refusedAgain, Need.REFUSAL, Need.REPEATS),
        new Check("refused-undo", "The undo of an action that was refused does nothing.",
            RefusalChecks::refusedUndo, Need.REFUSAL, Need.UNDO));

    private RefusalChecks() {}

    private static void refused(Trial trial, State before) throws Broken, InterruptedException {
        refuse(trial, trial.plainly(ACTION, trial.refused(), before));
        trial.same(before, "what was refused has changed nothing");
    }

    private static void refusedAgain(Trial trial, State before)
            throws Broken, InterruptedException {
        Branch branch = trial.refused();
        for (int i = 0; i < 3; i++) {
            refuse(trial, trial.settle(ACTION, branch));
            trial.same(before, "what was refused has changed nothing");
        }
    }

    /** It is called: the coordinator compensates the refused step too. */
    private static void refusedUndo(Trial trial, State before)
            throws Broken, InterruptedException {
        Branch branch = trial.refused();
        refuse(trial, trial.settle(ACTION, branch));
        trial.succeed(UNDO, branch);
        trial.same(before, "what was refused is not undone");
        trial.succeed(UNDO, branch);
        trial.call(ACTION, branch);
        trial.sameLater(before, "repeats change nothing");
    }

    private static void refuse(Trial trial, CallResult reply) throws Broken {
        if (!reply.is(Kind.FAILURE)) {
            throw new Broken("the " + trial.op(ACTION) + " with the refused payload answers 409",
                Advice.with(reply, Advice.forRefusal(reply)));
        }
    }
}

package prove;

import static prove.ProveOp.ACTION;
import static prove.ProveOp.CONFIRM;

import java.util.List;
import transaction.Outcome.Kind;

/** What makes an action final. Nothing undoes these, so they are few and come last. */
final class ConfirmChecks {

    static final List<Check> ALL = List.of(
        new Check("confirm", "A confirm answers 200, and then the state has changed.",
            ConfirmChecks::confirm, Need.ACTION, Need.CONFIRM),
        new Check("confirm-again", "A confirm that is repeated is done once.",
            ConfirmChecks::confirmAgain, Need.ACTION, Need.CONFIRM),
        new Check("confirm-parallel", "Eight of the same confirm at once are done once.",
            ConfirmChecks::confirmParallel, Need.ACTION, Need.CONFIRM));

    private static final int AT_ONCE = 8;

    private ConfirmChecks() {}

    private static void confirm(Trial trial, State before) throws Broken, InterruptedException {
        Branch branch = trial.branch();
        trial.succeed(ACTION, branch);
        trial.succeedPlainly(CONFIRM, branch, State.NONE);
        State after = trial.state();
        if (!after.isNone() && after.shows(before)) {
            throw new Broken("what is confirmed has changed the state",
                "the state is still " + after.text());
        }
    }

    private static void confirmAgain(Trial trial, State before)
            throws Broken, InterruptedException {
        Branch branch = trial.branch();
        trial.succeed(ACTION, branch);
        trial.succeed(CONFIRM, branch);
        State after = trial.state();
        for (int i = 0; i < 3; i++) {
            trial.succeed(CONFIRM, branch);
            trial.same(after, "a repeat changes nothing");
        }
    }

    /** How much one confirm changes is known from one that was alone. */
    private static void confirmParallel(Trial trial, State before)
            throws Broken, InterruptedException {
        Branch alone = trial.branch();
        trial.succeed(ACTION, alone);
        trial.succeed(CONFIRM, alone);
        State one = trial.state();
        Branch branch = trial.branch();
        trial.succeed(ACTION, branch);
        for (CallResult reply : trial.together(AT_ONCE, CONFIRM, branch)) {
            if (reply.is(Kind.FAILURE)) {
                throw new Broken("the " + trial.op(CONFIRM) + " is never refused", reply.text());
            }
        }
        trial.succeed(CONFIRM, branch);
        State both = trial.state();
        if (!before.differsAs(one, both)) {
            throw new Broken("the second transaction changes the state as the first did, from "
                + before.text() + " to " + one.text(), "the state is " + both.text());
        }
    }
}

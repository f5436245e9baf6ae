package prove;

import static prove.ProveOp.ACTION;
import static prove.ProveOp.UNDO;

import java.time.Duration;
import java.util.List;
import transaction.Outcome.Kind;

/** Calls at the same time, and answers that are lost. Each is tried many times. */
final class RaceChecks {

    static final List<Check> ALL = List.of(
        new Check("action-parallel", "Eight of the same action at once are done once.",
            RaceChecks::actions, Need.ACTION, Need.UNDO, Need.STATE, Need.REPEATS),
        new Check("undo-parallel", "Eight of the same undo at once are done once.",
            RaceChecks::undos, Need.ACTION, Need.UNDO, Need.STATE),
        new Check("empty-undo-parallel", "Eight undos of nothing at once do nothing.",
            RaceChecks::emptyUndos, Need.UNDO, Need.STATE),
        new Check("action-meets-undo", "An action and its undo at once leave nothing behind.",
            RaceChecks::actionMeetsUndo, Need.ACTION, Need.UNDO, Need.STATE),
        new Check("lost-answer", "An action whose answer was lost is done once.",
            RaceChecks::lostAnswer, Need.ACTION, Need.UNDO, Need.STATE, Need.REPEATS),
        new Check("unread-answer", "An action whose answer nobody read is done once.",
            RaceChecks::unreadAnswer, Need.ACTION, Need.UNDO, Need.STATE, Need.REPEATS),
        new Check("undo-of-lost-action", "An undo right after an action that was cut off leaves"
            + " nothing behind.", RaceChecks::undoOfLostAction, Need.UNDO, Need.STATE));

    /** As many as a client and a coordinator together rarely send at once. */
    private static final int AT_ONCE = 8;

    /** Within this, calls meet each other in a participant. */
    private static final Duration MEETING = Duration.ofMillis(3);

    private RaceChecks() {}

    private static void actions(Trial trial, State before) throws Broken, InterruptedException {
        for (int i = 0; i < fewer(trial); i++) {
            trial.fromHere();
            Branch branch = trial.branch();
            unrefused(trial, ACTION, trial.together(AT_ONCE, ACTION, branch));
            trial.succeed(ACTION, branch);
            trial.actedOnce(before);
            trial.finish(before);
        }
    }

    private static void undos(Trial trial, State before) throws Broken, InterruptedException {
        for (int i = 0; i < fewer(trial); i++) {
            trial.fromHere();
            Branch branch = trial.branch();
            trial.succeed(ACTION, branch);
            unrefused(trial, UNDO, trial.together(AT_ONCE, UNDO, branch));
            trial.succeed(UNDO, branch);
            trial.same(before, "the undo is done once");
        }
    }

    private static void emptyUndos(Trial trial, State before)
            throws Broken, InterruptedException {
        for (int i = 0; i < fewer(trial); i++) {
            trial.fromHere();
            Branch branch = trial.branch();
            unrefused(trial, UNDO, trial.together(AT_ONCE, UNDO, branch));
            trial.succeed(UNDO, branch);
            trial.same(before, "there is nothing to undo");
        }
    }

    private static void actionMeetsUndo(Trial trial, State before)
            throws Broken, InterruptedException {
        for (int i = 0; i < trial.options().runs(); i++) {
            trial.fromHere();
            Branch branch = trial.branch();
            boolean actsFirst = trial.coin();
            List<CallResult> replies = trial.race(actsFirst ? ACTION : UNDO,
                actsFirst ? UNDO : ACTION, branch, trial.delay(MEETING));
            unrefused(trial, UNDO, List.of(replies.get(actsFirst ? 1 : 0)));
            trial.succeed(UNDO, branch);
            trial.same(before, "whichever came first, in the end nothing is done");
            trial.call(ACTION, branch);
            trial.same(before, "an action after its undo is not done");
        }
        trial.sameLater(before, "nothing is done later either");
    }

    private static void lostAnswer(Trial trial, State before)
            throws Broken, InterruptedException {
        for (int i = 0; i < trial.options().runs(); i++) {
            trial.fromHere();
            Branch branch = trial.branch();
            trial.cut(ACTION, branch, trial.delay(MEETING));
            trial.succeed(ACTION, branch);
            trial.actedOnce(before);
            trial.finish(before);
        }
    }

    private static void unreadAnswer(Trial trial, State before)
            throws Broken, InterruptedException {
        for (int i = 0; i < fewer(trial); i++) {
            trial.fromHere();
            Branch branch = trial.branch();
            trial.leaveUnread(ACTION, branch);
            trial.succeed(ACTION, branch);
            trial.actedOnce(before);
            trial.finish(before);
        }
    }

    private static void undoOfLostAction(Trial trial, State before)
            throws Broken, InterruptedException {
        for (int i = 0; i < trial.options().runs(); i++) {
            trial.fromHere();
            Branch branch = trial.branch();
            trial.cut(ACTION, branch, trial.delay(MEETING));
            trial.succeed(UNDO, branch);
            trial.same(before, "whether the action came or not, in the end nothing is done");
        }
        trial.sameLater(before, "nothing is done later either");
    }

    /** Those that cost eight calls each. */
    private static int fewer(Trial trial) {
        return Math.max(1, trial.options().runs() / 4);
    }

    private static void unrefused(Trial trial, ProveOp act, List<CallResult> replies)
            throws Broken {
        for (CallResult reply : replies) {
            if (reply.is(Kind.FAILURE)) {
                throw new Broken("the " + trial.op(act) + " is never refused: 200; or 425 while"
                    + " another call does it", reply.text());
            }
        }
    }
}

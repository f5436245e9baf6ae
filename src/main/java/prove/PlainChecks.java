package prove;

import static prove.ProveOp.ACTION;
import static prove.ProveOp.UNDO;

import java.time.Duration;
import java.util.List;

/** One call after another, as on a good day, and each of them again. */
final class PlainChecks {

    static final String STATE = "state";
    static final String ACTS = "action";
    static final String UNDOES = "undo";

    static final List<Check> ALL = List.of(
        new Check(STATE, "The state stays while nothing is called.", PlainChecks::state,
            Need.STATE),
        new Check(ACTS, "An action answers 200 and changes the state.", PlainChecks::action),
        new Check("action-again", "An action that is repeated is done once.",
            PlainChecks::actionAgain, Need.ACTION, Need.REPEATS),
        new Check(UNDOES, "An undo answers 200 and takes back what its action did.",
            PlainChecks::undo, Need.ACTION),
        new Check("undo-again", "An undo that is repeated is done once.", PlainChecks::undoAgain,
            Need.ACTION, Need.UNDO),
        new Check("same-answer", "A repeat gets the answer of the first call.",
            PlainChecks::sameAnswer, Need.ACTION, Need.UNDO, Need.REPEATS));

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

    private PlainChecks() {}

    private static void state(Trial trial, State before) throws Broken, InterruptedException {
        for (int i = 0; i < 3; i++) {
            Trial.pause(BETWEEN_LOOKS);
            State now = trial.state();
            if (!now.shows(before)) {
                throw new Broken("the state stays " + before.text(), "it is " + now.text()
                    + "; leave out what moves by itself with --ignore, and keep others away");
            }
        }
    }

    private static void action(Trial trial, State before) throws Broken, InterruptedException {
        trial.succeedPlainly(ACTION, trial.branch(), before);
        trial.acted(before);
    }

    private static void actionAgain(Trial trial, State before)
            throws Broken, InterruptedException {
        State start = before;
        for (int times : new int[] {2, 5}) {
            trial.fromHere();
            Branch branch = trial.branch();
            trial.succeed(ACTION, branch);
            State after = trial.acted(start);
            for (int i = 1; i < times; i++) {
                trial.succeed(ACTION, branch);
                trial.same(after, "a repeat changes nothing");
            }
            start = after;
        }
    }

    private static void undo(Trial trial, State before) throws Broken, InterruptedException {
        Branch branch = trial.branch();
        trial.succeed(ACTION, branch);
        State after = trial.acted(before);
        trial.succeedPlainly(UNDO, branch, after);
        trial.same(before, "the undo takes back what the action did");
    }

    private static void undoAgain(Trial trial, State before) throws Broken, InterruptedException {
        Branch branch = trial.branch();
        trial.succeed(ACTION, branch);
        for (int i = 0; i < 4; i++) {
            trial.succeed(UNDO, branch);
            trial.same(before, i == 0 ? "the undo takes back what the action did"
                : "a repeat changes nothing");
        }
    }

    private static void sameAnswer(Trial trial, State before)
            throws Broken, InterruptedException {
        Branch branch = trial.branch();
        for (ProveOp act : List.of(ACTION, UNDO)) {
            CallResult first = trial.succeed(act, branch);
            for (int i = 0; i < 2; i++) {
                CallResult again = trial.succeed(act, branch);
                if (!again.body().equals(first.body())) {
                    throw new Broken("a repeat of the " + trial.op(act) + " is answered "
                        + first.text(), again.text() + "; whoever lost the first answer never"
                        + " learns what it said: keep it with the record of the operation");
                }
            }
        }
    }
}

package prove;

import static prove.ProveOp.ACTION;
import static prove.ProveOp.UNDO;

import java.util.List;

/** Operations that must not be taken for one another. */
final class KeyChecks {

    static final List<Check> ALL = List.of(
        check("two-gids", "Two transactions do not get in each other's way.", trial -> {
            Branch one = trial.branch();
            return List.of(one, trial.branch(), trial.branch());
        }),
        check("two-branches", "Two branches of a transaction do not get in each other's way.",
            trial -> {
                String gid = trial.gid();
                return List.of(new Branch(gid, "01", false), new Branch(gid, "02", false),
                    new Branch(gid, "03", false));
            }),
        check("gid-case", "Gids that differ in upper and lower case are two.",
            trial -> ending(trial.gid(), "-a", "-A")),
        check("gid-blank", "Gids that differ in a blank at the end are two.",
            trial -> ending(trial.gid(), "", " ")),
        check("gid-long", "Gids of 128 characters that differ in the last are two.",
            trial -> ending(trial.longGid(), "a", "b")));

    private KeyChecks() {}

    @FunctionalInterface
    private interface Pair {

        /** Two branches that act, and perhaps one that never does. */
        List<Branch> of(Trial trial);
    }

    private static List<Branch> ending(String gid, String one, String other) {
        return List.of(new Branch(gid + one, "01", false), new Branch(gid + other, "01", false));
    }

    private static Check check(String name, String meaning, Pair pair) {
        return new Check(name, meaning, (trial, before) -> apart(trial, before, pair.of(trial)),
            Need.ACTION, Need.UNDO, Need.STATE, Need.SHOWN);
    }

    private static void apart(Trial trial, State before, List<Branch> branches)
            throws Broken, InterruptedException {
        trial.succeed(ACTION, branches.get(0));
        State one = trial.actedOnce(before);
        for (Branch other : branches.subList(2, branches.size())) {
            trial.succeed(UNDO, other);
            trial.same(one, "the undo of another one leaves it alone");
        }
        Branch second = branches.get(1);
        trial.succeed(ACTION, second);
        State both = trial.state();
        if (both.shows(one)) {
            throw new Broken("the second action is done too", "the state is still " + both.text());
        }
        trial.succeed(UNDO, second);
        trial.same(one, "the undo of the second leaves the first alone");
    }
}

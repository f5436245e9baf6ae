package prove;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * One thing that a participant must do.
 *
 * @param name short, the same for ever: people write it into their notes
 * @param meaning in one sentence
 */
record Check(String name, String meaning, Set<Need> needs, Body body) {

    /** What is done; it ends without a word if all was as it should be. */
    @FunctionalInterface
    interface Body {

        /** @param before the state that the check has found */
        void run(Trial trial, State before) throws Broken, InterruptedException;
    }

    Check(String name, String meaning, Body body, Need... needs) {
        this(name, meaning, Set.of(needs), body);
    }

    /** All that apply, in the order in which one builds upon another. */
    static List<Check> all(ProveOptions options) {
        List<Check> all = new ArrayList<>(PlainChecks.ALL);
        all.addAll(OrderChecks.ALL);
        all.addAll(RaceChecks.ALL);
        all.addAll(KeyChecks.ALL);
        all.addAll(RefusalChecks.ALL);
        if (options.restart().isPresent()) {
            all.addAll(KillChecks.ALL);
        }
        if (options.mode().confirm().isPresent()) {
            all.addAll(ConfirmChecks.ALL);
        }
        return all;
    }
}

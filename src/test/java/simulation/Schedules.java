package simulation;

import java.util.ArrayList;
import java.util.List;

/** Runs schedules, and tells the story of one that goes wrong. */
final class Schedules {

    private Schedules() {}

    /** @throws AssertionError with seed and transcript if an invariant does not hold */
    static void run(long seed, Tally tally) {
        try {
            new Simulator(seed, Tooth.NONE, tally, null).run();
        } catch (RuntimeException wrong) {
            throw new AssertionError("seed " + seed + ": " + wrong + "\n\n"
                + String.join("\n", story(seed)), wrong);
        }
    }

    /** What happens under that seed, in the words of a scenario. */
    private static List<String> story(long seed) {
        List<String> lines = new ArrayList<>();
        try {
            new Simulator(seed, Tooth.NONE, new Tally(), lines).run();
        } catch (RuntimeException expected) {
            lines.add("# " + expected);
        }
        return lines;
    }

    /**
     * How a planted bug was found.
     *
     * @param schedules how many it took
     * @param what what broke
     */
    record Finding(int schedules, String what) {}

    /** Looks for a planted bug in at most so many schedules; null if none of them shows it. */
    static Finding find(Tooth tooth, long firstSeed, int most) {
        for (int i = 0; i < most; i++) {
            try {
                new Simulator(firstSeed + i, tooth, new Tally(), null).run();
            } catch (Tally.Violation caught) {
                return new Finding(i + 1, caught.invariant.toString());
            } catch (IllegalStateException caught) {
                return new Finding(i + 1, "a fact that does not fit");
            }
        }
        return null;
    }
}

package simulation;

import java.util.Arrays;
import java.util.List;

/** How often each invariant was put to the test. */
final class Tally {

    private final long[] counts = new long[Invariant.values().length];
    private long schedules;
    private long faults;

    /** An invariant did not hold. */
    static final class Violation extends RuntimeException {

        final Invariant invariant;

        Violation(Invariant invariant, String what) {
            super(invariant + " (" + invariant.text + "): " + what);
            this.invariant = invariant;
        }
    }

    void holds(Invariant invariant, boolean holds, Object what) {
        counts[invariant.ordinal()]++;
        if (!holds) {
            throw new Violation(invariant, String.valueOf(what));
        }
    }

    void schedule() {
        schedules++;
    }

    void fault() {
        faults++;
    }

    long schedules() {
        return schedules;
    }

    long faults() {
        return faults;
    }

    long count(Invariant invariant) {
        return counts[invariant.ordinal()];
    }

    /** Those that were tested less often than that: a run with any proves nothing about them. */
    List<Invariant> testedLessThan(long times) {
        return Arrays.stream(Invariant.values()).filter(each -> count(each) < times).toList();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Invariant each : Invariant.values()) {
            text.append(String.format("%-4s %,12d  %s%n", each, count(each), each.text));
        }
        return text + String.format("%,d schedules, %,d faults", schedules, faults);
    }
}

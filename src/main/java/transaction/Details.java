package transaction;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a mode's {@code custom_data} says, read once, when the request is read. */
public sealed interface Details {

    /** Nothing beyond the steps. */
    Plain PLAIN = new Plain();

    /** @throws InvalidRequest if a client may not ask for this: see {@link Command#check} */
    default void check() {}

    /** Nothing beyond the steps. */
    record Plain() implements Details {}

    /** Saga: all steps at once, save where one waits for others. */
    final class Concurrent implements Details {

        private static final BitSet NOTHING = new BitSet();

        private final Map<Integer, List<Integer>> after;
        private final Map<Integer, BitSet> waitsFor = new HashMap<>();

        /**
         * @param after for the index of a step (from 0) the indices of those that must succeed
         *     first; whether there are such steps is not checked here
         */
        public Concurrent(Map<Integer, List<Integer>> after) {
            this.after = Map.copyOf(after);
            this.after.forEach((step, before) -> {
                BitSet steps = new BitSet();
                before.stream().filter(each -> each >= 0 && each < Limits.STEPS)
                    .forEach(steps::set);
                waitsFor.put(step, steps);
            });
        }

        public Map<Integer, List<Integer>> after() {
            return after;
        }

        /**
         * The same for one step, as a set: what asks for each step after each answer must not walk
         * along lists that may have a hundred thousand entries. Not to be changed.
         */
        BitSet waitsFor(int step) {
            return waitsFor.getOrDefault(step, NOTHING);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Concurrent that && after.equals(that.after);
        }

        @Override
        public int hashCode() {
            return after.hashCode();
        }

        @Override
        public String toString() {
            return "Concurrent[after=" + after + "]";
        }
    }

    /** Two-phase message: seconds from submit to the first delivery. */
    record Delay(int seconds) implements Details {
        @Override
        public void check() {
            InvalidRequest.require(seconds >= 0 && seconds <= Limits.SECONDS_MAX,
                "delay must be between 0 and " + Limits.SECONDS_MAX + ": " + seconds);
        }
    }

    /** Workflow: the name under which its initiator registered it, and its input. */
    record Named(String name, Bytes data) implements Details {}
}

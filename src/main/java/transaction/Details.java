package transaction;

import java.util.List;
import java.util.Map;

/** What a mode's {@code custom_data} says, read once, when the request is read. */
public sealed interface Details {

    /** Nothing beyond the steps. */
    Plain PLAIN = new Plain();

    /** Nothing beyond the steps. */
    record Plain() implements Details {}

    /**
     * Saga: all steps at once, save where one waits for others.
     *
     * @param after for the index of a step (from 0) the indices of those that must succeed first
     */
    record Concurrent(Map<Integer, List<Integer>> after) implements Details {
        public Concurrent {
            after = Map.copyOf(after);
        }
    }

    /** Two-phase message: seconds from submit to the first delivery. */
    record Delay(int seconds) implements Details {
        public Delay {
            InvalidRequest.require(seconds >= 0 && seconds <= Limits.SECONDS_MAX,
                "delay must be between 0 and " + Limits.SECONDS_MAX + ": " + seconds);
        }
    }

    /** Workflow: the name under which its initiator registered it, and its input. */
    record Named(String name, Bytes data) implements Details {}
}

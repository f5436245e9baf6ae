package bench;

import java.util.Map;

/**
 * What a run brought.
 *
 * @param windowSeconds how long the window was in fact
 * @param end from the first request to the end state, of the transactions that ended in the window;
 *     its count is what was finished
 * @param ack from the first request to the answer of a submit that does not wait
 * @param offer what was offered in the window, if the load has a rate
 * @param counts of the whole run
 * @param looked the sample that was looked up by query
 * @param errors by kind, of the whole run
 * @param cpu processor time in the window
 */
record Figures(
        double windowSeconds,
        Latency end,
        Latency ack,
        Offer offer,
        Counts counts,
        Looked looked,
        Map<String, Tally.Errors> errors,
        Cpu cpu) {

    /**
     * @param offered transactions that were to be begun
     * @param unsent those for which no connection was free
     * @param refused those that the coordinator did not take, by its answer
     * @param refusal from the first request to that answer
     */
    record Offer(long offered, long unsent, Map<String, Long> refused, Latency refusal) {}

    /**
     * @param started transactions begun, from the first second to the last
     * @param finished those that came to their end
     * @param unfinishedAtClose those on their way when the window closed
     * @param drainSeconds how long the tool waited for these
     * @param branchCalls answered by the tool's participants
     * @param branchCallsRepeated those that a transaction in flight had had before
     * @param branchCallsStale those for a transaction that was over
     */
    record Counts(
            long started,
            long finished,
            long unfinishedAtClose,
            double drainSeconds,
            long branchCalls,
            long branchCallsRepeated,
            long branchCallsStale) {}

    /**
     * @param asked finished transactions whose status was asked for
     * @param atEnd those that were at the right end state
     * @param latency from the first request until the query showed it, for those in the window
     */
    record Looked(long asked, long atEnd, Latency latency) {}

    /**
     * In cores: seconds of processor time per second.
     *
     * @param tool load and participants
     * @param coordinator of a coordinator that the tool started; NaN otherwise
     * @param machine the cores there are
     */
    record Cpu(double tool, double coordinator, int machine) {}

    double finishedPerSecond() {
        return windowSeconds > 0 ? end.count() / windowSeconds : 0;
    }

    long errorsInAll() {
        return errors.values().stream().mapToLong(Tally.Errors::total).sum();
    }

    /** Whether the figures may be believed: something came to its end, and nothing failed. */
    boolean isClean() {
        return end.count() > 0 && errorsInAll() == 0;
    }
}

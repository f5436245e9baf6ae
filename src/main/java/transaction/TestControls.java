package transaction;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Port, offered in the test mode alone: time that can be skipped, and transactions that act when
 * they are told to. No method blocks.
 */
public interface TestControls {

    /** The longest that one call moves the clock: as long as anything may be asked to wait. */
    Duration ADVANCE_MAX = Duration.ofSeconds(Limits.SECONDS_MAX);

    Duration PASS_DELAY_MAX = Duration.ofMinutes(1);

    /** The longest wait for a pass: shorter than a client's request may take. */
    Duration PASSES_WAIT_MAX = Duration.ofSeconds(30);

    /**
     * Moves the coordinator's clock forward for everything, and has everything looked at that is
     * due then.
     *
     * @param by not negative, at most {@link #ADVANCE_MAX}
     * @return the new time, once the calls that became due are under way
     * @throws InvalidRequest (the stage fails with it) if that is out of bounds, or the clock would
     *     be further ahead than makes sense
     */
    CompletionStage<Instant> advance(Duration by);

    /**
     * Whether from now on nothing runs by itself, but for what submit and abort set off. When it is
     * switched off, whatever is due is looked at at once.
     */
    CompletionStage<Void> manual(boolean on);

    /**
     * Runs one pass of a transaction now, whether it is due or not.
     *
     * @return after the pass {@link Reply.Found}; {@link Reply.Missing} if there is none
     */
    CompletionStage<Reply> run(String gid);

    /** The same with the most overdue that is not at work; its gid, empty if none is due. */
    CompletionStage<String> runDue();

    /**
     * Whether all that was set off has come to rest: no call is under way, no pass is only delayed.
     * Whoever was answered finds what that request set off.
     */
    boolean isAtRest();

    /** From now on each pass that nobody waits for begins so much later, in real time. */
    void delayPasses(Duration by);

    /**
     * The passes that were finished, in order, numbered from 1, above {@code after}.
     *
     * @param wait how long to wait for the first of them; at most {@link #PASSES_WAIT_MAX}
     */
    CompletionStage<List<Pass>> passes(long after, Duration wait);

    /** Deletes all transactions and topics; passes are counted from 1 again, the clock stays. */
    CompletionStage<Void> clear();

    /** @param status of the transaction after the pass */
    record Pass(long number, String gid, Status status) {}
}

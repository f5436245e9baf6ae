package transaction;

import java.util.concurrent.CompletionStage;

/** Port, needed: makes one call to a participant. */
@FunctionalInterface
public interface BranchInvoker {

    /**
     * Makes this call once: no redirect is followed, nothing is sent a second time. It may not be
     * made at all, for a reason of this node's own: {@link Outcome.Kind#PUT_OFF} or
     * {@link Outcome.Kind#FORBIDDEN}.
     *
     * <p>Does not block the caller and does not throw. The stage never completes exceptionally
     * (what went wrong is {@link Outcome.Kind#UNKNOWN} with a reason) and completes on any thread,
     * at the latest when {@link BranchCall#timeout()} has passed twice: once in waiting for a
     * connection, once in waiting for the answer; and a third time for a participant whose token
     * has to be fetched before. Only a node that did not run meanwhile takes
     * longer.
     */
    CompletionStage<Outcome> invoke(BranchCall call);
}

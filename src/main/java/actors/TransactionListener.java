package actors;

import java.time.Instant;
import java.util.List;
import transaction.Attempt;
import transaction.CallKey;
import transaction.Decision;
import transaction.GlobalTransaction;

/**
 * Sees what a transaction does, after it is durable, to count it, to log it, to tell it. Of one
 * transaction everything is seen in order, on one thread at a time. Does not block, does not throw.
 */
public interface TransactionListener {

    /** Facts were written; {@code before} is the state without them. */
    void wrote(GlobalTransaction before, Decision decision);

    /** A call came back; what follows from it is seen next. */
    default void called(GlobalTransaction before, Attempt attempt, Instant at) {}

    /** An operation waits until then to be called again, and nothing was written of it. */
    default void paused(GlobalTransaction t, CallKey key, Instant until, Instant at) {}

    /** What something had set off has come to rest. */
    default void passed(GlobalTransaction t, Instant at) {}

    /** A history could not be read; the transaction is tried again later. */
    default void unread(String gid, String why) {}

    /** All of {@code watches}, in that order. */
    static TransactionListener all(TransactionListener... watches) {
        List<TransactionListener> all = List.of(watches);
        return new TransactionListener() {
            @Override
            public void wrote(GlobalTransaction before, Decision decision) {
                all.forEach(each -> each.wrote(before, decision));
            }

            @Override
            public void called(GlobalTransaction before, Attempt attempt, Instant at) {
                all.forEach(each -> each.called(before, attempt, at));
            }

            @Override
            public void paused(GlobalTransaction t, CallKey key, Instant until, Instant at) {
                all.forEach(each -> each.paused(t, key, until, at));
            }

            @Override
            public void passed(GlobalTransaction t, Instant at) {
                all.forEach(each -> each.passed(t, at));
            }

            @Override
            public void unread(String gid, String why) {
                all.forEach(each -> each.unread(gid, why));
            }
        };
    }
}

package io.pactor.spring.participant;

import java.util.HashSet;
import java.util.Set;
import org.springframework.transaction.support.TransactionSynchronization;

/**
 * Knows whether a transaction still has, when it commits, what was done in it before this was
 * registered: a nested transaction rolls back to its savepoint, and the outer one may then commit.
 * One thread.
 */
public abstract class SavepointAware implements TransactionSynchronization {

    /** Those that hold what was done. */
    private final Set<Object> later = new HashSet<>();
    private boolean undone;

    @Override
    public final void savepoint(Object savepoint) {
        later.add(savepoint);
    }

    @Override
    public final void savepointRollback(Object savepoint) {
        undone |= !later.contains(savepoint);
    }

    /** Whether it was rolled back to a savepoint of before. */
    protected final boolean isUndone() {
        return undone;
    }
}

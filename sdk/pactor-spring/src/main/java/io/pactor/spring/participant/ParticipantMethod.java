package io.pactor.spring.participant;

import io.pactor.client.participant.BranchCall;
import java.lang.reflect.Method;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** A participant that was found to be safe, and what guards it. */
record ParticipantMethod(Method method, boolean undoes, BoundBarrier barrier) {

    /** @throws ParticipantException if the coordinator means the other method of the two */
    void checkOperation(BranchCall call) {
        if (call.isUndo() != undoes) {
            throw new ParticipantException(
                method + (undoes ? " undoes" : " acts") + ", and was called with op=" + call.op(),
                "Look whether the addresses of action and undo were taken for each other.");
        }
    }

    /** @throws ParticipantException if this thread has no transaction that the barrier can join */
    void checkTransaction() {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new ParticipantException(method + " was called without a transaction",
                "Call it through the bean, not through this, and let Spring's proxies begin its "
                    + "transaction.");
        }
        if (TransactionSynchronizationManager.isCurrentTransactionReadOnly()) {
            throw new ParticipantException(method + " was called in a read-only transaction",
                "Begin a transaction that writes.");
        }
        if (!barrier.isBound()) {
            throw new ParticipantException(
                method + ": its transaction has bound no JDBC connection of " + barrier,
                "Give the transaction manager that data source, or name the right manager at "
                    + "@Transactional.");
        }
    }
}

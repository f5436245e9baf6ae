package io.pactor.spring.participant;

import io.pactor.client.participant.BranchCall;
import io.pactor.client.participant.JdbcBarrier;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** A participant that was found to be safe: what guards it, and where its connection is bound. */
record ParticipantMethod(Method method, boolean undoes, DataSource dataSource, JdbcBarrier barrier) {

    /** @throws ParticipantException if the coordinator means the other method of the two */
    void checkOperation(BranchCall call) {
        if (call.isUndo() != undoes) {
            throw new ParticipantException(
                method + (undoes ? " undoes" : " acts") + ", and was called with op=" + call.op(),
                "Look whether the addresses of action and undo were taken for each other.");
        }
    }

    /** The connection that the transaction of this thread has bound. */
    Connection connection() throws SQLException {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new ParticipantException(method + " was called without a transaction",
                "Call it through the bean, not through this, and let Spring's proxies begin its "
                    + "transaction.");
        }
        if (TransactionSynchronizationManager.isCurrentTransactionReadOnly()) {
            throw new ParticipantException(method + " was called in a read-only transaction",
                "Begin a transaction that writes.");
        }
        if (TransactionSynchronizationManager.getResource(dataSource) instanceof ConnectionHolder held
                && held.getConnectionHandle() != null) {
            return held.getConnection();
        }
        throw new ParticipantException(
            method + ": its transaction has bound no JDBC connection of " + dataSource,
            "Give the transaction manager that data source (JpaTransactionManager.setDataSource), "
                + "or name the right manager at @Transactional.");
    }
}

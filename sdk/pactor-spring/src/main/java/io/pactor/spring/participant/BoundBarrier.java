package io.pactor.spring.participant;

import io.pactor.client.Pactor;
import io.pactor.client.XaParticipant;
import io.pactor.client.participant.BranchCall;
import io.pactor.client.participant.JdbcBarrier;
import io.pactor.client.participant.Passage;
import io.pactor.client.participant.Reply;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.support.SQLExceptionSubclassTranslator;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The barrier of one database, on the connection that the transaction of the current thread has
 * bound. It opens none, and never commits. What the database says comes as Spring's exceptions.
 */
public final class BoundBarrier {

    private final DataSource dataSource;
    private final JdbcBarrier barrier;

    BoundBarrier(DataSource dataSource, JdbcBarrier barrier) {
        this.dataSource = dataSource;
        this.barrier = barrier;
    }

    /** Whether the transaction of this thread has a connection of this database. */
    public boolean isBound() {
        return TransactionSynchronizationManager.isActualTransactionActive()
            && TransactionSynchronizationManager.getResource(dataSource)
                instanceof ConnectionHolder held
            && held.getConnectionHandle() != null;
    }

    /**
     * As {@link JdbcBarrier#enter}.
     *
     * @throws IllegalTransactionStateException if {@link #isBound} is false
     * @throws DataAccessException              if the database fails; the outcome is not known then
     */
    public Passage enter(BranchCall call) {
        try {
            return barrier.enter(connection(), call);
        } catch (SQLException e) {
            throw translated("barrier of the " + call, e);
        }
    }

    /**
     * As {@link JdbcBarrier#record}.
     *
     * @throws IllegalTransactionStateException if {@link #isBound} is false
     * @throws DataAccessException              if the database fails; the outcome is not known then
     */
    public void record(BranchCall call, Reply reply) {
        try {
            barrier.record(connection(), call, reply);
        } catch (SQLException e) {
            throw translated("reply to the " + call, e);
        }
    }

    /** As {@link JdbcBarrier#committed(DataSource, String)}, in a transaction of its own. */
    public boolean committed(String gid) {
        return barrier.committed(dataSource, gid);
    }

    /** The one whose connections its database's transactions bind. */
    DataSource dataSource() {
        return dataSource;
    }

    /** A participant in XA, in this database. */
    XaParticipant xa(Pactor pactor) {
        return XaParticipant.of(pactor, barrier, dataSource);
    }

    private Connection connection() {
        if (!isBound()) {
            throw new IllegalTransactionStateException(
                "the transaction of this thread has bound no connection of " + dataSource);
        }
        return ((ConnectionHolder) TransactionSynchronizationManager.getResource(dataSource))
            .getConnection();
    }

    private DataAccessException translated(String task, SQLException e) {
        DataAccessException known =
            new SQLExceptionSubclassTranslator().translate(task, null, e);
        return known != null ? known : new UncategorizedSQLException(task, null, e);
    }

    @Override
    public String toString() {
        return String.valueOf(dataSource);
    }
}

package io.pactor.client.participant;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.Optional;

/**
 * The statements on the barrier's two tables, in one dialect. All of them belong to the transaction
 * of the connection that they are handed. Immutable; any thread.
 */
final class BarrierRows {

    /** A call does one piece of work here, so DTM's count of them within a call stays at one. */
    private static final String BARRIER_ID = "01";

    private static final String BY_KEY =
        " where gid = ? and branch_id = ? and op = ? and barrier_id = ?";

    private final TableName table;
    private final Dialect dialect;
    private final String insert;
    private final String select;
    private final String selectAsIs;
    private final String insertReply;
    private final String selectReply;

    BarrierRows(TableName table, Dialect dialect) {
        this.table = table;
        this.dialect = dialect;
        // The time is named, as DTM's table for PostgreSQL has no default for it.
        insert = dialect.insertInto() + table.qualified() + " (gid, branch_id, op, barrier_id,"
            + " trans_type, reason, create_time) values (?, ?, ?, ?, ?, ?, current_timestamp)"
            + dialect.unlessThere();
        selectAsIs = "select gid, branch_id, op, reason from " + table.qualified() + BY_KEY;
        select = selectAsIs + dialect.asCommitted();
        insertReply = "insert into " + table.replies() + " (gid, branch_id, op, barrier_id,"
            + " content_type, body, create_time) values (?, ?, ?, ?, ?, ?, current_timestamp)";
        selectReply = "select content_type, body from " + table.replies() + BY_KEY
            + dialect.asCommitted();
    }

    Dialect dialect() {
        return dialect;
    }

    /** Fails, saying what to do, if a table or a column that is needed is not there. */
    void check(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeQuery("select gid, branch_id, op, barrier_id, trans_type, reason,"
                + " create_time from " + table.qualified() + " where 1 = 0").close();
            statement.executeQuery("select gid, branch_id, op, barrier_id, content_type, body,"
                + " create_time from " + table.replies() + " where 1 = 0").close();
        } catch (SQLException e) {
            throw explained(e);
        }
    }

    /**
     * Writes the row of an operation. While another transaction that has written it is open, this
     * waits for it.
     *
     * @param reason the operation for which it is written; another than the row's if its place is
     *     only taken
     * @return false if it is there already
     */
    boolean insert(Connection connection, BranchCall call, String reason) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(insert)) {
            setKey(statement, call);
            statement.setString(5, call.mode());
            statement.setString(6, reason);
            boolean isNew = statement.executeUpdate() == 1;
            if (isNew) {
                refuseAltered(statement.getWarnings(), call);
            }
            return isNew;
        } catch (SQLException e) {
            if (dialect.saysAlreadyThere(e)) {
                return false;
            }
            throw explained(e);
        }
    }

    /**
     * For which operation the row was written that an insert has found.
     *
     * @throws SQLException if this transaction cannot see it, or if it is the row of another
     *     operation, which this database takes for the same
     */
    String reason(Connection connection, BranchCall call) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            setKey(statement, call);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new SQLException("The row of the " + call + " is in " + table.qualified()
                        + ", but this transaction does not see it: it has begun before");
                }
                if (!isKey(row, call)) {
                    throw new SQLException("The collation of " + table.qualified() + " takes the "
                        + call + " and the " + row.getString(3) + " of branch " + row.getString(2)
                        + " in '" + row.getString(1) + "' for the same. "
                        + (isPadded(call.gid(), row.getString(1))
                            ? "Use no gids that differ in blanks at their ends alone"
                            : "Give its key a binary collation, as in the script "
                                + dialect.script()));
                }
                return row.getString(4);
            }
        }
    }

    /**
     * Whether a prepared transaction of that name, if there is one, has written into this table.
     * The name alone does not tell: others on the server may use the same. Waits for no lock.
     *
     * @param connection in no transaction
     * @param action the first phase of the branch
     */
    boolean hasPrepared(Connection connection, BranchCall action, String xid)
            throws SQLException {
        return dialect == Dialect.POSTGRESQL
            ? isLockedBy(connection, xid) : isUncommitted(connection, action);
    }

    /** A prepared transaction keeps the lock of each table into which it has written. */
    private boolean isLockedBy(Connection connection, String xid) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "select 1 from pg_prepared_xacts prepared"
                + " join pg_locks itself on itself.locktype = 'transactionid'"
                + " and itself.transactionid = prepared.transaction and itself.pid is null"
                + " join pg_locks held on held.virtualtransaction = itself.virtualtransaction"
                + " and held.pid is null and held.locktype = 'relation'"
                + " and held.mode = 'RowExclusiveLock' and held.relation = cast('"
                + table.qualified() + "' as regclass)"
                + " where prepared.database = current_database() and prepared.gid = ?")) {
            statement.setString(1, xid);
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    /**
     * In MariaDB and MySQL a first phase has taken the name before it writes its row, so whose row
     * it is, is whose name it is. What is not committed is read first: what is committed in between
     * counts as committed.
     */
    private boolean isUncommitted(Connection connection, BranchCall action) throws SQLException {
        return reasonAs("read uncommitted", connection, action).filter(action.op()::equals)
            .isPresent() && reasonAs("read committed", connection, action).isEmpty();
    }

    private Optional<String> reasonAs(String isolation, Connection connection, BranchCall call)
            throws SQLException {
        try (Statement level = connection.createStatement();
                PreparedStatement statement = connection.prepareStatement(selectAsIs)) {
            // Of the next transaction alone, which the query is.
            level.execute("set transaction isolation level " + isolation);
            setKey(statement, call);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && isKey(row, call)
                    ? Optional.of(row.getString(4)) : Optional.empty();
            }
        }
    }

    private static boolean isKey(ResultSet row, BranchCall call) throws SQLException {
        return call.gid().equals(row.getString(1)) && call.branchId().equals(row.getString(2))
            && call.op().equals(row.getString(3));
    }

    /** No binary collation that MariaDB and MySQL both have keeps such ones apart. */
    private static boolean isPadded(String gid, String other) {
        return !gid.equals(other) && gid.stripTrailing().equals(other.stripTrailing());
    }

    void insertReply(Connection connection, BranchCall call, Reply reply) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(insertReply)) {
            setKey(statement, call);
            statement.setString(5, reply.contentType());
            statement.setBytes(6, reply.body());
            statement.executeUpdate();
        } catch (SQLException e) {
            throw explained(e);
        }
    }

    Optional<Reply> reply(Connection connection, BranchCall call) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(selectReply)) {
            setKey(statement, call);
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                    ? Optional.of(new Reply(orEmpty(row.getString(1)), row.getBytes(2)))
                    : Optional.empty();
            }
        }
    }

    private static void setKey(PreparedStatement statement, BranchCall call) throws SQLException {
        statement.setString(1, call.gid());
        statement.setString(2, call.branchId());
        statement.setString(3, call.op());
        statement.setString(4, BARRIER_ID);
    }

    private void refuseAltered(SQLWarning first, BranchCall call) throws SQLException {
        for (SQLWarning each = first; each != null; each = each.getNextWarning()) {
            if (dialect.saysAltered(each)) {
                throw new SQLException("The barrier's tables cannot hold the " + call
                    + " as it is: " + each.getMessage(), each.getSQLState(), each.getErrorCode());
            }
        }
    }

    private SQLException explained(SQLException e) {
        return dialect.saysMissing(e)
            ? new SQLException("The barrier needs the tables " + table.qualified() + " and "
                + table.replies() + ". The script " + dialect.script() + " makes them, or"
                + " BarrierSchema.create: " + e.getMessage(), e.getSQLState(), e.getErrorCode(), e)
            : e;
    }

    /** Oracle reads an empty string as null. */
    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }
}

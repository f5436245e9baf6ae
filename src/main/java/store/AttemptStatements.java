package store;

import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import transaction.CallKey;
import transaction.Limits;

/** Writes calls of branches, on the writer's connection. For one thread. */
final class AttemptStatements {

    /** A transaction whose gid was used again later has another moment of opening. */
    private static final String OWNER =
        "SELECT id FROM pactor_transaction WHERE gid = ? AND opened_at = ?";

    private static final String LAST = "SELECT MAX(a.attempt) FROM pactor_attempt a"
        + " WHERE a.transaction_id = t.id AND a.branch_id = ? AND a.op = ?";

    /** Numbered by the database: who makes the calls may have forgotten some. */
    private static final String INSERT = "INSERT INTO pactor_attempt (" + AttemptTable.COLUMNS
        + ") SELECT t.id, ?, ?, COALESCE((" + LAST + "), 0) + 1, ?, ?, ?"
        + " FROM pactor_transaction t WHERE t.gid = ? AND t.opened_at = ?";

    /**
     * After each insert, since the database alone knows how many there are.
     * MySQL deletes from no table that it selects from, unless it has made another one of it.
     */
    private static final String TRIM = "DELETE FROM pactor_attempt WHERE transaction_id = ("
        + OWNER + ") AND branch_id = ? AND op = ? AND attempt > " + Limits.ATTEMPTS_FIRST
        + " AND attempt <= (SELECT last FROM (SELECT MAX(a.attempt) AS last FROM pactor_attempt a"
        + " WHERE a.transaction_id = (" + OWNER + ") AND a.branch_id = ? AND a.op = ?) newest) - "
        + Limits.ATTEMPTS_LAST;

    /** Of one transaction. */
    private record Operation(PayloadCipher.Owner owner, CallKey key) {}

    private final PreparedStatement insert;
    private final PreparedStatement trim;

    AttemptStatements(Connection connection, int timeoutSeconds) throws SQLException {
        insert = connection.prepareStatement(INSERT);
        trim = connection.prepareStatement(TRIM);
        insert.setQueryTimeout(timeoutSeconds);
        trim.setQueryTimeout(timeoutSeconds);
    }

    /** They could not be written; what was to be committed with them has to be run again. */
    static final class NotKept extends SQLException {

        private static final long serialVersionUID = 1;

        NotKept(SQLException cause) {
            super(cause.getMessage(), cause.getSQLState(), cause.getErrorCode(), cause);
        }
    }

    void run(List<AttemptRow> rows) throws NotKept {
        if (rows.isEmpty()) {
            return;
        }
        try {
            Set<Operation> called = new LinkedHashSet<>();
            for (AttemptRow row : rows) {
                bindInsert(row);
                called.add(new Operation(row.owner(), row.key()));
            }
            insert.executeBatch();
            for (Operation each : called) {
                bindTrim(each);
            }
            trim.executeBatch();
        } catch (SQLException e) {
            // What the batch says itself may hold the statement, with what participants said.
            throw new NotKept(e instanceof BatchUpdateException && e.getNextException() != null
                ? e.getNextException() : e);
        }
    }

    void clear() throws SQLException {
        insert.clearBatch();
        trim.clearBatch();
    }

    private void bindInsert(AttemptRow row) throws SQLException {
        bindKey(insert, 1, row.key());
        bindKey(insert, 3, row.key());
        insert.setLong(5, row.startedAt());
        insert.setInt(6, row.version());
        insert.setBytes(7, row.content());
        bindOwner(insert, 8, row.owner());
        insert.addBatch();
    }

    private void bindTrim(Operation of) throws SQLException {
        bindOwner(trim, 1, of.owner);
        bindKey(trim, 3, of.key);
        bindOwner(trim, 5, of.owner);
        bindKey(trim, 7, of.key);
        trim.addBatch();
    }

    private static void bindKey(PreparedStatement to, int at, CallKey key) throws SQLException {
        to.setString(at, key.branchId());
        to.setString(at + 1, key.op().wire());
    }

    private static void bindOwner(PreparedStatement to, int at, PayloadCipher.Owner owner)
            throws SQLException {
        to.setString(at, owner.gid());
        to.setLong(at + 1, owner.openedAt());
    }
}

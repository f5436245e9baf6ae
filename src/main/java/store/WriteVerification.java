package store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds out what the database really has, where a write has left that open. Blocks. */
final class WriteVerification {

    private static final String ROWS = "SELECT j.ordinal, j.checksum FROM pactor_transaction t"
        + " JOIN pactor_journal j ON j.transaction_id = t.id"
        + " WHERE t.gid = ? AND j.ordinal >= ? AND j.ordinal <= ?";

    private static final String LAST = "SELECT ordinal FROM pactor_transaction WHERE gid = ?";

    private WriteVerification() {}

    /** The number of the last entry of {@code gid}; 0 if there is none. */
    static long lastOrdinal(Connection connection, String gid) throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement select = connection.prepareStatement(LAST)) {
            select.setString(1, gid);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        } finally {
            connection.rollback();
        }
    }

    /**
     * Whether each row of {@code group} is there, as it was to be written. If so, it would survive
     * what a commit survives.
     */
    static boolean isWritten(Connection connection, Dialect dialect, List<Append> group)
            throws SQLException {
        connection.setAutoCommit(false);
        try {
            for (Append each : group) {
                if (!isWritten(connection, each)) {
                    return false;
                }
            }
            dialect.confirm(connection);
            connection.clearWarnings();
            connection.commit();
            dialect.requireSafe(connection);
            return true;
        } finally {
            connection.rollback();
        }
    }

    private static boolean isWritten(Connection connection, Append append) throws SQLException {
        Map<Long, Integer> found = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(ROWS)) {
            select.setString(1, append.gid());
            select.setLong(2, append.firstOrdinal());
            select.setLong(3, append.lastOrdinal());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.put(row.getLong(1), row.getInt(2));
                }
            }
        }
        return append.rows().stream()
            .allMatch(row -> Integer.valueOf(row.checksum()).equals(found.get(row.ordinal())));
    }
}

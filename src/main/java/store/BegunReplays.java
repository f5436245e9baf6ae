package store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Histories of which the first page has been read, until their rest is asked for, which is at
 * once. Those whose rest nobody asks for give way to others. Thread-safe.
 */
final class BegunReplays {

    /** No row if there is no such transaction, as for each that is new. */
    static final String ID = "SELECT id, size_bytes FROM pactor_transaction WHERE gid = ?";

    /** One row: the bytes of a history that began before the index knew them. */
    static final String BYTES = "SELECT COALESCE(SUM(OCTET_LENGTH(payload)), 0)"
        + " + (SELECT COALESCE(SUM(OCTET_LENGTH(payload)), 0) FROM pactor_journal_piece"
        + " WHERE transaction_id = ?) FROM pactor_journal WHERE transaction_id = ?";

    /** A history up to here is read before it is known whether there is room for it. */
    private static final long SHORT_BYTES = 4 << 10;

    /** Many more than are read back at one time and have not asked yet. */
    private static final int KEPT = 500;

    private final Map<String, Begun> all = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Begun> eldest) {
            return size() > KEPT;
        }
    };

    /** A history of which {@code page} has been read; {@code page} is null if there is none. */
    record Begun(Replay replay, Replay.Page page) {}

    /** The bytes of a history; 0 if there is none. What is short, or not there, is begun here. */
    long weigh(Connection connection, String gid, Database database) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(ID)) {
            select.setString(1, gid);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    put(gid, new Begun(Replay.none(gid), null));
                    return 0;
                }
                long id = row.getLong(1);
                long known = row.getLong(2);
                long bytes = row.wasNull() ? sum(connection, id, database) : known;
                if (bytes <= SHORT_BYTES) {
                    Replay replay = database.replay(gid);
                    put(gid, new Begun(replay, replay.next(connection)));
                }
                return bytes;
            }
        }
    }

    private static long sum(Connection connection, long id, Database database)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(BYTES)) {
            select.setQueryTimeout(database.statementTimeoutSeconds());
            select.setLong(1, id);
            select.setLong(2, id);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    synchronized void put(String gid, Begun begun) {
        all.remove(gid); // So that it is the youngest.
        all.put(gid, begun);
    }

    /** Null if there is none. */
    synchronized Begun take(String gid) {
        return all.remove(gid);
    }
}

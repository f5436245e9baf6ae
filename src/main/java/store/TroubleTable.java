package store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import transaction.Entry;
import transaction.Event;
import transaction.Summary;
import transaction.TransactionIndex.Group;
import transaction.TransactionIndex.Troubles;
import transaction.Trouble;

/**
 * What keeps unfinished transactions from going on. One that was never in trouble costs nothing
 * here: neither a row, nor a statement.
 */
final class TroubleTable {

    static final String COLUMNS =
        "transaction_id, opened_at, cause, participant, error, attempts";

    static final String DELETE = "DELETE FROM pactor_trouble WHERE transaction_id IN (%s)";

    private static final String OF_GID = "(SELECT id FROM pactor_transaction WHERE gid = ?)";

    /** Nothing is wrong with that one any more. */
    static final String FORGET = String.format(DELETE, OF_GID);

    private static final String INSERT = "INSERT INTO pactor_trouble (" + COLUMNS + ") SELECT"
        + " id, opened_at, ?, ?, ?, ? FROM pactor_transaction WHERE gid = ?";

    /** Its history cannot be trusted; nothing is written of one that is not in quarantine. */
    static final String QUARANTINED = "INSERT INTO pactor_trouble (" + COLUMNS + ") SELECT"
        + " id, opened_at, '" + Trouble.QUARANTINED + "', '', ?, 0 FROM pactor_transaction"
        + " WHERE gid = ? AND quarantine <> ''";

    private static final String OF_IDS =
        "SELECT " + COLUMNS + " FROM pactor_trouble WHERE transaction_id IN (%s)";

    private static final String GROUPS = "SELECT cause, participant, error, COUNT(*),"
        + " MIN(x.opened_at) FROM pactor_trouble x JOIN pactor_transaction s"
        + " ON s.id = x.transaction_id WHERE s.namespace = ?"
        + " GROUP BY cause, participant, error"
        + " ORDER BY COUNT(*) DESC, MIN(x.opened_at) LIMIT ?";

    private TroubleTable() {}

    /**
     * Writes what is wrong with each of {@code group}, after their rows.
     *
     * @param seconds for each statement; 0 where the session has its own limit
     */
    static void write(Connection connection, List<Append> group, Dialect dialect, int seconds)
            throws SQLException {
        List<Append> changed = new ArrayList<>();
        for (Append each : group) {
            if (each.summary().trouble() != Trouble.NONE) {
                changed.add(each);
            }
        }
        if (changed.isEmpty()) {
            return;
        }
        try (PreparedStatement forget = prepared(connection, FORGET, seconds)) {
            for (Append each : changed) {
                forget.setString(1, each.gid());
                forget.addBatch();
            }
            forget.executeBatch();
        }
        insert(connection, changed, dialect, seconds);
    }

    private static void insert(
            Connection connection, List<Append> changed, Dialect dialect, int seconds)
            throws SQLException {
        boolean isOneThere = false;
        try (PreparedStatement insert = prepared(connection, INSERT, seconds)) {
            for (Append each : changed) {
                if (each.summary().trouble().isThere()) {
                    bind(insert, each.gid(), each.summary().trouble(), dialect);
                    insert.addBatch();
                    isOneThere = true;
                }
            }
            if (isOneThere) {
                insert.executeBatch();
            }
        }
    }

    private static void bind(PreparedStatement insert, String gid, Trouble trouble,
            Dialect dialect) throws SQLException {
        insert.setString(1, trouble.cause());
        insert.setString(2, dialect.storable(trouble.participant()));
        insert.setString(3, dialect.storable(trouble.error()));
        insert.setInt(4, trouble.attempts());
        insert.setString(5, gid);
    }

    /** What is wrong with those of these rows with which something is. */
    static Map<Long, Trouble> of(Connection connection, List<Long> ids, int seconds)
            throws SQLException {
        Map<Long, Trouble> found = new HashMap<>();
        if (!ids.isEmpty()) {
            try (PreparedStatement select =
                        prepared(connection, TransactionList.of(OF_IDS, ids), seconds);
                    ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.put(row.getLong(1), new Trouble(
                        row.getString(3), row.getString(4), row.getString(5), row.getInt(6)));
                }
            }
        }
        return found;
    }

    static Troubles groups(Connection connection, String namespace, int limit, int seconds)
            throws SQLException {
        List<Group> groups = new ArrayList<>();
        try (PreparedStatement select = prepared(connection, GROUPS, seconds)) {
            select.setString(1, namespace);
            select.setInt(2, limit + 1);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    groups.add(new Group(new Trouble(row.getString(1), row.getString(2),
                        row.getString(3), 0), row.getLong(4), Micros.toInstant(row.getLong(5))));
                }
            }
        }
        boolean complete = groups.size() <= limit;
        return new Troubles(complete ? List.copyOf(groups)
            : List.copyOf(groups.subList(0, limit)), complete);
    }

    /** {@code summary}, which says so if something may have been wrong before {@code entries}. */
    static Summary noting(List<Entry> entries, Summary summary) {
        boolean wasThere = summary.trouble() == Trouble.NONE && entries.stream()
            .flatMap(entry -> entry.events().stream()).anyMatch(TroubleTable::isDetour);
        return wasThere ? summary.in(Trouble.OVER) : summary;
    }

    /** Whether it is none of those that lead to an end without a detour. */
    private static boolean isDetour(Event event) {
        return !(event instanceof Event.Opened || event instanceof Event.Submitted
            || event instanceof Event.BranchesJoined || event instanceof Event.OpSettled
            || event instanceof Event.Ended || event instanceof Event.TurnedBack);
    }

    private static PreparedStatement prepared(Connection connection, String sql, int seconds)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statement.setQueryTimeout(seconds);
        return statement;
    }
}

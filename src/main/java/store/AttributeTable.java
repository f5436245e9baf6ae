package store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import transaction.Submission;
import transaction.TransactionIndex.Filter;

/** What transactions are found by. A transaction without attributes costs nothing here. */
final class AttributeTable {

    static final String COLUMNS = "transaction_id, name, content, opened_at";

    static final String DELETE = "DELETE FROM pactor_attribute WHERE transaction_id IN (%s)";

    private static final String OF_GID =
        "(SELECT id FROM pactor_transaction WHERE gid = ?)";

    private static final String INSERT = "INSERT INTO pactor_attribute (" + COLUMNS + ") VALUES ("
        + OF_GID + ", ?, ?, ?)";

    private static final String FORGET = String.format(DELETE, OF_GID);

    private static final String TELL =
        "UPDATE pactor_transaction SET attributes = ? WHERE gid = ?";

    /** Along the index of the attributes; the transaction is looked at by its id. */
    static final String LIST = "SELECT a.opened_at, a.transaction_id,"
        + " (SELECT t.mode FROM pactor_transaction t WHERE t.id = a.transaction_id),"
        + " (SELECT t.status FROM pactor_transaction t WHERE t.id = a.transaction_id)"
        + " FROM pactor_attribute a WHERE a.name = ? AND a.content = ?"
        + " AND a.opened_at >= ? AND a.opened_at <= ?"
        + " AND (a.opened_at < ? OR a.transaction_id < ?)%s ORDER BY a.name DESC,"
        + " a.content DESC, a.opened_at DESC, a.transaction_id DESC LIMIT ?";

    /** Another attribute of the same transaction. */
    static final String AND_ANOTHER = " AND EXISTS (SELECT 1 FROM pactor_attribute b"
        + " WHERE b.transaction_id = a.transaction_id AND b.name = ? AND b.content = ?)";

    /** The transaction itself, with what else is asked of it. */
    private static final String AND_IT = " AND EXISTS (SELECT 1 FROM pactor_transaction s"
        + " WHERE s.id = a.transaction_id AND s.namespace = ?%s)";

    private AttributeTable() {}

    /** Takes what places a row in a list. */
    interface Reader {
        void read(long openedAt, long id, String mode, String status);
    }

    /** The statement that finds what {@code filter} lets pass; it names at least one attribute. */
    static String listing(Filter filter) {
        StringBuilder more = new StringBuilder(AND_ANOTHER.repeat(filter.attributes().size() - 1));
        StringBuilder its = new StringBuilder();
        // Words of ours, so they may stand in the statement as they are.
        filter.mode().ifPresent(mode -> its.append(" AND s.mode = '" + mode.wire() + "'"));
        filter.status().ifPresent(
            status -> its.append(" AND s.status = '" + status.wire() + "'"));
        its.append(filter.quarantined() ? " AND s.quarantine <> ''" : "");
        its.append(filter.parked() ? " AND s.waits_for = 'parked'" : "");
        return String.format(LIST, more.append(String.format(AND_IT, its)));
    }

    /** Fills in {@code select}, prepared from {@link #listing}, and reads that part. */
    static void list(PreparedStatement select, Filter filter, Window window, Reader reader)
            throws SQLException {
        Iterator<Map.Entry<String, String>> attributes =
            filter.attributes().entrySet().iterator();
        int at = bind(select, 1, attributes.next());
        select.setLong(at++, window.openedFrom());
        select.setLong(at++, window.openedTo());
        select.setLong(at++, window.after().openedAt());
        select.setLong(at++, window.after().id());
        while (attributes.hasNext()) {
            at = bind(select, at, attributes.next());
        }
        select.setString(at++, filter.namespace());
        select.setInt(at, window.limit());
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                reader.read(row.getLong(1), row.getLong(2), row.getString(3), row.getString(4));
            }
        }
    }

    private static int bind(PreparedStatement to, int at, Map.Entry<String, String> attribute)
            throws SQLException {
        to.setString(at, attribute.getKey());
        to.setString(at + 1, attribute.getValue());
        return at + 2;
    }

    /**
     * Writes what {@code group} is found by; it costs nothing for those who say nothing.
     *
     * @param seconds for each statement; 0 where the session has its own limit
     */
    static void write(Connection connection, List<Append> group, Dialect dialect, int seconds)
            throws SQLException {
        List<Append> opened = new ArrayList<>();
        List<Append> changed = new ArrayList<>();
        for (Append each : group) {
            if (each.attributed()) {
                (each.firstOrdinal() == 1 ? opened : changed).add(each);
            }
        }
        if (!changed.isEmpty()) {
            change(connection, changed, dialect, seconds);
            opened.addAll(changed);
        }
        if (!opened.isEmpty()) {
            insert(connection, opened, seconds);
        }
    }

    private static void change(
            Connection connection, List<Append> changed, Dialect dialect, int seconds)
            throws SQLException {
        try (PreparedStatement forget = prepared(connection, FORGET, seconds);
                PreparedStatement tell = prepared(connection, TELL, seconds)) {
            for (Append each : changed) {
                forget.setString(1, each.gid());
                forget.addBatch();
                tell.setString(1, text(each.summary().submission(), dialect));
                tell.setString(2, each.gid());
                tell.addBatch();
            }
            forget.executeBatch();
            tell.executeBatch();
        }
    }

    private static void insert(Connection connection, List<Append> opened, int seconds)
            throws SQLException {
        try (PreparedStatement insert = prepared(connection, INSERT, seconds)) {
            for (Append each : opened) {
                var attributes = each.summary().submission().context().attributes();
                for (var attribute : attributes.entrySet()) {
                    insert.setString(1, each.gid());
                    insert.setLong(bind(insert, 2, attribute),
                        Micros.of(each.summary().openedAt()));
                    insert.addBatch();
                }
            }
            insert.executeBatch();
        }
    }

    private static PreparedStatement prepared(Connection connection, String sql, int seconds)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statement.setQueryTimeout(seconds);
        return statement;
    }

    /** How the row of a transaction tells them; null if there are none. */
    static String text(Submission asked, Dialect dialect) {
        String text = EventCodec.attributesToText(asked.context().attributes());
        return text == null ? null : dialect.storable(text);
    }
}

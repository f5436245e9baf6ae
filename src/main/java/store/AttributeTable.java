package store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import transaction.Submission;

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

    private AttributeTable() {}

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

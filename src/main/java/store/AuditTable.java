package store;

import audit.Act;
import audit.Head;
import audit.Row;
import audit.Seals;
import audit.Who;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import transaction.Limits;

/**
 * The rows of the audit log. Whoever appends locks the row of the head first, so that the rows of
 * all nodes are one chain, and the head and the rows are one database transaction.
 */
final class AuditTable {

    static final String COLUMNS = "seq, written_at, kind, about, caller, role, known_by, address,"
        + " act, target, reason, was, became, result, key_name, former, seal";

    static final String HEAD_COLUMNS = "id, seq, seal";

    /** What the columns hold; longer texts are cut before they are sealed. */
    static final int SHORT_CHARS = 64;
    static final int NAME_CHARS = 256;
    static final int LONG_CHARS = 1_024;

    private static final String INSERT = "INSERT INTO pactor_audit (" + COLUMNS
        + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    private static final String ADVANCE =
        "UPDATE pactor_audit_head SET seq = ?, seal = ? WHERE id = 1";

    private static final String HEAD = "SELECT seq, seal FROM pactor_audit_head WHERE id = 1";

    private static final String READ = "SELECT " + COLUMNS
        + " FROM pactor_audit WHERE seq > ? ORDER BY seq LIMIT ?";

    private final Database database;
    private final Seals seals;
    private final String lock;

    AuditTable(Database database, Seals seals) {
        this.database = database;
        this.seals = seals;
        this.lock = "SELECT seq, seal, " + database.nowMicros()
            + " FROM pactor_audit_head WHERE id = 1 FOR UPDATE";
    }

    /**
     * Appends a row for each, in this order, and commits.
     *
     * @param announce hears of the rows before the commit
     */
    List<Row> append(Connection connection, List<Act> acts, Consumer<List<Row>> announce)
            throws SQLException {
        connection.setAutoCommit(false);
        try {
            List<Row> rows = sealed(connection, acts);
            try (PreparedStatement insert = prepared(connection, INSERT)) {
                for (Row row : rows) {
                    bind(insert, row);
                    insert.addBatch();
                }
                insert.executeBatch();
            }
            Row newest = rows.get(rows.size() - 1);
            try (PreparedStatement advance = prepared(connection, ADVANCE)) {
                advance.setLong(1, newest.number());
                advance.setString(2, newest.seal());
                advance.executeUpdate();
            }
            announce.accept(rows);
            connection.commit();
            database.requireSafe(connection);
            return rows;
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    /** The lock on the head comes first, so that what is read of it is what the last one left. */
    private List<Row> sealed(Connection connection, List<Act> acts) throws SQLException {
        try (PreparedStatement select = prepared(connection, lock);
                ResultSet head = select.executeQuery()) {
            if (!head.next()) {
                throw new SQLException("the row of pactor_audit_head is missing; see"
                    + " \"pactor audit verify\"");
            }
            long number = head.getLong(1);
            String former = head.getString(2);
            long at = head.getLong(3);
            List<Row> rows = new ArrayList<>();
            for (Act act : acts) {
                number++;
                Row row = seals.seal(number, at, fitting(act), former);
                former = row.seal();
                rows.add(row);
            }
            return rows;
        }
    }

    /** As it comes back from the columns: what is sealed is what is stored. */
    private Act fitting(Act act) {
        Who who = act.who();
        return new Act(act.kind(), act.about(),
            new Who(fitting(who.name(), NAME_CHARS), fitting(who.role(), SHORT_CHARS),
                fitting(who.how(), SHORT_CHARS), fitting(who.address(), SHORT_CHARS)),
            fitting(act.action(), NAME_CHARS), fitting(act.target(), LONG_CHARS),
            fitting(act.reason(), LONG_CHARS), fitting(act.before(), SHORT_CHARS),
            fitting(act.after(), SHORT_CHARS), fitting(act.result(), SHORT_CHARS));
    }

    private String fitting(String text, int chars) {
        // Half a surrogate pair has no bytes of its own; each database would do as it likes.
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        String whole = new String(bytes, StandardCharsets.UTF_8);
        return Limits.cut(database.storable(whole), chars);
    }

    private static void bind(PreparedStatement insert, Row row) throws SQLException {
        Act act = row.act();
        Who who = act.who();
        Object[] values = {row.number(), row.at(), act.kind().text(), act.about(), who.name(),
            who.role(), who.how(), who.address(), act.action(), act.target(), act.reason(),
            act.before(), act.after(), act.result(), row.key(), row.former(), row.seal()};
        for (int i = 0; i < values.length; i++) {
            insert.setObject(i + 1, values[i]);
        }
    }

    /** Where the log ends; empty if that row is missing. */
    static Optional<Head> head(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(HEAD);
                ResultSet head = select.executeQuery()) {
            return head.next() ? Optional.of(new Head(head.getLong(1), head.getString(2)))
                : Optional.empty();
        }
    }

    /** Those after that number, in their order, at most {@code limit}. */
    static List<Row> rows(Connection connection, long after, int limit) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(READ)) {
            select.setLong(1, after);
            select.setInt(2, limit);
            List<Row> rows = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    rows.add(row(row));
                }
            }
            return rows;
        }
    }

    private static Row row(ResultSet row) throws SQLException {
        Act.Kind kind = Act.Kind.of(text(row, 3));
        Who who = new Who(text(row, 5), text(row, 6), text(row, 7), text(row, 8));
        Act act = new Act(kind, row.getLong(4), who, text(row, 9), text(row, 10), text(row, 11),
            text(row, 12), text(row, 13), text(row, 14));
        return new Row(row.getLong(1), row.getLong(2), act, text(row, 15), text(row, 16),
            text(row, 17));
    }

    private static String text(ResultSet row, int column) throws SQLException {
        String text = row.getString(column);
        return text == null ? "(null)" : text;
    }

    private PreparedStatement prepared(Connection connection, String sql) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statement.setQueryTimeout(database.statementTimeoutSeconds());
        return statement;
    }
}

package store;

import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import store.PayloadCipher.Column;
import transaction.Failpoints;
import transaction.Limits;
import transaction.Options;
import transaction.Submission;
import transaction.Summary;

/**
 * The writer's connection with its statements, kept prepared from group to group. For one thread.
 */
final class JournalStatements implements AutoCloseable {

    private static final String OPEN = "INSERT INTO pactor_transaction (gid, ordinal, mode, status,"
        + " opened_at, updated_at, due_at, retry_millis, protocol, query_prepared, custom_data,"
        + " options, reason, result, quarantine, namespace, attributes, waits_for, size_bytes)"
        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    private static final String CHANGE = "UPDATE pactor_transaction SET ordinal = ?, status = ?,"
        + " updated_at = ?, due_at = ?, retry_millis = ?, reason = ?, result = ?, waits_for = ?,"
        + " size_bytes = size_bytes + ?";

    private static final String MOVE = CHANGE + " WHERE gid = ? AND ordinal = ?";

    private static final String REFINE =
        CHANGE + ", custom_data = ?, options = ? WHERE gid = ? AND ordinal = ?";

    private static final String APPEND = "INSERT INTO pactor_journal (transaction_id, ordinal,"
        + " version, checksum, written_at, payload)"
        + " VALUES ((SELECT id FROM pactor_transaction WHERE gid = ?), ?, ?, ?, ?, ?)";

    private static final String PIECE = "INSERT INTO pactor_journal_piece (transaction_id, ordinal,"
        + " piece, payload) VALUES ((SELECT id FROM pactor_transaction WHERE gid = ?), ?, ?, ?)";

    /** Inserted at once: a megabyte. */
    private static final int PIECES_AT_ONCE = 16;

    private final Connection connection;
    private final Dialect dialect;
    private final PayloadCipher cipher;
    private final int timeoutSeconds;
    private final PreparedStatement open;
    private final PreparedStatement move;
    private final PreparedStatement refine;
    private final PreparedStatement append;
    private final PreparedStatement piece;
    private final AttemptStatements attempts;

    /** Takes over {@code connection}, and closes it if this fails. */
    JournalStatements(Connection connection, Dialect dialect, StoreSettings settings,
            PayloadCipher cipher) throws SQLException {
        this.cipher = cipher;
        this.connection = connection;
        this.dialect = dialect;
        this.timeoutSeconds = dialect.queryTimeoutSeconds(settings);
        try {
            if (!dialect.writerSession().isEmpty()) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute(dialect.writerSession());
                }
            }
            connection.setAutoCommit(false);
            open = prepared(OPEN);
            move = prepared(MOVE);
            refine = prepared(REFINE);
            append = prepared(APPEND);
            piece = prepared(PIECE);
            attempts = new AttemptStatements(connection, timeoutSeconds);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    Connection connection() {
        return connection;
    }

    /**
     * Runs what {@code group} needs, without a commit.
     *
     * @param group at most one append for each gid; may be empty
     * @throws SQLIntegrityConstraintViolationException if somebody else has written one of these
     *     ordinals, or never wrote the one before
     */
    void run(List<Append> group) throws SQLException {
        try {
            if (!group.isEmpty()) {
                runBatches(group);
            }
        } catch (BatchUpdateException e) {
            // Its own message may hold the whole statement, with what a client sent.
            SQLException first = e.getNextException();
            throw first != null ? first : e.getCause() instanceof SQLException cause ? cause : e;
        }
    }

    /** As {@link AttemptStatements#run}. */
    void keep(List<AttemptRow> rows) throws AttemptStatements.NotKept {
        attempts.run(rows);
    }

    private void runBatches(List<Append> group) throws SQLException {
        List<Append> opening = new ArrayList<>(group.size());
        List<Append> moving = new ArrayList<>(group.size());
        List<Append> refining = new ArrayList<>();
        for (Append each : group) {
            if (each.firstOrdinal() == 1) {
                bindOpen(each);
                opening.add(each);
            } else if (each.refined()) {
                bindRefine(each);
                refining.add(each);
            } else {
                bindMove(each);
                moving.add(each);
            }
            for (Append.Row row : each.rows()) {
                bindAppend(each, row);
            }
        }
        if (!opening.isEmpty()) {
            // Each is there or this throws; some drivers tell no count of what they insert at once.
            open.executeBatch();
        }
        change(move, moving);
        change(refine, refining);
        AttributeTable.write(connection, group, dialect, timeoutSeconds);
        TroubleTable.write(connection, group, dialect, timeoutSeconds);
        Failpoints.hit("CP-20", group.get(0).gid());
        append.executeBatch();
        for (Append each : group) {
            for (Append.Row row : each.rows()) {
                insertPieces(each.gid(), row);
            }
        }
    }

    private void insertPieces(String gid, Append.Row row) throws SQLException {
        int count = row.pieces().size();
        for (int i = 0; i < count; i++) {
            piece.setString(1, gid);
            piece.setLong(2, row.ordinal());
            piece.setInt(3, i);
            piece.setBytes(4, row.pieces().get(i));
            piece.addBatch();
            if (i == count - 1 || i % PIECES_AT_ONCE == PIECES_AT_ONCE - 1) {
                piece.executeBatch();
            }
        }
    }

    void commit() throws SQLException {
        connection.clearWarnings();
        connection.commit();
        dialect.requireSafe(connection);
    }

    void rollback() throws SQLException {
        open.clearBatch();
        move.clearBatch();
        refine.clearBatch();
        append.clearBatch();
        piece.clearBatch();
        attempts.clear();
        connection.rollback();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    private PreparedStatement prepared(String sql) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statement.setQueryTimeout(timeoutSeconds);
        return statement;
    }

    /** Each must have found its row as it was left. */
    private static void change(PreparedStatement statement, List<Append> appends)
            throws SQLException {
        if (appends.isEmpty()) {
            return;
        }
        int[] counts = statement.executeBatch();
        if (counts.length != appends.size()) {
            throw new SQLException("the driver tells " + counts.length + " counts for "
                + appends.size() + " changes");
        }
        for (int i = 0; i < counts.length; i++) {
            Append each = appends.get(i);
            if (counts[i] == 0) {
                throw new SQLIntegrityConstraintViolationException(
                    "the last entry of " + each.gid() + " is not "
                        + (each.firstOrdinal() - 1) + " any more", "23505");
            }
            if (counts[i] != 1) {
                // Neither written nor missed: nobody may go on from a guess.
                throw new SQLException("the driver does not tell whether " + each.gid()
                    + " was changed: " + counts[i] + "; the url must not ask for that");
            }
        }
    }

    private void bindOpen(Append append) throws SQLException {
        Summary row = append.summary();
        Submission asked = row.submission();
        open.setString(1, append.gid());
        open.setLong(2, append.lastOrdinal());
        open.setString(3, asked.mode().wire());
        open.setString(4, row.status().wire());
        open.setLong(5, Micros.of(row.openedAt()));
        open.setLong(6, Micros.of(row.updatedAt()));
        bindDue(open, 7, row);
        open.setLong(8, row.retryInterval().toMillis());
        open.setString(9, asked.protocol().wire());
        open.setString(10, dialect.storable(asked.queryPrepared()));
        open.setString(11, text(append, Column.CUSTOM_DATA, listed(asked.customData())));
        open.setString(12, text(append, Column.OPTIONS, listed(asked.options())));
        open.setString(13, text(append, Column.REASON, row.reason()));
        open.setString(14, text(append, Column.RESULT, listed(row.result())));
        open.setString(15, dialect.storable(row.quarantine()));
        open.setString(16, asked.context().namespace());
        open.setString(17, AttributeTable.text(asked, dialect));
        open.setString(18, row.waiting().wire());
        open.setLong(19, append.bytes());
        open.addBatch();
    }

    private void bindMove(Append append) throws SQLException {
        bindChange(move, append);
        move.setString(10, append.gid());
        move.setLong(11, append.firstOrdinal() - 1);
        move.addBatch();
    }

    private void bindRefine(Append append) throws SQLException {
        bindChange(refine, append);
        Submission asked = append.summary().submission();
        refine.setString(10, text(append, Column.CUSTOM_DATA, listed(asked.customData())));
        refine.setString(11, text(append, Column.OPTIONS, listed(asked.options())));
        refine.setString(12, append.gid());
        refine.setLong(13, append.firstOrdinal() - 1);
        refine.addBatch();
    }

    private void bindChange(PreparedStatement statement, Append append)
            throws SQLException {
        Summary row = append.summary();
        statement.setLong(1, append.lastOrdinal());
        statement.setString(2, row.status().wire());
        statement.setLong(3, Micros.of(row.updatedAt()));
        bindDue(statement, 4, row);
        statement.setLong(5, row.retryInterval().toMillis());
        statement.setString(6, text(append, Column.REASON, row.reason()));
        statement.setString(7, text(append, Column.RESULT, listed(row.result())));
        statement.setString(8, row.waiting().wire());
        statement.setLong(9, append.bytes());
    }

    private String text(Append of, Column column, String text) {
        return dialect.storable(cipher.text(of.owner(), column, text));
    }

    /** What is too long for a list is in the journal alone: a list would read it for nothing. */
    private static String listed(String text) {
        return text.length() <= Limits.LIST_TEXT_CHARS ? text : "";
    }

    private static String listed(Options options) {
        String text = EventCodec.optionsToText(options);
        return text.length() <= Limits.LIST_TEXT_CHARS ? text
            : EventCodec.optionsToText(options.withoutHeaders());
    }

    private static void bindDue(PreparedStatement statement, int at, Summary row)
            throws SQLException {
        if (row.dueAt() == null) {
            statement.setNull(at, Types.BIGINT);
        } else {
            statement.setLong(at, Micros.of(row.dueAt()));
        }
    }

    private void bindAppend(Append of, Append.Row row) throws SQLException {
        append.setString(1, of.gid());
        append.setLong(2, row.ordinal());
        append.setInt(3, row.version());
        append.setInt(4, row.checksum());
        append.setLong(5, Micros.of(of.at()));
        append.setBytes(6, row.payload());
        append.addBatch();
    }
}

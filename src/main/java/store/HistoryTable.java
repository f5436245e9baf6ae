package store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import transaction.History;
import transaction.Mode;
import transaction.Status;

/**
 * Removes finished transactions from the tables.
 *
 * <p>The row of one that was removed stays for a while, empty and with the status {@code removed}:
 * the unique index goes on refusing its gid, and since its ordinal moves on, a write of whoever
 * still believes in an earlier one finds no row. All walks go along {@code
 * pactor_transaction_listing}; {@code opened_at} of a removed row is when that was done.
 */
public final class HistoryTable implements History {

    static final String FINISHED = "SELECT id, gid, opened_at, updated_at"
        + " FROM pactor_transaction WHERE namespace = ? AND mode = ? AND status = ?"
        + " AND opened_at >= ? AND opened_at <= ? AND (opened_at > ? OR id > ?)"
        + " AND quarantine = '' ORDER BY namespace, mode, status, opened_at, id LIMIT ?";

    /** The same along its index alone, whatever the rows are like. */
    private static final String KEYS = "SELECT id, opened_at"
        + " FROM pactor_transaction WHERE namespace = ? AND mode = ? AND status = ?"
        + " AND opened_at >= ? AND opened_at <= ? AND (opened_at > ? OR id > ?)"
        + " ORDER BY namespace, mode, status, opened_at, id LIMIT ?";

    private static final String ROWS = "SELECT id, gid, opened_at, updated_at"
        + " FROM pactor_transaction WHERE id IN (%s) AND quarantine = '' ORDER BY opened_at, id";

    /** Locks those rows, so that two nodes at work on them do one after the other. */
    private static final String STILL_FINISHED = "SELECT id FROM pactor_transaction"
        + " WHERE id IN (%s) AND status IN ('succeed', 'failed') AND quarantine = ''"
        + " AND due_at IS NULL FOR UPDATE";

    private static final List<String> DELETE_EVENTS = List.of(
        AttributeTable.DELETE,
        AttemptTable.DELETE,
        TroubleTable.DELETE,
        "DELETE FROM pactor_journal_piece WHERE transaction_id IN (%s)",
        "DELETE FROM pactor_journal WHERE transaction_id IN (%s)");

    private static final String EMPTY = "UPDATE pactor_transaction SET status = '" + Replay.REMOVED
        + "', ordinal = ordinal + 1, opened_at = ?, query_prepared = '', custom_data = '',"
        + " options = '', reason = '', result = '',"
        + " attributes = NULL, size_bytes = 0, waits_for = NULL WHERE id IN (%s)";

    private static final String FORGET = "DELETE FROM pactor_transaction WHERE id IN (%s)"
        + " AND status = '" + Replay.REMOVED + "'";

    private final Database database;

    public HistoryTable(Database database) {
        this.database = database;
    }

    @Override
    public CompletionStage<List<Finished>> finished(
            Walk walk, Instant openedBy, Finished after, int limit) {
        return database.read(connection ->
            page(connection, new Page(walk.mode(), walk.status().wire(), openedBy, after, limit)));
    }

    @Override
    public CompletionStage<Integer> remove(List<Finished> chosen, Instant now) {
        if (chosen.isEmpty()) {
            return CompletableFuture.completedFuture(0);
        }
        return database.read(connection -> Piecewise.on(database, chosen,
            part -> List.of(removeAll(connection, part, now)), damaged -> List.of(0))
            .stream().mapToInt(Integer::intValue).sum());
    }

    /** All of them or none. */
    private int removeAll(Connection connection, List<Finished> chosen, Instant now)
            throws SQLException {
        return whole(connection, () -> {
            List<Long> ids = new ArrayList<>();
            try (PreparedStatement select = prepared(connection, STILL_FINISHED, chosen.stream()
                    .mapToLong(Finished::id)); ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getLong(1));
                }
            }
            if (!ids.isEmpty()) {
                for (String sql : DELETE_EVENTS) {
                    try (PreparedStatement delete = prepared(connection, sql, all(ids))) {
                        delete.executeUpdate();
                    }
                }
                try (PreparedStatement update = prepared(connection, EMPTY, all(ids))) {
                    update.setLong(1, Micros.of(now));
                    update.executeUpdate();
                }
            }
            return ids.size();
        });
    }

    @Override
    public CompletionStage<Integer> forget(Mode mode, Instant removedBy, int limit) {
        return database.read(connection -> {
            List<Finished> gone = page(
                connection, new Page(mode, Replay.REMOVED, removedBy, null, limit));
            if (gone.isEmpty()) {
                return 0;
            }
            // A call may have come back after the end, and been written after the removal.
            try (PreparedStatement late = prepared(connection, AttemptTable.DELETE,
                        gone.stream().mapToLong(Finished::id));
                    PreparedStatement delete =
                        prepared(connection, FORGET, gone.stream().mapToLong(Finished::id))) {
                late.executeUpdate();
                return delete.executeUpdate();
            }
        });
    }

    @Override
    public CompletionStage<Optional<Instant>> oldest() {
        return database.read(connection -> {
            Instant oldest = null;
            for (Mode mode : Mode.ALL) {
                for (Status status : FINAL) {
                    for (Finished each : page(connection,
                            new Page(mode, status.wire(), Instant.MAX, null, 1))) {
                        oldest = oldest == null || each.endedAt().isBefore(oldest)
                            ? each.endedAt() : oldest;
                    }
                }
            }
            return Optional.ofNullable(oldest);
        });
    }

    private record Page(
            Mode mode, String status, Instant openedBy, Finished after, int limit) {}

    private List<Finished> page(Connection connection, Page page) throws SQLException {
        try {
            return walk(connection, FINISHED, page, row -> new Finished(row.getLong(1),
                row.getString(2), Micros.toInstant(row.getLong(3)),
                Micros.toInstant(row.getLong(4))));
        } catch (SQLException e) {
            if (!database.isDamage(e)) {
                throw e;
            }
            return pastDamage(connection, page);
        }
    }

    /** The same without those that cannot be read: they stay. */
    private List<Finished> pastDamage(Connection connection, Page page) throws SQLException {
        List<Finished> found = new ArrayList<>();
        Page rest = page;
        while (found.size() < page.limit) {
            List<Finished> keys = walk(connection, KEYS, rest, row -> new Finished(
                row.getLong(1), "", Micros.toInstant(row.getLong(2)), Instant.EPOCH));
            found.addAll(Piecewise.on(database, keys, part -> {
                try (PreparedStatement select = prepared(connection, ROWS,
                        part.stream().mapToLong(Finished::id));
                        ResultSet row = select.executeQuery()) {
                    List<Finished> read = new ArrayList<>();
                    while (row.next()) {
                        read.add(new Finished(row.getLong(1), row.getString(2),
                            Micros.toInstant(row.getLong(3)), Micros.toInstant(row.getLong(4))));
                    }
                    return read;
                }
            }, damaged -> List.of()));
            if (keys.size() < page.limit) {
                break;
            }
            rest = new Page(page.mode, page.status, page.openedBy, keys.get(keys.size() - 1),
                page.limit);
        }
        return List.copyOf(found.subList(0, Math.min(page.limit, found.size())));
    }

    private interface Row {
        Finished read(ResultSet row) throws SQLException;
    }

    /** In one order, though each namespace has its own part of the index. */
    private List<Finished> walk(Connection connection, String sql, Page page, Row reader)
            throws SQLException {
        List<Finished> found = new ArrayList<>();
        List<String> namespaces = Namespaces.of(connection, database.statementTimeoutSeconds());
        for (String each : namespaces) {
            found.addAll(walk(connection, sql, each, page, reader));
        }
        if (namespaces.size() > 1) {
            found.sort(Comparator.comparing(Finished::openedAt).thenComparing(Finished::id));
        }
        return found.size() <= page.limit ? found : List.copyOf(found.subList(0, page.limit));
    }

    private List<Finished> walk(Connection connection, String sql, String namespace, Page page,
            Row reader) throws SQLException {
        try (PreparedStatement select = prepared(connection, sql, LongStream.empty())) {
            long from = page.after == null ? Long.MIN_VALUE : Micros.of(page.after.openedAt());
            select.setString(1, namespace);
            select.setString(2, page.mode.wire());
            select.setString(3, page.status);
            select.setLong(4, from);
            select.setLong(5, page.openedBy.equals(Instant.MAX)
                ? Long.MAX_VALUE : Micros.of(page.openedBy));
            select.setLong(6, from);
            select.setLong(7, page.after == null ? 0 : page.after.id());
            select.setInt(8, page.limit);
            List<Finished> found = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(reader.read(row));
                }
            }
            return found;
        }
    }

    private static LongStream all(List<Long> ids) {
        return ids.stream().mapToLong(Long::longValue);
    }

    /** All of {@code work} or nothing of it. */
    private static <T> T whole(Connection connection, Work<T> work) throws SQLException {
        connection.setAutoCommit(false);
        try {
            T answer = work.run();
            connection.commit();
            return answer;
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private interface Work<T> {
        T run() throws SQLException;
    }

    /** {@code ids} are numbers of ours, so they may stand in the statement as they are. */
    private PreparedStatement prepared(Connection connection, String sql, LongStream ids)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(
            String.format(sql, ids.mapToObj(Long::toString).collect(Collectors.joining(", "))));
        statement.setQueryTimeout(database.statementTimeoutSeconds());
        return statement;
    }
}

package store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import transaction.InvalidRequest;
import transaction.Limits;
import transaction.Mode;
import transaction.Status;
import transaction.Summary;
import transaction.TransactionIndex;
import transaction.Waiting;

/**
 * The index over its table. It is written by {@link JournalWriter}, here it is read.
 *
 * <p>A list is put together from one walk for each mode and status it may show, since they stand
 * apart in the table's index: whatever the filter, no row is read in vain. The walks read keys
 * alone; then the page is cut by how long its texts are, and only its rows are read.
 */
public final class TransactionTable implements TransactionIndex {

    static final String FIND =
        "SELECT " + TransactionRow.COLUMNS + " FROM pactor_transaction WHERE gid = ?"
            + " AND status <> '" + Replay.REMOVED + "'";

    static final String LIST = "SELECT opened_at, id"
        + " FROM pactor_transaction WHERE namespace = ? AND mode = ? AND status = ?"
        + " AND opened_at >= ? AND opened_at <= ? AND (opened_at < ? OR id < ?)"
        + " ORDER BY namespace DESC, mode DESC, status DESC, opened_at DESC, id DESC LIMIT ?";

    private static final String LIST_QUARANTINED =
        LIST.replace(" ORDER BY", " AND quarantine <> '' ORDER BY");

    private static final String LIST_PARKED = LIST.replace(" ORDER BY",
        " AND waits_for = '" + Waiting.PARKED.wire() + "' ORDER BY");

    private static final String LENGTHS = "SELECT id, " + TransactionRow.LISTED_CHARS
        + " FROM pactor_transaction WHERE id IN (%s)";

    private static final String ROWS = "SELECT " + TransactionRow.LISTED
        + " FROM pactor_transaction WHERE id IN (%s)";

    static final String DUE = "SELECT id, due_at FROM pactor_transaction"
        + " WHERE due_at >= ? AND due_at <= ? AND (due_at > ?"
        + " OR id > COALESCE((SELECT id FROM pactor_transaction WHERE gid = ?), 0))"
        + " AND MOD(id, ?) = ? ORDER BY due_at, id LIMIT ?";

    static final String DUE_AFTER =
        "SELECT id, due_at FROM pactor_transaction WHERE due_at >= ? AND namespace = ? LIMIT ?";

    private static final String GIDS_OF =
        "SELECT id, gid FROM pactor_transaction WHERE id IN (%s)";

    /** Along the index of the gids alone. */
    static final String GIDS = "SELECT id, gid FROM pactor_transaction ORDER BY gid";

    private static final String RESCHEDULE = "UPDATE pactor_transaction SET due_at = ?"
        + " WHERE gid = ? AND ordinal = ? AND due_at IS NOT NULL";

    private final Database database;
    private final Quarantine quarantine;
    private final CursorSeal cursors;

    public TransactionTable(Database database) {
        this.database = database;
        this.cursors = database.cursors();
        this.quarantine = new Quarantine(database);
    }

    @Override
    public CompletionStage<Page> list(Filter filter, String cursor, int limit) {
        requireLimit(limit, Limits.PAGE_ROWS);
        Cursor from = cursors.parse(filter.namespace(), cursor);
        return database.read(Lane.DESK, connection -> {
            List<Key> keys = new ArrayList<>();
            Window window = Window.of(filter, from, limit + 1);
            if (filter.attributes().isEmpty()) {
                walkAll(connection, filter, window, keys);
            } else {
                walkAttributes(connection, filter, window, keys);
            }
            keys.sort(Key.NEWEST_FIRST);
            List<Key> page = fitting(connection, keys.subList(0, Math.min(limit, keys.size())));
            List<TransactionRow> rows = rows(connection, page);
            return new Page(rows.stream().map(TransactionRow::summary).toList(),
                keys.size() == page.size() ? "" : cursors.text(
                    filter.namespace(), page.get(page.size() - 1).cursor()));
        });
    }

    private void walkAll(Connection connection, Filter filter, Window window, List<Key> into)
            throws SQLException {
        for (Mode mode : filter.mode().map(List::of).orElse(Mode.ALL)) {
            for (Status status : filter.status().map(List::of)
                    .orElse(Arrays.asList(Status.values()))) {
                walk(connection, new Walk(filter.namespace(), mode, status, window),
                    filter.quarantined() ? LIST_QUARANTINED : filter.parked() ? LIST_PARKED : LIST,
                    into);
            }
        }
    }

    private void walkAttributes(
            Connection connection, Filter filter, Window window, List<Key> into)
            throws SQLException {
        try (PreparedStatement select = prepared(connection, AttributeTable.listing(filter))) {
            AttributeTable.list(select, filter, window, (openedAt, id, mode, status) -> into.add(
                new Key(openedAt, id, TransactionRow.mode(mode), TransactionRow.status(status))));
        }
    }

    /** As many as may be on one page, at least the first. */
    private List<Key> fitting(Connection connection, List<Key> keys) throws SQLException {
        Map<Long, Long> lengths = new HashMap<>();
        Piecewise.on(database, keys, part -> {
            try (PreparedStatement select = prepared(connection, of(LENGTHS, ids(part)));
                    ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    lengths.put(row.getLong(1), row.getLong(2));
                }
            }
            return part;
        }, List::of);
        long chars = 0;
        int count = 0;
        for (Key key : keys) {
            chars += lengths.getOrDefault(key.id, 0L);
            if (count > 0 && chars > Limits.PAGE_CHARS) {
                break;
            }
            count++;
        }
        return keys.subList(0, count);
    }

    /** Those that are still there, newest first; one that cannot be read says so. */
    private List<TransactionRow> rows(Connection connection, List<Key> keys) throws SQLException {
        Map<Long, Key> byId = new HashMap<>();
        keys.forEach(key -> byId.put(key.id, key));
        List<TransactionRow> rows = new ArrayList<>(Piecewise.on(database, keys, part -> {
            List<TransactionRow> read = new ArrayList<>();
            try (PreparedStatement select = prepared(connection, of(ROWS, ids(part)));
                    ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    if (!Replay.REMOVED.equals(row.getString("status"))) {
                        read.add(read(row, byId.get(row.getLong("id"))));
                    }
                }
            }
            return read;
        }, key -> List.of(TransactionRow.unreadable(key.openedAt, key.id, key.mode, key.status,
            gidOf(connection, key.id), Replay.UNREADABLE))));
        rows.sort(TransactionRow.NEWEST_FIRST);
        return rows;
    }

    /** A row that this release would not take, or does not know, hides no other. */
    private TransactionRow read(ResultSet row, Key key) throws SQLException {
        try {
            return TransactionRow.read(row, database.cipher());
        } catch (RuntimeException refused) {
            return TransactionRow.unreadable(key.openedAt, key.id, key.mode, key.status,
                row.getString("gid"), refused.getMessage());
        }
    }

    /** Of rows that cannot be read their index still knows the gids; empty if it does not. */
    private String gidOf(Connection connection, long id) throws SQLException {
        try (PreparedStatement select = prepared(connection, GIDS);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                if (row.getLong(1) == id) {
                    return row.getString(2);
                }
            }
            return "";
        } catch (SQLException e) {
            if (!database.isDamage(e)) {
                throw e;
            }
            return "";
        }
    }

    private static List<Long> ids(List<Key> keys) {
        return keys.stream().map(Key::id).toList();
    }

    /** The ids are numbers of ours, so they may stand in the statement as they are. */
    private static String of(String sql, List<Long> ids) {
        return String.format(sql,
            ids.stream().map(id -> Long.toString(id)).collect(Collectors.joining(", ")));
    }

    @Override
    public CompletionStage<Optional<Summary>> find(String gid) {
        return database.read(Lane.DESK, connection -> {
            try (PreparedStatement select = prepared(connection, FIND)) {
                select.setString(1, gid);
                try (ResultSet row = select.executeQuery()) {
                    return row.next() ? Optional.of(read(row, new Key(row.getLong("opened_at"),
                            row.getLong("id"), TransactionRow.mode(row.getString("mode")),
                            TransactionRow.status(row.getString("status")))).summary())
                        : Optional.empty();
                }
            }
        });
    }

    /**
     * Asked when a transaction is about to be read back: what is short, and what is not there, is
     * read in the same breath, and kept for the {@link JournalDao}.
     */
    @Override
    public CompletionStage<Long> bytes(String gid) {
        return database.read(
            connection -> database.begun().weigh(connection, gid, database));
    }

    @Override
    public CompletionStage<List<Due>> due(Instant until, Due after, int limit, Share share) {
        return database.read(connection -> {
            try (PreparedStatement select = prepared(connection, DUE)) {
                long from = after == null ? Long.MIN_VALUE : Micros.of(after.dueAt());
                select.setLong(1, from);
                select.setLong(2, Micros.of(until));
                select.setLong(3, from);
                select.setString(4, after == null ? "" : after.gid());
                select.setLong(5, share.of());
                select.setLong(6, share.which());
                select.setInt(7, limit);
                return dues(connection, select);
            }
        });
    }

    @Override
    public CompletionStage<List<Due>> dueAfter(String namespace, Instant from, int limit) {
        return database.read(Lane.DESK, connection -> {
            try (PreparedStatement select = prepared(connection, DUE_AFTER)) {
                select.setLong(1, Micros.of(from));
                select.setString(2, namespace);
                select.setInt(3, limit);
                return dues(connection, select);
            }
        });
    }

    @Override
    public CompletionStage<Entries> history(String gid, long after, int limit) {
        requireLimit(limit, Limits.HISTORY_ENTRIES);
        return database.read(Lane.DESK, connection -> {
            Replay replay = database.replay(gid, after + 1);
            Replay.Page page = replay.next(connection);
            if (after > replay.to()) {
                return new Entries(after + 1, List.of(), "", false);
            }
            int count = Math.min(limit, page.entries().size());
            boolean whole = count == page.entries().size();
            return new Entries(page.firstOrdinal(), page.entries().subList(0, count),
                whole && page.broken() != null ? page.broken() : "", !whole || !page.isLast());
        });
    }

    @Override
    public CompletionStage<Void> reschedule(String gid, long lastEntry, Instant dueAt) {
        return database.change(Lane.ENGINE, connection -> {
            try (PreparedStatement update = prepared(connection, RESCHEDULE)) {
                update.setLong(1, Micros.of(dueAt));
                update.setString(2, gid);
                update.setLong(3, lastEntry);
                update.executeUpdate();
                return null;
            }
        });
    }

    @Override
    public CompletionStage<Quarantining> quarantine(String gid, String reason) {
        return database.change(Lane.ENGINE,
            connection -> quarantine.mark(connection, gid, reason));
    }

    @Override
    public CompletionStage<Void> readAgain(String gid) {
        return database.change(Lane.DESK, connection -> {
            quarantine.readAgain(connection, gid);
            return null;
        });
    }

    /** Asks the database only if it had the transaction in quarantine when it was read. */
    @Override
    public CompletionStage<Boolean> release(String gid) {
        return !database.takeQuarantined(gid) ? CompletableFuture.completedFuture(false)
            : database.change(Lane.ENGINE, connection -> {
                quarantine.release(connection, gid);
                return true;
            });
    }

    @Override
    public CompletionStage<Boolean> endByForce(String gid, String reason, Instant now) {
        return database.change(Lane.DESK,
            connection -> quarantine.end(connection, gid, reason, now));
    }

    @Override
    public CompletionStage<List<Count>> unfinished() {
        return database.read(Lane.DESK, quarantine::counts);
    }

    private void walk(Connection connection, Walk walk, String sql, List<Key> into)
            throws SQLException {
        try (PreparedStatement select = prepared(connection, sql)) {
            select.setString(1, walk.namespace);
            select.setString(2, walk.mode.wire());
            select.setString(3, walk.status.wire());
            select.setLong(4, walk.window.openedFrom());
            select.setLong(5, walk.window.openedTo());
            select.setLong(6, walk.window.after().openedAt());
            select.setLong(7, walk.window.after().id());
            select.setInt(8, walk.window.limit());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    into.add(new Key(row.getLong(1), row.getLong(2), walk.mode, walk.status));
                }
            }
        }
    }

    /** What is due is found along its index alone, so a row that cannot be read hides no other. */
    private List<Due> dues(Connection connection, PreparedStatement select) throws SQLException {
        Map<Long, Long> due = new LinkedHashMap<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                due.put(row.getLong(1), row.getLong(2));
            }
        }
        Map<Long, String> gids = new HashMap<>();
        Piecewise.on(database, List.copyOf(due.keySet()), part -> {
            try (PreparedStatement names = prepared(connection, of(GIDS_OF, part));
                    ResultSet row = names.executeQuery()) {
                while (row.next()) {
                    gids.put(row.getLong(1), row.getString(2));
                }
            }
            return part;
        }, id -> {
            gids.put(id, gidOf(connection, id));
            return List.of(id);
        });
        List<Due> dues = new ArrayList<>();
        due.forEach((id, at) -> {
            if (!gids.getOrDefault(id, "").isEmpty()) {
                dues.add(new Due(gids.get(id), Micros.toInstant(at)));
            }
        });
        return dues;
    }

    private PreparedStatement prepared(Connection connection, String sql) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statement.setQueryTimeout(database.statementTimeoutSeconds());
        return statement;
    }

    private static void requireLimit(int limit, int most) {
        if (limit < 1 || limit > most) {
            throw new InvalidRequest("limit must be between 1 and " + most + ": " + limit);
        }
    }

    /** One mode and status of a list. */
    private record Walk(String namespace, Mode mode, Status status, Window window) {}

    /** A row of a list as the index of the table has it. */
    private record Key(long openedAt, long id, Mode mode, Status status) {
        static final Comparator<Key> NEWEST_FIRST = Comparator
            .comparingLong(Key::openedAt).thenComparingLong(Key::id).reversed();

        Cursor cursor() {
            return new Cursor(openedAt, id);
        }
    }
}

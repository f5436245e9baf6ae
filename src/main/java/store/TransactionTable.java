package store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import transaction.InvalidRequest;
import transaction.Limits;
import transaction.Summary;
import transaction.TransactionIndex;

/**
 * The index over its table. It is written by {@link JournalWriter}, and read here; lists are read
 * by {@link TransactionList}.
 */
public final class TransactionTable implements TransactionIndex {

    static final String FIND =
        "SELECT " + TransactionRow.COLUMNS + " FROM pactor_transaction WHERE gid = ?"
            + " AND status <> '" + Replay.REMOVED + "'";

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
        TransactionList.checkCursor(filter, cursor, cursors);
        return database.read(Lane.DESK,
            connection -> new TransactionList(database, connection).page(filter, cursor, limit));
    }

    @Override
    public CompletionStage<Troubles> troubles(String namespace, int limit) {
        return database.read(Lane.DESK, connection ->
            TroubleTable.groups(
                connection, namespace, limit, database.statementTimeoutSeconds()));
    }

    @Override
    public CompletionStage<Optional<Summary>> find(String gid) {
        return database.read(Lane.DESK, connection -> {
            try (PreparedStatement select = prepared(connection, FIND)) {
                select.setString(1, gid);
                try (ResultSet row = select.executeQuery()) {
                    return row.next() ? Optional.of(
                        new TransactionList(database, connection).read(row).summary())
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
            try (PreparedStatement names = prepared(connection, TransactionList.of(GIDS_OF, part));
                    ResultSet row = names.executeQuery()) {
                while (row.next()) {
                    gids.put(row.getLong(1), row.getString(2));
                }
            }
            return part;
        }, id -> {
            gids.put(id, new TransactionList(database, connection).gidOf(id));
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
}

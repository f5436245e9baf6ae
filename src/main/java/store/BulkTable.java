package store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import transaction.Bulk;
import transaction.Bulks;
import transaction.Limits;

/**
 * Bulk operations, a row each, and a row for each of their transactions. Counts are written with
 * the rows that they count, so that they are never wrong. Thread-safe.
 */
public final class BulkTable implements Bulks {

    static final String ITEM_COLUMNS =
        "namespace, bulk_id, item, gid, result, tries, detail, tried_at";

    private static final String SELECT = "SELECT " + BulkRow.COLUMNS + " FROM pactor_bulk WHERE ";

    private static final String ITEMS =
        "SELECT " + ITEM_COLUMNS + " FROM pactor_bulk_item WHERE namespace = ? AND bulk_id = ?";

    private static final String ONE = "namespace = ? AND id = ?";

    private static final String OF_NAMESPACE =
        SELECT + "namespace = ? ORDER BY begun_at DESC, id DESC";

    private static final String PAGE = SELECT + "namespace = ? AND (begun_at < ? OR begun_at = ?"
        + " AND id < ?) ORDER BY begun_at DESC, id DESC LIMIT ?";

    private static final String WAITING = SELECT + "state = 'running'";

    private static final String BUT_FOR = " AND NOT (" + ONE + ")";

    private static final String LONGEST = " ORDER BY updated_at, begun_at, id LIMIT 1";

    private static final String EXPIRE = "UPDATE pactor_bulk SET state = 'canceled',"
        + " changed_by = '', updated_at = ?, ended_at = ?"
        + " WHERE state = 'paused' AND updated_at < ?";

    private static final String OLD =
        SELECT + "ended_at < ? ORDER BY ended_at, id LIMIT " + Limits.BULKS_OPEN;

    private static final String INSERT = "INSERT INTO pactor_bulk (" + BulkRow.COLUMNS
        + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    private static final String INSERT_ITEM = "INSERT INTO pactor_bulk_item (" + ITEM_COLUMNS
        + ") VALUES (?, ?, ?, ?, 'pending', 0, '', NULL)";

    private static final String ORDER = "UPDATE pactor_bulk SET state = ?, changed_by = ?,"
        + " updated_at = ?, ended_at = ? WHERE " + ONE + " AND state = ?";

    private static final String NOTE_ITEM = "UPDATE pactor_bulk_item SET result = ?, tries = ?,"
        + " detail = ?, tried_at = ? WHERE namespace = ? AND bulk_id = ? AND item = ?"
        + " AND result = 'pending'";

    private static final String COUNT = "UPDATE pactor_bulk SET succeeded = succeeded + ?,"
        + " refused = refused + ?, failed = failed + ?, updated_at = ? WHERE " + ONE;

    private static final String FINISH = "UPDATE pactor_bulk SET state = 'finished', ended_at = ?"
        + " WHERE " + ONE + " AND state IN ('running', 'paused')"
        + " AND succeeded + refused + failed >= total";

    private static final String DELETE_ITEMS =
        "DELETE FROM pactor_bulk_item WHERE namespace = ? AND bulk_id = ?";

    private static final String DELETE = "DELETE FROM pactor_bulk WHERE " + ONE;

    /** Others may change the same row at the same time; each of them is through after one. */
    private static final int ATTEMPTS = 10;

    /** Rows that one way to the database writes. */
    private static final int ROWS = 1_000;

    private final Database database;
    private final Clock clock;

    /** @param clock tells when something was written */
    public BulkTable(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    @Override
    public CompletionStage<Bulk> begin(Bulk bulk, List<String> gids) {
        return atomically(connection -> {
            Optional<Bulk> known = one(connection, bulk.namespace(), bulk.id());
            if (known.isPresent()) {
                if (!known.get().isOf(bulk.action(), bulk.selection())) {
                    throw new Conflict("another bulk operation has the id " + bulk.id());
                }
                return known.get();
            }
            makeRoom(connection, bulk.namespace());
            try (PreparedStatement insert = prepared(connection, INSERT)) {
                BulkRow.bind(insert, bulk, database);
                insert.executeUpdate();
            }
            try (PreparedStatement insert = prepared(connection, INSERT_ITEM)) {
                for (int i = 0; i < gids.size(); i++) {
                    bind(insert, bulk.namespace(), bulk.id(), i + 1, gids.get(i));
                    insert.addBatch();
                    if ((i + 1) % ROWS == 0 || i + 1 == gids.size()) {
                        insert.executeBatch();
                    }
                }
            }
            return bulk;
        });
    }

    private void makeRoom(Connection connection, String namespace) throws SQLException {
        List<Bulk> all = rows(connection, OF_NAMESPACE, namespace);
        if (all.stream().filter(each -> !each.state().isFinal()).count() >= Limits.BULKS_OPEN) {
            throw new Conflict(Limits.BULKS_OPEN + " bulk operations have not ended, as many as"
                + " may be: cancel one, or wait");
        }
        List<Bulk> ended = all.stream().filter(each -> each.state().isFinal())
            .sorted(Comparator.comparing(Bulk::endedAt)).toList();
        for (int i = 0; i < all.size() + 1 - Limits.BULKS_KEPT; i++) {
            delete(connection, ended.get(i));
        }
    }

    @Override
    public CompletionStage<Optional<Bulk>> find(String namespace, String id) {
        return database.read(Lane.DESK, connection -> one(connection, namespace, id));
    }

    @Override
    public CompletionStage<Page> list(String namespace, String cursor, int limit) {
        BulkCursor after = BulkCursor.parse(cursor);
        return database.read(Lane.DESK, connection -> {
            List<Bulk> found = rows(connection, PAGE, namespace, after.begunAt(),
                after.begunAt(), after.id(), limit + 1);
            List<Bulk> page = found.subList(0, Math.min(limit, found.size()));
            return new Page(List.copyOf(page),
                found.size() > limit ? BulkCursor.of(page.get(limit - 1)).text() : "");
        });
    }

    @Override
    public CompletionStage<Items> items(
            String namespace, String id, Optional<Bulk.Result> result, int after, int limit) {
        String sql = ITEMS + " AND item > ?" + (result.isPresent() ? " AND result = ?" : "")
            + " ORDER BY item LIMIT ?";
        List<Object> values = new ArrayList<>(List.of(namespace, id, after));
        result.ifPresent(each -> values.add(each.wire()));
        values.add(limit + 1);
        return database.read(Lane.DESK, connection -> {
            List<Bulk.Item> found = items(connection, sql, values.toArray());
            List<Bulk.Item> page = found.subList(0, Math.min(limit, found.size()));
            return new Items(List.copyOf(page),
                found.size() > limit ? page.get(limit - 1).number() : 0);
        });
    }

    @Override
    public CompletionStage<Optional<Bulk>> order(
            String namespace, String id, Bulk.Order order, String by) {
        return atomically(connection -> {
            // Between the two it may have come to its end.
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                Optional<Bulk> found = one(connection, namespace, id);
                if (found.isEmpty()) {
                    return found;
                }
                Bulk.State before = found.get().state();
                Bulk.State next = before.after(order).orElseThrow(() -> new Conflict(
                    "it is " + before.wire() + ": cannot " + order.wire() + " it"));
                if (next == before || ordered(connection, found.get(), next, by)) {
                    return one(connection, namespace, id);
                }
            }
            throw new SQLException("the bulk operation " + id + " is changed all the time");
        });
    }

    private boolean ordered(Connection connection, Bulk bulk, Bulk.State next, String by)
            throws SQLException {
        try (PreparedStatement update = prepared(connection, ORDER)) {
            Instant now = clock.instant();
            update.setString(1, next.wire());
            update.setString(2, database.storable(by));
            BulkRow.time(update, 3, now);
            BulkRow.time(update, 4, next.isFinal() ? now : null);
            update.setString(5, bulk.namespace());
            update.setString(6, bulk.id());
            update.setString(7, bulk.state().wire());
            return update.executeUpdate() > 0;
        }
    }

    @Override
    public CompletionStage<Optional<Batch>> next(int limit, Collection<Bulk> heldUp) {
        String sql = WAITING + BUT_FOR.repeat(heldUp.size()) + LONGEST;
        Object[] names = heldUp.stream()
            .flatMap(each -> Stream.of(each.namespace(), each.id())).toArray();
        return database.read(Lane.DESK, connection -> {
            Optional<Bulk> waiting = rows(connection, sql, names).stream().findFirst();
            if (waiting.isEmpty()) {
                return Optional.empty();
            }
            Bulk bulk = waiting.get();
            return Optional.of(new Batch(bulk, items(connection, ITEMS
                + " AND result = 'pending' ORDER BY tries, item LIMIT ?",
                bulk.namespace(), bulk.id(), limit)));
        });
    }

    @Override
    public CompletionStage<Void> note(Bulk bulk, List<Bulk.Item> items) {
        return atomically(connection -> {
            int[] counts = new int[Bulk.Result.values().length];
            try (PreparedStatement update = prepared(connection, NOTE_ITEM)) {
                for (Bulk.Item each : items) {
                    bind(update, each.result().wire(), each.tries(),
                        database.storable(each.detail()), Micros.of(each.at()), bulk.namespace(),
                        bulk.id(), each.number());
                    counts[each.result().ordinal()] += update.executeUpdate();
                }
            }
            long now = Micros.of(clock.instant());
            run(connection, COUNT, counts[Bulk.Result.SUCCEEDED.ordinal()],
                counts[Bulk.Result.REFUSED.ordinal()], counts[Bulk.Result.FAILED.ordinal()], now,
                bulk.namespace(), bulk.id());
            run(connection, FINISH, now, bulk.namespace(), bulk.id());
            return null;
        });
    }

    @Override
    public CompletionStage<Integer> forget(Instant before) {
        return atomically(connection -> {
            long now = Micros.of(clock.instant());
            run(connection, EXPIRE, now, now, Micros.of(before));
            List<Bulk> old = rows(connection, OLD, Micros.of(before));
            for (Bulk each : old) {
                delete(connection, each);
            }
            return old.size();
        });
    }

    private void delete(Connection connection, Bulk bulk) throws SQLException {
        run(connection, DELETE_ITEMS, bulk.namespace(), bulk.id());
        run(connection, DELETE, bulk.namespace(), bulk.id());
    }

    private Optional<Bulk> one(Connection connection, String namespace, String id)
            throws SQLException {
        return rows(connection, SELECT + ONE, namespace, id).stream().findFirst();
    }

    private <T> CompletionStage<T> atomically(ReadPool.Query<T> work) {
        return database.change(Lane.DESK, connection -> {
            connection.setAutoCommit(false);
            try {
                for (int attempt = 1;; attempt++) {
                    try {
                        T done = work.run(connection);
                        connection.commit();
                        return done;
                    } catch (SQLException e) {
                        if (attempt == ATTEMPTS
                                || !database.isDuplicate(e) && !database.isTransient(e)) {
                            throw e;
                        }
                        connection.rollback();
                    }
                }
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        });
    }

    private List<Bulk> rows(Connection connection, String sql, Object... values)
            throws SQLException {
        List<Bulk> all = new ArrayList<>();
        try (PreparedStatement select = prepared(connection, sql)) {
            bind(select, values);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    all.add(BulkRow.read(row));
                }
            }
        }
        return all;
    }

    private List<Bulk.Item> items(Connection connection, String sql, Object... values)
            throws SQLException {
        List<Bulk.Item> all = new ArrayList<>();
        try (PreparedStatement select = prepared(connection, sql)) {
            bind(select, values);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    all.add(BulkRow.item(row));
                }
            }
        }
        return all;
    }

    private void run(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = prepared(connection, sql)) {
            bind(statement, values);
            statement.executeUpdate();
        }
    }

    private static void bind(PreparedStatement statement, Object... values)
            throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
    }

    private PreparedStatement prepared(Connection connection, String sql) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statement.setQueryTimeout(database.statementTimeoutSeconds());
        return statement;
    }
}

package store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import transaction.InvalidRequest;
import transaction.Mode;
import transaction.Limits;
import transaction.Status;
import transaction.Summary;
import transaction.TransactionIndex.Filter;
import transaction.TransactionIndex.Page;
import transaction.TransactionIndex.Search;
import transaction.Trouble;

/**
 * One list, put together of walks along the indexes of the tables: by attribute or by gid where
 * such is asked, else among those in trouble if only these can pass, else one for each mode and
 * status, since they stand apart in the index of the rows. The walks read keys alone; then the page
 * is cut by how long its texts are, and only its rows are read. For one thread.
 */
final class TransactionList {

    private static final String LENGTHS = "SELECT id, " + TransactionRow.LISTED_CHARS
        + " FROM pactor_transaction WHERE id IN (%s)";

    private static final String ROWS = "SELECT " + TransactionRow.LISTED
        + " FROM pactor_transaction WHERE id IN (%s)";

    private final Database database;
    private final Connection connection;

    TransactionList(Database database, Connection connection) {
        this.database = database;
        this.connection = connection;
    }

    /** @throws InvalidRequest if it is none that such a list gives */
    static void checkCursor(Filter filter, String cursor, CursorSeal cursors) {
        if (filter.search().gidPrefix().isEmpty()) {
            cursors.parse(filter.namespace(), cursor);
        } else {
            cursors.parseGid(filter.namespace(), cursor);
        }
    }

    Page page(Filter filter, String cursor, int limit) throws SQLException {
        Search search = filter.search();
        return search.gidPrefix().isEmpty() ? byTime(filter, cursor, limit)
            : byGid(filter, database.cursors().parseGid(filter.namespace(), cursor), limit);
    }

    private Page byTime(Filter filter, String cursor, int limit) throws SQLException {
        boolean oldestFirst = filter.search().oldestFirst();
        Cursor from = cursor.isEmpty() && oldestFirst ? Cursor.FIRST
            : database.cursors().parse(filter.namespace(), cursor);
        Window window = Window.of(filter, from, limit + 1);
        List<Key> keys = new ArrayList<>();
        if (!filter.attributes().isEmpty()) {
            walk(ListStatement.ofAttribute(filter, window), keys);
        } else if (ListStatement.isForTrouble(filter)) {
            walk(ListStatement.ofTroubles(filter, window), keys);
        } else {
            List<ListStatement> walks = new ArrayList<>();
            for (Mode mode : filter.mode().map(List::of).orElse(Mode.ALL)) {
                for (Status status : statuses(filter)) {
                    walks.add(ListStatement.ofRows(mode, status, filter, window));
                }
            }
            if (!walks.isEmpty()) {
                walk(ListStatement.all(walks), keys);
            }
        }
        keys.sort(oldestFirst ? Key.NEWEST_FIRST.reversed() : Key.NEWEST_FIRST);
        List<Key> page = fitting(keys.subList(0, Math.min(limit, keys.size())));
        return new Page(rows(page).stream().map(TransactionRow::summary).toList(),
            keys.size() == page.size() ? "" : database.cursors().text(
                filter.namespace(), page.get(page.size() - 1).cursor()));
    }

    private Page byGid(Filter filter, String after, int limit) throws SQLException {
        List<Key> keys = new ArrayList<>();
        walk(ListStatement.ofGids(
            filter, Window.of(filter, Cursor.LAST, limit + 1), after), keys);
        List<Key> page = fitting(keys.subList(0, Math.min(limit, keys.size())));
        List<Summary> rows = rows(page).stream().map(TransactionRow::summary).toList();
        return new Page(rows, keys.size() == page.size() || rows.isEmpty() ? ""
            : database.cursors().textOfGid(
                filter.namespace(), rows.get(rows.size() - 1).submission().gid()));
    }

    private static List<Status> statuses(Filter filter) {
        return filter.status().map(List::of).orElse(Arrays.asList(Status.values())).stream()
            .filter(status -> !filter.search().unfinished() || !status.isFinal()).toList();
    }

    private void walk(ListStatement list, List<Key> into) throws SQLException {
        try (PreparedStatement select =
                    list.prepared(connection, database.statementTimeoutSeconds());
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                into.add(new Key(row.getLong(1), row.getLong(2),
                    TransactionRow.mode(row.getString(3)),
                    TransactionRow.status(row.getString(4))));
            }
        }
    }

    /** As many as may be on one page, at least the first. */
    private List<Key> fitting(List<Key> keys) throws SQLException {
        Map<Long, Long> lengths = new HashMap<>();
        Piecewise.on(database, keys, part -> {
            try (PreparedStatement select = prepared(of(LENGTHS, ids(part)));
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

    /** Those that are still there, in the order of the keys; one that cannot be read says so. */
    private List<TransactionRow> rows(List<Key> keys) throws SQLException {
        Map<Long, Key> byId = new HashMap<>();
        keys.forEach(key -> byId.put(key.id, key));
        Map<Long, TransactionRow> rows = new HashMap<>();
        Piecewise.on(database, keys, part -> {
            List<TransactionRow> read = new ArrayList<>();
            try (PreparedStatement select = prepared(of(ROWS, ids(part)));
                    ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    if (!Replay.REMOVED.equals(row.getString("status"))) {
                        read.add(read(row, byId.get(row.getLong("id"))));
                    }
                }
            }
            return read;
        }, key -> List.of(TransactionRow.unreadable(key.openedAt, key.id, key.mode, key.status,
            gidOf(key.id), Replay.UNREADABLE))).forEach(row -> rows.put(row.id(), row));
        Map<Long, Trouble> troubles = TroubleTable.of(
            connection, List.copyOf(rows.keySet()), database.statementTimeoutSeconds());
        return keys.stream().map(key -> rows.get(key.id)).filter(row -> row != null)
            .map(row -> row.in(troubles.getOrDefault(row.id(), Trouble.NONE))).toList();
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

    /** The row that {@code row} stands on, selected by {@link TransactionRow#COLUMNS}. */
    TransactionRow read(ResultSet row) throws SQLException {
        return read(row, new Key(row.getLong("opened_at"), row.getLong("id"),
            TransactionRow.mode(row.getString("mode")),
            TransactionRow.status(row.getString("status"))));
    }

    /** Of rows that cannot be read their index still knows the gids; empty if it does not. */
    String gidOf(long id) throws SQLException {
        try (PreparedStatement select = prepared(TransactionTable.GIDS);
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
    static String of(String sql, List<Long> ids) {
        return String.format(sql,
            ids.stream().map(id -> Long.toString(id)).collect(Collectors.joining(", ")));
    }

    private PreparedStatement prepared(String sql) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statement.setQueryTimeout(database.statementTimeoutSeconds());
        return statement;
    }

    /** A row of a list as the index of the table has it. */
    private record Key(long openedAt, long id, Mode mode, Status status) {

        static final Comparator<Key> NEWEST_FIRST = Comparator
            .comparingLong(Key::openedAt).thenComparingLong(Key::id).reversed();

        Cursor cursor() {
            return new Cursor(openedAt, id);
        }
    }
}

package store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import transaction.Mode;
import transaction.Status;
import transaction.Trouble;
import transaction.TransactionIndex.Filter;
import transaction.TransactionIndex.Search;
import transaction.TransactionId;
import transaction.Waiting;

/**
 * The statement of one walk along an index of the tables, put together of what a filter asks. Each
 * reads {@code opened_at, id, mode, status} of rows; {@code s} is the row of the transaction. For
 * one thread.
 */
final class ListStatement {

    private static final String KEY = "SELECT s.opened_at, s.id, s.mode, s.status FROM ";

    /** Along another index; the transaction is looked at by its id. */
    private static final String KEY_OF = "SELECT %1$s.opened_at, %1$s.transaction_id,"
        + " (SELECT t.mode FROM pactor_transaction t WHERE t.id = %1$s.transaction_id),"
        + " (SELECT t.status FROM pactor_transaction t WHERE t.id = %1$s.transaction_id)"
        + " FROM %2$s %1$s WHERE ";

    private static final String AND_ITS_ROW = " AND EXISTS (SELECT 1 FROM pactor_transaction s"
        + " WHERE s.id = %s.transaction_id";

    private static final String AND_ATTRIBUTE = " AND EXISTS (SELECT 1 FROM pactor_attribute b"
        + " WHERE b.transaction_id = s.id AND b.name = ? AND b.content = ?)";

    /** In patterns, since a backslash would be another thing to each database. */
    private static final String ESCAPE = " ESCAPE '!'";

    private final StringBuilder sql = new StringBuilder();
    private final List<Object> values = new ArrayList<>();

    private ListStatement() {}

    /** Those of one mode and status, along the index of the rows. */
    static ListStatement ofRows(Mode mode, Status status, Filter filter, Window window) {
        ListStatement list = new ListStatement().add(KEY + "pactor_transaction s WHERE");
        list.add(" s.namespace = ? AND s.mode = ? AND s.status = ?",
            filter.namespace(), mode.wire(), status.wire());
        list.window("s", "s.id", window).its(filter, false);
        return list.order(
            "s.namespace %s, s.mode %s, s.status %s, s.opened_at %s, s.id %s", window);
    }

    /** Those in trouble, along the index of these. */
    static ListStatement ofTroubles(Filter filter, Window window) {
        ListStatement list =
            new ListStatement().add(String.format(KEY_OF, "x", "pactor_trouble"));
        list.window("x", "x.transaction_id", window).trouble(filter);
        list.add(String.format(AND_ITS_ROW, "x")).its(filter, true);
        list.attributes(filter, "").add(")");
        return list.order("x.opened_at %s, x.transaction_id %s", window);
    }

    /** Those with an attribute, along its index. */
    static ListStatement ofAttribute(Filter filter, Window window) {
        Map.Entry<String, String> first = filter.attributes().entrySet().iterator().next();
        ListStatement list =
            new ListStatement().add(String.format(KEY_OF, "a", "pactor_attribute"));
        list.add("a.name = ? AND a.content = ?", first.getKey(), first.getValue());
        list.window("a", "a.transaction_id", window);
        list.add(String.format(AND_ITS_ROW, "a")).its(filter, true).inTrouble(filter);
        list.attributes(filter, first.getKey()).add(")");
        return list.order(
            "a.name %s, a.content %s, a.opened_at %s, a.transaction_id %s", window);
    }

    /** Those whose gids begin so, along the index of the gids and in its order. */
    static ListStatement ofGids(Filter filter, Window window, String after) {
        ListStatement list = new ListStatement()
            .add(KEY + "pactor_transaction s WHERE s.gid LIKE ?" + ESCAPE,
                pattern(new TransactionId(
                    filter.namespace(), filter.search().gidPrefix()).text()) + "%");
        list.add(" AND s.gid > ?", after).add(" AND s.opened_at >= ? AND s.opened_at <= ?",
            window.openedFrom(), window.openedTo());
        list.add(" AND s.status <> '" + Replay.REMOVED + "'").its(filter, true);
        list.inTrouble(filter).attributes(filter, "");
        return list.add(" ORDER BY s.gid LIMIT ?", window.limit());
    }

    /** All of these in one, which is one way to the database. */
    static ListStatement all(List<ListStatement> lists) {
        ListStatement all = new ListStatement();
        for (ListStatement each : lists) {
            all.add(all.sql.isEmpty() ? "(" : " UNION ALL (").add(each.sql.toString()).add(")");
            all.values.addAll(each.values);
        }
        return all;
    }

    private ListStatement window(String table, String id, Window window) {
        String beyond = window.oldestFirst() ? " > ?" : " < ?";
        if (sql.charAt(sql.length() - 1) != ' ') {
            add(" AND ");
        }
        return add(table + ".opened_at >= ? AND " + table + ".opened_at <= ?",
                window.openedFrom(), window.openedTo())
            .add(" AND (" + table + ".opened_at" + beyond + " OR " + id + beyond + ")",
                window.after().openedAt(), window.after().id());
    }

    /** @param orModeAndStatus whether these are asked of the row, too */
    private ListStatement its(Filter filter, boolean orModeAndStatus) {
        Search search = filter.search();
        if (orModeAndStatus) {
            add(" AND s.namespace = ?", filter.namespace());
            filter.mode().ifPresent(mode -> add(" AND s.mode = ?", mode.wire()));
            filter.status().ifPresent(status -> add(" AND s.status = ?", status.wire()));
            add(search.unfinished() ? " AND s.status IN " + Inspection.UNFINISHED : "");
        }
        search.updatedBefore().ifPresent(
            before -> add(" AND s.updated_at < ?", Micros.of(before)));
        search.waiting().ifPresent(
            waiting -> add(" AND s.waits_for = ? AND s.quarantine = ''", waiting.wire()));
        return this;
    }

    private ListStatement inTrouble(Filter filter) {
        if (!isForTrouble(filter)) {
            return this;
        }
        add(" AND EXISTS (SELECT 1 FROM pactor_trouble x WHERE x.transaction_id = s.id");
        return trouble(filter).add(")");
    }

    private ListStatement trouble(Filter filter) {
        Search search = filter.search();
        cause(search.cause());
        // Of these two the row says the same; of others it says what its last fact left.
        cause(search.waiting().filter(waiting -> waiting == Waiting.PARKED
            || waiting == Waiting.PAUSED).map(Waiting::wire).orElse(""));
        cause(filter.parked() ? Waiting.PARKED.wire() : "");
        cause(filter.quarantined() ? Trouble.QUARANTINED : "");
        if (search.participant().contains(":")) {
            add(" AND x.participant = ?", search.participant());
        } else if (!search.participant().isEmpty()) {
            add(" AND (x.participant = ? OR x.participant LIKE ?" + ESCAPE + ")",
                search.participant(), pattern(search.participant()) + ":%");
        }
        if (!search.error().isEmpty()) {
            add(" AND LOWER(x.error) LIKE ?" + ESCAPE,
                "%" + pattern(search.error().toLowerCase(Locale.ROOT)) + "%");
        }
        if (!search.errorIs().isEmpty()) {
            add(" AND x.error = ?", search.errorIs());
        }
        return search.minAttempts() > 0 ? add(" AND x.attempts >= ?", search.minAttempts())
            : this;
    }

    private void cause(String cause) {
        if (!cause.isEmpty()) {
            add(" AND x.cause = ?", cause);
        }
    }

    private ListStatement attributes(Filter filter, String but) {
        filter.attributes().forEach((name, content) -> {
            if (!name.equals(but)) {
                add(AND_ATTRIBUTE, name, content);
            }
        });
        return this;
    }

    private ListStatement order(String columns, Window window) {
        return add(" ORDER BY " + columns.replace("%s", window.oldestFirst() ? "ASC" : "DESC")
            + " LIMIT ?", window.limit());
    }

    private ListStatement add(String part, Object... more) {
        sql.append(part);
        values.addAll(List.of(more));
        return this;
    }

    /** Whether only those in trouble can pass. */
    static boolean isForTrouble(Filter filter) {
        return filter.search().isForTrouble() || filter.parked() || filter.quarantined()
            || filter.search().waiting().filter(ListStatement::isTrouble).isPresent();
    }

    /** Whether whoever waits for that is in some trouble. */
    private static boolean isTrouble(Waiting waiting) {
        return switch (waiting) {
            case RETRY, PUT_OFF, CALLBACK, PARKED, PAUSED -> true;
            default -> false;
        };
    }

    private static String pattern(String text) {
        return text.replace("!", "!!").replace("%", "!%").replace("_", "!_");
    }

    String text() {
        return sql.toString();
    }

    PreparedStatement prepared(Connection connection, int seconds) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql.toString());
        statement.setQueryTimeout(seconds);
        for (int i = 0; i < values.size(); i++) {
            statement.setObject(i + 1, values.get(i));
        }
        return statement;
    }
}

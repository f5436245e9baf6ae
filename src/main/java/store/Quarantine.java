package store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import transaction.Limits;
import transaction.Mode;
import transaction.Status;
import transaction.TransactionIndex.Count;
import transaction.TransactionIndex.Quarantining;
import transaction.Trouble;

/**
 * The rows of transactions whose history cannot be read. Such a row has a reason, and no due time
 * unless somebody asked for it to be read again.
 */
final class Quarantine {

    /** The reason of one that was ended by force, before why its history could not be read. */
    static final String STOPPED = "stopped by force; its history could not be read: ";

    private static final String MARK = "UPDATE pactor_transaction"
        + " SET quarantine = ?, due_at = NULL"
        + " WHERE gid = ? AND (quarantine = '' OR due_at IS NOT NULL)"
        + " AND reason NOT LIKE '" + STOPPED + "%'";

    private static final String WAS_THERE = "SELECT 1 FROM pactor_transaction"
        + " WHERE gid = ? AND quarantine <> ''";

    private static final String READ_AGAIN = "UPDATE pactor_transaction SET due_at = opened_at"
        + " WHERE gid = ? AND quarantine <> '' AND status IN " + Inspection.UNFINISHED;

    private static final String RELEASE = "UPDATE pactor_transaction SET quarantine = '',"
        + " due_at = CASE WHEN status IN " + Inspection.UNFINISHED
        + " AND COALESCE(waits_for, '') <> 'parked' THEN opened_at END"
        + " WHERE gid = ? AND quarantine <> ''";

    /** The ordinal moves on: nobody who can read the history after all goes on from it. */
    private static final String END = "UPDATE pactor_transaction SET status = 'failed',"
        + " ordinal = ordinal + 1, updated_at = ?, due_at = NULL, waits_for = NULL, reason = ?,"
        + " quarantine = ''"
        + " WHERE gid = ? AND status IN " + Inspection.UNFINISHED;

    static final String COUNT = "SELECT COUNT(*), MIN(opened_at)"
        + " FROM pactor_transaction WHERE namespace = ? AND mode = ? AND status = ?";

    /** How many unfinished have no due time, along two indexes and reading no row. */
    private static final String NOT_DUE = "SELECT (SELECT COUNT(*) FROM pactor_transaction"
        + " WHERE namespace IN (%s) AND mode IN " + Inspection.MODES + " AND status IN "
        + Inspection.UNFINISHED + ")"
        + " - (SELECT COUNT(*) FROM pactor_transaction WHERE due_at >= " + Long.MIN_VALUE + ")";

    private static final String COUNT_OF_ROWS = "SELECT COUNT(*),"
        + " MIN(CASE WHEN quarantine = '' THEN opened_at END),"
        + " COALESCE(SUM(CASE WHEN quarantine <> '' THEN 1 ELSE 0 END), 0),"
        + " COALESCE(SUM(CASE WHEN quarantine = '' AND waits_for = 'parked' THEN 1 ELSE 0 END), 0)"
        + " FROM pactor_transaction WHERE namespace = ? AND mode = ? AND status = ?";

    /** Rows that cannot even be marked, of which has been told; more are told of again. */
    private static final int TOLD_MAX = 10_000;

    private final Database database;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    Quarantine(Database database) {
        this.database = database;
    }

    /** See {@link transaction.TransactionIndex#quarantine}. */
    Quarantining mark(Connection connection, String gid, String reason) throws SQLException {
        if (reason.startsWith(Replay.KEY_MISSING)) {
            return Quarantining.SPARED;
        }
        try {
            boolean isNew = !isThere(connection, gid);
            update(connection, MARK,
                database.storable(Limits.cut(reason, Limits.REASON_CHARS)), gid);
            // Whether it is new or not: a node may have ended between the two statements.
            update(connection, TroubleTable.FORGET, gid);
            update(connection, TroubleTable.QUARANTINED,
                database.storable(Trouble.error(reason)), gid);
            return isNew ? Quarantining.BEGINS : Quarantining.LASTS;
        } catch (SQLException e) {
            if (!database.isDamage(e)) {
                throw e;
            }
            return told.size() >= TOLD_MAX || told.add(gid)
                ? Quarantining.BEGINS : Quarantining.LASTS;
        }
    }

    void readAgain(Connection connection, String gid) throws SQLException {
        update(connection, READ_AGAIN, gid);
    }

    void release(Connection connection, String gid) throws SQLException {
        if (update(connection, RELEASE, gid) > 0) {
            update(connection, TroubleTable.FORGET, gid);
        }
    }

    /** @return whether it had not ended before */
    boolean end(Connection connection, String gid, String reason, Instant now)
            throws SQLException {
        boolean ended = update(connection, END, Micros.of(now),
            database.storable(Limits.cut(STOPPED + reason, Limits.REASON_CHARS)), gid) > 0;
        if (ended) {
            update(connection, TroubleTable.FORGET, gid);
        }
        return ended;
    }

    /** Of the unfinished of each mode and status, apart from those in quarantine. */
    List<Count> counts(Connection connection) throws SQLException {
        List<String> namespaces = Namespaces.of(connection, database.statementTimeoutSeconds());
        if (namespaces.isEmpty()) {
            return List.of();
        }
        try (PreparedStatement notDue = prepared(connection,
                String.format(NOT_DUE, Namespaces.marks(namespaces)))) {
            Namespaces.bind(notDue, 1, namespaces);
            try (ResultSet row = notDue.executeQuery()) {
                row.next();
                if (row.getLong(1) > 0) {
                    return counts(connection, COUNT_OF_ROWS, namespaces);
                }
            }
        } catch (SQLException e) {
            if (!database.isDamage(e)) {
                throw e;
            }
        }
        return counts(connection, COUNT, namespaces);
    }

    private List<Count> counts(Connection connection, String sql, List<String> namespaces)
            throws SQLException {
        List<Count> counts = new ArrayList<>();
        try (PreparedStatement select = prepared(connection, sql)) {
            for (String namespace : namespaces) {
                select.setString(1, namespace);
                for (Mode mode : Mode.ALL) {
                    for (Status status : Status.values()) {
                        if (!status.isFinal()) {
                            count(select, namespace, mode, status).ifPresent(counts::add);
                        }
                    }
                }
            }
        }
        return List.copyOf(counts);
    }

    private static Optional<Count> count(
            PreparedStatement select, String namespace, Mode mode, Status status)
            throws SQLException {
        select.setString(2, mode.wire());
        select.setString(3, status.wire());
        try (ResultSet row = select.executeQuery()) {
            row.next();
            boolean readsRows = row.getMetaData().getColumnCount() > 2;
            long quarantined = readsRows ? row.getLong(3) : 0;
            long count = row.getLong(1) - quarantined;
            return count + quarantined == 0 ? Optional.empty() : Optional.of(new Count(mode,
                status, count, count == 0 ? null : Micros.toInstant(row.getLong(2)),
                quarantined, readsRows ? row.getLong(4) : 0, namespace));
        }
    }

    private boolean isThere(Connection connection, String gid) throws SQLException {
        try (PreparedStatement select = prepared(connection, WAS_THERE)) {
            select.setString(1, gid);
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    private int update(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement update = prepared(connection, sql)) {
            for (int i = 0; i < values.length; i++) {
                update.setObject(i + 1, values[i]);
            }
            return update.executeUpdate();
        }
    }

    private PreparedStatement prepared(Connection connection, String sql) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statement.setQueryTimeout(database.statementTimeoutSeconds());
        return statement;
    }
}

package store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import transaction.Bulk;
import transaction.BulkAction;
import transaction.CallKey;
import transaction.Op;

/** A bulk operation, and one of its transactions, as rows have them. */
final class BulkRow {

    static final String COLUMNS = "namespace, id, state, action, branch_id, op, outcome, until_at,"
        + " reason, begun_by, selection, changed_by, begun_at, updated_at, ended_at, total,"
        + " succeeded, refused, failed";

    private BulkRow() {}

    static void bind(PreparedStatement insert, Bulk bulk, Database database) throws SQLException {
        BulkAction action = bulk.action();
        insert.setString(1, bulk.namespace());
        insert.setString(2, bulk.id());
        insert.setString(3, bulk.state().wire());
        insert.setString(4, action.kind().wire());
        insert.setString(5, action.key() == null ? "" : action.key().branchId());
        insert.setString(6, action.key() == null ? "" : action.key().op().wire());
        insert.setString(7, action.outcome());
        time(insert, 8, action.until());
        insert.setString(9, database.storable(action.reason()));
        insert.setString(10, database.storable(action.by()));
        insert.setString(11, database.storable(bulk.selection()));
        insert.setString(12, database.storable(bulk.changedBy()));
        time(insert, 13, bulk.begunAt());
        time(insert, 14, bulk.updatedAt());
        time(insert, 15, bulk.endedAt());
        insert.setInt(16, bulk.progress().total());
        insert.setInt(17, bulk.progress().succeeded());
        insert.setInt(18, bulk.progress().refused());
        insert.setInt(19, bulk.progress().failed());
    }

    static Bulk read(ResultSet row) throws SQLException {
        CallKey key = row.getString(5).isEmpty() ? null
            : new CallKey(row.getString(5), Op.of(row.getString(6)).orElseThrow());
        BulkAction action = new BulkAction(BulkAction.Kind.of(row.getString(4)).orElseThrow(),
            key, row.getString(7), time(row, 8), row.getString(9), row.getString(10));
        return new Bulk(row.getString(1), row.getString(2), action, row.getString(11),
            Bulk.State.of(row.getString(3)).orElseThrow(), row.getString(12), time(row, 13),
            time(row, 14), time(row, 15),
            new Bulk.Progress(row.getInt(16), row.getInt(17), row.getInt(18), row.getInt(19)));
    }

    /** Of {@link BulkTable#ITEM_COLUMNS}. */
    static Bulk.Item item(ResultSet row) throws SQLException {
        return new Bulk.Item(row.getInt(3), row.getString(4),
            Bulk.Result.of(row.getString(5)).orElseThrow(), row.getInt(6), row.getString(7),
            time(row, 8));
    }

    static void time(PreparedStatement statement, int column, Instant at) throws SQLException {
        if (at == null) {
            statement.setNull(column, Types.BIGINT);
        } else {
            statement.setLong(column, Micros.of(at));
        }
    }

    private static Instant time(ResultSet row, int column) throws SQLException {
        long micros = row.getLong(column);
        return row.wasNull() ? null : Micros.toInstant(micros);
    }
}

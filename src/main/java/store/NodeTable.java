package store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Who works on this database, a row each, renewed every few seconds. All times are the database's
 * own, so that the clocks of the nodes do not matter.
 */
public final class NodeTable {

    /** A row that nobody has renewed for so long is of no interest to anybody. */
    private static final Duration FORGOTTEN = Duration.ofHours(1);

    static final String COLUMNS = "address, incarnation, settled, shards, version";

    private static final String DELETE = "DELETE FROM pactor_node WHERE address = ?";

    private static final String LEAVE = DELETE + " AND incarnation = ?";

    /** What {@code settled} is for a node that has been shut out. */
    private static final int EXPELLED = 2;

    static final String EXPEL = "UPDATE pactor_node SET settled = " + EXPELLED
        + " WHERE address = ? AND incarnation = ?";

    private final Database database;
    private final String insert;
    private final String renew;
    private final String list;
    private final String forget;

    /**
     * One node.
     *
     * @param address under which it is known; no two that live at once have the same
     * @param incarnation of the process; no other has it
     * @param settled whether it has made sure that it may work here
     * @param shards over how many shards it spreads the transactions
     * @param version of the product
     */
    public record Node(
            String address, String incarnation, boolean settled, int shards, String version) {

        /** The same, once it has made sure. */
        public Node settledNow() {
            return new Node(address, incarnation, true, shards, version);
        }
    }

    /**
     * A row.
     *
     * @param expelled whether the other nodes of its cluster have gone on without it
     * @param started when it came, by the clock of the database
     * @param seen when it was last renewed, likewise
     * @param age how long ago that was
     */
    public record Row(Node node, boolean expelled, long started, long seen, Duration age) {}

    public NodeTable(Database database) {
        this.database = database;
        String now = database.nowMicros();
        this.insert = "INSERT INTO pactor_node (" + COLUMNS + ", started_at, seen_at)"
            + " VALUES (?, ?, ?, ?, ?, " + now + ", " + now + ")";
        this.renew = "UPDATE pactor_node SET settled = ?, seen_at = " + now
            + " WHERE address = ? AND incarnation = ? AND settled <> " + EXPELLED;
        this.list = listing(now);
        this.forget = "DELETE FROM pactor_node WHERE seen_at < " + now + " - ?";
    }

    /** The leases that these nodes take. */
    public LeaseTable leases() {
        return new LeaseTable(database);
    }

    /** Writes this node's row, in place of one that was left behind at its address. */
    public CompletionStage<Void> enter(Node own) {
        return database.change(Lane.FENCE, connection -> {
            run(connection, forget, FORGOTTEN.toNanos() / 1_000);
            run(connection, DELETE, own.address());
            run(connection, insert, own.address(), own.incarnation(), own.settled() ? 1 : 0,
                own.shards(), own.version());
            return null;
        });
    }

    /**
     * All rows as they are, and then renews this node's, unless it is no longer there or another's.
     */
    public CompletionStage<List<Row>> renew(Node own) {
        return database.change(Lane.FENCE, connection -> {
            List<Row> rows = list(connection);
            run(connection, renew, own.settled() ? 1 : 0, own.address(), own.incarnation());
            return rows;
        });
    }

    /** Tells another node, by its row, that it must end. Only a new process goes on there. */
    public CompletionStage<Void> expel(Node other) {
        return database.change(Lane.FENCE, connection -> {
            run(connection, EXPEL, other.address(), other.incarnation());
            return null;
        });
    }

    /** Takes this node's row away, if it is still its own. */
    public CompletionStage<Void> leave(Node own) {
        return database.change(Lane.FENCE, connection -> {
            run(connection, LEAVE, own.address(), own.incarnation());
            return null;
        });
    }

    private List<Row> list(Connection connection) throws SQLException {
        try (PreparedStatement select = prepared(connection, list)) {
            return rows(select);
        }
    }

    /** The query for {@link #rows}. @param now the expression for the database's time */
    static String listing(String now) {
        return "SELECT " + COLUMNS + ", started_at, seen_at, " + now + " - seen_at"
            + " FROM pactor_node";
    }

    static List<Row> rows(PreparedStatement select) throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                rows.add(new Row(
                    new Node(row.getString(1), row.getString(2), row.getInt(3) != 0,
                        row.getInt(4), row.getString(5)),
                    row.getInt(3) == EXPELLED, row.getLong(6), row.getLong(7),
                    Duration.ofNanos(row.getLong(8) * 1_000)));
            }
        }
        return rows;
    }

    private void run(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = prepared(connection, sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }

    private PreparedStatement prepared(Connection connection, String sql) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statement.setQueryTimeout(database.statementTimeoutSeconds());
        return statement;
    }
}

package store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import store.NodeTable.Node;
import store.NodeTable.Row;

/**
 * Which of the nodes that do not hear each other decides, a row for each decision's name. A holder
 * is alive for as long as its row in {@link NodeTable} is renewed, so the rows that fence a node
 * also say whose lease has lapsed.
 *
 * <p>Whoever takes it shuts out the nodes it cannot reach in the same transaction. A node that has
 * been shut out takes no lease, so of two sides of a cut the second loses even when the first has
 * released it by then. All times are the database's own.
 */
public final class LeaseTable {

    static final String COLUMNS = "name, address, incarnation, taken_at";

    private static final String HELD =
        "SELECT address, incarnation FROM pactor_lease WHERE name = ? FOR UPDATE";

    private static final String RELEASE =
        "DELETE FROM pactor_lease WHERE name = ? AND address = ? AND incarnation = ?";

    private final Database database;
    private final String list;
    private final String insert;
    private final String update;
    private final String renew;

    /**
     * Who wants the lease.
     *
     * @param name of the lease
     * @param own the node that is to hold it
     * @param lost the addresses it cannot reach; they are shut out when it has the lease
     * @param yields whether to leave it to one of these as long as one of them lives
     * @param fence a node whose row was not renewed for so long lives no more
     */
    public record Claim(
            String name, Node own, Set<String> lost, boolean yields, Duration fence) {}

    private record Holder(String address, String incarnation) {}

    LeaseTable(Database database) {
        this.database = database;
        String now = database.nowMicros();
        this.list = NodeTable.listing(now);
        this.insert = "INSERT INTO pactor_lease (" + COLUMNS + ") VALUES (?, ?, ?, " + now + ")";
        this.update = "UPDATE pactor_lease SET address = ?, incarnation = ?, taken_at = " + now
            + " WHERE name = ?";
        this.renew = "UPDATE pactor_node SET seen_at = " + now
            + " WHERE address = ? AND incarnation = ?";
    }

    /**
     * Takes the lease if nobody holds it, this incarnation holds it already, or its holder was shut
     * out, replaced or not heard of for longer than the fence. Does not block.
     *
     * @return if it was taken, how long the lost nodes may still act by what they last heard from
     *     the database, which is no longer than the fence; empty if it was not taken, as by a node
     *     that has no row or was shut out itself
     */
    public CompletionStage<Optional<Duration>> take(Claim claim) {
        return database.change(Lane.FENCE, connection -> {
            connection.setAutoCommit(false);
            try {
                Optional<Duration> taken = take(connection, claim);
                if (taken.isPresent()) {
                    connection.commit();
                }
                return taken;
            } catch (SQLException e) {
                if (database.isDuplicate(e)) {
                    return Optional.empty(); // Another one has just made the row.
                }
                throw e;
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        });
    }

    /** Gives it back, if it is held by this incarnation. Does not block. */
    public CompletionStage<Void> release(String name, Node own) {
        return database.change(Lane.FENCE, connection -> {
            run(connection, RELEASE, name, own.address(), own.incarnation());
            return null;
        });
    }

    /** The lock on the row comes first, so that what is read next is what the last one left. */
    private Optional<Duration> take(Connection connection, Claim claim) throws SQLException {
        Optional<Holder> holder = holder(connection, claim.name());
        Node own = claim.own();
        if (holder.isEmpty()) {
            run(connection, insert, claim.name(), own.address(), own.incarnation());
        }
        List<Row> rows = rows(connection);
        if (!mayTake(claim, holder, rows)) {
            return Optional.empty();
        }
        run(connection, update, own.address(), own.incarnation(), claim.name());
        run(connection, renew, own.address(), own.incarnation());
        for (Row row : rows) {
            if (claim.lost().contains(row.node().address())) {
                run(connection, NodeTable.EXPEL, row.node().address(), row.node().incarnation());
            }
        }
        // Read again: a row may have been renewed until it was marked, and never since.
        return Optional.of(rows(connection).stream()
            .filter(row -> claim.lost().contains(row.node().address()))
            .map(row -> claim.fence().minus(row.age()))
            .filter(left -> !left.isNegative())
            .max(Comparator.naturalOrder()).orElse(Duration.ZERO));
    }

    private static boolean mayTake(Claim claim, Optional<Holder> holder, List<Row> rows) {
        Node own = claim.own();
        boolean isOurs = holder.filter(each -> isOf(own, each)).isPresent();
        boolean isHeld = !isOurs && rows.stream().anyMatch(row ->
            holder.filter(each -> isOf(row.node(), each)).isPresent() && lives(row, claim));
        boolean isAmongThem = rows.stream().anyMatch(row -> !row.expelled()
            && row.node().address().equals(own.address())
            && row.node().incarnation().equals(own.incarnation()));
        boolean yields = claim.yields() && rows.stream().anyMatch(
            row -> claim.lost().contains(row.node().address()) && lives(row, claim));
        return isAmongThem && !isHeld && !yields;
    }

    private static boolean isOf(Node node, Holder holder) {
        return node.address().equals(holder.address())
            && node.incarnation().equals(holder.incarnation());
    }

    private static boolean lives(Row row, Claim claim) {
        return !row.expelled() && row.age().compareTo(claim.fence()) <= 0;
    }

    private Optional<Holder> holder(Connection connection, String name) throws SQLException {
        try (PreparedStatement select = prepared(connection, HELD)) {
            select.setString(1, name);
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                    ? Optional.of(new Holder(row.getString(1), row.getString(2)))
                    : Optional.empty();
            }
        }
    }

    private List<Row> rows(Connection connection) throws SQLException {
        try (PreparedStatement select = prepared(connection, list)) {
            return NodeTable.rows(select);
        }
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

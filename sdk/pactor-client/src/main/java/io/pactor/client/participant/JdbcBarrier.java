package io.pactor.client.participant;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * A participant's guard against what a network does: a call that comes twice, an undo whose action
 * never came, and an action that comes after its undo.
 *
 * <p>It is a table in the participant's own database, with a row for each operation. The row is
 * written in the transaction of the work, so that it is there if and only if the work is. A call
 * costs one statement more, two if it has a reply; an undo one or two more than that. The table is
 * that of DTM's clients, which may use the same one at the same time; a table beside it keeps the
 * replies. {@link BarrierSchema} makes both.
 *
 * <p>With a transaction of one's own:
 *
 * <pre>{@code
 * Reply reply = barrier.run(dataSource, call, connection -> {
 *     stock.take(connection, order);         // throws Refused if there is none
 *     return Reply.EMPTY;
 * });
 * }</pre>
 *
 * <p>In a transaction that somebody else opens and ends: {@link #enter} first, then the work if the
 * passage is open, then {@link #record}.
 *
 * <p>Any thread. Methods block as their database does. One barrier is for databases of one product:
 * which one, it learns from the first connection that it is handed.
 */
public final class JdbcBarrier {

    /** The reason on the row of a local transaction that did not commit, and never may. */
    private static final String ROLLBACK = "rollback";

    private final TableName table;
    private final Optional<Dialect> dialect;

    /** Null until the first connection has shown it, and that the tables are there. */
    private volatile Learnt learnt;

    private JdbcBarrier(Builder builder) {
        table = builder.table;
        dialect = Optional.ofNullable(builder.dialect);
    }

    /**
     * What the first connection shows.
     *
     * @param asksServer whether the driver asks the server, each time, if a connection is
     *     read-only. That of MySQL does; its server refuses what such a connection writes, too
     */
    private record Learnt(BarrierRows rows, boolean asksServer) {}

    /**
     * The work of a call, in the transaction of its connection, which it neither ends nor closes.
     */
    @FunctionalInterface
    public interface Body {

        /**
         * Does the work.
         *
         * @return what to answer, and to any repeat; {@link Reply#EMPTY} or null for "done"
         * @throws Refused if the business says no; everything rolls back
         * @throws Ongoing if it is not done yet; everything rolls back
         */
        Reply run(Connection connection) throws SQLException;
    }

    /** One over the table {@code barrier}. */
    public static JdbcBarrier create() {
        return builder().build();
    }

    /** One over another table. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Says now what the first call would: whether the database is known, and the tables are there.
     * For the start of an application. It changes nothing.
     *
     * @throws IllegalStateException if no dialect is known for the database
     * @throws SQLException if a table is missing; the message names the script that makes it
     */
    public void check(Connection connection) throws SQLException {
        learn(connection);
    }

    /**
     * Writes the row of a call, and says whether its work is to be done. Neither commits nor rolls
     * back. If another transaction is at work on the same call, this waits until it ends.
     *
     * <p>For {@link Passage.NothingToUndo} the transaction must commit, or the action could still
     * come.
     *
     * @param connection in a transaction, whose first writing statement this should be
     * @throws IllegalStateException if the connection commits each statement by itself, or is
     *     read-only
     * @throws SQLException if the database fails, also by a lock that it waited for too long, or by
     *     two transactions that it cannot put in an order (SQL state 40001); whether the work was
     *     done is unknown then, the transaction must roll back, and the coordinator must be
     *     answered an error
     */
    public Passage enter(Connection connection, BranchCall call) throws SQLException {
        BarrierRows rows = rows(connection);
        try {
            return enter(rows, connection, call);
        } catch (SQLException e) {
            throw unlessReadOnly(connection, e);
        }
    }

    /**
     * Keeps what the call is answered, for its repeats. After the work, in the same transaction. An
     * empty reply is not kept, and costs nothing.
     *
     * @throws IllegalArgumentException if it is longer than {@link Reply#MAX_BYTES}, or its content
     *     type than {@link Reply#CONTENT_TYPE_MAX}; the transaction must roll back
     * @throws IllegalStateException as {@link #enter}
     * @throws SQLException as {@link #enter}
     */
    public void record(Connection connection, BranchCall call, Reply reply) throws SQLException {
        if (reply.isEmpty()) {
            return;
        }
        check(call, reply);
        rows(connection).insertReply(connection, call, reply);
    }

    /**
     * Does the work of a call once, in a transaction of its own, with a connection of its own,
     * which it closes. Whatever is thrown, nothing of it is left in the database.
     *
     * @return what to answer: the body's reply, or that of the first time; {@link Reply#EMPTY} if
     *     there was nothing to undo
     * @throws Refused by the body, or because the call was undone before it came
     * @throws Ongoing by the body
     * @throws BarrierException if the database failed, so that nobody knows
     * @throws IllegalArgumentException if the reply is too long to be kept
     */
    public Reply run(DataSource dataSource, BranchCall call, Body body) {
        return LocalTransaction.run(dataSource, call.toString(), connection -> {
            Passage passage = enter(connection, call);
            if (passage.isOpen()) {
                Reply reply = Objects.requireNonNullElse(body.run(connection), Reply.EMPTY);
                record(connection, call, reply);
                return reply;
            }
            if (passage instanceof Passage.UndoneBefore late) {
                throw late.refusal(call);
            }
            return passage instanceof Passage.Repeated repeated ? repeated.reply() : Reply.EMPTY;
        });
    }

    /**
     * Answers the coordinator's question about a two-phase message: did the local transaction that
     * entered with {@link BranchCall#message} commit? If it did not, it never will: its place is
     * taken from now on. While that transaction is open, this waits until it ends.
     *
     * <p>Neither commits nor rolls back. <b>Commit before you answer</b>, or the local transaction
     * could still commit after a no.
     *
     * @throws IllegalStateException as {@link #enter}
     * @throws SQLException as {@link #enter}
     */
    public boolean committed(Connection connection, String gid) throws SQLException {
        BarrierRows rows = rows(connection);
        BranchCall call = BranchCall.message(gid);
        try {
            return !rows.insert(connection, call, ROLLBACK)
                && !ROLLBACK.equals(rows.reason(connection, call));
        } catch (SQLException e) {
            throw unlessReadOnly(connection, e);
        }
    }

    /**
     * The same in a transaction of its own.
     *
     * @throws BarrierException if the database failed, so that nobody knows
     */
    public boolean committed(DataSource dataSource, String gid) {
        return LocalTransaction.run(dataSource, BranchCall.message(gid).toString(),
            connection -> committed(connection, gid));
    }

    /**
     * An undo first takes the place of what it undoes. If that was free, the action was never done,
     * and should it still come, it finds its place taken.
     */
    static Passage enter(BarrierRows rows, Connection connection, BranchCall call)
            throws SQLException {
        boolean neverDone = false;
        if (call.isUndo()) {
            BranchCall origin = call.withOp(call.undone().orElseThrow());
            neverDone = rows.insert(connection, origin, call.op());
            if (!neverDone && !rows.dialect().knowsItsKey()) {
                rows.reason(connection, origin);
            }
        }
        if (rows.insert(connection, call, call.op())) {
            return neverDone ? new Passage.NothingToUndo() : new Passage.Open();
        }
        return rows.reason(connection, call).equals(call.op())
            ? new Passage.Repeated(rows.reply(connection, call).orElse(Reply.EMPTY))
            : new Passage.UndoneBefore();
    }

    /** The statements for this connection, once it is known to be fit for them. */
    private BarrierRows rows(Connection connection) throws SQLException {
        if (connection.getAutoCommit()) {
            throw new IllegalStateException("The barrier needs a transaction, and this connection"
                + " commits each statement by itself (auto-commit)");
        }
        Learnt all = learn(connection);
        if (!all.asksServer()) {
            refuseReadOnly(connection, null);
        }
        return all.rows();
    }

    /** The statements for this connection, whatever transaction it is in. */
    BarrierRows rowsOf(Connection connection) throws SQLException {
        return learn(connection).rows();
    }

    /** Learns it, or says what is missing; what has failed is tried again by the next call. */
    private Learnt learn(Connection connection) throws SQLException {
        Learnt all = learnt;
        if (all == null) {
            BarrierRows rows = new BarrierRows(table,
                dialect.isPresent() ? dialect.get() : Dialect.of(connection));
            rows.check(connection);
            all = new Learnt(rows,
                connection.getMetaData().getDriverName().startsWith("MySQL Connector"));
            learnt = all;
        }
        return all;
    }

    private static SQLException unlessReadOnly(Connection connection, SQLException e) {
        try {
            refuseReadOnly(connection, e);
        } catch (SQLException again) {
            e.addSuppressed(again);
        }
        return e;
    }

    private static void refuseReadOnly(Connection connection, SQLException cause)
            throws SQLException {
        if (connection.isReadOnly()) {
            throw new IllegalStateException(
                "The barrier writes a row, and this connection is read-only", cause);
        }
    }

    static void check(BranchCall call, Reply reply) {
        int length = reply.body().length;
        if (length > Reply.MAX_BYTES) {
            throw new IllegalArgumentException("The reply to the " + call + " has " + length
                + " bytes; the barrier keeps at most " + Reply.MAX_BYTES + " (Reply.MAX_BYTES)");
        }
        if (reply.contentType().length() > Reply.CONTENT_TYPE_MAX) {
            throw new IllegalArgumentException("The content type of the reply to the " + call
                + " has " + reply.contentType().length() + " characters; the barrier keeps at most "
                + Reply.CONTENT_TYPE_MAX + " (Reply.CONTENT_TYPE_MAX)");
        }
    }

    /** Makes a barrier. */
    public static final class Builder {

        private TableName table = TableName.DEFAULT;
        private Dialect dialect;

        private Builder() {}

        /**
         * Another table than {@code barrier}; the replies are in one whose name has {@code _reply}
         * after it.
         *
         * @param name letters, digits and underscores, at most 48, with a schema before it if need
         *     be, such as {@code dtm_barrier.barrier}; it is not quoted
         * @throws IllegalArgumentException if it is no such name
         */
        public Builder table(String name) {
            table = new TableName(name);
            return this;
        }

        /** Of the databases, if their driver does not tell it, or tells it wrongly. */
        public Builder dialect(Dialect known) {
            dialect = Objects.requireNonNull(known);
            return this;
        }

        /** The barrier. It asks the database for nothing yet. */
        public JdbcBarrier build() {
            return new JdbcBarrier(this);
        }
    }
}

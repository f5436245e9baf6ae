package io.pactor.client.participant;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/**
 * A participant's share of an XA transaction, by the database's own statements on a plain JDBC
 * connection: it needs no JTA server and no XA data source. PostgreSQL, with
 * {@code max_prepared_transactions} above 0, and MariaDB from 10.5 on; MySQL from 8.0.29 on has the
 * same statements and has not been run.
 *
 * <p>The first phase does the work and prepares it: from then on it survives crashes of everybody,
 * and <b>holds its locks</b> until the second phase ends it, from any connection of any replica. A
 * branch that nobody ends stays for ever; the databases list such ones ({@code pg_prepared_xacts},
 * {@code xa recover}) as {@code <gid>-<branch id>}, the name that DTM's clients use.
 *
 * <p>The row of the barrier is written inside the branch, so that a call that comes twice finds it,
 * and that a branch can be told from one of another application on the server with the same name.
 * A server has each name once at a time: of two such applications the later one cannot prepare, and
 * its transaction rolls back. Any thread; methods block.
 */
public final class XaBranch {

    /** The longest name of a branch that PostgreSQL takes, in characters. */
    public static final int XID_MAX_POSTGRESQL = 199;

    /** The longest name of a branch that MariaDB and MySQL take, in characters. */
    public static final int XID_MAX_MYSQL = 64;

    /** It is text in a statement, so it has no quote, no backslash, and nothing but ASCII. */
    private static final Pattern XID = Pattern.compile("[ -~&&[^'\\\\]]+");

    /**
     * How long a call waits for the row of a branch that is at work or prepared. Only its second
     * phase frees that, so to wait longer than the coordinator does for an answer serves nobody.
     */
    private static final Duration LOCK_WAIT = Duration.ofSeconds(2);

    private static final String MODE = "xa";
    private static final String ACTION = "action";
    private static final String ROLLBACK = "rollback";

    private final JdbcBarrier barrier;

    private XaBranch(JdbcBarrier barrier) {
        this.barrier = Objects.requireNonNull(barrier);
    }

    /** Branches in the databases of that barrier. */
    public static XaBranch of(JdbcBarrier barrier) {
        return new XaBranch(barrier);
    }

    /**
     * Says now what the first call would. For the start of an application; it changes nothing.
     *
     * @throws IllegalStateException if the database cannot prepare transactions: it is another one
     *     than PostgreSQL, MariaDB or MySQL, or PostgreSQL with {@code max_prepared_transactions}
     *     at 0
     * @throws SQLException if it cannot be asked, or a table of the barrier is missing
     */
    public void check(DataSource dataSource) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            Dialect dialect = barrier.rowsOf(connection).dialect();
            xidMax(dialect);
            if (dialect == Dialect.POSTGRESQL && preparedMax(connection) == 0) {
                throw new IllegalStateException("This PostgreSQL prepares no transactions: its"
                    + " max_prepared_transactions is 0. Set it to at least as many as can be open"
                    + " at a time, and start PostgreSQL again");
            }
        }
    }

    /**
     * What is prepared in the database, the oldest first where it tells. PostgreSQL shows this
     * database alone, MariaDB and MySQL all those of the server.
     *
     * @throws SQLException if it cannot be asked
     */
    public List<PreparedBranch> prepared(DataSource dataSource) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return PreparedBranch.list(connection, barrier.rowsOf(connection).dialect());
        }
    }

    /**
     * Whether it is a branch of this barrier: it has written its row there, and is not ended yet.
     * Other applications on the server may give the same names.
     *
     * @throws SQLException if the database cannot be asked
     */
    public boolean isOwn(DataSource dataSource, PreparedBranch branch) throws SQLException {
        if (!branch.isNamedAsBranch()) {
            return false;
        }
        try (Connection connection = dataSource.getConnection()) {
            BarrierRows rows = barrier.rowsOf(connection);
            BranchCall action = new BranchCall(branch.gid(), MODE, branch.branchId(), ACTION);
            return outside(connection,
                inside -> rows.hasPrepared(inside, action, branch.xid()));
        }
    }

    /**
     * First phase: does the work, and prepares it. What the body does beside (such as joining the
     * global transaction at the coordinator, which must come first) is its own affair.
     *
     * @param call the operation {@code action} of the branch
     * @return the body's reply; or that of the first time, if the branch has been committed
     * @throws Refused by the body, or because the branch was rolled back before it came
     * @throws BarrierException if the database failed, or the branch is prepared already, so that
     *     nobody knows; the initiator then rolls back
     * @throws IllegalArgumentException if gid and branch id make no name for a branch
     */
    public Reply prepare(DataSource dataSource, BranchCall call, JdbcBarrier.Body body) {
        try (Connection connection = dataSource.getConnection()) {
            BarrierRows rows = barrier.rowsOf(connection);
            String xid = xid(call, rows.dialect());
            return rows.dialect() == Dialect.POSTGRESQL
                ? prepareTransaction(connection, rows, call, body, xid)
                : xaPrepare(connection, rows, call, body, xid);
        } catch (SQLException e) {
            throw failed(call, e);
        }
    }

    /**
     * Second phase: commits or rolls back what was prepared, on whatever connection. A repeat
     * changes nothing. A rollback also shuts out a first phase that still comes. A branch of the
     * same name that has not written its row into this barrier is another's, and stays as it is.
     *
     * @param call the operation {@code commit} or {@code rollback} of the branch
     * @throws BarrierException if the database failed; if the branch to commit was never prepared;
     *     or if it was ended the other way. The coordinator calls again
     */
    public void end(DataSource dataSource, BranchCall call) {
        boolean commits = switch (call.op()) {
            case "commit" -> true;
            case "rollback" -> false;
            default -> throw new IllegalArgumentException(
                "an XA branch ends by commit or rollback, not by " + call.op());
        };
        try (Connection connection = dataSource.getConnection()) {
            BarrierRows rows = barrier.rowsOf(connection);
            String xid = xid(call, rows.dialect());
            // The name is the server's, and the row ours: another's branch may have the same name.
            boolean ended = outside(connection,
                inside -> rows.hasPrepared(inside, call.withOp(ACTION), xid)
                    && end(inside, rows.dialect(), commits, xid));
            if (!commits || !ended) {
                LocalTransaction.run(connection, inside -> {
                    shortenWaits(inside, rows.dialect());
                    try {
                        checkRow(inside, rows, call, commits);
                    } finally {
                        restoreWaits(inside, rows.dialect());
                    }
                    return null;
                });
            }
        } catch (SQLException e) {
            throw failed(call, e);
        }
    }

    /** Whether the row of its action says that it was ended as it should be; else fails. */
    private static void checkRow(Connection connection, BarrierRows rows, BranchCall call,
            boolean commits) throws SQLException {
        BranchCall action = call.withOp(ACTION);
        boolean neverPrepared = rows.insert(connection, action, ROLLBACK);
        String reason = neverPrepared ? ROLLBACK : rows.reason(connection, action);
        if (commits && !reason.equals(ACTION)) {
            throw new SQLException(
                "There is nothing to commit: it was never prepared, or was rolled back");
        }
        if (!commits && reason.equals(ACTION)) {
            throw new SQLException("It has been committed before");
        }
    }

    private static Reply prepareTransaction(Connection connection, BarrierRows rows,
            BranchCall call, JdbcBarrier.Body body, String xid) throws SQLException {
        return LocalTransaction.run(connection, inside -> {
            shortenWaits(inside, rows.dialect());
            Reply before = before(rows, inside, call);
            if (before != null) {
                return before;
            }
            Reply reply = work(rows, inside, call, body);
            execute(inside, "prepare transaction '" + xid + "'");
            return reply;
        });
    }

    private static Reply xaPrepare(Connection connection, BarrierRows rows, BranchCall call,
            JdbcBarrier.Body body, String xid) throws SQLException {
        try {
            if (!connection.getAutoCommit()) {
                connection.setAutoCommit(true); // What has been read must not be a transaction.
            }
            shortenWaits(connection, rows.dialect());
            execute(connection, "xa start '" + xid + "'");
            Reply reply = before(rows, connection, call);
            if (reply != null) {
                execute(connection, "xa end '" + xid + "'");
                execute(connection, "xa rollback '" + xid + "'");
                return reply;
            }
            reply = work(rows, connection, call, body);
            execute(connection, "xa end '" + xid + "'");
            execute(connection, "xa prepare '" + xid + "'");
            return reply;
        } finally {
            cutOff(connection);
        }
    }

    /** A prepared branch belongs to its connection until then; one that is not rolls back. */
    private static void cutOff(Connection connection) throws SQLException {
        connection.abort(Runnable::run);
        try {
            connection.close();
        } catch (SQLException e) {
            // A pool finds it broken, and so keeps it from others; what was done is done.
        }
    }

    /** What to answer without any work; null if the work is to be done. */
    private static Reply before(BarrierRows rows, Connection connection, BranchCall call)
            throws SQLException {
        Passage passage = JdbcBarrier.enter(rows, connection, call);
        if (passage instanceof Passage.UndoneBefore late) {
            throw late.refusal(call);
        }
        return passage instanceof Passage.Repeated repeated ? repeated.reply() : null;
    }

    private static Reply work(BarrierRows rows, Connection connection, BranchCall call,
            JdbcBarrier.Body body) throws SQLException {
        Reply reply = Objects.requireNonNullElse(body.run(connection), Reply.EMPTY);
        if (!reply.isEmpty()) {
            JdbcBarrier.check(call, reply);
            rows.insertReply(connection, call, reply);
        }
        return reply;
    }

    /** False if there is no such branch. */
    private static boolean end(Connection connection, Dialect dialect, boolean commits,
            String xid) throws SQLException {
        String verb = commits ? "commit" : "rollback";
        try {
            execute(connection, dialect == Dialect.POSTGRESQL
                ? verb + " prepared '" + xid + "'" : "xa " + verb + " '" + xid + "'");
            return true;
        } catch (SQLException e) {
            // 42704: there is no such object. 1397: XAER_NOTA, also for one that is prepared but
            // still belongs to a connection.
            boolean isUnknown = dialect == Dialect.POSTGRESQL
                ? "42704".equals(e.getSQLState()) : e.getErrorCode() == 1397;
            if (!isUnknown || dialect == Dialect.MYSQL && isListed(connection, xid)) {
                throw e;
            }
            return false;
        }
    }

    /** In PostgreSQL until the end of the transaction, in MariaDB and MySQL until restored. */
    private static void shortenWaits(Connection connection, Dialect dialect) throws SQLException {
        if (dialect == Dialect.POSTGRESQL) {
            execute(connection, "set local lock_timeout = " + LOCK_WAIT.toMillis());
        } else {
            execute(connection, "set @pactor_lock_wait = @@innodb_lock_wait_timeout");
            execute(connection, "set innodb_lock_wait_timeout = " + LOCK_WAIT.toSeconds());
        }
    }

    private static void restoreWaits(Connection connection, Dialect dialect) throws SQLException {
        if (dialect != Dialect.POSTGRESQL) {
            execute(connection, "set innodb_lock_wait_timeout = @pactor_lock_wait");
        }
    }

    private static boolean isListed(Connection connection, String xid) throws SQLException {
        return PreparedBranch.list(connection, Dialect.MYSQL).stream()
            .anyMatch(each -> each.xid().equals(xid));
    }

    private static int preparedMax(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("show max_prepared_transactions")) {
            row.next();
            return row.getInt(1);
        }
    }

    /** Runs what a database does in no transaction alone. */
    private static <T> T outside(Connection connection, LocalTransaction.Work<T> work)
            throws SQLException {
        if (connection.getAutoCommit()) {
            return work.in(connection);
        }
        connection.rollback();
        connection.setAutoCommit(true);
        T result = work.in(connection);
        connection.setAutoCommit(false);
        return result;
    }

    private static String xid(BranchCall call, Dialect dialect) {
        int most = xidMax(dialect);
        String xid = call.gid() + "-" + call.branchId();
        if (xid.length() > most || !XID.matcher(xid).matches()) {
            throw new IllegalArgumentException("'" + xid + "' is no name for an XA branch: ASCII"
                + " without quotes and backslashes, at most " + most + " characters");
        }
        return xid;
    }

    private static int xidMax(Dialect dialect) {
        return switch (dialect) {
            case POSTGRESQL -> XID_MAX_POSTGRESQL;
            case MYSQL -> XID_MAX_MYSQL;
            default -> throw new IllegalStateException("XA branches are for PostgreSQL, MariaDB and"
                + " MySQL, and this database is " + dialect);
        };
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static BarrierException failed(BranchCall call, SQLException e) {
        return new BarrierException("The database failed at the " + call
            + "; whether that was done is unknown: " + e.getMessage(), e);
    }
}

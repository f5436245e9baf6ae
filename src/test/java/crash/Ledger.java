package crash;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.h2.jdbcx.JdbcConnectionPool;

/**
 * The bank's database: accounts, the barrier of DTM's clients, what XA branches hold in doubt, and
 * a line for each change of an account, by which it can be said who changed what.
 *
 * <p>Each method is one local transaction of a real database. Accounts have no lower bound: who is
 * refused is a matter of the test's plan, never of luck.
 */
final class Ledger implements AutoCloseable {

    /** Cents on each account at the beginning. */
    static final long OPENING = 1_000_000;

    private static final String SCHEMA = """
        create table account(id int primary key, cents bigint not null, held bigint not null);
        create table effect(gid varchar(128), branch varchar(128), op varchar(45),
            account int, change bigint);
        create index effect_gid on effect(gid);
        create table in_doubt(gid varchar(128), branch varchar(128), account int, change bigint,
            primary key(gid, branch));
        create table barrier(trans_type varchar(45), gid varchar(128), branch_id varchar(128),
            op varchar(45), barrier_id varchar(45), reason varchar(45),
            constraint uniq_barrier unique(gid, branch_id, op, barrier_id));
        """;

    private final JdbcConnectionPool pool;
    private final int accounts;

    /** Thrown by a branch that is to fail for good. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        Refused(String why) {
            super(why);
        }
    }

    /** Something to do inside the local transaction, before it commits. */
    @FunctionalInterface
    interface Inside {
        void run() throws Refused;
    }

    Ledger(int accounts) throws SQLException {
        this.accounts = accounts;
        this.pool = JdbcConnectionPool.create("jdbc:h2:mem:" + UUID.randomUUID()
            + ";MODE=PostgreSQL;DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=5000", "bank", "");
        pool.setMaxConnections(64);
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(SCHEMA);
            statement.execute("insert into account select x, " + OPENING
                + ", 0 from system_range(0, " + (accounts - 1) + ")");
        }
    }

    /**
     * Barrier and business of one call, as one local transaction (protocol section 6.2). A call
     * that the barrier stops has succeeded.
     *
     * @param inside runs before the commit if the business runs; may veto it
     */
    void serve(Call call, Inside inside) throws SQLException, Refused {
        try (Connection connection = begin()) {
            try {
                if (mayPass(connection, call)) {
                    work(connection, call);
                    inside.run();
                }
                connection.commit();
            } catch (SQLException | Refused | RuntimeException e) {
                connection.rollback();
                throw e;
            }
        }
    }

    /**
     * Check-back of a two-phase message: whether its local transaction committed; if not, never.
     */
    boolean committed(Call call) throws SQLException {
        try (Connection connection = begin()) {
            insertBarrier(connection, call, "rollback");
            boolean committed = count(connection, "select count(*) from barrier where gid = ?"
                + " and branch_id = ? and op = ? and reason <> 'rollback'",
                call.gid(), call.branch(), call.op()) == 1;
            connection.commit();
            return committed;
        }
    }

    /** All money, on whatever account. */
    long total() throws SQLException {
        return count("select sum(cents) from account");
    }

    long totalAtFirst() {
        return accounts * OPENING;
    }

    /** Sums set aside by tries that are neither confirmed nor cancelled. */
    long held() throws SQLException {
        return count("select count(*) from account where held <> 0");
    }

    /** XA branches that nobody has ended. */
    long inDoubt() throws SQLException {
        return count("select count(*) from in_doubt");
    }

    /** Accounts that do not hold what they had at first and what was booked since. */
    long unexplained() throws SQLException {
        return count("select count(*) from account a where cents <> " + OPENING + " + coalesce("
            + "(select sum(change) from effect e where e.account = a.id), 0)");
    }

    /** What {@code gid} has changed in the end, by account; without those it left as they were. */
    Map<Integer, Long> changes(String gid) throws SQLException {
        Map<Integer, Long> changes = new TreeMap<>();
        try (Connection connection = pool.getConnection();
                PreparedStatement select = connection.prepareStatement("select account, sum(change)"
                    + " from effect where gid = ? group by account having sum(change) <> 0")) {
            select.setString(1, gid);
            ResultSet rows = select.executeQuery();
            while (rows.next()) {
                changes.put(rows.getInt(1), rows.getLong(2));
            }
        }
        return changes;
    }

    @Override
    public void close() {
        pool.dispose();
    }

    private Connection begin() throws SQLException {
        Connection connection = pool.getConnection();
        connection.setAutoCommit(false);
        return connection;
    }

    private static boolean mayPass(Connection connection, Call call) throws SQLException, Refused {
        String origin = switch (call.op()) {
            case "cancel" -> "try";
            case "compensate", "rollback" -> "action";
            default -> "";
        };
        boolean neverRan = !origin.isEmpty()
            && insertBarrier(connection, call.withOp(origin), call.op());
        boolean first = insertBarrier(connection, call, call.op());
        if (!first && call.op().equals("msg")) {
            throw new Refused("the coordinator was told already that this did not commit");
        }
        return first && !neverRan;
    }

    private static void work(Connection connection, Call call) throws SQLException, Refused {
        if (call.manner().equals("refuse") && !call.isSecondPhase()) {
            throw new Refused("no business with " + call.account());
        }
        switch (call.op()) {
            case "action" -> {
                if (call.mode().equals("xa")) {
                    update(connection, "insert into in_doubt values(?, ?, ?, ?)", call.gid(),
                        call.branch(), call.account(), call.change());
                } else {
                    book(connection, call, call.account(), call.change());
                }
            }
            case "msg" -> book(connection, call, call.account(), call.change());
            case "compensate" -> book(connection, call, call.account(), -call.change());
            case "try" -> hold(connection, call, call.change());
            case "cancel" -> hold(connection, call, -call.change());
            case "confirm" -> {
                hold(connection, call, -call.change());
                book(connection, call, call.account(), call.change());
            }
            case "commit" -> endDoubt(connection, call, true);
            case "rollback" -> {
                if (call.mode().equals("xa")) {
                    endDoubt(connection, call, false);
                } else {
                    book(connection, call, call.account(), -call.change());
                }
            }
            default -> throw new IllegalArgumentException("no such operation: " + call.op());
        }
    }

    private static void book(Connection connection, Call call, int account, long change)
            throws SQLException {
        update(connection, "update account set cents = cents + ? where id = ?", change, account);
        update(connection, "insert into effect values(?, ?, ?, ?, ?)", call.gid(), call.branch(),
            call.op(), account, change);
    }

    private static void hold(Connection connection, Call call, long change) throws SQLException {
        update(connection, "update account set held = held + ? where id = ?", change,
            call.account());
    }

    private static void endDoubt(Connection connection, Call call, boolean commit)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select account, change from in_doubt where gid = ? and branch = ?")) {
            select.setString(1, call.gid());
            select.setString(2, call.branch());
            ResultSet row = select.executeQuery();
            if (!row.next()) {
                throw new IllegalStateException(call + ": no such branch is in doubt here");
            }
            if (commit) {
                book(connection, call, row.getInt(1), row.getLong(2));
            }
        }
        update(connection, "delete from in_doubt where gid = ? and branch = ?", call.gid(),
            call.branch());
    }

    private static boolean insertBarrier(Connection connection, Call call, String reason)
            throws SQLException {
        return update(connection, "insert into barrier values(?, ?, ?, ?, '01', ?)"
            + " on conflict do nothing", call.mode(), call.gid(), call.branch(), call.op(), reason)
            == 1;
    }

    private static int update(Connection connection, String sql, Object... values)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            return statement.executeUpdate();
        }
    }

    private long count(String sql) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            return count(connection, sql);
        }
    }

    private static long count(Connection connection, String sql, String... values)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            ResultSet rows = statement.executeQuery();
            rows.next();
            return rows.getLong(1);
        }
    }
}

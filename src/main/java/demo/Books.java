package demo;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The database of one bank: H2 in files of its own, one account, and the barrier table.
 *
 * <p>The account has a balance and, of that, a sum that is held for a TCC transaction in doubt.
 * Safe for many threads; each unit of work opens its own connection.
 */
final class Books implements AutoCloseable {

    /** How long a call waits for a row that another transaction holds, before it answers 500. */
    private static final int LOCK_MILLIS = 5_000;

    private static final String ACCOUNT = """
            create table account(
                id int primary key, cents bigint not null, held bigint not null,
                constraint covered check (held >= 0 and cents >= held))
            """;

    private final String url;

    /** Creates the database in {@code directory}, with {@code cents} on the account. */
    Books(Path directory, long cents) throws SQLException {
        // The modes make H2 read PostgreSQL's "on conflict do nothing"; the database stays open
        // between connections, as a server's would.
        this.url = "jdbc:h2:file:" + directory.resolve("bank").toAbsolutePath()
                + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DB_CLOSE_DELAY=-1;DB_CLOSE_ON_EXIT=FALSE"
                + ";LOCK_TIMEOUT=" + LOCK_MILLIS;
        try (Connection connection = begin(); Statement statement = connection.createStatement()) {
            statement.execute(ACCOUNT);
            statement.execute(Barrier.TABLE);
            statement.execute("insert into account values(1, " + cents + ", 0)");
            connection.commit();
        }
    }

    /** A new connection that does not commit by itself. */
    Connection begin() throws SQLException {
        Connection connection = DriverManager.getConnection(url, "bank", "");
        connection.setAutoCommit(false);
        return connection;
    }

    /**
     * Adds {@code change} cents, negative to take them away.
     *
     * @throws BusinessRefusal if the account, less what is held, does not cover it
     */
    static void book(Connection connection, long change) throws SQLException, BusinessRefusal {
        if (update(connection, "update account set cents = cents + ? where cents - held + ? >= 0",
                change, change) == 0) {
            throw new BusinessRefusal("only " + Money.text(free(connection)) + " there");
        }
    }

    /** Sets {@code cents} aside. @throws BusinessRefusal if there is not so much to set aside */
    static void hold(Connection connection, long cents) throws SQLException, BusinessRefusal {
        if (update(connection, "update account set held = held + ? where cents - held >= ?",
                cents, cents) == 0) {
            throw new BusinessRefusal("only " + Money.text(free(connection)) + " there");
        }
    }

    /** Gives back {@code cents} that were set aside. */
    static void release(Connection connection, long cents) throws SQLException {
        update(connection, "update account set held = held - ?", cents);
    }

    /** Pays out {@code cents} that were set aside. */
    static void payHeld(Connection connection, long cents) throws SQLException {
        update(connection, "update account set held = held - ?, cents = cents - ?", cents, cents);
    }

    /** What is on the account, in cents; work that is not committed does not show. */
    long balance() throws SQLException {
        return ask("select cents from account");
    }

    /** What is set aside by a TCC transaction, in cents. */
    long held() throws SQLException {
        return ask("select held from account");
    }

    /** How many XA branches are prepared and wait for their second phase. */
    long inDoubt() throws SQLException {
        return ask("select count(*) from information_schema.in_doubt"
                + " where transaction_state = 'IN_DOUBT'");
    }

    /** Closes the database and all its connections. */
    @Override
    public void close() throws SQLException {
        try (Connection connection = begin(); Statement statement = connection.createStatement()) {
            statement.execute("shutdown immediately"); // The files are deleted next.
        }
    }

    private long ask(String sql) throws SQLException {
        try (Connection connection = begin(); Statement statement = connection.createStatement()) {
            return one(statement.executeQuery(sql));
        }
    }

    private static long free(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return one(statement.executeQuery("select cents - held from account"));
        }
    }

    private static long one(ResultSet rows) throws SQLException {
        rows.next();
        return rows.getLong(1);
    }

    private static int update(Connection connection, String sql, long... values)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setLong(i + 1, values[i]);
            }
            return statement.executeUpdate();
        }
    }
}

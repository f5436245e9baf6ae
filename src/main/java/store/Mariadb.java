package store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** MariaDB 10.6 or newer, and MySQL 8, with InnoDB. */
final class Mariadb implements Dialect {

    static final String PREFIX = "jdbc:mariadb:";
    static final String MYSQL = "jdbc:mysql:";

    private static final String SCHEMA_LOCK = "pactor-schema";
    private static final Duration SCHEMA_LOCK_WAIT = Duration.ofSeconds(30);

    private static final Duration CONNECT = Duration.ofSeconds(3);

    /** An entry of the journal may be four times as long written out, and its group is one more. */
    private static final long PACKET_MIN = 16L << 20;

    private static final Pattern BULK = Pattern.compile("(?i)[?&]useBulkStmts\\w*=(?!false)");

    private static final int TABLE_EXISTS = 1050;
    private static final int COLUMN_EXISTS = 1060;
    private static final int INDEX_EXISTS = 1061;

    /** What was to be dropped is gone: as good as if it had been done. */
    private static final int INDEX_GONE = 1091;

    private static final int ACCESS_DENIED = 1045;
    private static final int DATABASE_DENIED = 1044;
    private static final int NO_DATABASE = 1049;
    private static final int TABLE_DENIED = 1142;
    private static final int TOO_MANY_CONNECTIONS = 1040;

    /** A record that changed meanwhile, a lock not had in time, a deadlock. */
    private static final Set<Integer> TRANSIENT = Set.of(1020, 1205, 1213);

    /** Too many connections, shutdown, connection killed, transaction too long idle. */
    private static final Set<Integer> AWAY = Set.of(TOO_MANY_CONNECTIONS, 1053, 1927, 4032, 1129);

    /** {@code --read-only}, a read-only transaction, an engine set to read-only. */
    private static final Set<Integer> READ_ONLY = Set.of(1290, 1792, 1836);

    private boolean isMariadb = true;
    private String flush = "1";

    Mariadb() {}

    @Override
    public String name() {
        return "mariadb";
    }

    @Override
    public String url(StoreSettings settings) {
        String given = settings.jdbcUrl();
        if (BULK.matcher(given).find()) {
            throw new StoreException("the url must not ask for bulk statements: in these the "
                + "server looks up the transaction of the first row for all rows: "
                + settings.shownUrl());
        }
        String url = given.startsWith(MYSQL) ? PREFIX + given.substring(MYSQL.length()) : given;
        return new JdbcUrl(url)
            .or("connectTimeout", CONNECT.toMillis())
            .or("socketTimeout", settings.timeouts().socket().toMillis())
            .or("tcpKeepAlive", true)
            .or("useBulkStmts", false)
            .or("useBulkStmtsForInserts", false)
            .text();
    }

    @Override
    public String durability(StoreSettings settings) {
        return flush.equals("1")
            ? "survives a power cut of the database's machine (InnoDB, flush at each commit); not "
                + "the loss of its disk"
            : "survives the death of the database; NOT a power cut of its machine, which loses the "
                + "last second: innodb_flush_log_at_trx_commit is " + flush + " there";
    }

    @Override
    public boolean isCareless() {
        return !flush.equals("1");
    }

    @Override
    public void check(Connection connection, StoreSettings settings) throws SQLException {
        isMariadb = connection.getMetaData().getDatabaseProductVersion()
            .toLowerCase(Locale.ROOT).contains("mariadb");
        String readOnly = Dialect.ask(connection, "SELECT @@global.read_only");
        if (!"0".equals(readOnly) && !"OFF".equalsIgnoreCase(readOnly)) {
            throw new StoreException("the store cannot be written, it is a replica or set to "
                + "read-only: " + settings.shownUrl());
        }
        if (Dialect.ask(connection, "SELECT DATABASE()") == null) {
            throw new StoreException(
                "the url must name a database: " + settings.shownUrl() + "/pactor");
        }
        long packet = Long.parseLong(Dialect.ask(connection, "SELECT @@max_allowed_packet"));
        if (packet < PACKET_MIN) {
            throw new StoreException("max_allowed_packet of the database is " + packet
                + ", at least " + PACKET_MIN + " is needed: " + settings.shownUrl());
        }
        flush = Dialect.ask(connection, "SELECT @@global.innodb_flush_log_at_trx_commit");
        if (flush.equals("0")) {
            throw new StoreException("the database runs with innodb_flush_log_at_trx_commit = 0, "
                + "which loses commits when it dies; set it to 1: " + settings.shownUrl());
        }
        if (settings.powerLossSafe() && !flush.equals("1")) {
            throw new StoreException("pactor.store.power-loss-safe is on, but the database runs "
                + "with innodb_flush_log_at_trx_commit = " + flush + ": " + settings.shownUrl());
        }
    }

    @Override
    public String session(StoreSettings settings) {
        Duration statement = settings.timeouts().statement();
        String own = isMariadb
            ? ", max_statement_time = " + statement.toSeconds()
                // A node that stands still must not keep its rows from the one that takes over.
                + ", idle_transaction_timeout = " + statement.toSeconds()
            : ", max_execution_time = " + statement.toMillis();
        return "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'"
            + ", innodb_lock_wait_timeout = " + statement.toSeconds()
            // Whoever locks a whole table would else gather our given up statements, for a day.
            + ", lock_wait_timeout = " + statement.toSeconds() + own;
    }

    /** It would also end the wait of a commit for its replica, and that would look like success. */
    @Override
    public String writerSession() {
        return isMariadb ? "SET SESSION max_statement_time = 0" : "";
    }

    @Override
    public StoreException explained(SQLException failure, StoreSettings settings) {
        String what = switch (failure.getErrorCode()) {
            case ACCESS_DENIED -> "the store does not know this user with this password";
            case NO_DATABASE -> "there is no such database";
            case DATABASE_DENIED, TABLE_DENIED ->
                "the store's user lacks a right (" + line(failure) + ")";
            case TOO_MANY_CONNECTIONS -> "the store takes no more connections";
            default -> isAway(failure) ? "the store cannot be reached (" + line(failure) + ")"
                : "the store cannot be opened (" + line(failure) + ")";
        };
        return new StoreException(settings.withoutSecrets(what) + ": " + settings.shownUrl(),
            settings.withoutSecrets(failure));
    }

    @Override
    public String nowMicros() {
        return "TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(6))";
    }

    @Override
    public String currentSchema() {
        return "DATABASE()";
    }

    @Override
    public void lockSchema(Connection connection) throws SQLException {
        String got = Dialect.ask(connection, "SELECT GET_LOCK('" + SCHEMA_LOCK + "', "
            + SCHEMA_LOCK_WAIT.toSeconds() + ")");
        if (!"1".equals(got)) {
            throw new StoreException("somebody else is changing the tables, for more than "
                + SCHEMA_LOCK_WAIT.toSeconds() + " s already");
        }
    }

    @Override
    public void unlockSchema(Connection connection, boolean done) throws SQLException {
        Dialect.ask(connection, "SELECT RELEASE_LOCK('" + SCHEMA_LOCK + "')");
    }

    @Override
    public boolean isThereAlready(SQLException failure) {
        return Dialect.any(failure, each -> each.getErrorCode() == TABLE_EXISTS
            || each.getErrorCode() == COLUMN_EXISTS || each.getErrorCode() == INDEX_EXISTS
            || each.getErrorCode() == INDEX_GONE);
    }

    @Override
    public Maintenance upkeep(Connection connection, StoreSettings settings) {
        return Maintenance.NONE;
    }

    @Override
    public boolean isTransient(SQLException failure) {
        return Dialect.hasState(failure, "40")
            || Dialect.any(failure, each -> TRANSIENT.contains(each.getErrorCode()));
    }

    @Override
    public boolean isAway(SQLException failure) {
        return Dialect.hasState(failure, "08") || Dialect.any(failure, each ->
            AWAY.contains(each.getErrorCode())
                || each instanceof SQLNonTransientConnectionException
                || each instanceof SQLTransientConnectionException);
    }

    @Override
    public boolean isReadOnly(SQLException failure) {
        return Dialect.any(failure, each -> READ_ONLY.contains(each.getErrorCode()));
    }

    private static String line(SQLException failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("").strip();
    }
}

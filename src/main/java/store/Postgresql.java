package store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.time.Duration;
import java.util.Locale;

/**
 * PostgreSQL 15 or newer, and what speaks its protocol and SQL.
 *
 * <p>Limits hold in the session ({@code statement_timeout} and such), never by a cancellation: one
 * that comes late would end a commit's wait for its synchronous replica, and PostgreSQL tells
 * that as success.
 */
final class Postgresql implements Dialect {

    static final String PREFIX = "jdbc:postgresql:";

    /** Written into the locks of this database; any constant that others do not use. */
    private static final long SCHEMA_LOCK = 0x5061_6374_6f72L;

    private static final int VERSION_MIN = 15;

    /** When a connection is being made. */
    private static final Duration CONNECT = Duration.ofSeconds(3);

    private String fsync = "on";
    private String synchronousCommit = "on";
    private String standbys = "";

    Postgresql() {}

    @Override
    public String name() {
        return "postgresql";
    }

    @Override
    public String url(StoreSettings settings) {
        return new JdbcUrl(settings.jdbcUrl())
            .or("ApplicationName", "pactor")
            .or("connectTimeout", CONNECT.toSeconds())
            .or("socketTimeout", settings.timeouts().socket().toSeconds())
            .or("tcpKeepAlive", true)
            .or("targetServerType", "primary")
            // A host that was away is tried again as soon as this.
            .or("hostRecheckSeconds", 2)
            .or("reWriteBatchedInserts", true)
            .text();
    }

    @Override
    public String durability(StoreSettings settings) {
        if (fsync.equals("off")) {
            return "survives the death of PostgreSQL; NOT a power cut of its machine: "
                + "fsync is off there";
        }
        return standbys.isEmpty() || synchronousCommit.equals("local")
            ? "survives a power cut of the database's machine (PostgreSQL, fsync); not the loss "
                + "of its disk"
            : "survives the loss of the database's machine (PostgreSQL, fsync, synchronous_commit "
                + synchronousCommit + " with standbys)";
    }

    @Override
    public boolean isCareless() {
        return fsync.equals("off");
    }

    @Override
    public void check(Connection connection, StoreSettings settings) throws SQLException {
        int version = connection.getMetaData().getDatabaseMajorVersion();
        if (version < VERSION_MIN) {
            throw new StoreException("PostgreSQL " + VERSION_MIN + " or newer is needed, this is "
                + version + ": " + settings.shownUrl());
        }
        if (!"off".equals(Dialect.ask(connection, "SHOW transaction_read_only"))) {
            throw new StoreException("the store cannot be written, it is a replica or set to "
                + "read-only: " + settings.shownUrl());
        }
        String encoding = Dialect.ask(connection, "SHOW server_encoding");
        if (!"UTF8".equalsIgnoreCase(encoding)) {
            throw new StoreException("the database has the encoding " + encoding + ", which cannot "
                + "hold every text; make it with ENCODING 'UTF8': " + settings.shownUrl());
        }
        fsync = Dialect.ask(connection, "SHOW fsync").toLowerCase(Locale.ROOT);
        synchronousCommit =
            Dialect.ask(connection, "SHOW synchronous_commit").toLowerCase(Locale.ROOT);
        standbys = Dialect.ask(connection, "SHOW synchronous_standby_names");
        if (synchronousCommit.equals("off")) {
            // Ours to choose, for our own sessions.
            synchronousCommit = "on";
        }
        if (settings.powerLossSafe() && fsync.equals("off")) {
            throw new StoreException("pactor.store.power-loss-safe is on, but PostgreSQL runs with "
                + "fsync = off: " + settings.shownUrl());
        }
    }

    @Override
    public String session(StoreSettings settings) {
        long millis = settings.timeouts().statement().toMillis();
        return "SET statement_timeout = " + millis + "; SET lock_timeout = " + millis
            // A node that stands still must not keep its rows from the one that takes over.
            + "; SET idle_in_transaction_session_timeout = " + millis
            + "; SET synchronous_commit = " + synchronousCommit;
    }

    @Override
    public StoreException explained(SQLException failure, StoreSettings settings) {
        String state = String.valueOf(failure.getSQLState());
        String what = switch (state) {
            case "28P01", "28000" -> "the store does not know this user with this password";
            case "3D000" -> "there is no such database";
            case "3F000" -> "there is no such schema, or none that this user may use";
            case "42501" -> "the store's user lacks a right (" + line(failure) + ")";
            case "53300" -> "the store takes no more connections";
            case "57P03" -> "the store is starting or stopping";
            default -> isAway(failure) ? "the store cannot be reached (" + line(failure) + ")"
                : "the store cannot be opened (" + line(failure) + ")";
        };
        return new StoreException(settings.withoutSecrets(what) + ": " + settings.shownUrl(),
            settings.withoutSecrets(failure));
    }

    /** data_corrupted and index_corrupted. */
    @Override
    public boolean isDamage(SQLException failure) {
        return Dialect.hasState(failure, "XX001") || Dialect.hasState(failure, "XX002");
    }

    @Override
    public String nowMicros() {
        return "CAST(EXTRACT(EPOCH FROM statement_timestamp()) * 1000000 AS BIGINT)";
    }

    @Override
    public String currentSchema() {
        return "current_schema()";
    }

    /** The tables are made in one transaction. */
    @Override
    public void lockSchema(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        Dialect.ask(connection, "SELECT pg_advisory_xact_lock(" + SCHEMA_LOCK + ")");
    }

    @Override
    public void unlockSchema(Connection connection, boolean done) throws SQLException {
        if (done) {
            connection.commit();
        } else {
            connection.rollback();
        }
        connection.setAutoCommit(true);
    }

    @Override
    public Maintenance upkeep(Connection connection, StoreSettings settings) {
        return Maintenance.NONE;
    }

    /** No text of PostgreSQL holds the character zero. What counts is in the journal, in bytes. */
    @Override
    public String storable(String text) {
        return text.indexOf('\0') < 0 ? text : text.replace('\0', '\uFFFD');
    }

    /** Serialization, a deadlock, a lock that was not had in time. */
    @Override
    public boolean isTransient(SQLException failure) {
        return Dialect.hasState(failure, "40") || Dialect.hasState(failure, "55P03");
    }

    /** No connection, or the server is being stopped, started or full. */
    @Override
    public boolean isAway(SQLException failure) {
        return Dialect.hasState(failure, "08") || Dialect.hasState(failure, "57P")
            || Dialect.hasState(failure, "53300") || Dialect.hasState(failure, "25P03")
            || Dialect.any(failure, SQLTransientConnectionException.class::isInstance);
    }

    @Override
    public boolean isReadOnly(SQLException failure) {
        return Dialect.hasState(failure, "25006");
    }

    /** If somebody cancels its wait for the standby, a commit succeeds, with a warning. */
    @Override
    public void requireSafe(Connection connection) throws SQLException {
        SQLWarning warning = connection.getWarnings();
        if (warning != null) {
            throw new SQLException(line(warning), warning.getSQLState(), warning);
        }
    }

    /**
     * A commit whose wait for the standby was cut off can be seen here and be missing there. This
     * writes, so its own commit waits until the standby has both.
     */
    @Override
    public void confirm(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_logical_emit_message(true, 'pactor', '')");
        }
    }

    private static String line(SQLException failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("").strip();
    }
}

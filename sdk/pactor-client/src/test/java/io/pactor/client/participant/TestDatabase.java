package io.pactor.client.participant;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pactor.testing.DatabaseServer;
import io.pactor.testing.MariadbServer;
import io.pactor.testing.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.mariadb.jdbc.MariaDbDataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** The databases that the tests of the barrier run on, and what sets them apart in a test. */
enum TestDatabase {

    /** It tells only who waits for a table; but who inserts a row that is being inserted waits. */
    H2("", "select count(*) from information_schema.sessions where blocker_id is not null or"
        + " lower(executing_statement) like 'insert into barrier %'",
        "set lock_timeout 100"),

    H2_AS_POSTGRESQL(";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH",
        H2.countOfWaiting, H2.shortWait),

    H2_AS_MYSQL(";MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE",
        H2.countOfWaiting, H2.shortWait),

    POSTGRESQL("", "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
        + " and datname = current_database()", "set lock_timeout = 100"),

    /** With the table as DTM's script makes it. */
    POSTGRESQL_OF_DTM("", POSTGRESQL.countOfWaiting, POSTGRESQL.shortWait),

    MARIADB("", "select count(*) from information_schema.innodb_trx"
        + " where trx_state = 'LOCK WAIT'", "set innodb_lock_wait_timeout = 1"),

    /** With the table as DTM's script makes it. */
    MARIADB_OF_DTM("", MARIADB.countOfWaiting, MARIADB.shortWait);

    private static final Map<TestDatabase, DataSource> SHARED = new ConcurrentHashMap<>();
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    /** How many connections wait for a lock now. */
    private final String countOfWaiting;

    /** Makes a connection give up soon where it waits for a lock. */
    final String shortWait;

    private final String urlTail;

    TestDatabase(String urlTail, String countOfWaiting, String shortWait) {
        this.urlTail = urlTail;
        this.countOfWaiting = countOfWaiting;
        this.shortWait = shortWait;
    }

    /** A gid that no other test uses. */
    static String gid() {
        return "order-" + NUMBERS.incrementAndGet();
    }

    boolean isPostgresql() {
        return this == POSTGRESQL || this == POSTGRESQL_OF_DTM;
    }

    boolean isMariadb() {
        return this == MARIADB || this == MARIADB_OF_DTM;
    }

    /** The database that the tests of this JVM share, with the tables and one for work. */
    DataSource shared() {
        return SHARED.computeIfAbsent(this, each -> {
            DataSource fresh = each.fresh();
            each.makeTables(fresh);
            execute(fresh, "create table work (gid varchar(128), op varchar(45))"
                + (each.isMariadb() ? " default charset = utf8mb4 collate = utf8mb4_bin" : ""));
            return fresh;
        });
    }

    /** A new database, without tables; the test is skipped, loudly, where there is no server. */
    DataSource fresh() {
        try {
            if (isPostgresql()) {
                assumeHere(PostgresServer.isHere());
                PGSimpleDataSource postgresql = new PGSimpleDataSource();
                postgresql.setUrl(server().fresh());
                return postgresql;
            }
            if (isMariadb()) {
                assumeHere(MariadbServer.isHere());
                return new MariaDbDataSource(server().fresh());
            }
            JdbcDataSource h2 = new JdbcDataSource();
            h2.setUrl("jdbc:h2:mem:test" + NUMBERS.incrementAndGet() + ";DB_CLOSE_DELAY=-1"
                + ";LOCK_TIMEOUT=20000" + urlTail);
            return h2;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private DatabaseServer server() {
        return isPostgresql() ? PostgresServer.shared() : MariadbServer.shared();
    }

    private void makeTables(DataSource database) {
        try (Connection connection = database.getConnection()) {
            if (this == POSTGRESQL_OF_DTM) {
                execute(database, "create sequence barrier_seq", """
                    create table barrier(
                      id bigint not null default nextval('barrier_seq'),
                      trans_type varchar(45) default '', gid varchar(128) default '',
                      branch_id varchar(128) default '', op varchar(45) default '',
                      barrier_id varchar(45) default '', reason varchar(45) default '',
                      create_time timestamp(0) with time zone default null,
                      update_time timestamp(0) with time zone default null,
                      primary key (id),
                      constraint uniq_barrier unique (gid, branch_id, op, barrier_id))
                    """);
            }
            if (this == MARIADB_OF_DTM) {
                execute(database, """
                    create table barrier(
                      id bigint(22) primary key auto_increment,
                      trans_type varchar(45) default '', gid varchar(128) default '',
                      branch_id varchar(128) default '', op varchar(45) default '',
                      barrier_id varchar(45) default '', reason varchar(45) default '',
                      create_time datetime default now(), update_time datetime default now(),
                      key (create_time), key (update_time),
                      unique key (gid, branch_id, op, barrier_id))
                      engine = InnoDB default charset = utf8mb4
                    """);
            }
            BarrierSchema.create(connection);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** How many connections to that database, or its server, wait for another's lock. */
    int waiting(DataSource database) {
        return Integer.parseInt(ask(database, countOfWaiting));
    }

    static void execute(DataSource database, String... statements) {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The only value of the only row; empty if there is none. */
    static String ask(DataSource database, String query) {
        try (Connection connection = database.getConnection()) {
            return ask(connection, query);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same within a transaction. */
    static String ask(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() ? row.getString(1) : "";
        }
    }

    private void assumeHere(boolean isHere) {
        if (!isHere) {
            String said = "NOT TESTED WITH " + this + ": its server is not on this machine";
            System.err.println(said);
            if (System.getenv("CI") != null) {
                throw new AssertionError(said);
            }
            assumeTrue(false, said);
        }
    }
}

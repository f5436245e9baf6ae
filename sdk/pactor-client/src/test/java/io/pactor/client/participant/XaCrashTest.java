package io.pactor.client.participant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pactor.testing.DatabaseServer;
import io.pactor.testing.MariadbServer;
import io.pactor.testing.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mariadb.jdbc.MariaDbDataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Everything is killed between the two phases: the participant's connections, and its database. */
@Timeout(180)
class XaCrashTest {

    private static BranchCall call(String gid, String op) {
        return new BranchCall(gid, "xa", "01", op);
    }

    private static void prepare(DataSource database, String gid) {
        XaBranch.of(JdbcBarrier.create()).prepare(database, call(gid, "action"), connection -> {
            CallContract.work(connection, call(gid, "action"));
            return Reply.EMPTY;
        });
    }

    private static DataSource postgresql(String url) {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(url);
        return database;
    }

    private static void check(DatabaseServer server, DataSource database) throws SQLException {
        try (Connection connection = database.getConnection()) {
            BarrierSchema.create(connection);
        }
        TestDatabase.execute(database, "create table work (gid varchar(128), op varchar(45))");
        prepare(database, "kept");
        prepare(database, "gone");

        server.kill();
        server.start();

        XaBranch branches = XaBranch.of(JdbcBarrier.create());
        assertEquals(List.of("gone-01", "kept-01"), branches.prepared(database).stream()
            .map(PreparedBranch::xid).sorted().toList());
        branches.end(database, call("kept", "commit"));
        branches.end(database, call("kept", "commit"));
        branches.end(database, call("gone", "rollback"));
        assertEquals("kept", TestDatabase.ask(database, "select max(gid) from work"));
        assertEquals("1", TestDatabase.ask(database, "select count(*) from work"));
        assertThrows(Refused.class, () -> prepare(database, "gone"));
    }

    @Test
    void postgresqlKeepsWhatIsPrepared() throws SQLException {
        assumeTrue(PostgresServer.isHere());
        try (PostgresServer server = PostgresServer.running()) {
            check(server, postgresql(server.fresh()));
        }
    }

    @Test
    void mariadbKeepsWhatIsPrepared() throws SQLException {
        assumeTrue(MariadbServer.isHere());
        try (MariadbServer server = MariadbServer.running()) {
            check(server, new MariaDbDataSource(server.fresh()));
        }
    }
}

package io.pactor.client.participant;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two applications use the same gid in schemas of their own, and so the same name of a branch. */
abstract class XaNeighbourContract {

    private final TestDatabase kind;
    private final DataSource database;
    private final String gid = TestDatabase.gid();
    private final String schema = "schema_of_" + gid.replace('-', '_');
    private final XaBranch own = XaBranch.of(JdbcBarrier.create());
    private final XaBranch neighbour =
        XaBranch.of(JdbcBarrier.builder().table(schema + ".barrier").build());

    XaNeighbourContract(TestDatabase kind) {
        this.kind = kind;
        database = kind.shared();
    }

    @BeforeEach
    void createSchema() throws SQLException {
        TestDatabase.execute(database, "create schema " + schema);
        try (Connection connection = database.getConnection()) {
            BarrierSchema.create(connection, schema + ".barrier");
        }
    }

    private BranchCall call(String op) {
        return new BranchCall(gid, "xa", "01", op);
    }

    private void prepare(XaBranch branches, String mark) {
        branches.prepare(database, call("action"), connection -> {
            CallContract.work(connection, new BranchCall(gid, "xa", "01", mark));
            return Reply.EMPTY;
        });
    }

    /** The server may not have noticed yet that the connection of the first phase is gone. */
    private void end(XaBranch branches, String op) {
        await().untilAsserted(
            () -> assertDoesNotThrow(() -> branches.end(database, call(op))));
    }

    private PreparedBranch listed() throws SQLException {
        List<PreparedBranch> found = own.prepared(database).stream()
            .filter(each -> each.gid().equals(gid)).toList();
        assertEquals(1, found.size(), found::toString);
        return found.get(0);
    }

    private String works(String mark) {
        return TestDatabase.ask(database, "select count(*) from work where gid = '" + gid
            + "' and op = '" + mark + "'");
    }

    /** The neighbour's branch is as it was, and its own calls end it. */
    private void assertNeighbourCommits() throws SQLException {
        listed();
        assertEquals("0", works("neighbour"));
        end(neighbour, "commit");
        assertEquals("1", works("neighbour"));
    }

    private void assertNeighbourRollsBack() throws SQLException {
        listed();
        end(neighbour, "rollback");
        assertEquals("0", works("neighbour"));
        assertThrows(Refused.class, () -> prepare(neighbour, "late"));
    }

    @Test
    void aRollbackOfNothingLeavesTheNeighboursBranch() throws SQLException {
        prepare(neighbour, "neighbour");
        own.end(database, call("rollback"));
        own.end(database, call("rollback"));
        assertNeighbourCommits();
        assertThrows(Refused.class, () -> prepare(own, "late"));
    }

    @Test
    void aRepeatedRollbackLeavesTheNeighboursBranch() throws SQLException {
        prepare(own, "own");
        end(own, "rollback");
        prepare(neighbour, "neighbour");
        own.end(database, call("rollback"));
        assertNeighbourCommits();
        assertEquals("0", works("own"));
    }

    @Test
    void aRepeatedCommitLeavesTheNeighboursBranch() throws SQLException {
        prepare(own, "own");
        end(own, "commit");
        prepare(neighbour, "neighbour");
        own.end(database, call("commit"));
        assertNeighbourRollsBack();
        assertEquals("1", works("own"));
    }

    @Test
    void aCommitOfNothingLeavesTheNeighboursBranch() throws SQLException {
        prepare(neighbour, "neighbour");
        assertThrows(BarrierException.class, () -> own.end(database, call("commit")));
        assertNeighbourRollsBack();
    }

    /** MariaDB takes the name at the begin of the work, PostgreSQL at its end. */
    @Test
    void aRollbackInTheMiddleOfTheActionLeavesTheNeighboursBranch() throws SQLException {
        prepare(neighbour, "neighbour");
        assertThrows(BarrierException.class,
            () -> own.prepare(database, call("action"), connection -> {
                CallContract.work(connection, call("action"));
                assertThrows(BarrierException.class,
                    () -> own.end(database, call("rollback")));
                return Reply.EMPTY;
            }));
        end(own, "rollback");
        assertNeighbourCommits();
    }

    /** A server has each name once, whatever the database. */
    @Test
    void aDatabaseOfItsOwnIsNotApartEither() throws SQLException {
        DataSource other = kind.fresh();
        try (Connection connection = other.getConnection()) {
            BarrierSchema.create(connection);
        }
        prepare(neighbour, "neighbour");
        assertThrows(BarrierException.class,
            () -> own.prepare(other, call("action"), connection -> Reply.EMPTY));
        await().untilAsserted(
            () -> assertDoesNotThrow(() -> own.end(other, call("rollback"))));
        assertNeighbourCommits();
    }

    @Test
    void onlyItsBarrierKnowsABranchAsItsOwn() throws SQLException {
        prepare(neighbour, "neighbour");
        assertFalse(own.isOwn(database, listed()));
        assertTrue(neighbour.isOwn(database, listed()));
        end(neighbour, "rollback");
    }

    @Test
    void oneOfAnotherNameIsNobodys() throws SQLException {
        assertFalse(own.isOwn(database,
            new PreparedBranch("jta", "", "", Optional.empty())));
    }
}

package io.pactor.client.participant;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Branches of XA transactions, ended from other connections than they were prepared on. */
abstract class XaContract {

    private static final Reply REPLY = Reply.json("7");

    private final DataSource database;
    private final XaBranch branches = XaBranch.of(JdbcBarrier.create());
    private final String gid = TestDatabase.gid();
    private final AtomicInteger works = new AtomicInteger();

    XaContract(TestDatabase kind) {
        database = kind.shared();
    }

    private BranchCall call(String op) {
        return new BranchCall(gid, "xa", "01", op);
    }

    private Reply prepare() {
        return branches.prepare(database, call("action"), connection -> {
            works.incrementAndGet();
            CallContract.work(connection, call("action"));
            return REPLY;
        });
    }

    /** The server may not have noticed yet that the connection of the first phase is gone. */
    private void end(String op) {
        await().untilAsserted(
            () -> assertDoesNotThrow(() -> branches.end(database, call(op))));
    }

    private void assertWorkIs(int rows) {
        for (String table : new String[] {"work", "barrier_reply"}) {
            assertEquals(String.valueOf(rows), TestDatabase.ask(database, "select count(*) from "
                + table + " where gid = '" + gid + "'"), table);
        }
    }

    @Test
    void whatIsPreparedIsSeenOnceItIsCommitted() {
        assertEquals(REPLY, prepare());
        assertWorkIs(0);
        end("commit");
        assertWorkIs(1);
        end("commit");
        assertEquals(REPLY, prepare());
        assertEquals(1, works.get());
        assertThrows(BarrierException.class, () -> branches.end(database, call("rollback")));
        assertWorkIs(1);
    }

    @Test
    void whatIsRolledBackLeavesNothingAndComesNoMore() {
        prepare();
        end("rollback");
        assertWorkIs(0);
        end("rollback");
        assertThrows(Refused.class, this::prepare);
        assertEquals(1, works.get());
        assertThrows(BarrierException.class, () -> branches.end(database, call("commit")));
    }

    @Test
    void aRollbackThatComesFirstShutsTheActionOut() {
        end("rollback");
        assertThrows(Refused.class, this::prepare);
        assertEquals(0, works.get());
        assertWorkIs(0);
    }

    @Test
    void aCommitOfWhatWasNeverPreparedIsNoSuccess() {
        assertThrows(BarrierException.class, () -> branches.end(database, call("commit")));
        prepare();
        end("commit");
        assertWorkIs(1);
    }

    /** It comes again then, and finds the branch. */
    @Test
    void aRollbackInTheMiddleOfTheActionIsNoSuccess() {
        branches.prepare(database, call("action"), connection -> {
            CallContract.work(connection, call("action"));
            assertThrows(BarrierException.class,
                () -> branches.end(database, call("rollback")));
            return REPLY;
        });
        end("rollback");
        assertWorkIs(0);
        assertThrows(Refused.class, this::prepare);
    }

    @Test
    void aRepeatBeforeTheEndIsUnknown() {
        prepare();
        assertThrows(BarrierException.class, this::prepare);
        end("commit");
        assertWorkIs(1);
    }

    @Test
    void theConnectionWaitsAsLongAsBefore() {
        List<String> ends = new ArrayList<>();
        WatchedDataSource watched = new WatchedDataSource(database);
        branches.end(watched.asDataSource(), call("rollback"));
        watched.statements.stream().filter(each -> each.contains("lock_wait_timeout =")
            || each.contains("lock_timeout")).forEach(ends::add);
        assertTrue(ends.get(ends.size() - 1).startsWith("set local ")
            || ends.get(ends.size() - 1).endsWith(" @pactor_lock_wait"), ends::toString);
    }

    @Test
    void aRefusalLeavesNothing() {
        assertThrows(Refused.class, () -> branches.prepare(database, call("action"), inside -> {
            CallContract.work(inside, call("action"));
            throw new Refused("no");
        }));
        await().untilAsserted(() -> assertWorkIs(0));
        end("rollback");
        assertWorkIs(0);
    }

    @Test
    void anotherPhaseThanTheTwoIsRefused() {
        assertThrows(IllegalArgumentException.class,
            () -> branches.end(database, call("action")));
    }

    @Test
    void aNameThatIsNoneIsRefused() {
        for (String name : new String[] {"it's", "back\\slash", "\u00e9", "x".repeat(128)}) {
            BranchCall call = new BranchCall(name, "xa", "b".repeat(72), "rollback");
            assertThrows(IllegalArgumentException.class, () -> branches.end(database, call));
        }
    }

    /** A pool may hand out connections that begin a transaction with what they read first. */
    @Test
    void aConnectionThatDoesNotCommitByItselfDoes() throws SQLException {
        DataSource manual = manual();
        XaBranch fresh = XaBranch.of(JdbcBarrier.create()); // It reads the tables first.
        fresh.prepare(manual, call("action"), connection -> {
            CallContract.work(connection, call("action"));
            return REPLY;
        });
        await().untilAsserted(() -> assertDoesNotThrow(
            () -> XaBranch.of(JdbcBarrier.create()).end(manual, call("commit"))));
        assertWorkIs(1);
        XaBranch.of(JdbcBarrier.create()).end(manual, call("commit"));
        XaBranch.of(JdbcBarrier.create()).check(manual);
    }

    private DataSource manual() {
        return (DataSource) Proxy.newProxyInstance(DataSource.class.getClassLoader(),
            new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                Connection connection = database.getConnection();
                connection.setAutoCommit(false);
                return connection;
            });
    }

    @Test
    void anErrorThatTheBodyHasCaughtPreparesNothingThatIsNot() {
        boolean isPrepared;
        try {
            branches.prepare(database, call("action"), connection -> {
                CallContract.work(connection, call("action"));
                try (Statement statement = connection.createStatement()) {
                    statement.execute("select nonsense");
                } catch (SQLException caught) {
                    // As a body may do.
                }
                return REPLY;
            });
            isPrepared = true;
        } catch (BarrierException e) {
            isPrepared = false;
        }
        end(isPrepared ? "commit" : "rollback");
        assertWorkIs(isPrepared ? 1 : 0);
    }

    @Test
    void whatIsPreparedIsListed() throws SQLException {
        assertEquals(List.of(), listed());
        prepare();
        PreparedBranch found = listed().get(0);
        assertEquals(gid + "-01", found.xid());
        assertEquals("01", found.branchId());
        found.age().ifPresent(age -> assertTrue(age.toMinutes() < 5, age::toString));
        end("rollback");
        assertEquals(List.of(), listed());
    }

    private List<PreparedBranch> listed() throws SQLException {
        return branches.prepared(database).stream().filter(each -> each.gid().equals(gid))
            .toList();
    }

    @Test
    void theDatabaseCanPrepare() {
        assertDoesNotThrow(() -> branches.check(database));
    }
}

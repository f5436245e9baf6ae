package io.pactor.client.participant;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What transactions make of the barrier that fail, or that are open at the same time. */
abstract class TransactionContract {

    private static final Reply REPLY = Reply.json("{\"number\":7}");

    private final TestDatabase kind;
    private final DataSource database;
    private final JdbcBarrier barrier = JdbcBarrier.create();
    private final String gid = TestDatabase.gid();
    private final BranchCall action = new BranchCall(gid, "saga", "01", "action");
    private final BranchCall compensate = new BranchCall(gid, "saga", "01", "compensate");

    TransactionContract(TestDatabase kind) {
        this.kind = kind;
        this.database = kind.shared();
    }

    private Reply call(DataSource source, BranchCall call, Reply reply) {
        return barrier.run(source, call, connection -> {
            CallContract.work(connection, call);
            return reply;
        });
    }

    private void assertLeft(int rows) {
        for (String each : List.of("barrier", "barrier_reply", "work")) {
            assertEquals(rows, Integer.parseInt(TestDatabase.ask(database, "select count(*) from "
                + each + " where gid = '" + gid + "'")), each);
        }
    }

    static Stream<Throwable> whateverIsThrown() {
        return Stream.of(new Refused("no"), new IllegalStateException("bug"),
            new StackOverflowError(), Ongoing.askAgainIn(Duration.ofSeconds(1)));
    }

    @ParameterizedTest
    @MethodSource("whateverIsThrown")
    void nothingIsLeftIfTheBodyThrows(Throwable thrown) {
        WatchedDataSource watched = new WatchedDataSource(database);
        Throwable seen = assertThrows(Throwable.class,
            () -> barrier.run(watched.asDataSource(), action, connection -> {
                CallContract.work(connection, action);
                barrier.record(connection, action, REPLY);
                if (thrown instanceof Error error) {
                    throw error;
                }
                throw (RuntimeException) thrown;
            }));
        assertSame(thrown, seen);
        assertLeft(0);
        assertEquals(List.of("setAutoCommit false", "rollback", "setAutoCommit true", "close"),
            watched.calls);
        assertEquals(REPLY, call(database, action, REPLY));
        assertLeft(1);
    }

    @Test
    void aFailureOfTheDatabaseIsNoVerdict() {
        BarrierException unknown = assertThrows(BarrierException.class,
            () -> barrier.run(database, action, connection -> {
                CallContract.work(connection, action);
                try (Statement statement = connection.createStatement()) {
                    statement.execute("insert into no_such_table values (1)");
                }
                return REPLY;
            }));
        assertInstanceOf(SQLException.class, unknown.getCause());
        assertTrue(unknown.getMessage().contains(gid), unknown::getMessage);
        assertLeft(0);
    }

    @Test
    void aCommitThatFailsLeavesNothing() {
        WatchedDataSource watched = new WatchedDataSource(database).failingAt("commit");
        assertThrows(BarrierException.class, () -> call(watched.asDataSource(), action, REPLY));
        assertLeft(0);
        assertEquals(List.of("setAutoCommit false", "commit", "rollback", "setAutoCommit true",
            "close"), watched.calls);
    }

    /** The answer to the commit is lost, as when the network breaks then. */
    @Test
    void aCommitOfWhichNothingIsHeardIsUnknownAndTheRepeatFindsItDone() {
        WatchedDataSource watched = new WatchedDataSource(database).failingAfter("commit");
        assertThrows(BarrierException.class, () -> call(watched.asDataSource(), action, REPLY));
        assertLeft(1);
        assertEquals(REPLY, call(database, action, Reply.EMPTY));
        assertLeft(1);
    }

    /** To switch it back to auto-commit, or to close it, could commit what is open. */
    @Test
    void aConnectionThatCannotRollBackIsCutOff() {
        WatchedDataSource watched = new WatchedDataSource(database).failingAt("rollback");
        assertThrows(Refused.class, () -> barrier.run(watched.asDataSource(), action, inside -> {
            CallContract.work(inside, action);
            throw new Refused("no");
        }));
        assertEquals(List.of("setAutoCommit false", "rollback", "abort", "close"), watched.calls);
        assertEquals(REPLY, call(database, action, REPLY));
        assertLeft(1);
    }

    @Test
    void theConnectionIsGivenBackAsItWas() throws SQLException {
        WatchedDataSource watched = new WatchedDataSource(database);
        call(watched.asDataSource(), action, REPLY);
        call(watched.asDataSource(), action, REPLY);
        List<String> once =
            List.of("setAutoCommit false", "commit", "setAutoCommit true", "close");
        assertEquals(Stream.concat(once.stream(), once.stream()).toList(), watched.calls);
    }

    /** Beside those of the work, of which each of these has one. */
    @Test
    void aCallCostsOneStatementMoreAndOneForAReply() {
        call(database, new BranchCall(TestDatabase.gid(), "saga", "01", "action"), REPLY);
        WatchedDataSource watched = new WatchedDataSource(database);
        call(watched.asDataSource(), action, Reply.EMPTY);
        assertEquals(1 + 1, watched.statements.size(), watched.statements::toString);
        watched.statements.clear();
        call(watched.asDataSource(), new BranchCall(gid, "saga", "02", "action"), REPLY);
        assertEquals(2 + 1, watched.statements.size(), watched.statements::toString);
        watched.statements.clear();
        call(watched.asDataSource(), compensate, Reply.EMPTY);
        assertEquals((kind.isPostgresql() ? 2 : 3) + 1, watched.statements.size(),
            watched.statements::toString);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRepeatWaitsForTheCallThatIsAtWork(boolean commits) throws SQLException {
        CompletableFuture<Reply> repeat;
        try (Connection first = database.getConnection()) {
            first.setAutoCommit(false);
            assertTrue(barrier.enter(first, action).isOpen());
            CallContract.work(first, action);
            barrier.record(first, action, REPLY);
            repeat = CompletableFuture.supplyAsync(
                () -> call(database, action, Reply.json("{\"number\":8}")));
            awaitWaiting();
            if (commits) {
                first.commit();
            } else {
                first.rollback();
            }
        }
        assertEquals(commits ? REPLY : Reply.json("{\"number\":8}"), repeat.join());
        assertLeft(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anUndoWaitsForTheActionThatIsAtWork(boolean commits) throws SQLException {
        CompletableFuture<Passage> undo;
        try (Connection first = database.getConnection()) {
            first.setAutoCommit(false);
            barrier.enter(first, action);
            undo = CompletableFuture.supplyAsync(() -> enter(compensate));
            awaitWaiting();
            if (commits) {
                first.commit();
            } else {
                first.rollback();
            }
        }
        assertEquals(commits ? new Passage.Open() : new Passage.NothingToUndo(), undo.join());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theQuestionAboutAMessageWaitsForItsTransaction(boolean commits) throws SQLException {
        CompletableFuture<Boolean> answer;
        try (Connection first = database.getConnection()) {
            first.setAutoCommit(false);
            assertTrue(barrier.enter(first, BranchCall.message(gid)).isOpen());
            answer = CompletableFuture.supplyAsync(() -> barrier.committed(database, gid));
            awaitWaiting();
            if (commits) {
                first.commit();
            } else {
                first.rollback();
            }
        }
        assertEquals(commits, answer.join());
        assertEquals(commits, barrier.committed(database, gid));
    }

    @Test
    void toWaitTooLongIsNoVerdict() throws SQLException {
        try (Connection first = database.getConnection();
                Connection second = database.getConnection()) {
            try (Statement statement = second.createStatement()) {
                statement.execute(kind.shortWait);
            }
            first.setAutoCommit(false);
            second.setAutoCommit(false);
            barrier.enter(first, action);
            assertThrows(SQLException.class, () -> barrier.enter(second, action));
            second.rollback();
            assertThrows(SQLException.class, () -> barrier.enter(second, compensate));
            second.rollback();
            first.commit();
            assertEquals(new Passage.Open(), barrier.enter(second, compensate));
            second.rollback();
        }
    }

    /** Begun, with a view of the data, before the first call commits. */
    @ParameterizedTest
    @ValueSource(ints = {Connection.TRANSACTION_READ_COMMITTED,
        Connection.TRANSACTION_REPEATABLE_READ, Connection.TRANSACTION_SERIALIZABLE})
    void anOlderTransactionNeverTakesADoneCallForNew(int isolation) throws SQLException {
        if (kind.isMariadb() && isolation == Connection.TRANSACTION_SERIALIZABLE) {
            // There what was read is locked, so nobody else can commit the call.
            return;
        }
        barrier.run(database, new BranchCall(TestDatabase.gid(), "saga", "01", "action"),
            connection -> Reply.EMPTY);
        try (Connection older = database.getConnection()) {
            older.setTransactionIsolation(isolation);
            older.setAutoCommit(false);
            TestDatabase.ask(older, "select count(*) from work where gid = '" + gid + "'");
            TestDatabase.ask(older, "select count(*) from barrier where gid = '" + gid + "'");
            CompletableFuture.runAsync(() -> call(database, action, REPLY)).join();
            try {
                Passage passage = barrier.enter(older, action);
                assertEquals(new Passage.Repeated(REPLY), passage);
                assertFalse(kind.isPostgresql()
                    && isolation != Connection.TRANSACTION_READ_COMMITTED);
            } catch (SQLException unknown) {
                assertFalse(kind.isMariadb()
                    || isolation == Connection.TRANSACTION_READ_COMMITTED, unknown::toString);
                assertTrue(!kind.isPostgresql() || "40001".equals(unknown.getSQLState()),
                    unknown::toString);
            }
            older.rollback();
        }
        assertEquals(REPLY, call(database, action, Reply.EMPTY));
        assertLeft(1);
    }

    private Passage enter(BranchCall call) {
        return LocalTransaction.run(database, call.toString(),
            inside -> barrier.enter(inside, call));
    }

    /** Until the other one stands at the lock that this one holds. */
    private void awaitWaiting() {
        await().until(() -> kind.waiting(database) > 0);
    }
}

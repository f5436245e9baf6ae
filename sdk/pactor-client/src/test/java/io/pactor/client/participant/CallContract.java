package io.pactor.client.participant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What one call after the other makes of the barrier, on any database. */
abstract class CallContract {

    private static final Reply REPLY = new Reply("text/plain;charset=utf-8",
        new byte[] {0, 1, (byte) 0xff, 'a', '\'', '\\', '\n'});

    private final DataSource database;
    private final JdbcBarrier barrier = JdbcBarrier.create();
    private final String gid = TestDatabase.gid();

    CallContract(TestDatabase database) {
        this.database = database.shared();
    }

    private BranchCall saga(String op) {
        return new BranchCall(gid, "saga", "01", op);
    }

    private Reply call(BranchCall call) {
        return call(call, REPLY);
    }

    private Reply call(BranchCall call, Reply reply) {
        return barrier.run(database, call, connection -> {
            work(connection, call);
            return reply;
        });
    }

    static void work(Connection connection, BranchCall call) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("insert into work (gid, op) values (?, ?)")) {
            insert.setString(1, call.gid());
            insert.setString(2, call.op());
            insert.executeUpdate();
        }
    }

    private void assertWorked(String op, int times) {
        assertEquals(times, count("work where gid = '" + gid + "' and op = '" + op + "'"), op);
    }

    private int count(String from) {
        return Integer.parseInt(TestDatabase.ask(database, "select count(*) from " + from));
    }

    private int rows() {
        return count("barrier where gid = '" + gid + "'");
    }

    private int replies() {
        return count("barrier_reply where gid = '" + gid + "'");
    }

    @Test
    void aRepeatGetsTheSameBytesAndDoesNothing() {
        assertEquals(REPLY, call(saga("action")));
        assertEquals(REPLY, call(saga("action"), Reply.json("{\"other\":1}")));
        assertEquals(REPLY, call(saga("action"), Reply.EMPTY));
        assertWorked("action", 1);
        assertEquals(1, rows());
        assertEquals(1, replies());
    }

    @Test
    void anEmptyReplyIsNotKept() {
        assertEquals(Reply.EMPTY, call(saga("action"), new Reply("text/plain", new byte[0])));
        assertEquals(Reply.EMPTY, call(saga("action")));
        assertEquals(0, replies());
        assertEquals(Reply.EMPTY, call(saga("compensate"), null));
    }

    @Test
    void aReplyMayHaveNoContentType() {
        Reply bare = new Reply("", new byte[] {7});
        assertEquals(bare, call(saga("action"), bare));
        assertEquals(bare, call(saga("action")));
    }

    @Test
    void branchesAndTransactionsAreSeparate() {
        call(saga("action"));
        call(new BranchCall(gid, "saga", "02", "action"));
        call(new BranchCall(TestDatabase.gid(), "saga", "01", "action"));
        assertWorked("action", 2);
    }

    @ParameterizedTest
    @CsvSource({"saga, action, compensate", "tcc, try, cancel", "xa, action, rollback"})
    void anUndoUndoesWhatWasDoneOnce(String mode, String op, String undo) {
        call(new BranchCall(gid, mode, "01", op));
        call(new BranchCall(gid, mode, "01", undo));
        call(new BranchCall(gid, mode, "01", undo));
        assertWorked(op, 1);
        assertWorked(undo, 1);
        assertEquals(REPLY, call(new BranchCall(gid, mode, "01", op)), "the action, once more");
        assertWorked(op, 1);
    }

    @ParameterizedTest
    @CsvSource({"saga, action, compensate", "tcc, try, cancel", "xa, action, rollback"})
    void anUndoWithoutItsActionDoesNothingAndShutsTheActionOut(String mode, String op,
            String undo) throws SQLException {
        BranchCall late = new BranchCall(gid, mode, "01", op);
        BranchCall first = new BranchCall(gid, mode, "01", undo);
        assertEquals(new Passage.NothingToUndo(), enter(first));
        assertEquals(new Passage.Repeated(Reply.EMPTY), enter(first));
        assertEquals(new Passage.UndoneBefore(), enter(late));
        assertEquals(new Passage.UndoneBefore(), enter(late));
        assertEquals(Reply.EMPTY, call(first));
        Refused refused = assertThrows(Refused.class, () -> call(late));
        assertTrue(refused.getMessage().contains(gid), refused::getMessage);
        assertTrue(refused.getMessage().contains("undone before it came"), refused::getMessage);
        assertWorked(op, 0);
        assertWorked(undo, 0);
    }

    private Passage enter(BranchCall call) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            Passage passage = barrier.enter(connection, call);
            connection.commit();
            return passage;
        }
    }

    @Test
    void theUndoOfARefusedActionDoesNothing() {
        assertThrows(Refused.class, () -> barrier.run(database, saga("action"), connection -> {
            work(connection, saga("action"));
            throw new Refused("no stock");
        }));
        assertEquals(0, rows());
        assertEquals(Reply.EMPTY, call(saga("compensate")));
        assertWorked("action", 0);
        assertWorked("compensate", 0);
        assertThrows(Refused.class, () -> call(saga("action")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"confirm", "commit", "msg", "anything"})
    void otherOperationsUndoNothing(String op) throws SQLException {
        assertEquals(new Passage.Open(), enter(saga(op)));
        assertEquals(new Passage.Repeated(Reply.EMPTY), enter(saga(op)));
        assertEquals(1, rows());
    }

    @Test
    void anActionIsAskedForAgainUntilItIsDone() {
        assertThrows(Ongoing.class, () -> barrier.run(database, saga("action"), connection -> {
            work(connection, saga("action"));
            throw Ongoing.askAgainIn(Duration.ofSeconds(1));
        }));
        assertEquals(REPLY, call(saga("action")));
        assertWorked("action", 1);
    }

    @Test
    void theRowsAreThoseOfDtmsClients() {
        call(new BranchCall(gid, "saga", "0102", "compensate"));
        String row = "select concat(trans_type, ' ', branch_id, ' ', barrier_id, ' ', reason)"
            + " from barrier where gid = '" + gid + "' and op = ";
        assertEquals("saga 0102 01 compensate", TestDatabase.ask(database, row + "'compensate'"));
        assertEquals("saga 0102 01 compensate", TestDatabase.ask(database, row + "'action'"));
        assertEquals(2, count("barrier where create_time is not null and gid = '" + gid + "'"));
        call(new BranchCall(gid, "tcc", "1", "try"));
        assertEquals("tcc 1 01 try", TestDatabase.ask(database, row + "'try'"));
    }

    /** As another client would: with its statements, and the row that it looks for. */
    @Test
    void aRowOfAnotherClientCounts() {
        TestDatabase.execute(database, "insert into barrier (trans_type, gid, branch_id, op,"
            + " barrier_id, reason)"
            + " values ('saga', '" + gid + "', '01', 'action', '01', 'action')");
        assertEquals(Reply.EMPTY, call(saga("action")));
        assertWorked("action", 0);
        call(saga("compensate"));
        assertWorked("compensate", 1);
    }

    @Test
    void theLongestNamesAndReplyAreKept() {
        BranchCall longest = new BranchCall(gid + "\u8ba2".repeat(128 - gid.length()),
            "m".repeat(45), "\u00e9".repeat(128), "o".repeat(45));
        byte[] body = new byte[Reply.MAX_BYTES];
        Arrays.fill(body, (byte) 0x80);
        Reply reply = new Reply("t".repeat(Reply.CONTENT_TYPE_MAX), body);
        assertEquals(reply, call(longest, reply));
        assertEquals(reply, call(longest));
        assertEquals(1, count("work where gid = '" + longest.gid() + "'"));
    }

    @Test
    void aReplyThatIsTooLongIsRefusedByNameAndNothingIsLeft() {
        String length = assertThrows(IllegalArgumentException.class, () -> call(saga("action"),
            new Reply("a/b", new byte[Reply.MAX_BYTES + 1]))).getMessage();
        assertTrue(length.contains("65536") && length.contains("Reply.MAX_BYTES"), length);
        String type = assertThrows(IllegalArgumentException.class, () -> call(saga("action"),
            new Reply("t".repeat(Reply.CONTENT_TYPE_MAX + 1), new byte[1]))).getMessage();
        assertTrue(type.contains("256") && type.contains("Reply.CONTENT_TYPE_MAX"), type);
        assertWorked("action", 0);
        assertEquals(0, rows());
    }

    @Test
    void aConnectionWithoutTransactionIsRefusedByName() throws SQLException {
        try (Connection connection = database.getConnection()) {
            String said = assertThrows(IllegalStateException.class,
                () -> barrier.enter(connection, saga("action"))).getMessage();
            assertTrue(said.contains("auto-commit"), said);
            assertThrows(IllegalStateException.class,
                () -> barrier.record(connection, saga("action"), REPLY));
            assertThrows(IllegalStateException.class, () -> barrier.committed(connection, gid));
        }
        assertEquals(0, rows());
    }

    /** H2's driver forgets that it was asked for one, so there it cannot be told. */
    @Test
    void aReadOnlyConnectionIsRefusedByName() throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            if (!connection.isReadOnly()) {
                return;
            }
            String said = assertThrows(IllegalStateException.class,
                () -> barrier.enter(connection, saga("action"))).getMessage();
            assertTrue(said.contains("read-only"), said);
            connection.rollback();
            assertThrows(IllegalStateException.class, () -> barrier.committed(connection, gid));
            connection.rollback();
        }
        assertEquals(0, rows());
    }

    @Test
    void eachDatabaseHasItsOwnRows() throws SQLException {
        AtomicInteger works = new AtomicInteger();
        DataSource other = TestDatabase.H2.fresh();
        try (Connection connection = other.getConnection()) {
            BarrierSchema.create(connection);
        }
        for (DataSource each : List.of(database, other, database, other)) {
            JdbcBarrier.create().run(each, saga("action"), connection -> {
                works.incrementAndGet();
                return Reply.EMPTY;
            });
        }
        assertEquals(2, works.get());
        assertEquals(1, rows());
    }

    @Test
    void aMessageIsCommittedOrNeverWillBe() {
        assertFalse(barrier.committed(database, gid));
        assertFalse(barrier.committed(database, gid));
        assertThrows(Refused.class, () -> call(BranchCall.message(gid)));
        assertFalse(barrier.committed(database, gid));
        assertEquals("rollback", TestDatabase.ask(database, "select reason from barrier where gid"
            + " = '" + gid + "' and branch_id = '00' and op = 'msg' and barrier_id = '01'"));

        String other = TestDatabase.gid();
        call(BranchCall.message(other));
        assertTrue(barrier.committed(database, other));
        assertTrue(barrier.committed(database, other));
    }
}

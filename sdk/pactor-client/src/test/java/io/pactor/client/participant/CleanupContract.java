package io.pactor.client.participant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which rows go, and which stay. */
abstract class CleanupContract {

    /** What the tests keep, and the slack for time zones. */
    private static final Duration AGE = Duration.ofDays(7);
    private static final Duration LIMIT = AGE.plus(BarrierCleanup.ZONES);

    private final Dialect dialect;
    private final DataSource database;
    private final JdbcBarrier barrier = JdbcBarrier.create();

    CleanupContract(TestDatabase kind, Dialect dialect) {
        this.dialect = dialect;
        database = kind.fresh();
    }

    @BeforeEach
    void makeTables() throws SQLException {
        try (Connection connection = database.getConnection()) {
            BarrierSchema.create(connection);
        }
    }

    private void call(String gid, String op, Duration age) {
        BranchCall call = new BranchCall(gid, "saga", "01", op);
        barrier.run(database, call, connection -> Reply.json("1"));
        TestDatabase.execute(database, "update barrier set create_time = " + dialect.ago(age)
            + " where gid = '" + gid + "' and op = '" + op + "'");
    }

    private String gids() {
        List<String> all = new ArrayList<>();
        try (Connection connection = database.getConnection();
                var rows = connection.createStatement()
                    .executeQuery("select gid from barrier order by id")) {
            while (rows.next()) {
                all.add(rows.getString(1));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        assertEquals(String.valueOf(all.size()),
            TestDatabase.ask(database, "select count(*) from barrier_reply"));
        return String.join(" ", all);
    }

    @Test
    void whatIsOlderGoesWithItsReply() {
        call("a", "action", LIMIT.plusMinutes(1));
        call("b", "action", LIMIT.minusMinutes(1));
        call("c", "action", Duration.ZERO);
        assertEquals(1, BarrierCleanup.olderThan(AGE).build().run(database));
        assertEquals("b c", gids());
        assertEquals(0, BarrierCleanup.olderThan(AGE).build().run(database));
    }

    /** Or its undo would find nothing to undo. */
    @Test
    void aTransactionGoesWholeOrNotAtAll() {
        call("a", "action", LIMIT.plusDays(9));
        call("b", "action", LIMIT.plusDays(9));
        call("b", "compensate", LIMIT.plusDays(8));
        call("a", "compensate", Duration.ofDays(1));
        assertEquals(2, BarrierCleanup.olderThan(AGE).build().run(database));
        assertEquals("a a", gids());
    }

    @Test
    void whatHasNotEndedStays() {
        for (String gid : List.of("a", "b", "c", "d")) {
            call(gid, "action", LIMIT.plusDays(1));
        }
        List<String> asked = new ArrayList<>();
        BarrierCleanup cleanup = BarrierCleanup.olderThan(AGE).rowsPerTransaction(2)
            .ifEnded(gid -> {
                asked.add(gid);
                return gid.equals("c");
            }).build();
        assertEquals(1, cleanup.run(database));
        assertEquals("a b d", gids());
        assertEquals(List.of("a", "b", "c", "d"), asked);
    }

    @Test
    void aRunDeletesSoManyAndNoMore() {
        IntStream.range(0, 8).forEach(i -> call("g" + i, "action", LIMIT.plusDays(1)));
        BarrierCleanup cleanup =
            BarrierCleanup.olderThan(AGE).rowsPerTransaction(2).rowsPerRun(5).build();
        assertEquals(5, cleanup.run(database));
        assertEquals("g5 g6 g7", gids());
        assertEquals(3, cleanup.run(database));
    }

    @Test
    void itsTransactionsAreSmall() {
        IntStream.range(0, 6).forEach(i -> call("g" + i, "action", LIMIT.plusDays(1)));
        WatchedDataSource watched = new WatchedDataSource(database);
        BarrierCleanup.olderThan(AGE).rowsPerTransaction(2).build().run(watched.asDataSource());
        // Three pages are read and deleted, and the fourth is empty.
        assertEquals(3 * 2 + 1, watched.calls.stream().filter("commit"::equals).count());
    }

    @Test
    void rowsWithoutATimeStay() {
        call("a", "action", LIMIT.plusDays(1));
        call("b", "action", LIMIT.plusDays(1));
        TestDatabase.execute(database, "update barrier set create_time = null where gid = 'a'");
        assertEquals(1, BarrierCleanup.olderThan(AGE).build().run(database));
        assertEquals("a", gids());
    }

    /** Such as there may be by other clients. */
    @Test
    void aRowThatIsNoCallOfOursGoesToo() {
        TestDatabase.execute(database, "insert into barrier (gid, create_time) values ('', "
            + dialect.ago(LIMIT.plusDays(1)) + ")");
        assertEquals(1, BarrierCleanup.olderThan(AGE).build().run(database));
        assertEquals("", gids());
    }

    @Test
    void severalMayRunAtOnce() {
        IntStream.range(0, 60).forEach(i -> call("g" + i, "action", LIMIT.plusDays(1)));
        BarrierCleanup cleanup = BarrierCleanup.olderThan(AGE).rowsPerTransaction(7).build();
        List<CompletableFuture<Integer>> all = IntStream.range(0, 3)
            .mapToObj(i -> CompletableFuture.supplyAsync(() -> cleanup.run(database),
                task -> new Thread(task).start())).toList();
        assertEquals(60, all.stream().mapToInt(CompletableFuture::join).sum());
        assertEquals("", gids());
    }

    @Test
    void theBoundsAreChecked() {
        BarrierCleanup.olderThan(BarrierCleanup.AGE_MIN).rowsPerRun(1).rowsPerTransaction(1)
            .build();
        assertThrows(IllegalArgumentException.class,
            () -> BarrierCleanup.olderThan(BarrierCleanup.AGE_MIN.minusSeconds(1)));
        assertThrows(IllegalArgumentException.class,
            () -> BarrierCleanup.olderThan(AGE).rowsPerRun(0));
        assertThrows(IllegalArgumentException.class,
            () -> BarrierCleanup.olderThan(AGE).rowsPerTransaction(0));
        assertThrows(IllegalArgumentException.class,
            () -> BarrierCleanup.olderThan(AGE).table("a b"));
    }
}

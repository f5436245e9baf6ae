package io.pactor.client.participant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the tables are made, and what is said where they are not. */
abstract class SchemaContract {

    private static final BranchCall ACTION = new BranchCall("order-1", "saga", "01", "action");
    private static final Reply REPLY = Reply.json("7");

    private final DataSource database;

    SchemaContract(TestDatabase kind) {
        database = kind.fresh();
    }

    private void create(String table) {
        try (Connection connection = database.getConnection()) {
            BarrierSchema.create(connection, table);
            assertTrue(connection.getAutoCommit());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertServes(DataSource database, JdbcBarrier barrier) {
        assertEquals(REPLY, barrier.run(database, ACTION, connection -> REPLY));
        assertEquals(REPLY, barrier.run(database, ACTION, connection -> Reply.EMPTY));
    }

    @Test
    void toMakeThemTwiceIsToMakeThemOnce() {
        create("barrier");
        assertServes(database, JdbcBarrier.create());
        create("barrier");
        assertServes(database, JdbcBarrier.create());
    }

    @Test
    void severalMayMakeThemAtOnce() {
        for (int round = 0; round < 5; round++) {
            String table = "guard" + round;
            CyclicBarrier start = new CyclicBarrier(4);
            List<CompletableFuture<Void>> all = IntStream.range(0, 4)
                .mapToObj(each -> CompletableFuture.runAsync(() -> {
                    await(start);
                    create(table);
                }, task -> new Thread(task).start())).toList();
            all.forEach(CompletableFuture::join);
            assertServes(database, JdbcBarrier.builder().table(table).build());
        }
    }

    private static void await(CyclicBarrier start) {
        try {
            start.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"guard", "app.barrier", "app.Guard_2",
        "app.g23456789_123456789_123456789_123456789_12345678"})
    void theyMayHaveAnotherNameAndSchema(String table) {
        TestDatabase.execute(database, "create schema if not exists app");
        create(table);
        create(table);
        assertServes(database, JdbcBarrier.builder().table(table).build());
        assertEquals("1",
            TestDatabase.ask(database, "select count(*) from " + table + "_reply"));
        TestDatabase.execute(database, "drop table " + table, "drop table " + table + "_reply");
    }

    @Test
    void theColumnsAreThoseOfDtm() throws SQLException {
        create("barrier");
        List<String> columns = new ArrayList<>();
        try (Connection connection = database.getConnection();
                ResultSet all = connection.createStatement()
                    .executeQuery("select * from barrier")) {
            for (int i = 1; i <= all.getMetaData().getColumnCount(); i++) {
                columns.add(all.getMetaData().getColumnName(i).toLowerCase(Locale.ROOT));
            }
        }
        assertEquals(List.of("id", "trans_type", "gid", "branch_id", "op", "barrier_id", "reason",
            "create_time", "update_time"), columns);
    }

    @Test
    void anOpenTransactionIsNotCommittedUnawares() throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            String said = assertThrows(IllegalStateException.class,
                () -> BarrierSchema.create(connection)).getMessage();
            assertTrue(said.contains("auto-commit"), said);
            connection.rollback();
        }
    }

    /** And the same barrier works once the table is there. */
    @Test
    void aMissingTableIsSaidByNameAtTheFirstCall() {
        JdbcBarrier barrier = JdbcBarrier.create();
        assertNamesTheScript(barrier);
        create("barrier");
        TestDatabase.execute(database, "drop table barrier_reply");
        assertNamesTheScript(barrier);
        create("barrier");
        assertServes(database, barrier);
        TestDatabase.execute(database, "drop table barrier");
        assertNamesTheScript(barrier);
    }

    private void assertNamesTheScript(JdbcBarrier barrier) {
        String said = assertThrows(BarrierException.class,
            () -> barrier.run(database, ACTION, connection -> REPLY)).getMessage();
        assertTrue(said.contains("barrier_reply") && said.contains("io/pactor/client/barrier/")
            && said.contains("BarrierSchema.create"), said);
    }

    @Test
    void aCheckAtTheStartSaysTheSame() throws SQLException {
        JdbcBarrier barrier = JdbcBarrier.create();
        try (Connection connection = database.getConnection()) {
            assertThrows(SQLException.class, () -> barrier.check(connection));
            BarrierSchema.create(connection);
            barrier.check(connection);
        }
    }
}

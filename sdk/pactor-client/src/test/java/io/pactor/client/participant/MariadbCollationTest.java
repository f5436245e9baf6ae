package io.pactor.client.participant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** MariaDB takes names for the same that are not, and stores others than it was given. */
class MariadbCollationTest {

    private final JdbcBarrier barrier = JdbcBarrier.create();
    private final AtomicInteger works = new AtomicInteger();

    private Reply call(DataSource database, String gid, String op) {
        return barrier.run(database, new BranchCall(gid, "saga", "01", op), connection -> {
            works.incrementAndGet();
            return Reply.json("\"" + gid + "\"");
        });
    }

    private static void assertNamesTheCollation(Runnable call) {
        String said = assertThrows(BarrierException.class, call::run).getMessage();
        assertTrue(said.contains("collation") && said.contains("mysql.sql"), said);
    }

    @ParameterizedTest
    @CsvSource({"order-A1,order-a1", "caf\u00e9-1,cafe-1"})
    void inDtmsTableAnotherTransactionIsNeverTakenForTheSame(String gid, String other) {
        DataSource database = TestDatabase.MARIADB_OF_DTM.shared();
        call(database, gid, "action");
        assertNamesTheCollation(() -> call(database, other, "action"));
        assertNamesTheCollation(() -> call(database, other, "compensate"));
        assertEquals(1, works.get());
        call(database, gid, "compensate");
        assertNamesTheCollation(() -> call(database, other, "compensate"));
        assertEquals(2, works.get());
        assertEquals(Reply.json("\"" + gid + "\""), call(database, gid, "action"));
    }

    @ParameterizedTest
    @CsvSource({"order-A2,order-a2", "caf\u00e9-2,cafe-2"})
    void ourTableKeepsThemApart(String gid, String other) {
        DataSource database = TestDatabase.MARIADB.shared();
        call(database, gid, "action");
        call(database, other, "action");
        assertEquals(2, works.get());
        assertEquals(Reply.json("\"" + other + "\""), call(database, other, "action"));
        assertEquals(Reply.json("\"" + gid + "\""), call(database, gid, "action"));
    }

    /** Our collation is padded, too, as each that MariaDB and MySQL have in common. */
    @ParameterizedTest
    @EnumSource(names = {"MARIADB", "MARIADB_OF_DTM"})
    void aBlankMoreAtTheEndIsRefusedAndNeverTakenForTheSame(TestDatabase kind) {
        DataSource database = kind.shared();
        call(database, "trail-1", "action");
        for (String op : List.of("action", "compensate")) {
            String said = assertThrows(BarrierException.class,
                () -> call(database, "trail-1 ", op)).getMessage();
            assertTrue(said.contains("blanks at their ends"), said);
        }
        assertEquals(1, works.get());
        assertEquals(Reply.json("\"trail-1\""), call(database, "trail-1", "action"));
    }

    @Test
    void aMessageIsNotTakenForAnother() {
        DataSource database = TestDatabase.MARIADB_OF_DTM.shared();
        barrier.run(database, BranchCall.message("Mail-3"), connection -> Reply.EMPTY);
        assertNamesTheCollation(() -> barrier.committed(database, "mail-3"));
        assertTrue(barrier.committed(database, "Mail-3"));
    }

    /** Outside its strict mode the server would store question marks, the same for all. */
    @Test
    void aNameThatTheTableCannotHoldIsRefused() throws SQLException {
        DataSource database = TestDatabase.MARIADB.fresh();
        try (Connection connection = database.getConnection()) {
            BarrierSchema.create(connection);
        }
        TestDatabase.execute(database, "alter table barrier convert to character set latin1");
        for (String mode : List.of("", "STRICT_TRANS_TABLES")) {
            try (Connection connection = database.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("set session sql_mode = '" + mode + "'");
                connection.setAutoCommit(false);
                String said = assertThrows(SQLException.class, () -> barrier.enter(connection,
                    new BranchCall("\u8ba2-1", "saga", "01", "action"))).getMessage();
                assertTrue(said.contains("cannot hold"), said);
                connection.rollback();
            }
        }
        assertEquals(0, works.get());
        assertEquals("0", TestDatabase.ask(database, "select count(*) from barrier"));
        call(database, "order-1", "action");
        assertEquals(1, works.get());
    }
}

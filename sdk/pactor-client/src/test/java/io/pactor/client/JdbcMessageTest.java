package io.pactor.client;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pactor.client.participant.BarrierSchema;
import io.pactor.client.participant.BranchCall;
import io.pactor.client.participant.JdbcBarrier;
import io.pactor.client.participant.Refused;
import io.pactor.client.participant.Reply;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A two-phase message, its local transaction with the barrier in it, and the check-back. */
@Timeout(120)
class JdbcMessageTest {

    private static final Duration WAIT = Duration.ofSeconds(30);

    private final JdbcDataSource database = new JdbcDataSource();
    private final JdbcBarrier barrier = JdbcBarrier.create();
    private final Participants services = new Participants();
    private final Pactor pactor = Pactor.connect(SharedCoordinator.url());
    private Connection open;

    @BeforeEach
    void createTables() throws SQLException {
        database.setURL("jdbc:h2:mem:message" + System.identityHashCode(this));
        open = database.getConnection();
        BarrierSchema.create(open);
        try (Statement statement = open.createStatement()) {
            statement.execute("create table account (balance int)");
            statement.execute("insert into account values (100)");
        }
        services.answer("/check", call -> barrier.committed(database, call.gid())
            ? Participants.DONE : new Participants.Answer(409, "{\"message\":\"no commit\"}"));
    }

    @AfterEach
    void close() throws SQLException {
        services.close();
        pactor.close();
        open.close();
    }

    private Message message(String gid) {
        return pactor.message(gid).to(Call.post(services.url("/credit"), "{\"amount\":30}"))
            .checkBackAt(services.url("/check")).checkBackAfter(Duration.ofSeconds(1));
    }

    private void debit(String gid) {
        barrier.run(database, BranchCall.message(gid), connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.executeUpdate("update account set balance = balance - 30");
            }
            return Reply.EMPTY;
        });
    }

    private int balance() throws SQLException {
        try (Statement statement = open.createStatement();
                ResultSet rows = statement.executeQuery("select balance from account")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private void awaitStatus(String gid, String status) {
        await().atMost(WAIT).until(() -> pactor.query(gid).orElseThrow().status(), status::equals);
    }

    @Test
    void aCommitIsDeliveredOnceHoweverOftenItIsRepeated() throws SQLException {
        for (int i = 0; i < 3; i++) {
            message("jdbc-paid").commitWith(this::debit);
        }
        awaitStatus("jdbc-paid", "succeed");
        assertEquals(70, balance());
        assertEquals(List.of("/credit"), services.calls("jdbc-paid"));
    }

    @Test
    void whoDiesAfterTheCommitHasItDelivered() throws SQLException {
        message("jdbc-died").prepare();
        debit("jdbc-died");

        awaitStatus("jdbc-died", "succeed");
        assertEquals(70, balance());
        assertEquals(List.of("/check", "/credit"), services.calls("jdbc-died"));
    }

    @Test
    void whoWasGivenUpCannotCommitAnyMore() throws SQLException {
        Message message = message("jdbc-late");
        message.prepare();
        awaitStatus("jdbc-late", "failed");

        assertThrows(Refused.class, () -> debit("jdbc-late"));
        assertThrows(RejectedException.class, () -> message.commitWith(this::debit));
        assertEquals(100, balance());
        assertEquals(List.of("/check"), services.calls("jdbc-late"));
    }

    @Test
    void aRollbackSendsNothing() throws SQLException {
        assertThrows(IllegalStateException.class,
            () -> message("jdbc-back").commitWith(gid -> barrier.run(database,
                BranchCall.message(gid), connection -> {
                    throw new IllegalStateException("no");
                })));

        awaitStatus("jdbc-back", "failed");
        assertEquals(100, balance());
        assertEquals("no commit", pactor.query("jdbc-back").orElseThrow().reason());
    }
}

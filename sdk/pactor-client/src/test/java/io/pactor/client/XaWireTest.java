package io.pactor.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pactor.client.participant.BarrierSchema;
import io.pactor.client.participant.BranchCall;
import io.pactor.client.participant.JdbcBarrier;
import io.pactor.client.participant.Refused;
import io.pactor.client.participant.Reply;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What XA sends, and what a participant does before it touches its database. */
@Timeout(60)
class XaWireTest {

    private static final Duration SHORT = Duration.ofSeconds(1);

    private final FakeCoordinator coordinator = new FakeCoordinator();
    private final Participants services = new Participants();
    private final Pactor pactor = Pactor.builder().urls(coordinator.url())
        .timeout(Duration.ofSeconds(20)).build();

    @AfterEach
    void close() {
        coordinator.close();
        services.close();
    }

    private static JdbcDataSource closed() {
        JdbcDataSource database = new JdbcDataSource();
        database.setUrl("jdbc:h2:mem:closed;IFEXISTS=TRUE");
        return database;
    }

    private XaParticipant participant() {
        return XaParticipant.of(pactor, JdbcBarrier.create(), closed());
    }

    private static BranchCall call(String mode, String op) {
        return new BranchCall("x1", mode, "01", op);
    }

    @Test
    void handlingIsToldWithThePrepare() {
        coordinator.knows("park", "attributes");
        pactor.xa("x1").timeoutToFail(Duration.ofMinutes(1)).requestTimeout(Duration.ofSeconds(4))
            .retryInterval(Duration.ofSeconds(2)).parkAfter(3).header("X-A", "1")
            .attribute("tenant", "t1").customData("mine").actionTimeout(SHORT)
            .run(SHORT, tx -> tx.branch(Call.post(services.url("/a"), "{}")));

        Map<String, Object> prepared = coordinator.received("/api/dtmsvr/prepare").get(0).json();
        assertEquals("xa", prepared.get("trans_type"));
        assertEquals(60L, prepared.get("timeout_to_fail"));
        assertEquals(4L, prepared.get("request_timeout"));
        assertEquals(2L, prepared.get("retry_interval"));
        assertEquals(3L, prepared.get("retry_limit"));
        assertEquals("mine", prepared.get("custom_data"));
        assertEquals(Map.of("X-A", "1"), prepared.get("branch_headers"));
        assertEquals(Map.of("tenant", "t1"), prepared.get("attributes"));
        assertTrue(coordinator.received("/api/dtmsvr/registerBranch").isEmpty(),
            "that is the participant's");
    }

    @Test
    void aBranchThatDidNotSucceedDoomsTheTransaction() {
        services.answer("/a", 500, "{}");
        assertThrows(BranchUnknownException.class, () -> pactor.xa("x1").run(SHORT, tx -> {
            assertThrows(BranchUnknownException.class,
                () -> tx.branch(Call.post(services.url("/a"), "{}")));
        }));
        assertEquals(1, coordinator.received("/api/dtmsvr/abort").size());
        assertTrue(coordinator.received("/api/dtmsvr/submit").isEmpty());
    }

    @Test
    void thereAreAtMost99Branches() {
        assertThrows(IllegalStateException.class, () -> pactor.xa("x1").run(SHORT, tx -> {
            for (int i = 0; i <= OwnBranches.BRANCHES_MAX; i++) {
                tx.branch(Call.post(services.url("/a"), "{}"));
            }
        }));
        assertEquals(OwnBranches.BRANCHES_MAX, services.received().size());
    }

    /** Or it would be prepared for nobody. */
    @Test
    void anActionIsRegisteredBeforeItsDatabaseIsAsked() {
        coordinator.next(FakeCoordinator.DONE);
        assertThrows(RuntimeException.class, () -> participant()
            .run(call("xa", "action"), "http://bank/out", connection -> Reply.EMPTY));
        assertEquals(List.of(Map.of("gid", "x1", "trans_type", "xa", "branch_id", "01",
                "url", "http://bank/out")),
            coordinator.received("/api/dtmsvr/registerBranch").stream()
            .map(FakeCoordinator.Received::json).toList());
    }

    @Test
    void anActionThatComesTooLateIsRefused() {
        coordinator.next(FakeCoordinator.Reply.says(409,
            "no trans with gid: x1 status: prepared found FAILURE"));
        assertThrows(Refused.class, () -> participant()
            .run(call("xa", "action"), "http://bank/out", connection -> Reply.EMPTY));
    }

    @Test
    void callsOfOtherModesAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> participant()
            .run(call("saga", "action"), "http://bank/out", connection -> Reply.EMPTY));
        assertTrue(coordinator.received().isEmpty());
    }

    @Test
    void aDatabaseThatCannotPrepareIsRefusedAtTheStart() throws SQLException {
        JdbcDataSource h2 = new JdbcDataSource();
        h2.setUrl("jdbc:h2:mem:xa-wire;DB_CLOSE_DELAY=-1");
        try (Connection connection = h2.getConnection()) {
            BarrierSchema.create(connection);
        }
        assertTrue(assertThrows(IllegalStateException.class,
            () -> XaParticipant.of(pactor, JdbcBarrier.create(), h2).check())
            .getMessage().contains("H2"));
    }
}

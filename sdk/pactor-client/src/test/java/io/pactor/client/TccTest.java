package io.pactor.client;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** TCC on the real coordinator. */
@Timeout(120)
class TccTest {

    private static final Duration WAIT = Duration.ofSeconds(30);

    private static Pactor pactor;

    private final Participants services = new Participants();

    @BeforeAll
    static void start() {
        pactor = Pactor.connect(SharedCoordinator.url());
    }

    @AfterAll
    static void stop() {
        pactor.close();
    }

    @AfterEach
    void close() {
        services.close();
    }

    private Call call(String path) {
        return Call.post(services.url(path), Map.of("room", 3));
    }

    private String book(TccBranches tx, String name) {
        return tx.branch(call("/" + name + "/try"), call("/" + name + "/confirm"),
            call("/" + name + "/cancel"));
    }

    private void awaitStatus(String gid, String status) {
        await().atMost(WAIT).until(() -> pactor.query(gid).orElseThrow().status(), status::equals);
    }

    @Test
    void whatAllHaveTriedIsConfirmed() {
        services.answer("/hotel/try", 200, "{\"room\":\"204\"}");
        Outcome outcome = pactor.tcc("trip").header("X-Tenant", "t1").run(WAIT, tx -> {
            assertEquals("trip", tx.gid());
            Map<?, ?> reply = tx.branch(call("/hotel/try"), call("/hotel/confirm"),
                call("/hotel/cancel"), Map.class);
            assertEquals("204", reply.get("room"));
            assertEquals("{\"dtm_result\":\"SUCCESS\"}", book(tx, "air"));
        });

        assertEquals(new Outcome.Succeeded("trip"), outcome);
        assertEquals(List.of("/hotel/try", "/air/try", "/air/confirm", "/hotel/confirm"),
            services.calls("trip"));
        Participants.Received tried = services.received().get(0);
        assertEquals(Map.of("gid", "trip", "trans_type", "tcc", "branch_id", "01", "op", "try",
            "dtm", SharedCoordinator.url() + "/api/dtmsvr"), tried.query());
        assertEquals("{\"room\":3}", tried.body());
        assertEquals("{\"room\":3}", services.received().get(2).body());
    }

    @Test
    void aRefusalCancelsAllAndIsNoException() {
        services.answer("/air/try", 409, "{\"message\":\"no seat\"}");

        assertEquals(new Outcome.RolledBack("full", "no seat"), pactor.tcc("full").run(WAIT, tx -> {
            book(tx, "hotel");
            book(tx, "air");
        }));
        assertEquals(List.of("/hotel/try", "/air/try", "/air/cancel", "/hotel/cancel"),
            services.calls("full"));
    }

    @Test
    void aRefusalThatTheBodyCatchesCountsAllTheSame() {
        services.answer("/air/try", 409, "{\"message\":\"no seat\"}");

        assertEquals(new Outcome.RolledBack("caught", "no seat"),
            pactor.tcc("caught").run(WAIT, tx -> {
                BranchRefusedException e =
                    assertThrows(BranchRefusedException.class, () -> book(tx, "air"));
                assertEquals("01", e.branchId());
                assertSame(e, assertThrows(BranchRefusedException.class, () -> book(tx, "hotel")));
            }));
        assertEquals(List.of("/air/try", "/air/cancel"), services.calls("caught"));
    }

    @Test
    void anExceptionOfTheBodyCancelsAllAndPassesThrough() {
        IOException thrown = new IOException("no disk");

        assertSame(thrown, assertThrows(IOException.class, () -> pactor.tcc("thrown").run(tx -> {
            book(tx, "hotel");
            throw thrown;
        })));
        awaitStatus("thrown", "failed");
        assertEquals("no disk", pactor.query("thrown").orElseThrow().reason());
        assertEquals(List.of("/hotel/try", "/hotel/cancel"), services.calls("thrown"));
        assertEquals(0, thrown.getSuppressed().length);
    }

    @Test
    void aTryWithoutAVerdictCancelsAll() {
        services.answer("/air/try", 503, "{\"message\":\"closed\"}");

        String message = assertThrows(BranchUnknownException.class,
            () -> pactor.tcc("unknown").run(tx -> book(tx, "air"))).getMessage();

        assertTrue(message.contains("/air/try: 503 closed"), message);
        awaitStatus("unknown", "failed");
        assertEquals(List.of("/air/try", "/air/cancel"), services.calls("unknown"));
    }

    @Test
    void afterItsTimeItIsRolledBackAndNothingIsTried() {
        Outcome outcome = pactor.tcc("late").timeoutToFail(Duration.ofSeconds(1)).run(WAIT, tx -> {
            book(tx, "hotel");
            awaitStatus("late", "failed");
            book(tx, "air");
        });

        assertEquals(new Outcome.RolledBack("late", "Timeout after 1 seconds"), outcome);
        assertEquals(List.of("/hotel/try", "/hotel/cancel"), services.calls("late"));
    }

    @Test
    void aRepeatTellsHowItEndedAndRunsNothing() {
        assertEquals(new Outcome.Succeeded("tcc-twice"),
            pactor.tcc("tcc-twice").run(WAIT, tx -> book(tx, "hotel")));
        assertEquals(new Outcome.Succeeded("tcc-twice"),
            pactor.tcc("tcc-twice").run(WAIT, tx -> fail("it has ended")));

        services.answer("/air/try", 409, "full");
        pactor.tcc("back").run(WAIT, tx -> book(tx, "air"));
        assertEquals(new Outcome.RolledBack("back", "full"),
            pactor.tcc("back").run(WAIT, tx -> fail("it has ended")));
    }

    @Test
    void theGidOfASagaIsTaken() {
        pactor.saga("saga").step(Call.get(services.url("/x"))).submitAndWait(WAIT);

        assertThrows(RejectedException.class,
            () -> pactor.tcc("saga").run(WAIT, tx -> fail("it is a saga")));
    }

    @Test
    void aTransactionWithoutBranchesSucceeds() {
        Tcc tcc = pactor.tcc();
        assertEquals(new Outcome.Succeeded(tcc.gid()), tcc.run(WAIT, tx -> {}));
        assertThrows(IllegalStateException.class, () -> tcc.run(WAIT, tx -> {}));
    }

    @Test
    void aBranchAfterTheEndIsRefused() {
        TccBranches[] kept = new TccBranches[1];
        pactor.tcc("kept").run(WAIT, tx -> kept[0] = tx);

        assertThrows(IllegalStateException.class, () -> book(kept[0], "hotel"));
        assertFalse(services.calls("kept").contains("/hotel/try"));
    }
}

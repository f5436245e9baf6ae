package io.pactor.client;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** XA over a bank in PostgreSQL and one in MariaDB, on the real coordinator. */
@Timeout(120)
class XaTest {

    private static final Duration WAIT = Duration.ofSeconds(30);

    private static Pactor pactor;

    private final Participants services = new Participants();
    private final XaBank a = new XaBank(XaBank.Kind.POSTGRESQL);
    private final XaBank b = new XaBank(XaBank.Kind.MARIADB);

    @BeforeAll
    static void start() {
        pactor = Pactor.connect(SharedCoordinator.url());
    }

    @AfterAll
    static void stop() {
        pactor.close();
    }

    @BeforeEach
    void serve() {
        a.serve(services, "/out", pactor, -30);
        b.serve(services, "/in", pactor, 30);
    }

    @AfterEach
    void close() {
        services.close();
    }

    private Call call(String path) {
        return Call.post(services.url(path), Map.of("cents", 30));
    }

    /** A rollback waits for its turn while the connection of a first phase goes away. */
    private void assertCents(int inA, int inB) {
        await().atMost(WAIT).untilAsserted(
            () -> assertEquals(List.of(inA, inB), List.of(a.cents(), b.cents())));
    }

    private void awaitStatus(String gid, String status) {
        await().atMost(WAIT).until(() -> pactor.query(gid).orElseThrow().status(), status::equals);
    }

    @Test
    void whatAllHavePreparedIsCommitted() {
        Xa xa = pactor.xa("transfer").header("X-Tenant", "t1").retryInterval(
            Duration.ofSeconds(1));
        Outcome outcome = xa.run(WAIT, tx -> {
            assertEquals("transfer", tx.gid());
            assertEquals(Map.of("moved", -30L),
                Json.read(tx.branch(call("/out"))));
            assertEquals(30, ((Number) tx.branch(call("/in"), Map.class).get("moved")).intValue());
            assertCents(100, 100);
        });

        assertEquals(new Outcome.Succeeded("transfer"), outcome);
        assertCents(70, 130);
        assertEquals(Map.of("gid", "transfer", "trans_type", "xa", "branch_id", "01",
            "op", "action", "dtm", SharedCoordinator.url() + "/api/dtmsvr",
            "phase2_url", services.url("/out")), services.received().get(0).query());
        assertEquals(List.of("01 rollback", "01 commit", "02 rollback", "02 commit"),
            pactor.query("transfer").orElseThrow().branches().stream()
            .map(each -> each.branchId() + " " + each.op()).toList());
        assertEquals(new Outcome.Succeeded("transfer"),
            pactor.xa("transfer").run(WAIT, tx -> fail("it has ended")));
    }

    @Test
    void aRefusalRollsAllBack() {
        b.serve(services, "/in", pactor, -101);

        assertEquals(new Outcome.RolledBack("poor", "not so much money"),
            pactor.xa("poor").retryInterval(Duration.ofSeconds(1)).run(WAIT, tx -> {
                tx.branch(call("/out"));
                tx.branch(call("/in"));
            }));
        assertCents(100, 100);
        a.execute("update account set cents = 1"); // Nothing holds a lock.
        b.execute("update account set cents = 1");
    }

    @Test
    void anExceptionOfTheBodyRollsAllBackAndPassesThrough() {
        IOException thrown = new IOException("no disk");

        assertSame(thrown, assertThrows(IOException.class, () -> pactor.xa("xa-thrown")
            .retryInterval(Duration.ofSeconds(1)).run(tx -> {
                tx.branch(call("/out"));
                tx.branch(call("/in"));
                throw thrown;
            })));
        awaitStatus("xa-thrown", "failed");
        assertCents(100, 100);
    }

    @Test
    void afterItsTimeItIsRolledBackAndNothingIsPrepared() {
        Outcome outcome = pactor.xa("xa-late").timeoutToFail(Duration.ofSeconds(1)).run(WAIT,
            tx -> {
                tx.branch(call("/out"));
                awaitStatus("xa-late", "failed");
                assertTrue(assertThrows(BranchRefusedException.class,
                    () -> tx.branch(call("/in"))).getMessage().contains("takes no more branches"));
            });

        assertEquals(new Outcome.RolledBack("xa-late", "Timeout after 1 seconds"), outcome);
        assertEquals(List.of("/out", "/out", "/in"), services.calls("xa-late"));
        assertCents(100, 100);
    }

    @Test
    void whatAProcessLeftOpenIsRolledBack() {
        Pactor dying = Pactor.connect(SharedCoordinator.url());
        assertThrows(IllegalStateException.class, () -> dying.xa("xa-open").run(tx -> {
            tx.branch(call("/out"));
            dying.close(); // No abort gets out.
            throw new IllegalStateException("dead");
        }));
        assertEquals("prepared", pactor.query("xa-open").orElseThrow().status());

        assertThrows(BranchUnknownException.class,
            () -> pactor.xa("xa-open").run(WAIT, tx -> tx.branch(call("/out"))));
        awaitStatus("xa-open", "failed");
        assertCents(100, 100);
    }
}

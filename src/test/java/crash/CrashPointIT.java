package crash;

import static crash.CrashCase.Repeats.ANY;
import static crash.CrashCase.Repeats.AT_MOST_ONE;
import static crash.CrashCase.Repeats.NONE;
import static crash.CrashCase.Repeats.ONE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import crash.Transfer.Plan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a coordinator at each crash point of the failure model, one after another on one store, and
 * asks after each restart whether the transaction that was hit came to its right end.
 *
 * <p>Each process serves two cases: it recovers what the one before it left, and dies in the next.
 * A case counts only if the process died at that very point. CP-18 is the commit of the last write
 * (journal row and index row are one), CP-20 lies between the rows of one write. CP-21 needs
 * snapshots and CP-24 a second node; neither exists here.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrashPointIT {

    private static final Duration DEATH = Duration.ofSeconds(30);
    private static final Duration END = Duration.ofSeconds(30);
    private static final int ACCOUNTS = 8;

    private static final String BEFORE_COMMIT = "CP-journal-before-commit";
    private static final String AFTER_COMMIT = "CP-journal-after-commit";

    private final ExecutorService initiators = Executors.newCachedThreadPool();
    private Child child;
    private Wire wire;
    private BankParticipants bank;
    private Initiator initiator;
    private List<CrashCase> cases;
    private int next;

    @BeforeAll
    void open(@TempDir Path home) throws Exception {
        bank = new BankParticipants(ACCOUNTS);
        child = Child.in(home);
        wire = new Wire(child::uri);
        initiator = new Initiator(wire, bank);
    }

    @AfterAll
    void close() {
        child.close();
        initiators.shutdownNow();
        bank.close();
    }

    @TestFactory
    Stream<DynamicNode> crashPoints() {
        cases = new ArrayList<>();
        return Stream.of(
            container("saga forward", forward()),
            container("4. Crash at every write point during compensation, restart, finish",
                backward()),
            container("tcc", tcc()),
            container("xa", xa()),
            container("two-phase message", message()),
            container("workflow", workflow()),
            DynamicTest.dynamicTest("in the end nothing is left over", this::nothingLeft));
    }

    private DynamicContainer container(String name, List<CrashCase> its) {
        cases.addAll(its);
        return DynamicContainer.dynamicContainer(name, its.stream()
            .map(each -> DynamicTest.dynamicTest(each.title(), () -> die(each))));
    }

    private void die(CrashCase at) throws Exception {
        int number = next++;
        if (number == 0 || !child.isAlive()) {
            child.servingUntil(placeOf(number));
        }
        Transfer transfer = transfer(number);
        Future<Told> told = initiators.submit(() -> initiator.play(transfer));
        try {
            assertEquals(HaltingFailpoints.EXIT_CODE, child.awaitDeath(DEATH), child::story);
            assertTrue(child.haltedAt(at.point()), child::story);
            if (!at.again().isEmpty()) {
                child.launch(at.again() + "@" + transfer.gid());
                child.awaitDeath(DEATH);
                assertTrue(child.haltedAt(at.again().split(":")[0]), child::story);
            }
        } finally {
            child.kill();
            child.servingUntil(placeOf(number + 1));
        }
        Told known = told.get(60, TimeUnit.SECONDS);
        awaitEnd(transfer);
        Oracle oracle = new Oracle(wire, bank);
        oracle.judge(known);
        assertEquals(List.of(), oracle.violations());
        long repeated = repeated(transfer.gid());
        assertTrue(at.repeats().fits(repeated), () -> repeated + " operations were called again, not "
            + at.repeats() + ": " + bank.receipts(transfer.gid()));
    }

    private void nothingLeft() throws Exception {
        assertEquals(0, wire.unfinished());
        Oracle oracle = new Oracle(wire, bank);
        oracle.judgeBank(initiator);
        assertEquals(List.of(), oracle.violations());
        Set<String> point = cases.stream().map(CrashCase::point).collect(Collectors.toSet());
        long calls = bank.calls();
        child.kill();
        child.serving();
        assertEquals(0, wire.unfinished());
        assertEquals(calls, bank.calls(), "a restart called for what has ended");
        System.out.println("killed " + next + " times, at " + point.size() + " kinds of point");
    }

    private void awaitEnd(Transfer transfer) throws Exception {
        try {
            Awaitility.await().atMost(END).pollInterval(Duration.ofMillis(50)).ignoreExceptions()
                .until(() -> Set.of(Told.SUCCEED, Told.FAILED)
                    .contains(wire.status(transfer.gid())));
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(transfer + " does not end: " + wire.query(transfer.gid())
                + "; it was called " + bank.receipts(transfer.gid()) + "; " + child.story(), e);
        }
    }

    /** Operations that the coordinator asked for more than once; a second phase is always its own. */
    private long repeated(String gid) {
        return bank.receipts(gid).stream().filter(each -> each.attempt() > 1)
            .filter(each -> !each.op().equals("try")
                && !(each.op().equals("action") && each.call().mode().equals("xa")))
            .count();
    }

    private Transfer transfer(int number) {
        return new Transfer("crash-" + number, cases.get(number).plan(), number % ACCOUNTS,
            (number + 1) % ACCOUNTS, 100 + number);
    }

    private String placeOf(int number) {
        if (number >= cases.size()) {
            return "";
        }
        CrashCase at = cases.get(number);
        return HaltingFailpoints.place(at.point(), at.hit(), transfer(number).gid());
    }

    private static List<CrashCase> forward() {
        Plan saga = Plan.SAGA;
        return List.of(
            CrashCase.of("CP-00", saga, "CP-00:1", NONE),
            CrashCase.of("CP-01, rows not complete", saga, "CP-20:1", NONE),
            CrashCase.of("CP-01, not committed", saga, BEFORE_COMMIT + ":1", NONE),
            CrashCase.of("CP-01, committed", saga, AFTER_COMMIT + ":1", NONE),
            CrashCase.of("CP-01", saga, "CP-01:1", NONE),
            CrashCase.of("CP-02", saga, "CP-02:1", NONE),
            CrashCase.of("CP-03", saga, "CP-03:1", NONE),
            CrashCase.of("CP-04", saga, "CP-04:1", AT_MOST_ONE),
            CrashCase.of("CP-05", saga, "CP-05:1", ONE),
            CrashCase.of("CP-06", saga, "CP-06:1", ONE),
            CrashCase.of("CP-06, not committed", saga, BEFORE_COMMIT + ":2", ONE),
            CrashCase.of("CP-07, committed", saga, AFTER_COMMIT + ":2", NONE),
            CrashCase.of("CP-07", saga, "CP-07:1", NONE),
            CrashCase.of("CP-16", saga, "CP-06:2", ONE),
            CrashCase.of("CP-20", saga, "CP-20:3", ONE),
            CrashCase.of("CP-18, not committed", saga, BEFORE_COMMIT + ":3", ONE),
            CrashCase.of("CP-18, committed", saga, AFTER_COMMIT + ":3", NONE),
            CrashCase.of("CP-17", Plan.SAGA_WAITED, "CP-17:1", NONE),
            CrashCase.of("CP-19", saga, "CP-07:1", NONE).andAgainAt("CP-19:2"),
            CrashCase.of("CP-06 twice", saga, "CP-06:1", ANY).andAgainAt("CP-06:1"));
    }

    private static List<CrashCase> backward() {
        Plan saga = Plan.SAGA_REFUSED;
        return List.of(
            CrashCase.of("CP-08", saga, "CP-08:1", ONE),
            CrashCase.of("CP-08, not committed", saga, BEFORE_COMMIT + ":3", ONE),
            CrashCase.of("CP-09", Plan.SAGA_TIMED_OUT, "CP-09:1", ANY),
            CrashCase.of("CP-10, committed", saga, AFTER_COMMIT + ":3", NONE),
            CrashCase.of("CP-10", saga, "CP-10:1", NONE),
            CrashCase.of("CP-11", saga, "CP-03:3", NONE),
            CrashCase.of("CP-12", saga, "CP-04:3", AT_MOST_ONE),
            CrashCase.of("CP-13", saga, "CP-05:3", ONE),
            CrashCase.of("CP-14", saga, "CP-06:3", ONE),
            CrashCase.of("CP-14, not committed", saga, BEFORE_COMMIT + ":4", ONE),
            CrashCase.of("CP-15, committed", saga, AFTER_COMMIT + ":4", NONE),
            CrashCase.of("CP-15", saga, "CP-07:2", NONE),
            CrashCase.of("CP-11, the first step's", saga, "CP-03:4", NONE),
            CrashCase.of("CP-16", saga, "CP-06:4", ONE),
            CrashCase.of("CP-18, not committed", saga, BEFORE_COMMIT + ":5", ONE),
            CrashCase.of("CP-18, committed", saga, AFTER_COMMIT + ":5", NONE),
            CrashCase.of("CP-17", saga, "CP-17:1", NONE),
            CrashCase.of("CP-19", saga, "CP-10:1", NONE).andAgainAt("CP-19:3"),
            CrashCase.of("CP-14 twice", saga, "CP-06:3", ANY).andAgainAt("CP-06:1"),
            CrashCase.of("CP-10", Plan.SAGA_CONCURRENT_REFUSED, "CP-10:1", ANY),
            CrashCase.of("CP-15", Plan.SAGA_CONCURRENT_REFUSED, AFTER_COMMIT + ":4", ANY));
    }

    private static List<CrashCase> tcc() {
        return List.of(
            CrashCase.of("CP-00", Plan.TCC, "CP-00:1", NONE),
            CrashCase.of("CP-01, prepare", Plan.TCC, "CP-01:1", NONE),
            CrashCase.of("CP-23, not committed", Plan.TCC, BEFORE_COMMIT + ":2", NONE),
            CrashCase.of("CP-23", Plan.TCC, "CP-01:2", NONE),
            CrashCase.of("CP-01, submit", Plan.TCC, "CP-01:4", NONE),
            CrashCase.of("CP-02, submit", Plan.TCC, "CP-02:4", NONE),
            CrashCase.of("CP-11, confirm", Plan.TCC, "CP-03:1", NONE),
            CrashCase.of("CP-13, confirm", Plan.TCC, "CP-05:1", ONE),
            CrashCase.of("CP-15, confirm", Plan.TCC, "CP-07:1", NONE),
            CrashCase.of("CP-16, confirm", Plan.TCC, "CP-06:2", ONE),
            CrashCase.of("CP-17", Plan.TCC, "CP-17:1", NONE),
            CrashCase.of("CP-10, abort", Plan.TCC_REFUSED, "CP-10:1", NONE),
            CrashCase.of("CP-13, cancel", Plan.TCC_REFUSED, "CP-05:1", ONE),
            CrashCase.of("CP-15, cancel", Plan.TCC_REFUSED, "CP-07:1", NONE),
            CrashCase.of("CP-17", Plan.TCC_REFUSED, "CP-17:1", NONE),
            CrashCase.of("CP-09", Plan.TCC_ABANDONED, "CP-09:1", NONE),
            CrashCase.of("CP-19", Plan.TCC, "CP-02:4", NONE).andAgainAt("CP-19:4"));
    }

    private static List<CrashCase> xa() {
        return List.of(
            CrashCase.of("CP-23", Plan.XA, "CP-01:2", NONE),
            CrashCase.of("CP-01, submit", Plan.XA, "CP-01:4", NONE),
            CrashCase.of("CP-13, commit", Plan.XA, "CP-05:1", ONE),
            CrashCase.of("CP-15, commit", Plan.XA, "CP-07:1", NONE),
            CrashCase.of("CP-18", Plan.XA, BEFORE_COMMIT + ":6", ONE),
            CrashCase.of("CP-10, abort", Plan.XA_REFUSED, "CP-10:1", NONE),
            CrashCase.of("CP-13, rollback", Plan.XA_REFUSED, "CP-05:1", ONE));
    }

    private static List<CrashCase> message() {
        return List.of(
            CrashCase.of("CP-01, prepare", Plan.MSG, "CP-01:1", NONE),
            CrashCase.of("CP-01, submit", Plan.MSG, "CP-01:2", NONE),
            CrashCase.of("CP-05", Plan.MSG, "CP-05:1", ONE),
            CrashCase.of("CP-06", Plan.MSG, "CP-06:1", ONE),
            CrashCase.of("CP-22, it committed", Plan.MSG_ASKED, "CP-06:1", ONE),
            CrashCase.of("CP-22, not committed", Plan.MSG_ASKED, BEFORE_COMMIT + ":2", ONE),
            CrashCase.of("CP-07", Plan.MSG_ASKED, AFTER_COMMIT + ":2", NONE),
            CrashCase.of("CP-22, it did not", Plan.MSG_NOT_COMMITTED, "CP-06:1", ONE),
            CrashCase.of("CP-17", Plan.MSG_NOT_COMMITTED, "CP-17:1", NONE));
    }

    private static List<CrashCase> workflow() {
        return List.of(
            CrashCase.of("CP-01", Plan.WORKFLOW, "CP-01:1", ANY),
            CrashCase.of("CP-25, not committed", Plan.WORKFLOW, BEFORE_COMMIT + ":2", ANY),
            CrashCase.of("CP-25", Plan.WORKFLOW, "CP-01:2", ANY),
            CrashCase.of("CP-17", Plan.WORKFLOW, "CP-17:1", ANY),
            CrashCase.of("CP-03, callback", Plan.WORKFLOW_ABANDONED, "CP-03:1", ANY),
            CrashCase.of("CP-05, callback", Plan.WORKFLOW_ABANDONED, "CP-05:1", ANY),
            CrashCase.of("CP-25, undone", Plan.WORKFLOW_REFUSED, "CP-01:4", ANY));
    }
}

package crash;

import static crash.CrashCase.Repeats.ANY;
import static crash.CrashCase.Repeats.AT_MOST_ONE;
import static crash.CrashCase.Repeats.NONE;
import static crash.CrashCase.Repeats.ONE;

import crash.Transfer.Plan;
import database.Databases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Kills a coordinator at each crash point of the failure model, in all modes, and asks after each
 * restart whether the transaction that was hit came to its right end. Two lanes work side by side,
 * since a start waits more than it works.
 *
 * <p>CP-18 is the commit of the last write, in which the journal's row and the index's are one;
 * CP-20 lies between the rows of one write. On the other databases than H2 those points are
 * visited that lie around a commit. CP-21 needs snapshots and CP-24 a second node: neither
 * exists here.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("database.Databases#all")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrashPointIT {

    /** For all cases before it and itself. */
    private static final int VERDICT_MINUTES = 15;

    private static final String BEFORE_COMMIT = "CP-journal-before-commit";
    private static final String AFTER_COMMIT = "CP-journal-after-commit";

    @Parameter
    String kind;

    private final List<CrashLane> lanes = new ArrayList<>();
    private int next;

    @AfterAll
    void close() {
        lanes.forEach(CrashLane::close);
    }

    @TestFactory
    List<DynamicNode> crashPoints(@TempDir Path home) throws Exception {
        lanes.clear();
        for (int i = 0; i < 2; i++) {
            Path own = Files.createDirectory(home.resolve("lane" + i));
            Databases.choose(kind, own.resolve("data"));
            lanes.add(new CrashLane("lane" + i, own));
        }
        List<DynamicNode> all = new ArrayList<>(List.of(
            container("saga forward", forward()),
            container("4. Crash at every write point during compensation, restart, finish"
                + " (seata#5173, pack#635, sagas#40)", backward()),
            container("tcc", tcc()),
            container("xa", xa()),
            container("two-phase message", message()),
            container("workflow", workflow())));
        for (CrashLane lane : lanes) {
            all.add(DynamicTest.dynamicTest("nothing is left over", () -> {
                await(lane.end());
                System.out.println(lane.kills() + " kills at crash points");
            }));
            lane.start();
        }
        return all;
    }

    private DynamicContainer container(String name, List<CrashCase> cases) {
        Stream<DynamicNode> tests = cases.stream().filter(this::isVisited).map(each -> {
            CompletableFuture<Void> verdict = lanes.get(next++ % lanes.size()).add(each);
            return DynamicTest.dynamicTest(each.title(), () -> await(verdict));
        });
        return DynamicContainer.dynamicContainer(name, tests.toList());
    }

    private boolean isVisited(CrashCase each) {
        return kind.equals(Databases.H2) || Stream.of(BEFORE_COMMIT, AFTER_COMMIT, "CP-20")
            .anyMatch(point -> each.point().equals(point));
    }

    private static void await(CompletableFuture<Void> verdict) throws Exception {
        verdict.get(VERDICT_MINUTES, TimeUnit.MINUTES);
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

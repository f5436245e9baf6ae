package io.pactor.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pactor.client.participant.BarrierSchema;
import io.pactor.client.participant.Refused;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The process dies at each point of a workflow in turn, and another one goes on. */
@Timeout(120)
class WorkflowCrashTest {

    /** More requests than any of these workflows makes. */
    private static final int REQUESTS_MAX = 30;

    private static final Duration NOW = Duration.ofMillis(1);

    private final JdbcDataSource database = new JdbcDataSource();
    private final List<String> done = new ArrayList<>();
    private Connection open;
    private FakeWorkflows coordinator;
    private Pactor pactor;
    private boolean isRefused;
    private String diesAt = "";

    /** The end of a process: no handler of exceptions sees it. */
    private static final class Death extends Error {
        private static final long serialVersionUID = 1L;
    }

    @BeforeEach
    void createTables() throws SQLException {
        database.setURL("jdbc:h2:mem:crash" + System.identityHashCode(this));
        open = database.getConnection();
        BarrierSchema.create(open);
        execute("create table trip (number varchar(20))");
    }

    @AfterEach
    void close() throws SQLException {
        open.close();
        pactor.close();
        coordinator.close();
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = open.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> trips() throws SQLException {
        List<String> numbers = new ArrayList<>();
        try (Statement statement = open.createStatement();
                ResultSet rows = statement.executeQuery("select number from trip")) {
            while (rows.next()) {
                numbers.add(rows.getString(1));
            }
        }
        return numbers;
    }

    private void reach(String point) {
        if (point.equals(diesAt)) {
            diesAt = "";
            throw new Death();
        }
    }

    private String does(String what) {
        reach("before " + what);
        done.add(what);
        reach("after " + what);
        return what + " done";
    }

    private String body(WorkflowSteps wf, Map<?, ?> input) {
        String ticket = wf.step("ticket").onRollback(() -> does("cancel"))
            .call(String.class, () -> does("book"));
        String number = wf.step("save")
            .onRollback(connection -> change(connection, "delete from trip"))
            .inTransaction(database, String.class, connection -> {
                change(connection, "insert into trip values ('T7')");
                return "T7";
            });
        reach("between steps");
        wf.step("pay").run(() -> {
            does("pay");
            if (isRefused) {
                throw new Refused("no money");
            }
        });
        reach("at the end");
        return input.get("to") + " " + number + " " + ticket;
    }

    private static void change(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    /** As another process begins: nothing of the last one is left but the records. */
    private Workflow<Map<?, ?>, String> process() {
        return typed(pactor.workflow("trip", Map.class, String.class, this::body))
            .resumeAt("http://127.0.0.1:1/resume");
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Workflow<Map<?, ?>, String> typed(Workflow workflow) {
        return workflow;
    }

    private WorkflowResult<String> run(String gid) {
        return process().run(gid, Map.of("to", "Rome"), NOW);
    }

    private void resume(String gid) {
        assertEquals(200, process().resume(Map.of("gid", gid, "op", "trip")::get).status());
    }

    private void connect(FakeWorkflows.Kind kind) {
        coordinator = new FakeWorkflows(kind);
        pactor = Pactor.builder().urls(coordinator.url()).attempts(1).build();
    }

    /** Runs it once for each request, cut off there, and goes on afterwards. */
    private void cutAtEachRequest(FakeWorkflows.Kind kind, WorkflowResult<String> expected)
            throws SQLException {
        connect(kind);
        boolean wasCut = true;
        for (int i = 1; wasCut; i++) {
            assertTrue(i < REQUESTS_MAX);
            for (boolean hasEffect : List.of(false, true)) {
                String gid = "cut-" + i + hasEffect;
                done.clear();
                execute("delete from trip");
                coordinator.cut(i, hasEffect);
                try {
                    run(gid);
                } catch (UnavailableException e) {
                    assertEquals(1, i);
                }
                wasCut = coordinator.mend();
                WorkflowResult<String> again = run(gid);
                assertEquals(withGid(expected, gid), again, gid + " " + done);
                check(gid, again instanceof WorkflowResult.Succeeded);
            }
        }
    }

    private void check(String gid, boolean isDone) throws SQLException {
        assertEquals(isDone ? List.of("T7") : List.of(), trips(), gid);
        for (String each : done) {
            assertTrue(count(each) <= 2, () -> gid + " " + done);
        }
        assertEquals(isDone ? 0 : 1, Math.min(1, count("cancel")), () -> gid + " " + done);
    }

    private long count(String what) {
        return done.stream().filter(what::equals).count();
    }

    private static WorkflowResult<String> withGid(WorkflowResult<String> any, String gid) {
        return any instanceof WorkflowResult.Succeeded<String> it
            ? new WorkflowResult.Succeeded<>(gid, it.value())
            : new WorkflowResult.RolledBack<>(gid, ((WorkflowResult.RolledBack<?>) any).reason());
    }

    @ParameterizedTest
    @EnumSource
    void itSucceedsWhereverItIsCutOff(FakeWorkflows.Kind kind) throws SQLException {
        cutAtEachRequest(kind, new WorkflowResult.Succeeded<>("", "Rome T7 book done"));
    }

    @ParameterizedTest
    @EnumSource
    void itIsRolledBackWhereverItIsCutOff(FakeWorkflows.Kind kind) throws SQLException {
        isRefused = true;
        cutAtEachRequest(kind, new WorkflowResult.RolledBack<>("", "no money"));
    }

    @ParameterizedTest
    @EnumSource
    void aLostAnswerIsMadeUpForInTheSameRun(FakeWorkflows.Kind kind) throws SQLException {
        connect(kind);
        for (int i = 2; i <= 5; i++) {
            done.clear();
            execute("delete from trip");
            coordinator.loseAnswer(i);
            assertEquals(new WorkflowResult.Succeeded<>("lost-" + i, "Rome T7 book done"),
                run("lost-" + i));
            assertTrue(coordinator.mend());
            assertEquals(List.of("book", "pay"), done);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoDiesInAStepIsResumedThere(FakeWorkflows.Kind kind) throws SQLException {
        connect(kind);
        for (boolean refuses : List.of(false, true)) {
            isRefused = refuses;
            for (String point : refuses ? List.of("before cancel", "after cancel")
                    : List.of("before book", "after book", "between steps", "before pay",
                        "after pay", "at the end")) {
                done.clear();
                execute("delete from trip");
                String gid = point.replace(' ', '-');
                diesAt = point;
                assertThrows(Death.class, () -> run(gid));
                resume(gid);
                check(gid, !refuses);
                assertEquals(refuses ? new WorkflowResult.RolledBack<>(gid, "no money")
                    : new WorkflowResult.Succeeded<>(gid, "Rome T7 book done"), run(gid));
                assertEquals(point.equals("after book") ? 2 : 1, count("book"));
            }
        }
    }
}

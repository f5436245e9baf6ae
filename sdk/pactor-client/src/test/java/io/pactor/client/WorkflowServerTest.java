package io.pactor.client;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.pactor.client.participant.BarrierSchema;
import io.pactor.client.participant.HttpAnswer;
import io.pactor.client.participant.Refused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Workflows on the real coordinator, which resumes those that died. */
@Timeout(120)
class WorkflowServerTest {

    private static final Duration WAIT = Duration.ofSeconds(60);
    private static final Duration NOW = Duration.ofMillis(1);

    private final JdbcDataSource database = new JdbcDataSource();
    private final Participants services = new Participants();
    private final Pactor pactor = Pactor.connect(SharedCoordinator.url());
    private final Queue<String> seen = new ConcurrentLinkedQueue<>();
    private Connection open;
    private volatile boolean isDown;
    private volatile boolean isRefused;

    /** As a process that is gone: the one that resumes it shares nothing with it. */
    private static final class Death extends Error {
        private static final long serialVersionUID = 1L;
    }

    @BeforeEach
    void createTables() throws SQLException {
        database.setURL("jdbc:h2:mem:workflow" + System.identityHashCode(this));
        open = database.getConnection();
        BarrierSchema.create(open);
        try (Statement statement = open.createStatement()) {
            statement.execute("create table trip (number varchar(20))");
        }
        Workflow<?, String> resumed = trip();
        services.answer("/resume", call -> {
            HttpAnswer answer = resumed.resume(call.query()::get);
            return new Participants.Answer(answer.status(),
                new String(answer.body(), StandardCharsets.UTF_8));
        });
    }

    @AfterEach
    void close() throws SQLException {
        services.close();
        pactor.close();
        open.close();
    }

    private Workflow<Map<?, ?>, String> trip() {
        return typed(pactor.workflow("trip", Map.class, String.class, this::body))
            .resumeAt(services.url("/resume")).retryInterval(Duration.ofSeconds(1));
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Workflow<Map<?, ?>, String> typed(Workflow workflow) {
        return workflow;
    }

    private String body(WorkflowSteps wf, Map<?, ?> input) throws IOException {
        String ticket = wf.step("ticket").onRollback(() -> seen.add("cancel"))
            .call(String.class, () -> {
                seen.add("book");
                return "T7 to " + input.get("to");
            });
        wf.step("save").onRollback(connection -> change(connection, "delete from trip"))
            .inTransaction(database, connection ->
                change(connection, "insert into trip values ('T7')"));
        if (isDown) {
            isDown = false;
            if (input.containsKey("dies")) {
                throw new Death();
            }
            throw new IOException("no network");
        }
        wf.step("pay").run(() -> {
            seen.add("pay");
            if (isRefused) {
                throw new Refused("no \"money\"");
            }
        });
        return ticket;
    }

    private static void change(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    private int trips() throws SQLException {
        try (Statement statement = open.createStatement();
                ResultSet rows = statement.executeQuery("select count(*) from trip")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    @Test
    void itRunsToItsEndAndARepeatReturnsTheSame() throws SQLException {
        WorkflowResult<String> expected = new WorkflowResult.Succeeded<>("wf-run", "T7 to Zürich");
        for (int i = 0; i < 2; i++) {
            assertEquals(expected, trip().run("wf-run", Map.of("to", "Zürich"), WAIT));
        }
        assertEquals(List.of("book", "pay"), List.copyOf(seen));
        assertEquals(1, trips());
        TransactionView view = pactor.query("wf-run").orElseThrow();
        assertEquals("{\"step\":\"ticket\",\"result\":\"T7 to Zürich\"}",
            view.branches().get(0).payload());
    }

    @Test
    void aRefusalRollsBack() throws SQLException {
        isRefused = true;
        WorkflowResult<String> expected = new WorkflowResult.RolledBack<>("wf-no", "no \"money\"");
        for (int i = 0; i < 2; i++) {
            assertEquals(expected, trip().run("wf-no", Map.of("to", "Rome"), WAIT));
        }
        assertEquals(List.of("book", "pay", "cancel"), List.copyOf(seen));
        assertEquals(0, trips());
    }

    @Test
    void whatIsNotDecidedIsResumedByTheCoordinatorWhileTheCallerWaits() throws SQLException {
        isDown = true;
        assertEquals(new WorkflowResult.Succeeded<>("wf-down", "T7 to Rome"),
            trip().run("wf-down", Map.of("to", "Rome"), WAIT));
        assertEquals(List.of("book", "pay"), List.copyOf(seen));
        assertEquals(List.of("/resume"), services.calls("wf-down"));
        assertEquals(1, trips());
    }

    /** Each has another result for the step, as no participant that bears repeats would have. */
    @Test
    void ofTwoRunsTheFirstToPutAStepOnRecordIsRight() {
        Workflow<Void, String> second = pactor.workflow("two", Void.class, String.class,
            (wf, none) -> wf.step("n").call(String.class, () -> "2"))
            .resumeAt(services.url("/resume"));
        WorkflowResult<String> result = pactor.workflow("two", Void.class, String.class,
            (wf, none) -> wf.step("n").call(String.class, () -> {
                seen.add(second.run("wf-two", null, NOW).toString());
                return "1";
            })).resumeAt(services.url("/resume")).run("wf-two", null, NOW);
        assertEquals(new WorkflowResult.Succeeded<>("wf-two", "2"), result);
        assertEquals(List.of(result.toString()), List.copyOf(seen));
    }

    @Test
    void ofTwoRunsThatAreUnderWayTheFirstToPutAStepOnRecordIsRight() {
        WorkflowResult<String> result = pactor.workflow("two", Void.class, String.class,
            (wf, none) -> wf.step("n").onRollback(() -> seen.add("undo")).call(String.class, () -> {
                pactor.workflow("two", Void.class, String.class, (other, nothing) -> {
                    try {
                        other.step("n").run(() -> {
                            throw new Refused("full");
                        });
                    } catch (Refused e) {
                        seen.add(e.getMessage());
                    }
                    throw new IOException("no network");
                }).resumeAt(services.url("/resume")).run("wf-both", null, NOW);
                return "1";
            })).resumeAt(services.url("/resume")).run("wf-both", null, NOW);
        assertEquals(new WorkflowResult.RolledBack<>("wf-both", "full"), result);
        assertEquals(List.of("full", "undo"), List.copyOf(seen));
    }

    @Test
    void whoHasDiedIsResumedByTheCoordinator() throws SQLException {
        isDown = true;
        isRefused = true;
        try {
            trip().run("wf-died", Map.of("to", "Rome", "dies", true), NOW);
        } catch (Death e) {
            seen.add("died");
        }
        await().atMost(WAIT).until(() -> pactor.query("wf-died").orElseThrow().isEnded());
        assertEquals(List.of("book", "died", "pay", "cancel"), List.copyOf(seen));
        assertEquals(0, trips());
        assertEquals("no \"money\"", assertInstanceOf(WorkflowResult.RolledBack.class,
            trip().run("wf-died", Map.of("dies", true, "to", "Rome"), NOW)).reason());
    }
}

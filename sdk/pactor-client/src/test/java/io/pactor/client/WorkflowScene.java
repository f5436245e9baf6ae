package io.pactor.client;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** A coordinator, a client, and workflows whose steps say what they did. */
@Timeout(60)
abstract class WorkflowScene {

    static final Duration NOW = Duration.ofMillis(1);

    final FakeWorkflows coordinator = new FakeWorkflows(FakeWorkflows.Kind.PACTOR);
    final Pactor pactor = Pactor.builder().urls(coordinator.url()).attempts(1).build();
    final List<String> seen = new ArrayList<>();

    @AfterEach
    void close() {
        pactor.close();
        coordinator.close();
    }

    <R> Workflow<String, R> workflow(Class<R> type, Workflow.Body<String, R> body) {
        return pactor.workflow("wf", String.class, type, body).resumeAt("http://127.0.0.1:1/wf");
    }

    WorkflowResult<String> run(String gid, Workflow.Body<String, String> body) {
        return workflow(String.class, body).run(gid, "in", NOW);
    }

    String step(WorkflowSteps wf, String name) {
        return wf.step(name).onRollback(() -> seen.add("undo " + name)).call(String.class, () -> {
            seen.add(name);
            return name;
        });
    }

    String inProgress(WorkflowResult<?> result) {
        return assertInstanceOf(WorkflowResult.InProgress.class, result).waitsFor();
    }

    static Function<String, String> query(String gid) {
        return Map.of("gid", gid, "op", "wf", "branch_id", "00", "trans_type", "workflow")::get;
    }
}

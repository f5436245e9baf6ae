package io.pactor.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pactor.client.participant.HttpAnswer;
import io.pactor.client.participant.Refused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a run makes of what other runs, and other code, put on record. */
class WorkflowRunsTest extends WorkflowScene {

    @Test
    void codeThatWasChangedIsFoundOutByName() {
        Workflow.Body<String, String> old = (wf, in) -> {
            step(wf, "a");
            step(wf, "b");
            throw new IOException("later");
        };
        inProgress(run("changed", old));
        assertChanged("step 02 of workflow changed is c in the code, but b on record", (wf, in) -> {
            step(wf, "a");
            return step(wf, "c");
        });
        assertChanged("step 01 of workflow changed is b in the code, but a on record", (wf, in) -> {
            try {
                step(wf, "b");
            } catch (RuntimeException e) {
                seen.add("swallowed");
            }
            return "done";
        });
        assertChanged("ends in the code after 1 steps, but has step 02 on record: b",
            (wf, in) -> step(wf, "a"));
        assertChanged("ends in the code after 1 steps, but has step 02 on record: b", (wf, in) -> {
            step(wf, "a");
            throw new Refused("no");
        });
        assertChanged("steps 01 and 02 of workflow changed have the same name: a", (wf, in) -> {
            step(wf, "a");
            return step(wf, "a");
        });
        assertEquals(500, workflow(String.class, (wf, in) -> "done").resume(query("changed"))
            .status());
        assertEquals(List.of("a", "b", "swallowed"), seen);
        assertEquals(List.of("01 action succeed", "02 action succeed"), coordinator.told());
    }

    private void assertChanged(String message, Workflow.Body<String, String> body) {
        String said = assertThrows(WorkflowChangedException.class, () -> run("changed", body))
            .getMessage();
        assertTrue(said.contains(message), said);
    }

    @ParameterizedTest
    @EnumSource
    void ofTwoRunsTheFirstToPutAStepOnRecordIsRight(FakeWorkflows.Kind kind) {
        try (FakeWorkflows shared = new FakeWorkflows(kind);
                Pactor one = Pactor.builder().urls(shared.url()).attempts(1).build();
                Pactor other = Pactor.builder().urls(shared.url()).attempts(1).build()) {
            List<WorkflowResult<String>> results = new ArrayList<>();
            Workflow<String, String> second = other.workflow("wf", String.class, String.class,
                (wf, in) -> step(wf, "who") + wf.step("n").call(String.class, () -> "2"))
                .resumeAt("http://127.0.0.1:1/wf");
            results.add(one.workflow("wf", String.class, String.class, (wf, in) -> {
                String who = step(wf, "who");
                return who + wf.step("n").call(String.class, () -> {
                    results.add(second.run("two", in, NOW));
                    return "1";
                });
            }).resumeAt("http://127.0.0.1:1/wf").run("two", "in", NOW));
            assertEquals(List.of(new WorkflowResult.Succeeded<>("two", "who2"),
                new WorkflowResult.Succeeded<>("two", "who2")), results);
            assertEquals(List.of("who"), seen);
        }
    }

    @Test
    void ofTwoRunsTheOneThatFindsARefusalUndoes() {
        assertEquals(new WorkflowResult.RolledBack<>("beaten", "no seat"),
            run("beaten", (wf, in) -> {
                step(wf, "a");
                return wf.step("b").onRollback(() -> seen.add("undo b")).call(String.class, () -> {
                    coordinator.put("beaten", "02", "action", "failed",
                        WorkflowEntry.refused("b", "no seat").data());
                    return "done";
                });
            }));
        assertEquals(List.of("a", "undo b", "undo a"), seen);
    }

    /** What the coordinator puts on record when an operator rolls a workflow back. */
    @Test
    void whatAnOperatorRollsBackIsUndone() {
        String refusal = "{\"step\":\"\",\"reason\":\"rolled back by an operator\"}";
        assertEquals(new WorkflowResult.RolledBack<>("atWork", "rolled back by an operator"),
            run("atWork", (wf, in) -> {
                step(wf, "a");
                return wf.step("b").onRollback(() -> seen.add("undo b")).call(String.class, () -> {
                    coordinator.put("atWork", "02", "action", "failed", refusal);
                    return "done";
                });
            }));
        assertEquals(List.of("a", "undo b", "undo a"), seen);

        seen.clear();
        Workflow.Body<String, String> body = (wf, in) -> {
            step(wf, "a");
            if (seen.size() == 1) {
                throw new IOException("later");
            }
            return "done";
        };
        inProgress(run("silent", body));
        coordinator.put("silent", "02", "action", "failed", refusal);
        assertEquals(new WorkflowResult.RolledBack<>("silent", "rolled back by an operator"),
            run("silent", (wf, in) -> {
                step(wf, "a");
                return "done";
            }));
        assertEquals(List.of("a", "undo a"), seen);
    }

    @Test
    void whatSomebodyElseHasEndedIsNotGoneOnWith() {
        assertEquals(new WorkflowResult.RolledBack<>("stopped", "stopped by force"),
            run("stopped", (wf, in) -> {
                step(wf, "a");
                coordinator.end("stopped", "failed", "stopped by force");
                step(wf, "b");
                return step(wf, "c");
            }));
        assertEquals(List.of("a", "b"), seen);
    }

    @Test
    void itDoesNotRunTwiceAtOnceInOneProcess() {
        List<Workflow<String, String>> self = new ArrayList<>();
        self.add(workflow(String.class, (wf, in) -> wf.step("a").call(String.class, () -> {
            HttpAnswer answer = self.get(0).resume(query("once"));
            seen.add(answer.status() + " " + answer.headers().get("Retry-After"));
            seen.add(inProgress(self.get(0).run("once", in, NOW)));
            return "done";
        })));
        assertEquals(new WorkflowResult.Succeeded<>("once", "done"),
            self.get(0).run("once", "in", NOW));
        assertEquals(List.of("425 1", "it runs in this process"), seen);
    }

    @Test
    void resumeTakesNothingButTheGidFromTheRequest() {
        Workflow<String, String> workflow = workflow(String.class, (wf, in) -> step(wf, in));
        assertEquals(500, workflow.resume(none -> null).status());
        assertEquals(500, workflow.resume(query("unknown")).status());
        assertEquals(List.of(), coordinator.told());
        inProgress(run("known", (wf, in) -> {
            throw new IOException("later");
        }));
        assertEquals(500, pactor.workflow("other", String.class, String.class, (wf, in) -> in)
            .resume(query("known")).status());
        HttpAnswer answer = workflow.resume(query("known"));
        assertEquals(200, answer.status());
        assertEquals("{\"dtm_result\":\"SUCCESS\"}",
            new String(answer.body(), StandardCharsets.UTF_8));
        assertEquals(200, workflow.resume(query("known")).status());
        assertEquals(List.of("in"), seen);
    }

    @Test
    void aGidIsForOneWorkflowAndOneInput() {
        Workflow<String, String> workflow = workflow(String.class, (wf, in) -> in);
        workflow.run("mine", "{\"a\":1, \"b\":2}", NOW);
        assertEquals(new WorkflowResult.Succeeded<>("mine", "{\"a\":1, \"b\":2}"),
            workflow.run("mine", "{\"b\":2,\"a\":1}", NOW));
        assertTrue(assertThrows(RejectedException.class, () -> workflow.run("mine", "[]", NOW))
            .getMessage().contains("another input"));
        assertEquals("gid mine is a workflow wf, not other", assertThrows(RejectedException.class,
            () -> pactor.workflow("other", String.class, String.class, (wf, in) -> in)
                .resumeAt("http://127.0.0.1:1/wf").run("mine", "in", NOW)).getMessage());
    }

    @Test
    void whatAnotherClientWroteIsNotTakenForAStep() {
        inProgress(run("foreign", (wf, in) -> {
            throw new IOException("later");
        }));
        coordinator.put("foreign", "01", "action", "succeed", "ann paid");
        assertTrue(assertThrows(WorkflowChangedException.class,
            () -> run("foreign", (wf, in) -> step(wf, "a"))).getMessage()
            .contains("action of branch 01 in workflow foreign was not written by this client"));
    }
}

package io.pactor.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pactor.client.participant.BranchCall;
import io.pactor.client.participant.HttpAnswer;
import io.pactor.client.participant.Ongoing;
import io.pactor.client.participant.Refused;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a workflow does with each word of its body. */
class WorkflowTest extends WorkflowScene {

    @Test
    void resultsOfStepsAreReadFromTheRecordAlsoAtFirst() {
        List<Object> results = new ArrayList<>();
        Workflow<String, Map<?, ?>> workflow = cast(workflow(Map.class, (wf, in) -> {
            results.add(wf.step("map").call(Map.class, () -> Map.of("n", (short) 1)));
            results.add(wf.step("null").call(String.class, () -> null));
            results.add(wf.step("text").call(String.class, () -> ""));
            wf.step("nothing").run(() -> seen.add("nothing"));
            if (results.size() == 3) {
                throw new IOException("later");
            }
            return Map.of("in", in, "ended", true);
        }));

        assertEquals("java.io.IOException: later", inProgress(workflow.run("read", "in", NOW)));
        Map<?, ?> value = assertInstanceOf(WorkflowResult.Succeeded.class,
            workflow.run("read", "in", NOW)).value() instanceof Map<?, ?> map ? map : Map.of();

        assertEquals(Map.of("in", "in", "ended", true), value);
        assertEquals(results.subList(0, 3), results.subList(3, 6));
        assertEquals(1, ((Number) ((Map<?, ?>) results.get(0)).get("n")).intValue());
        assertNull(results.get(1));
        assertEquals(List.of("nothing"), seen);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Workflow<String, Map<?, ?>> cast(Workflow workflow) {
        return workflow;
    }

    @Test
    void aRepeatReturnsWhatIsOnRecordAndRunsNothing() {
        Workflow.Body<String, String> body = (wf, in) -> step(wf, "a") + in;
        assertEquals(new WorkflowResult.Succeeded<>("again", "ain"), run("again", body));
        assertEquals(new WorkflowResult.Succeeded<>("again", "ain"), run("again", body));
        assertEquals(List.of("a"), seen);
        assertEquals(List.of("01 action succeed", "succeed"), coordinator.told());
    }

    @Test
    void aRefusalUndoesInReverseOrderWhatWasDone() {
        Workflow.Body<String, String> body = (wf, in) -> {
            step(wf, "a");
            wf.step("no undo").run(() -> seen.add("no undo"));
            step(wf, "b");
            return wf.step("c").onRollback(() -> seen.add("undo c")).call(String.class, () -> {
                throw new Refused("no seat FAILURE");
            });
        };
        WorkflowResult<String> result = run("full", body);
        assertEquals(new WorkflowResult.RolledBack<>("full", "no seat"), result);
        assertEquals(result, run("full", body));
        assertEquals(List.of("a", "no undo", "b", "undo b", "undo a"), seen);
        assertEquals(List.of("01 action succeed", "02 action succeed", "03 action succeed",
            "04 action failed", "00 business failed", "03 rollback succeed", "01 rollback succeed",
            "failed"), coordinator.told());
    }

    @Test
    void aRefusalMayBeCaughtAndAnotherWayBeTaken() {
        assertEquals(new WorkflowResult.Succeeded<>("other", "b"), run("other", (wf, in) -> {
            try {
                wf.step("a").run(() -> {
                    throw new Refused("full");
                });
            } catch (Refused e) {
                assertEquals("full", e.getMessage());
            }
            return step(wf, "b");
        }));
    }

    @Test
    void aFailureThatTheBodyCatchesDecidesNothing() {
        assertEquals("java.lang.IllegalStateException: down", inProgress(run("caught", (wf, in) -> {
            step(wf, "a");
            assertThrows(IllegalStateException.class, () -> wf.step("b").run(() -> {
                throw new IllegalStateException("down");
            }));
            assertThrows(IllegalStateException.class, () -> step(wf, "c"));
            return "done";
        })));
        assertEquals(List.of("a"), seen);
        assertEquals(List.of("01 action succeed"), coordinator.told());
    }

    @Test
    void anUndoThatFailsIsTriedAgainAndCannotRefuse() {
        List<RuntimeException> failures = new ArrayList<>(
            List.of(new Refused("no"), new IllegalStateException("down")));
        Workflow<String, String> workflow = workflow(String.class, (wf, in) -> {
            wf.step("a").onRollback(() -> {
                if (!failures.isEmpty()) {
                    throw failures.remove(0);
                }
                seen.add(wf.branchCall().toString());
            }).run(() -> seen.add(wf.branchCall().toString()));
            throw new Refused("changed my mind");
        });
        assertTrue(inProgress(workflow.run("undo", "in", NOW)).contains("cannot be refused"));
        assertEquals(500, workflow.resume(query("undo")).status());
        assertEquals(200, workflow.resume(query("undo")).status());
        assertEquals(new WorkflowResult.RolledBack<>("undo", "changed my mind"),
            workflow.run("undo", "in", NOW));
        assertEquals(List.of(new BranchCall("undo", "workflow", "01", "action").toString(),
            new BranchCall("undo", "workflow", "01", "rollback").toString()), seen);
    }

    @Test
    void whatWasDecidedStandsWhateverTheBodySaysLater() {
        for (boolean goesOn : List.of(false, true)) {
            String gid = "fickle-" + goesOn;
            seen.clear();
            Workflow<String, String> workflow = workflow(String.class, (wf, in) -> {
                wf.step("a").onRollback(() -> {
                    seen.add("undo");
                    if (seen.size() == 1) {
                        throw new IOException("down");
                    }
                }).run(() -> { });
                if (seen.isEmpty()) {
                    throw new Refused("changed my mind");
                }
                return goesOn ? step(wf, "b") : "done";
            });
            inProgress(workflow.run(gid, "in", NOW));
            assertEquals(new WorkflowResult.RolledBack<>(gid, "changed my mind"),
                workflow.run(gid, "in", NOW));
            assertEquals(List.of("undo", "undo"), seen);
        }
    }

    @Test
    void ongoingIsAnsweredWithItsWait() {
        Workflow<String, String> workflow = workflow(String.class, (wf, in) -> {
            wf.step("a").run(() -> {
                throw Ongoing.askAgainIn(Duration.ofSeconds(7));
            });
            return "done";
        });
        inProgress(workflow.run("ongoing", "in", NOW));
        HttpAnswer answer = workflow.resume(query("ongoing"));
        assertEquals(425, answer.status());
        assertEquals("7", answer.headers().get("Retry-After"));
    }

    /** With 99 steps on record, so that it takes no hundred requests. */
    @Test
    void aWorkflowHasAtMost99Steps() {
        for (int count : List.of(WorkflowSteps.STEPS_MAX, WorkflowSteps.STEPS_MAX + 1)) {
            String gid = "steps-" + count;
            inProgress(run(gid, (wf, in) -> {
                throw new IOException("later");
            }));
            for (int i = 1; i <= WorkflowSteps.STEPS_MAX; i++) {
                coordinator.put(gid, String.format("%02d", i), "action", "succeed",
                    WorkflowEntry.done("step " + i, "done").data());
            }
            WorkflowResult<String> result = run(gid, (wf, in) -> {
                for (int i = 1; i <= count; i++) {
                    step(wf, "step " + i);
                }
                return "all";
            });
            if (count == WorkflowSteps.STEPS_MAX) {
                assertEquals(new WorkflowResult.Succeeded<>(gid, "all"), result);
            } else {
                assertTrue(inProgress(result).contains("at most 99 steps; step 100 of"));
            }
        }
        assertEquals(List.of(), seen);
    }

    @Test
    void namesAndMisuseAreTold() {
        Workflow<String, String> workflow = pactor.workflow("w".repeat(Workflow.NAME_MAX),
            String.class, String.class,
            (wf, in) -> step(wf, "n".repeat(WorkflowSteps.NAME_MAX)));
        assertThrows(IllegalStateException.class, () -> workflow.run("none", "in", NOW));
        workflow.resumeAt("http://127.0.0.1:1/wf");
        assertInstanceOf(WorkflowResult.Succeeded.class, workflow.run("names", "in", NOW));
        assertThrows(IllegalStateException.class, () -> workflow.resumeAt("http://late"));
        for (String name : List.of("", " a", "w".repeat(Workflow.NAME_MAX + 1), "ü")) {
            assertThrows(IllegalArgumentException.class,
                () -> pactor.workflow(name, Void.class, Void.class, (wf, in) -> null));
        }
        run("misuse", (wf, in) -> {
            assertThrows(IllegalArgumentException.class, () -> wf.step(" "));
            assertThrows(IllegalArgumentException.class,
                () -> wf.step("n".repeat(WorkflowSteps.NAME_MAX + 1)));
            assertThrows(IllegalStateException.class, wf::branchCall);
            assertThrows(IllegalStateException.class,
                () -> wf.step("a").onRollback(connection -> { }).run(() -> seen.add("ran")));
            assertThrows(IllegalStateException.class,
                () -> wf.step("a").onRollback(() -> { }).onRollback(connection -> { }));
            seen.clear();
            return "done";
        });
        assertEquals(List.of(), seen);
    }

    @Test
    void whatTheCoordinatorWouldNotKeepIsNotSent() {
        int room = WorkflowRecord.DATA_BYTES_MAX
            - WorkflowEntry.done("a", "").data().length();
        assertInstanceOf(WorkflowResult.Succeeded.class, run("fits",
            (wf, in) -> wf.step("a").call(String.class, () -> "x".repeat(room))));
        assertTrue(inProgress(run("long",
            (wf, in) -> wf.step("a").call(String.class, () -> "x".repeat(room + 1))))
            .contains("at most " + WorkflowRecord.DATA_BYTES_MAX));
        String reason = "r".repeat(WorkflowRecord.REASON_CHARS_MAX - 1);
        assertEquals(new WorkflowResult.RolledBack<>("why", reason), run("why", (wf, in) -> {
            throw new Refused(reason + "\ud83d\ude00");
        }));
    }
}

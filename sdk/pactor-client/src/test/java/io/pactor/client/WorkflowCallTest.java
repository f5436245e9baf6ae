package io.pactor.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Steps of a workflow that are calls of participants. */
class WorkflowCallTest extends WorkflowScene {

    private final Participants services = new Participants();

    @AfterEach
    void closeServices() {
        services.close();
    }

    private Call call(String path) {
        return Call.post(services.url(path), Map.of("seat", 3));
    }

    private WorkflowResult<String> trip(String gid) {
        return run(gid, (wf, in) -> {
            Map<?, ?> ticket = wf.step("ticket").onRollback(call("/ticket/cancel"))
                .call(Map.class, call("/ticket"));
            wf.step("pay").onRollback(call("/pay/back")).run(call("/pay"));
            return "ticket " + ticket.get("number");
        });
    }

    @Test
    void itsAnswerIsOnRecordAndItIsNotCalledAgain() {
        services.answer("/ticket", 200, "{\"number\":7}");

        assertEquals(new WorkflowResult.Succeeded<>("w1", "ticket 7"), trip("w1"));
        assertEquals(new WorkflowResult.Succeeded<>("w1", "ticket 7"), trip("w1"));

        assertEquals(List.of("/ticket", "/pay"), services.calls("w1"));
        Participants.Received first = services.received().get(0);
        assertEquals("{\"seat\":3}", first.body());
        assertEquals(List.of("w1", "workflow", "01", "action"), List.of(first.query().get("gid"),
            first.query().get("trans_type"), first.query().get("branch_id"),
            first.query().get("op")));
    }

    @Test
    void aRefusalIsThatOfTheStepAndWhatWasDoneIsUndone() {
        services.answer("/ticket", 200, "{\"number\":7}");
        services.answer("/pay", 409, "{\"dtm_result\":\"FAILURE\",\"message\":\"no money\"}");

        assertEquals("no money",
            assertInstanceOf(WorkflowResult.RolledBack.class, trip("w2")).reason());

        assertEquals(List.of("/ticket", "/pay", "/ticket/cancel"), services.calls("w2"));
        Map<String, String> undo = services.received().get(2).query();
        assertEquals("01 rollback", undo.get("branch_id") + " " + undo.get("op"));
    }

    @Test
    void withoutAVerdictNothingIsDecidedAndTheNextRunCallsAgain() {
        services.answer("/ticket", 200, "{\"number\":7}");
        for (int status : new int[] {500, 425, 404, 204}) {
            services.answer("/pay", status, "");
            assertInstanceOf(WorkflowResult.InProgress.class, trip("w3"), "after " + status);
        }
        services.answer("/pay", 200, "");

        assertEquals(new WorkflowResult.Succeeded<>("w3", "ticket 7"), trip("w3"));
        assertEquals(1, services.calls("w3").stream().filter("/ticket"::equals).count());
        assertEquals(5, services.calls("w3").stream().filter("/pay"::equals).count());
    }

    @Test
    void aRollbackThatIsRefusedIsCalledAgain() {
        services.answer("/ticket", 200, "{\"number\":7}");
        services.answer("/pay", 409, "");
        services.answer("/ticket/cancel", 409, "");
        assertTrue(inProgress(trip("w4")).contains("cannot be refused"));

        services.answer("/ticket/cancel", 200, "");
        assertInstanceOf(WorkflowResult.RolledBack.class, trip("w4"));
    }

    @Test
    void anAnswerThatCannotBeReadIsNotPutOnRecord() {
        services.answer("/ticket", 200, "seven");
        assertInstanceOf(WorkflowResult.InProgress.class, trip("w5"));

        services.answer("/ticket", 200, "{\"number\":7}");
        assertEquals(new WorkflowResult.Succeeded<>("w5", "ticket 7"), trip("w5"));
    }
}

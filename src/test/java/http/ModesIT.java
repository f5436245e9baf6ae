package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each mode to its good and to its bad end, as client and participants see it. */
class ModesIT {

    private static StartedJar jar;

    @BeforeAll
    static void start(@TempDir Path dir) {
        jar = StartedJar.in(dir);
    }

    @AfterAll
    static void stop() {
        jar.close();
    }

    @Test
    void aSagaSucceedsStepByStep() {
        ok("submit", saga("saga-well", "\"wait_result\":true", "yes", "in"));

        JsonNode shown = jar.transaction("saga-well");
        assertEquals("succeed", shown.get("status").asText());
        assertTrue(shown.has("finish_time") && !shown.has("next_cron_time"), shown.toString());
        assertEquals(List.of("01 action yes", "02 action in"), jar.participant.told("saga-well"));
        assertEquals(List.of("01 compensate prepared", "01 action succeed",
            "02 compensate prepared", "02 action succeed"), jar.branches("saga-well"));
        Participant.Call call = jar.participant.calls("saga-well").get(0);
        assertEquals("POST", call.method());
        assertEquals("{\"n\":0}", call.body());
        assertEquals("saga", call.query().get("trans_type"));
    }

    @Test
    void aRefusedSagaIsUndoneInReverse() {
        WireClient.Answer answer = jar.client.post("submit",
            saga("saga-ill", "\"wait_result\":true", "one", "two", "no", "never"));

        assertEquals(409, answer.status(), answer.body());
        assertTrue(answer.body().contains("no funds"), answer.body());
        jar.awaitStatus("saga-ill", "failed");
        assertEquals(List.of("01 action one", "02 action two", "03 action no",
            "03 compensate noUndo", "02 compensate twoUndo", "01 compensate oneUndo"),
            jar.participant.told("saga-ill"));
        JsonNode shown = jar.transaction("saga-ill");
        assertTrue(shown.has("rollback_time"), shown.toString());
        assertTrue(shown.get("rollback_reason").asText().contains("no funds"), shown.toString());
    }

    @Test
    void aConcurrentSagaKeepsItsOrders() {
        ok("submit", saga("saga-wide", "\"wait_result\":true,\"custom_data\":"
            + "\"{\\\"concurrent\\\":true,\\\"orders\\\":{\\\"0\\\":[1,2]}}\"", "a", "b", "c"));

        assertEquals("succeed", jar.status("saga-wide"));
        List<String> told = jar.participant.told("saga-wide");
        assertEquals("01 action a", told.get(2));
        assertEquals(Set.of("02 action b", "03 action c"), Set.copyOf(told.subList(0, 2)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcc", "xa"})
    void whatIsTriedIsConfirmedOrCancelled(String mode) {
        String[] ops = mode.equals("tcc") ? new String[] {"confirm", "cancel"}
            : new String[] {"commit", "rollback"};
        for (String verb : List.of("submit", "abort")) {
            String gid = mode + "-" + verb;
            ok("prepare", Requests.bare(gid, mode));
            ok("registerBranch", branch(gid, mode, "01"));
            ok("registerBranch", branch(gid, mode, "02"));

            ok(verb, Requests.bare(gid, mode));

            boolean well = verb.equals("submit");
            String op = ops[well ? 0 : 1];
            jar.awaitStatus(gid, well ? "succeed" : "failed");
            Set<String> expected = mode.equals("xa")
                ? Set.of("01 " + op + " xa01", "02 " + op + " xa02")
                : Set.of("01 " + op + " " + op + "01", "02 " + op + " " + op + "02");
            assertEquals(expected, Set.copyOf(jar.participant.told(gid)));
            assertEquals(2, jar.participant.calls(gid).size());
            assertEquals(List.of("01 " + ops[1], "01 " + ops[0], "02 " + ops[1], "02 " + ops[0]),
                jar.branches(gid).stream()
                    .map(each -> each.substring(0, each.lastIndexOf(' '))).toList());
        }
    }

    /** Nobody said how it ended, so the coordinator gives it up. */
    @Test
    void aForgottenTccIsCancelled() {
        ok("prepare", with(Requests.bare("tcc-late", "tcc"), "\"timeout_to_fail\":1"));
        ok("registerBranch", branch("tcc-late", "tcc", "01"));

        jar.awaitStatus("tcc-late", "failed");

        assertEquals(List.of("01 cancel cancel01"), jar.participant.told("tcc-late"));
    }

    @Test
    void aMessageIsDelivered() {
        ok("prepare", message("msg-well", "\"query_prepared\":\"" + jar.url("asked") + "\""));
        assertEquals("prepared", jar.status("msg-well"));
        assertEquals(List.of(), jar.participant.told("msg-well"));

        ok("submit", Requests.bare("msg-well", "msg"));

        jar.awaitStatus("msg-well", "succeed");
        assertEquals(List.of("01 action one", "02 action two"), jar.participant.told("msg-well"));
    }

    /** The sender was lost between its local transaction and the submit: it is asked. */
    @Test
    void theSenderOfAForgottenMessageIsAsked() {
        for (String verdict : List.of("yes", "no")) {
            ok("prepare", message("msg-" + verdict,
                "\"timeout_to_fail\":1,\"query_prepared\":\"" + jar.url(verdict) + "\""));
        }

        jar.awaitStatus("msg-yes", "succeed");
        jar.awaitStatus("msg-no", "failed");

        assertEquals(List.of("00 msg yes", "01 action one", "02 action two"),
            jar.participant.told("msg-yes"));
        assertEquals(List.of("00 msg no"), jar.participant.told("msg-no"));
    }

    @Test
    void aDelayedMessageWaits() {
        ok("submit", message("msg-slow", "\"custom_data\":\"{\\\"delay\\\":2}\""));
        long from = System.nanoTime();

        jar.awaitStatus("msg-slow", "succeed");

        assertTrue(Duration.ofNanos(System.nanoTime() - from).toMillis() > 1_500, "two seconds");
    }

    @ParameterizedTest
    @ValueSource(strings = {"succeed", "failed"})
    void aWorkflowEndsAsItsInitiatorSays(String end) {
        String gid = "workflow-" + end;
        WireClient.Answer first = jar.client.post("prepareWorkflow", workflow(gid, 60));
        assertEquals("[]", StartedJar.json(first.body()).get("progresses").toString());
        ok("registerBranch", Requests.branch(gid, "workflow", "01", ""));

        ok("submit", "{\"gid\":\"" + gid + "\",\"trans_type\":\"workflow\",\"req_extra\":{"
            + "\"status\":\"" + end + "\",\"result\":\"cmVz\",\"rollback_reason\":\""
            + (end.equals("failed") ? "why not" : "") + "\"}}");

        JsonNode again = StartedJar.json(
            jar.client.post("prepareWorkflow", workflow(gid, 60)).body());
        assertEquals(end, again.at("/transaction/status").asText());
        assertEquals("cmVz", again.at("/transaction/result").asText());
        assertEquals("action", again.at("/progresses/0/op").asText());
        assertEquals(List.of("01 action succeed"), jar.branches(gid));
        assertTrue(jar.participant.calls(gid).isEmpty(), "it is the initiator that calls");
        assertEquals(end.equals("failed"), again.at("/transaction").has("rollback_reason"));
    }

    @Test
    void aForgottenWorkflowIsCalledBack() {
        assertEquals(200,
            jar.client.post("prepareWorkflow", workflow("workflow-late", 1)).status());

        Awaitility.await().atMost(Duration.ofSeconds(30))
            .until(() -> !jar.participant.calls("workflow-late").isEmpty());

        Participant.Call call = jar.participant.calls("workflow-late").get(0);
        assertEquals("resume", call.path());
        assertEquals("wf", call.query().get("op"), "the name under which it was registered");
        assertEquals("work", call.body());
        ok("submit", Requests.finished("workflow-late", "succeed"));
        assertFalse(jar.transaction("workflow-late").has("next_cron_time"));
    }

    private static void ok(String path, String body) {
        WireClient.Answer answer = jar.client.post(path, body);
        assertEquals(200, answer.status(), answer.body());
        assertEquals("{\"dtm_result\":\"SUCCESS\"}", answer.body());
    }

    private static String with(String body, String fields) {
        return body.substring(0, body.length() - 1) + "," + fields + "}";
    }

    private static String saga(String gid, String fields, String... actions) {
        StringBuilder steps = new StringBuilder();
        StringBuilder payloads = new StringBuilder();
        for (int i = 0; i < actions.length; i++) {
            String comma = i == 0 ? "" : ",";
            steps.append(comma).append("{\"action\":\"").append(jar.url(actions[i]))
                .append("\",\"compensate\":\"").append(jar.url(actions[i])).append("Undo\"}");
            payloads.append(comma).append("\"{\\\"n\\\":").append(i).append("}\"");
        }
        return with(Requests.bare(gid, "saga"),
            fields + ",\"steps\":[" + steps + "],\"payloads\":[" + payloads + "]");
    }

    private static String message(String gid, String fields) {
        return with(Requests.bare(gid, "msg"), fields + ",\"steps\":[{\"action\":\""
            + jar.url("one") + "\"},{\"action\":\"" + jar.url("two")
            + "\"}],\"payloads\":[\"1\",\"2\"]");
    }

    private static String branch(String gid, String mode, String id) {
        return "{\"gid\":\"" + gid + "\",\"trans_type\":\"" + mode + "\",\"branch_id\":\"" + id
            + "\",\"data\":\"{}\"," + (mode.equals("xa") ? "\"url\":\"" + jar.url("xa" + id) + "\"}"
            : "\"confirm\":\"" + jar.url("confirm" + id) + "\",\"cancel\":\""
                + jar.url("cancel" + id) + "\"}");
    }

    private static String workflow(String gid, int seconds) {
        return with(Requests.bare(gid, "workflow"), "\"timeout_to_fail\":" + seconds
            + ",\"query_prepared\":\"" + jar.url("resume")
            + "\",\"custom_data\":\"{\\\"name\\\":\\\"wf\\\",\\\"data\\\":\\\"d29yaw==\\\"}\"");
    }
}

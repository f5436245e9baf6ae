package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import branch.GrpcParticipant;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import wire.WorkflowData;

/** Each mode with participants over gRPC, to its good and to its bad end, on the started jar. */
class GrpcParticipantsIT {

    private static StartedJar jar;
    private static GrpcParticipant bank;

    @BeforeAll
    static void start(@TempDir Path dir) {
        jar = StartedJar.in(dir);
        bank = GrpcParticipant.start()
            .on("No", received -> Status.ABORTED.withDescription("no funds"))
            .on("AtWorkOnce", received -> calls(received.value("dtm-gid"), "AtWorkOnce") == 1
                ? Status.FAILED_PRECONDITION.withDescription("wait") : Status.OK)
            .on("NoOnce", received -> calls(received.value("dtm-gid"), "NoOnce") == 1
                ? Status.ABORTED.withDescription("FAILURE") : Status.OK)
            .on("BusyOnce", received -> calls(received.value("dtm-gid"), "BusyOnce") == 1
                ? Status.UNAVAILABLE.withDescription("try again") : Status.OK);
    }

    @AfterAll
    static void stop() throws Exception {
        jar.close();
        bank.close();
    }

    @Test
    void aSagaSucceedsStepByStep() {
        ok("submit", saga("saga-well", "\"wait_result\":true", "Out", "In"));

        assertEquals("succeed", jar.status("saga-well"));
        assertEquals(List.of("01 action Out", "02 action In"), told("saga-well"));
        GrpcParticipant.Received first = received("saga-well").get(0);
        assertEquals("{\"n\":0}", new String(first.message(), StandardCharsets.UTF_8));
        assertEquals("saga", first.value("dtm-trans_type"));
        assertEquals("t9", first.value("x-trace"));
        String metrics = jar.client.send("GET", "/api/metrics", "").body();
        assertTrue(metrics.contains("protocol=\"grpc\",result=\"success\""), metrics);
    }

    @Test
    void aRefusedSagaIsUndoneInReverse() {
        WireClient.Answer answer = jar.client.post("submit",
            saga("saga-ill", "\"wait_result\":true", "One", "Two", "No", "Never"));

        assertEquals(409, answer.status(), answer.body());
        assertTrue(answer.body().contains("no funds"), answer.body());
        jar.awaitStatus("saga-ill", "failed");
        assertEquals(List.of("01 action One", "02 action Two", "03 action No",
            "03 compensate NoUndo", "02 compensate TwoUndo", "01 compensate OneUndo"),
            told("saga-ill"));
        assertTrue(jar.transaction("saga-ill").get("rollback_reason").asText()
            .contains("return failed: no funds"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"AtWorkOnce", "BusyOnce"})
    void whatIsNoVerdictIsAskedAgain(String method) {
        String gid = "saga-" + method;
        ok("submit", saga(gid, "\"retry_interval\":1", method, "In"));

        jar.awaitStatus(gid, "succeed");

        assertEquals(List.of("01 action " + method, "01 action " + method, "02 action In"),
            told(gid));
    }

    @Test
    void stepsOverHttpAndGrpcMixInOneSaga() {
        String steps = "\"protocol\":\"grpc\",\"wait_result\":true,\"steps\":[{\"action\":\""
            + jar.url("in") + "\"},{\"action\":\"" + bank.url("In")
            + "\"}],\"payloads\":[\"{}\",\"{}\"]";
        ok("submit", with(Requests.bare("saga-mixed", "saga"), steps));

        assertEquals(List.of("01 action in"), jar.participant.told("saga-mixed"));
        assertEquals(List.of("02 action In"), told("saga-mixed"));
    }

    @ParameterizedTest
    @CsvSource({"tcc,submit", "tcc,abort", "xa,submit", "xa,abort"})
    void whatIsTriedIsConfirmedOrCancelled(String mode, String verb) {
        String gid = "grpc-" + mode + "-" + verb;
        ok("prepare", with(Requests.bare(gid, mode), "\"protocol\":\"grpc\""));
        ok("registerBranch", branch(gid, mode, "01"));
        ok("registerBranch", branch(gid, mode, "02"));

        ok(verb, Requests.bare(gid, mode));

        boolean well = verb.equals("submit");
        jar.awaitStatus(gid, well ? "succeed" : "failed");
        String op = mode.equals("tcc") ? well ? "confirm" : "cancel" : well ? "commit" : "rollback";
        String method = mode.equals("xa") ? "Xa" : well ? "Confirm" : "Cancel";
        assertEquals(Set.of("01 " + op + " " + method, "02 " + op + " " + method),
            Set.copyOf(told(gid)));
        assertEquals(2, received(gid).size(), "receipts");
        assertEquals(mode.equals("xa") ? bank.url("Xa") : null,
            received(gid).get(0).value("dtm-phase2_url"));
    }

    /** Nothing but a saga's action may fail for good: what is decided is carried through. */
    @ParameterizedTest
    @ValueSource(strings = {"submit", "abort"})
    void aRefusalToConfirmOrCancelIsAskedAgain(String verb) {
        String gid = "grpc-tcc-refused-" + verb;
        ok("prepare", with(Requests.bare(gid, "tcc"),
            "\"protocol\":\"grpc\",\"retry_interval\":1"));
        ok("registerBranch", branch(gid, "tcc", "01").replace("/Confirm", "/NoOnce")
            .replace("/Cancel", "/NoOnce"));

        ok(verb, Requests.bare(gid, "tcc"));

        jar.awaitStatus(gid, verb.equals("submit") ? "succeed" : "failed");
        assertEquals(2, received(gid).size(), "receipts");
    }

    @Test
    void aMessageGoesToTheSubscribersOfItsTopic() {
        assertEquals(200, jar.client.send("GET", Wire.API + "subscribe?topic=grpc-orders&url="
            + bank.url("One"), "").status());

        ok("submit", with(Requests.step("msg-topic", "msg", "topic://grpc-orders", ""),
            "\"protocol\":\"grpc\""));

        jar.awaitStatus("msg-topic", "succeed");
        assertEquals(List.of("01 action One"), told("msg-topic"));
    }

    @Test
    void aMessageIsDelivered() {
        ok("prepare", message("msg-well", "\"query_prepared\":\"" + bank.url("Asked") + "\""));
        ok("submit", Requests.bare("msg-well", "msg"));

        jar.awaitStatus("msg-well", "succeed");

        assertEquals(List.of("01 action One", "02 action Two"), told("msg-well"));
    }

    /** The sender was lost between its local transaction and the submit: it is asked. */
    @Test
    void theSenderOfAForgottenMessageIsAsked() {
        for (String verdict : List.of("Yes", "No")) {
            ok("prepare", message("msg-" + verdict,
                "\"timeout_to_fail\":1,\"query_prepared\":\"" + bank.url(verdict) + "\""));
        }

        jar.awaitStatus("msg-Yes", "succeed");
        jar.awaitStatus("msg-No", "failed");

        assertEquals(List.of("00 msg Yes", "01 action One", "02 action Two"), told("msg-Yes"));
        assertEquals(List.of("00 msg No"), told("msg-No"));
    }

    @Test
    void aForgottenWorkflowIsCalledBack() throws Exception {
        String url = "127.0.0.1:" + bank.port() + "/workflow.Workflow/Execute";
        assertEquals(200, jar.client.post("prepareWorkflow", with(
            Requests.bare("grpc-flow", "workflow"), "\"timeout_to_fail\":1,\"protocol\":\"grpc\","
            + "\"query_prepared\":\"" + url
            + "\",\"custom_data\":\"{\\\"name\\\":\\\"wf\\\",\\\"data\\\":\\\"d29yaw==\\\"}\""))
            .status());

        Awaitility.await().atMost(Duration.ofSeconds(30))
            .until(() -> !received("grpc-flow").isEmpty());

        GrpcParticipant.Received callback = received("grpc-flow").get(0);
        assertEquals("wf", callback.value("dtm-op"), "the name under which it was registered");
        assertEquals("00", callback.value("dtm-branch_id"));
        assertEquals("work", WorkflowData.parseFrom(callback.message()).getData().toStringUtf8());
        ok("submit", Requests.finished("grpc-flow", "succeed"));
    }

    @Test
    void aSchemeThatNobodyResolvesIsRefusedAtOnce() {
        for (String url : List.of("consul://r/name/busi.Busi/In", "b/busi.Busi/In", "b:80/In")) {
            WireClient.Answer answer = jar.client.post("submit", with(
                Requests.step("grpc-bad", "saga", url, ""), "\"protocol\":\"grpc\""));

            assertEquals(400, answer.status(), answer.body());
            assertTrue(answer.body().startsWith("{\"message\":\"action "), answer.body());
        }
        assertEquals("none", jar.status("grpc-bad"));
    }

    private static void ok(String path, String body) {
        WireClient.Answer answer = jar.client.post(path, body);
        assertEquals(200, answer.status(), answer.body());
        assertEquals("{\"dtm_result\":\"SUCCESS\"}", answer.body());
    }

    private static List<GrpcParticipant.Received> received(String gid) {
        return bank.received().stream().filter(each -> gid.equals(each.value("dtm-gid"))).toList();
    }

    private static long calls(String gid, String method) {
        return received(gid).stream().filter(each -> each.method().endsWith("/" + method)).count();
    }

    private static List<String> told(String gid) {
        return received(gid).stream().map(each -> each.value("dtm-branch_id") + " "
            + each.value("dtm-op") + " " + each.method().replace("busi.Busi/", "")).toList();
    }

    private static String with(String body, String fields) {
        return body.substring(0, body.length() - 1) + "," + fields + "}";
    }

    private static String saga(String gid, String fields, String... actions) {
        StringBuilder steps = new StringBuilder();
        StringBuilder payloads = new StringBuilder();
        for (int i = 0; i < actions.length; i++) {
            String comma = i == 0 ? "" : ",";
            steps.append(comma).append("{\"action\":\"").append(bank.url(actions[i]))
                .append("\",\"compensate\":\"").append(bank.url(actions[i])).append("Undo\"}");
            payloads.append(comma).append("\"{\\\"n\\\":").append(i).append("}\"");
        }
        return with(Requests.bare(gid, "saga"), fields + ",\"protocol\":\"grpc\","
            + "\"branch_headers\":{\"X-Trace\":\"t9\"},\"steps\":[" + steps + "],\"payloads\":["
            + payloads + "]");
    }

    private static String message(String gid, String fields) {
        return with(Requests.bare(gid, "msg"), fields + ",\"protocol\":\"grpc\",\"steps\":[{"
            + "\"action\":\"" + bank.url("One") + "\"},{\"action\":\"" + bank.url("Two")
            + "\"}],\"payloads\":[\"1\",\"2\"]");
    }

    private static String branch(String gid, String mode, String id) {
        return "{\"gid\":\"" + gid + "\",\"trans_type\":\"" + mode + "\",\"branch_id\":\"" + id
            + "\",\"data\":\"{}\"," + (mode.equals("xa") ? "\"url\":\"" + bank.url("Xa") + "\"}"
            : "\"confirm\":\"" + bank.url("Confirm") + "\",\"cancel\":\"" + bank.url("Cancel")
                + "\"}");
    }
}

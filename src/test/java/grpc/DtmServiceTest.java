package grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import transaction.BranchOp;
import transaction.Bytes;
import transaction.Details;
import transaction.GlobalTransaction;
import transaction.Mode;
import transaction.Options;
import transaction.Outcome;
import transaction.Protocol;
import transaction.Reply;
import transaction.Submission;
import wire.DtmBranchRequest;
import wire.DtmProgressesReply;
import wire.DtmRequest;
import wire.DtmTransOptions;

/** Each method over its socket, with the rules in memory behind it. */
class DtmServiceTest {

    private static final String STEPS =
        "[{\"action\":\"http://p/out\",\"compensate\":\"http://p/undo\"},{\"action\":\"\"}]";

    private Wire wire;

    @BeforeEach
    void start() {
        wire = Wire.start().participant("http://p/no", Outcome.failure("no funds"));
    }

    @AfterEach
    void stop() {
        wire.close();
    }

    @Test
    void aNewGidIsGiven() {
        assertEquals("gid-1", wire.client.newGid().message().getGid());
        assertEquals("gid-2", wire.client.newGid().message().getGid());
    }

    @Test
    void aSagaIsCarriedOutAsItWasSent() {
        DtmRequest saga = saga("s 1;").setTransOptions(DtmTransOptions.newBuilder()
            .setWaitResult(true).setTimeoutToFail(60).setRequestTimeout(5).setRetryInterval(7)
            .setRetryLimit(3).putBranchHeaders("x-trace", "t9")).build();

        assertEquals("OK", wire.client.ask("Submit", saga).code());

        GlobalTransaction t = wire.coordinator.state("s 1;");
        assertEquals("succeed", t.status().wire());
        assertEquals(Protocol.GRPC, t.submission().protocol());
        assertEquals(Map.of("x-trace", "t9"), t.options().branchHeaders());
        assertEquals(List.of(60, 5, 7, 3), List.of(t.options().timeoutToFailSeconds(),
            t.options().requestTimeoutSeconds(), t.options().retryIntervalSeconds(),
            t.options().retryLimit()));
        assertEquals(Bytes.of(new byte[] {0, (byte) 0xff}), t.ops().get(0).payload());
        assertEquals(1, wire.coordinator.calls().size(), "an empty url is nothing to call");
    }

    @ParameterizedTest
    @CsvSource({"''", "null", "[]"})
    void stepsMayBeSaidToBeNone(String steps) {
        DtmRequest request = DtmRequest.newBuilder().setGid("t").setTransType("tcc")
            .setSteps(steps).build();

        assertEquals("OK", wire.client.ask("Prepare", request).code());
        assertEquals("prepared", wire.coordinator.state("t").status().wire());
    }

    @Test
    void branchesJoinEachInTheirWay() {
        for (String mode : List.of("tcc", "xa", "workflow")) {
            wire.client.ask("Prepare", bare(mode, mode));
            assertEquals("OK", wire.client.register(DtmBranchRequest.newBuilder().setGid(mode)
                .setTransType(mode).setBranchID("01").setOp("ignored")
                .setBusiPayload(ByteString.copyFromUtf8("{}")).putData("confirm", "http://p/c")
                .putData("cancel", "http://p/x").putData("url", "http://p/u")
                .putData("op", "action").putData("status", "succeed").putData("more", "?")
                .build()).code(), mode);
        }

        assertEquals(List.of("01 cancel http://p/x {}", "01 confirm http://p/c {}"), ops("tcc"));
        assertEquals(List.of("01 rollback http://p/u ", "01 commit http://p/u "), ops("xa"));
        assertEquals(List.of("01 action  {}"), ops("workflow"));
    }

    /** One rule for keys at every door; see {@code KeysTest} of the HTTP interface. */
    @Test
    void keysAreReadAsOverHttp() {
        assertEquals("step 1 has no action",
            wire.client.ask("Submit", saga("s").setSteps("[{\"url\":\"http://p\"}]").build())
                .text());
        assertEquals("unknown key compensate_ in a step; did you mean compensate?",
            wire.client.ask("Submit", saga("s").setSteps("[{\"compensate_\":\"\"}]").build())
                .text());
        wire.client.ask("Prepare", bare("t", "tcc"));
        DtmBranchRequest branch = DtmBranchRequest.newBuilder().setGid("t").setTransType("tcc")
            .setBranchID("01").putData("Confirm", "http://p/c").putData("Cancel", "").build();
        assertEquals("INVALID_ARGUMENT", wire.client.register(
            branch.toBuilder().putData("confirm", "http://p/d").build()).code());
        assertEquals("unknown key can_cel in Data; did you mean cancel?", wire.client.register(
            branch.toBuilder().putData("can_cel", "http://p/d").build()).text());
        assertEquals("OK", wire.client.register(branch).code());
        assertEquals(List.of("01 cancel  ", "01 confirm http://p/c "), ops("t"));
    }

    /** Many more, and the message has too many fields to be read at all. */
    @Test
    void tooManyHeadersAreRefusedWhateverTheirNames() {
        DtmTransOptions.Builder options = DtmTransOptions.newBuilder();
        for (int i = 0; i < 1 << 11; i++) {
            StringBuilder name = new StringBuilder();
            for (int bit = 0; bit < 11; bit++) {
                name.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            options.putBranchHeaders(name.toString(), "");
        }
        assertEquals("branch_headers has more than 64 entries",
            wire.client.ask("Submit", saga("s").setTransOptions(options).build()).text());
    }

    @Test
    void aBranchThatIsToldAgainIsTheSameOrRefused() {
        wire.client.ask("Prepare", bare("t", "tcc"));
        DtmBranchRequest branch = DtmBranchRequest.newBuilder().setGid("t").setTransType("tcc")
            .setBranchID("01").putData("confirm", "http://p/c").build();

        assertEquals("the branch has no cancel", wire.client.register(branch).text());
        branch = branch.toBuilder().putData("cancel", "").build();
        assertEquals("OK", wire.client.register(branch).code());
        assertEquals("OK", wire.client.register(branch).code());
        assertEquals("ABORTED", wire.client.register(branch.toBuilder()
            .putData("confirm", "http://p/other").build()).code());
    }

    @Test
    void anAbortTakesItsReasonAlong() {
        wire.client.ask("Prepare", bare("t", "tcc"));

        assertEquals("OK", wire.client.ask("Abort",
            bare("t", "tcc").toBuilder().setRollbackReason("no stock").build()).code());

        assertEquals("no stock", wire.coordinator.state("t").reason());
    }

    @Test
    void aWorkflowIsResumedAndItsResultComesBack() {
        DtmRequest workflow = bare("w", "workflow").toBuilder().setQueryPrepared("http://p/resume")
            .setCustomedData("{\"name\":\"wf\",\"data\":\"e30=\"}").build();
        DtmProgressesReply first = wire.client.prepareWorkflow(workflow).message();
        assertEquals("prepared", first.getTransaction().getStatus());
        assertEquals(0, first.getProgressesCount());
        wire.client.register(DtmBranchRequest.newBuilder().setGid("w").setTransType("workflow")
            .setBranchID("01").putData("op", "action").putData("status", "failed")
            .setBusiPayload(ByteString.copyFrom(new byte[] {0, (byte) 0xc0})).build());
        DtmRequest end = bare("w", "workflow").toBuilder().putReqExtra("status", "failed")
            .putReqExtra("result", "eyJhIjoxfQ==").putReqExtra("rollback_reason", "no stock")
            .build();

        assertEquals("OK", wire.client.ask("Submit", end).code());
        assertEquals("OK", wire.client.ask("Submit", end).code(), "the same again");
        assertEquals("ABORTED", wire.client.ask("Submit",
            end.toBuilder().putReqExtra("status", "succeed").build()).code());

        DtmProgressesReply last = wire.client.prepareWorkflow(workflow).message();
        assertEquals("failed", last.getTransaction().getStatus());
        assertEquals("no stock", last.getTransaction().getRollbackReason());
        assertEquals("eyJhIjoxfQ==", last.getTransaction().getResult());
        assertEquals("w", last.getTransaction().getGid());
        assertEquals("01 action failed",
            last.getProgresses(0).getBranchID() + " " + last.getProgresses(0).getOp() + " "
                + last.getProgresses(0).getStatus());
        assertEquals(ByteString.copyFrom(new byte[] {0, (byte) 0xc0}),
            last.getProgresses(0).getBinData());
    }

    @Test
    void topicsComeAndGo() {
        assertEquals("OK", wire.client.topic("Subscribe", "t", "http://p/a").code());
        assertEquals("INVALID_ARGUMENT", wire.client.topic("Subscribe", "t", "http://p/a").code());
        DtmRequest message = bare("m", "msg").toBuilder()
            .setSteps("[{\"action\":\"topic://t\"}]").addBinPayloads(ByteString.EMPTY).build();
        assertEquals("OK", wire.client.ask("Submit", message).code());
        assertEquals("http://p/a", wire.coordinator.calls().get(0).url());
        assertEquals("OK", wire.client.topic("Unsubscribe", "t", "http://p/a").code());
        assertEquals("INVALID_ARGUMENT",
            wire.client.topic("Unsubscribe", "t", "http://p/a").code());
        assertEquals("OK", wire.client.topic("DeleteTopic", "t", "").code());
        assertEquals("NOT_FOUND", wire.client.topic("DeleteTopic", "t", "").code());
        assertEquals("INVALID_ARGUMENT", wire.client.topic("DeleteTopic", "", "").code());
    }

    /** Whether a subscriber can be called is known when a message goes to it. */
    @Test
    void aSubscriberMayBeCalledOverGrpcByMessagesThatAre() {
        assertEquals("OK", wire.client.topic("Subscribe", "t", "p:1/pkg.Svc/In").code());
        assertEquals("INVALID_ARGUMENT", wire.client.topic("Subscribe", "t", "in").code());
        assertEquals("INVALID_ARGUMENT", wire.client.topic("Subscribe", "t", "topic://u").code());
        DtmRequest message = bare("m", "msg").toBuilder()
            .setSteps("[{\"action\":\"topic://t\"}]").addBinPayloads(ByteString.EMPTY).build();

        assertEquals("OK", wire.client.ask("Submit", message).code());
        Reply overHttp = wire.coordinator.submit(new Submission("h", Mode.MSG,
            List.of(new Submission.Step("topic://t", "", Bytes.EMPTY)), "", Protocol.HTTP, "",
            Details.PLAIN, Options.NONE)).toCompletableFuture().join();

        assertEquals("p:1/pkg.Svc/In", wire.coordinator.calls().get(0).url());
        assertTrue(overHttp instanceof Reply.Invalid, overHttp.toString());
        assertTrue(wire.coordinator.state("h").isAbsent());
    }

    @ParameterizedTest(name = "{0} {1} {2} {3}: {4}")
    @CsvSource(delimiter = '|', textBlock = """
        ''  | saga     | ''                          | ''           | no gid specified
        g   | ''       | ''                          | ''           | no trans_type specified
        g   | smoke    | ''                          | ''           | unknow trans type: smoke
        g   | saga     | [{                          | ''           | malformed JSON
        g   | saga     | 7                           | ''           | steps must be an array
        g   | saga     | [[7]]                       | ''           | a step must be an object
        g   | saga     | [{"action":7}]              | ''           | must be a string, not a number
        g   | saga     | [{"action":""},{}]          | ''           | fewer payloads than steps
        g   | saga     | [{"action":"http://a b"}]   | ''           | no name or address
        g   | saga     | ''                          | [            | custom_data of a saga
        g   | workflow | ''                          | ''           | req_extra.status must be
        """)
    void whatMakesNoSenseIsTheClientsMistake(
            String gid, String mode, String steps, String customData, String why) {
        DtmClient.Answer<?> answer = wire.client.ask("Submit", DtmRequest.newBuilder().setGid(gid)
            .setTransType(mode).setSteps(steps).addBinPayloads(ByteString.EMPTY)
            .setCustomedData(customData).build());

        assertEquals("INVALID_ARGUMENT", answer.code(), answer.text());
        assertTrue(answer.text().contains(why), answer.text());
        assertTrue(wire.coordinator.state("g").isAbsent());
    }

    @Test
    void aNumberThatFitsNoTimeIsTheClientsMistake() {
        for (long seconds : List.of(-1L, 1L << 31, Long.MIN_VALUE, 315_360_001L)) {
            assertEquals("INVALID_ARGUMENT", wire.client.ask("Prepare", bare("g", "tcc")
                .toBuilder().setTransOptions(
                    DtmTransOptions.newBuilder().setTimeoutToFail(seconds)).build()).code());
        }
    }

    @ParameterizedTest(name = "{0} to an unknown gid: {1}")
    @CsvSource({"Abort, NOT_FOUND", "Submit, NOT_FOUND"})
    void whatIsNotThereIsNotFound(String method, String code) {
        assertEquals(code, wire.client.ask(method, bare("none", "workflow").toBuilder()
            .putReqExtra("status", "succeed").build()).code());
    }

    @Test
    void whatTheCoordinatorSaysIsToldByItsStatus() {
        Map.of(new Reply.Overloaded("busy"), "RESOURCE_EXHAUSTED",
            new Reply.Full("no room"), "UNAVAILABLE",
            new Reply.Unclear("perhaps"), "UNAVAILABLE",
            new Reply.Troubled("a FAILURE"), "UNKNOWN").forEach((reply, code) -> {
                wire.coordinator.answerInstead(CompletableFuture.completedFuture(reply));
                assertEquals(code, wire.client.ask("Submit", bare("g", "tcc")).code());
                assertEquals(code, wire.client.prepareWorkflow(bare("g", "workflow")).code());
            });
        wire.coordinator.answerInstead(
            CompletableFuture.failedFuture(new IllegalStateException("a bug")));
        assertEquals("UNAVAILABLE", wire.client.ask("Submit", bare("g", "tcc")).code());
        wire.coordinator.answerInstead(null);
        wire.coordinator.topics.breakWith(new IllegalStateException("no connection"));
        assertEquals("UNAVAILABLE", wire.client.topic("Subscribe", "t", "http://p/a").code());
        wire.coordinator.notReady("starting");
        DtmClient.Answer<?> answer = wire.client.newGid();
        assertEquals("UNAVAILABLE", answer.code());
        assertEquals("not ready: starting; nothing was done, try again", answer.text());
    }

    @Test
    void callsAreCountedByMethodAndCode() {
        wire.client.newGid();
        wire.client.ask("Abort", bare("none", "tcc"));
        wire.client.ask("Nothing", bare("none", "tcc"));

        Awaitility.await().until(() -> wire.metered.size() == 3);
        assertEquals(List.of("newgid OK", "abort NOT_FOUND", "other UNIMPLEMENTED"),
            wire.metered);
    }

    private static DtmRequest bare(String gid, String mode) {
        return DtmRequest.newBuilder().setGid(gid).setTransType(mode).build();
    }

    private static DtmRequest.Builder saga(String gid) {
        return bare(gid, "saga").toBuilder().setSteps(STEPS)
            .addBinPayloads(ByteString.copyFrom(new byte[] {0, (byte) 0xff}))
            .addBinPayloads(ByteString.EMPTY);
    }

    private List<String> ops(String gid) {
        return wire.coordinator.state(gid).ops().stream().map(DtmServiceTest::shown).toList();
    }

    private static String shown(BranchOp op) {
        return op.branchId() + " " + op.op().wire() + " " + op.url() + " " + op.payload().toUtf8();
    }
}

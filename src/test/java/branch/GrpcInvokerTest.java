package branch;

import static branch.Calls.outcome;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Metadata;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import transaction.BranchCall;
import transaction.BranchResolver;
import transaction.Bytes;
import transaction.CallKey;
import transaction.Op;
import transaction.Outcome;
import transaction.Protocol;
import wire.WorkflowData;

/** gRPC participants on a real server: what they are sent, and how their answers are read. */
final class GrpcInvokerTest {

    private final GrpcParticipant participant = GrpcParticipant.start();
    private final HttpTransport shared = Calls.transport(CallSettings.defaults());
    private final GrpcTransport transport = new GrpcTransport(shared, BranchResolver.NONE);
    private final GrpcInvoker invoker = new GrpcInvoker(transport);

    @AfterEach
    void close() throws Exception {
        transport.close();
        shared.close();
        participant.close();
    }

    @Test
    void whoAndWhatAreInTheMetadataAndThePayloadIsTheMessage() {
        byte[] payload = {0, 1, (byte) 0xff, 10, 13};
        BranchCall call = new BranchCall("gid-1", "saga", "01", "action",
                new CallKey("01", Op.ACTION), participant.url("In"), Bytes.of(payload),
                Map.of("X-Trace", "t 9"), Protocol.GRPC, Duration.ofSeconds(3));

        assertEquals(Outcome.SUCCESS, outcome(invoker.invoke(call)));

        assertEquals(1, participant.received().size());
        GrpcParticipant.Received received = participant.received().get(0);
        assertEquals("busi.Busi/In", received.method());
        assertArrayEquals(payload, received.message());
        assertEquals("127.0.0.1:" + participant.port(), received.authority());
        assertEquals(
                List.of("dtm-branch_id", "dtm-dtm", "dtm-gid", "dtm-op", "dtm-trans_type",
                        "grpc-accept-encoding", "grpc-timeout", "user-agent", "x-trace"),
                List.copyOf(withAcceptEncoding(received)));
        assertEquals("gid-1", received.value("dtm-gid"));
        assertEquals("saga", received.value("dtm-trans_type"));
        assertEquals("01", received.value("dtm-branch_id"));
        assertEquals("action", received.value("dtm-op"));
        assertEquals("", received.value("dtm-dtm"));
        assertEquals("t 9", received.value("x-trace"));
        assertTrue(received.value("user-agent").startsWith("pactor "));
    }

    /** Whether it is sent is up to the library: it is asked not to. */
    private static TreeSet<String> withAcceptEncoding(GrpcParticipant.Received received) {
        TreeSet<String> names = new TreeSet<>(received.metadata().keys());
        names.remove("content-type");
        names.remove("te");
        names.add("grpc-accept-encoding");
        return names;
    }

    @Test
    void nobodyIsInvitedToCompress() {
        outcome(invoker.invoke(Calls.by(Protocol.GRPC, participant.url("In"), "x")));

        assertNull(participant.received().get(0).value("grpc-accept-encoding"));
    }

    @Test
    void aCallWithoutPayloadIsAnEmptyMessage() {
        assertEquals(Outcome.SUCCESS,
                outcome(invoker.invoke(Calls.by(Protocol.GRPC, participant.url("In"), ""))));

        assertEquals(0, participant.received().get(0).message().length);
    }

    @Test
    void theDeadlineIsTheTimeOfTheCall() {
        participant.on("Hangs", received -> null);
        BranchCall call = Calls.call(Op.ACTION, participant.url("Hangs"), "x", Calls.SOON);

        Outcome outcome = outcome(invoker.invoke(call));

        assertEquals(Outcome.Kind.UNKNOWN, outcome.kind());
        assertTrue(outcome.reason().contains("no complete answer within 400 ms"),
                outcome.reason());
        String told = participant.received().get(0).value("grpc-timeout");
        // grpc-java keeps the nanoseconds of a time that short.
        long nanos = Long.parseLong(told.replaceAll("[a-zA-Z]", ""))
                * (told.endsWith("u") ? 1_000 : told.endsWith("n") ? 1 : 1_000_000);
        assertTrue(nanos > 100_000_000 && nanos <= 400_000_000, told);
    }

    @ParameterizedTest(name = "{0} {1} is {2}")
    @CsvSource(delimiter = '|', textBlock = """
        OK                  | ''        | SUCCESS
        ABORTED             | no funds  | FAILURE
        ABORTED             | ONGOING   | ONGOING
        FAILED_PRECONDITION | wait      | ONGOING
        UNAVAILABLE         | FAILURE   | UNKNOWN
        INTERNAL            | x         | UNKNOWN
        CANCELLED           | x         | UNKNOWN
        DEADLINE_EXCEEDED   | x         | UNKNOWN
        UNKNOWN             | FAILURE   | UNKNOWN
        ALREADY_EXISTS      | x         | UNKNOWN
        UNIMPLEMENTED       | x         | UNKNOWN
        """)
    void theStatusGivesTheOutcome(Status.Code code, String message, Outcome.Kind kind) {
        participant.on("In", received -> Status.fromCode(code).withDescription(message));

        Outcome outcome = outcome(
                invoker.invoke(Calls.by(Protocol.GRPC, participant.url("In"), "x")));

        assertEquals(kind, outcome.kind(), outcome.reason());
        assertTrue(outcome.reason().contains(message), outcome.reason());
        assertEquals(1, participant.received().size(), "receipts");
    }

    @Test
    void theReasonIsReadInUtf8() {
        participant.on("In", received -> Status.ABORTED.withDescription("余额不足\nno funds"));

        assertEquals(
                "url:" + participant.url("In") + " return failed: 余额不足\nno funds",
                outcome(invoker.invoke(Calls.by(Protocol.GRPC, participant.url("In"), "x")))
                        .reason());
    }

    @Test
    void aWorkflowsInitiatorIsGivenItsDataInAMessage() throws Exception {
        String url = "127.0.0.1:" + participant.port() + "/workflow.Workflow/Execute";
        byte[] data = {1, 0, (byte) 0x80};
        BranchCall call = new BranchCall("w", "workflow", "00", "transfer",
                new CallKey("00", Op.RESUME), url, Bytes.of(data), Map.of(), Protocol.GRPC,
                Duration.ofSeconds(3));

        assertEquals(Outcome.SUCCESS, outcome(invoker.invoke(call)));

        GrpcParticipant.Received received = participant.received().get(0);
        assertEquals("workflow.Workflow/Execute", received.method());
        assertArrayEquals(data,
                WorkflowData.parseFrom(received.message()).getData().toByteArray());
        assertEquals("transfer", received.value("dtm-op"));
        assertEquals("00", received.value("dtm-branch_id"));
        assertEquals("workflow", received.value("dtm-trans_type"));
    }

    /** dtm-php refuses the second phase of an XA without these two. */
    @Test
    void aBranchOfXaIsToldItsUrlAndTheCoordinator() throws Exception {
        CallSettings told = Calls.settings(new GrpcSettings(
                8, 8, Duration.ofSeconds(1), Duration.ZERO, "dtm.example:36790"));
        BranchCall call = new BranchCall("x", "xa", "01", "commit", new CallKey("01", Op.COMMIT),
                "b:9/busi.Busi/Xa", Bytes.EMPTY, Map.of(), Protocol.GRPC, Duration.ofSeconds(3));

        Metadata metadata = GrpcInvoker.request(call, told).metadata();

        assertEquals("b:9/busi.Busi/Xa", metadata.get(key("dtm-phase2_url")));
        assertEquals("dtm.example:36790", metadata.get(key("dtm-dtm")));
    }

    @Test
    void headersAreLowerCasedAndOursCannotBeSet() {
        Map<String, String> headers = Map.of(
                "X-A", " padded ", "Raw-Bin", "ü\n", "DTM-Gid", "other", "dtm-branch_id", "99",
                "grpc-timeout", "1n", "Content-Type", "text/plain", "connection", "close",
                "grpc-encoding", "gzip", "te", "x");

        assertEquals(Outcome.SUCCESS, outcome(invoker.invoke(with(headers))));

        GrpcParticipant.Received received = participant.received().get(0);
        assertEquals("padded", received.value("x-a"));
        assertArrayEquals("ü\n".getBytes(StandardCharsets.UTF_8), received.metadata().get(
                Metadata.Key.of("raw-bin", Metadata.BINARY_BYTE_MARSHALLER)));
        assertEquals("gid-1", received.value("dtm-gid"));
        assertEquals("01", received.value("dtm-branch_id"));
        assertNull(received.value("connection"));
        assertNull(received.value("grpc-encoding"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        a b    | x
        a:b    | x
        :path  | x
        ''     | x
        ü      | x
        a      | ü
        """)
    void aHeaderThatCannotBeSentIsUnknownAndNothingIsSent(String name, String value) {
        assertUnsent(outcome(invoker.invoke(with(Map.of(name, value)))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x\r\ny: z", "x\ny", "x\0", "x\u007f", "\u2028"})
    void aValueCannotSmuggle(String value) {
        assertUnsent(outcome(invoker.invoke(with(Map.of("a", value)))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ключ", " g", "g ", "😀"})
    void anIdThatWouldArriveAsAnotherIsNotSent(String gid) {
        BranchCall call = new BranchCall(gid, "saga", "01", "action", new CallKey("01", Op.ACTION),
                participant.url("In"), Bytes.EMPTY, Map.of(), Protocol.GRPC,
                Duration.ofSeconds(3));

        assertUnsent(outcome(invoker.invoke(call)));
    }

    @Test
    void localhostInAContainerIsItsHost() throws Exception {
        CallSettings standard = CallSettings.defaults();
        CallSettings docker = new CallSettings(
                standard.connectTimeout(), standard.idleTimeout(), 8, 8, 8, 1_000, 1, 1, true,
                standard.verdictMode(), standard.grpc(), standard.retries());
        BranchCall call = Calls.by(Protocol.GRPC, "localhost:9/busi.Busi/In", "x");

        assertEquals("host.docker.internal:9",
                GrpcInvoker.request(call, docker).url().target());
    }

    private void assertUnsent(Outcome outcome) {
        assertEquals(Outcome.Kind.UNKNOWN, outcome.kind());
        assertTrue(outcome.reason().contains("cannot be called: "), outcome.reason());
        assertEquals(0, participant.received().size());
    }

    private BranchCall with(Map<String, String> headers) {
        return Calls.with(headers, participant.url("In"));
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }
}

package branch;

import static branch.Calls.by;
import static branch.Calls.outcome;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import meter.Meter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import transaction.BranchCall;
import transaction.Bytes;
import transaction.CallKey;
import transaction.Op;
import transaction.Outcome;
import transaction.Protocol;
import transaction.VerdictMode;

/** How a call finds its protocol, and what is counted. */
final class InvokersTest {

    private final BadParticipant participant = BadParticipant.start();
    private final Meter meter = Meter.create();
    private final Invokers invokers = Invokers.create(CallSettings.defaults(), meter);

    @AfterEach
    void close() throws Exception {
        invokers.close();
        participant.close();
    }

    @ParameterizedTest(name = "{0} {1} is {2}")
    @CsvSource(delimiter = '|', textBlock = """
        HTTP     | http://b/in             | HTTP
        HTTP     | HTTPS://b/in            | HTTP
        HTTP     | http://b/?method=In     | HTTP
        HTTP     | b:80/in                 | HTTP
        GRPC     | http://b/in             | HTTP
        GRPC     | http://b/?method=In     | HTTP
        GRPC     | b:58081/busi.Busi/In    | GRPC
        GRPC     | grpc://b/in             | GRPC
        JSON_RPC | http://b/rpc?method=In  | JSON_RPC
        JSON_RPC | http://b/method         | JSON_RPC
        JSON_RPC | http://b/in             | HTTP
        JSON_RPC | b:58081/busi.Busi/In    | GRPC
        """)
    void theProtocolFollowsFromTheTransactionAndTheUrl(Protocol asked, String url, Protocol used) {
        assertEquals(used, by(asked, url, "{}").protocolOfUrl());
    }

    @Test
    void httpAndJsonRpcReachTheParticipant() {
        participant.on("/rpc", visit -> visit.send(BadParticipant.answer(200, "{\"result\":1}")));

        Outcome http = outcome(invokers.invoke(Calls.action(participant.url("/in"))));
        Outcome rpc = outcome(invokers.invoke(
                by(Protocol.JSON_RPC, participant.url("/rpc?method=In"), "{}")));

        assertEquals(Outcome.SUCCESS, http);
        assertEquals(Outcome.SUCCESS, rpc);
        String viaHttp = participant.received("/in").get(0);
        String viaRpc = participant.received("/rpc").get(0);
        assertTrue(viaHttp.contains("?branch_id=01&gid=gid-1&op=action&"), viaHttp);
        assertTrue(viaRpc.contains("\"gid\":\"gid-1\""), viaRpc);
    }

    /** DTM crashes on it: there is no payload that could carry the ids. */
    @Test
    void aCheckBackOverJsonRpcHasAnEmptyObjectAndTheIds() {
        participant.on("/rpc", visit -> visit.send(BadParticipant.answer(
                200, "{\"error\":{\"code\":-32901.0,\"message\":\"rolled back\"}}")));

        Outcome outcome = outcome(invokers.invoke(
                by(Protocol.JSON_RPC, participant.url("/rpc?method=Asked"), "")));

        assertEquals(Outcome.Kind.FAILURE, outcome.kind());
        String received = participant.received("/rpc").get(0);
        assertTrue(received.startsWith("POST /rpc?method=Asked HTTP/1.1\r\n"), received);
        assertTrue(received.contains("\"params\":{\"gid\":\"gid-1\","), received);
    }

    @Test
    void aPayloadThatIsNoObjectIsUnknownOverJsonRpcAndNothingIsSent() {
        Outcome outcome = outcome(invokers.invoke(
                by(Protocol.JSON_RPC, participant.url("/rpc?method=In"), "[1]")));

        assertEquals(Outcome.Kind.UNKNOWN, outcome.kind());
        assertTrue(outcome.reason().contains("not a JSON object"), outcome.reason());
        assertEquals(0, participant.received("/rpc").size());
    }

    @Test
    void grpcReachesTheParticipantAndIsCounted() throws Exception {
        try (GrpcParticipant bank = GrpcParticipant.start()) {
            assertEquals(Outcome.SUCCESS,
                    outcome(invokers.invoke(by(Protocol.GRPC, bank.url("In"), "x"))));
            assertEquals(1, bank.received().size());
        }
        String text = meter.scrape();
        assertTrue(text.contains("pactor_branch_calls_total{kind=\"saga\",op=\"action\","
                + "protocol=\"grpc\",result=\"success\"} 1.0"), text);
        assertTrue(text.contains("pactor_branch_grpc_targets 1.0"), text);
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP,b:80/in", "HTTP,http://", "JSON_RPC,http://b:99999/?method=In", "GRPC,b:80/in",
        "GRPC,grpc://b:80/busi.Busi/In", "GRPC,b:80/ü.B/In"
    })
    void aCallThatCannotBeMadeIsUnknownWithTheUrlAndTheReason(Protocol protocol, String url) {
        Outcome outcome = outcome(invokers.invoke(by(protocol, url, "{}")));

        assertEquals(Outcome.Kind.UNKNOWN, outcome.kind());
        String beginning = "url:" + url + " cannot be called: ";
        assertTrue(outcome.reason().startsWith(beginning), outcome.reason());
    }

    @Test
    void aBugOfOursIsUnknownToo() {
        BranchCall broken = new BranchCall(
                "g", "saga", "01", "action", new CallKey("01", Op.ACTION), "http://b/", null,
                Map.of(), Protocol.HTTP, Duration.ofSeconds(1));

        assertEquals(Outcome.Kind.UNKNOWN, outcome(invokers.invoke(broken)).kind());
    }

    /** Whatever reading an answer throws, the call has an outcome. */
    @Test
    void anErrorWhileAnAnswerIsReadIsUnknown() throws Exception {
        try (HttpTransport transport = Calls.transport(CallSettings.defaults())) {
            BranchCall call = Calls.action(participant.url("/in"));
            Request request = HttpInvoker.request(call, false);

            for (int i = 0; i < 2; i++) {
                Outcome outcome = outcome(HttpInvoker.send(transport, request, call,
                        (url, answer, mode) -> {
                            throw new StackOverflowError("a bug");
                        }));
                assertEquals(Outcome.Kind.UNKNOWN, outcome.kind());
                assertTrue(outcome.reason().contains("could not be read"), outcome.reason());
            }
        }
    }

    @ParameterizedTest(name = "{0} at a server that is {1}: {2}")
    @CsvSource({
        "UNSAID, DTM, FAILURE", "UNSAID, STRICT, UNKNOWN", "DTM, STRICT, FAILURE",
        "STRICT, DTM, UNKNOWN"
    })
    void theTransactionSaysHowItsAnswersAreReadElseTheServer(
            VerdictMode asked, VerdictMode server, Outcome.Kind outcome) {
        participant.on("/no", visit -> visit.send(BadParticipant.answer(500, "no FAILURE")));
        BranchCall plain = Calls.action(participant.url("/no"));
        BranchCall call = new BranchCall(plain.gid(), plain.mode(), plain.branchId(), plain.op(),
                plain.key(), plain.url(), plain.payload(), plain.headers(), plain.protocol(),
                plain.timeout(), asked, false, "", plain.openedAt());
        CallSettings settings = Calls.settings(server);

        try (Invokers reading = Invokers.create(settings, Meter.create())) {
            assertEquals(outcome, outcome(reading.invoke(call)).kind());
        }
    }

    @Test
    void callsAreCountedByOperationAndNeverByName() {
        participant.on("/no", visit -> visit.send(BadParticipant.answer(409, "")));
        outcome(invokers.invoke(Calls.action(participant.url("/in"))));
        outcome(invokers.invoke(Calls.action(participant.url("/no"))));
        outcome(invokers.invoke(new BranchCall(
                "g", "workflow", "00", "transfer-4711", new CallKey("00", Op.RESUME),
                participant.url("/flow"), Bytes.EMPTY, Map.of(), Protocol.HTTP,
                Duration.ofSeconds(1))));

        String text = meter.scrape();

        assertTrue(text.contains("pactor_branch_calls_total{kind=\"saga\",op=\"action\","
                + "protocol=\"http\",result=\"success\"} 1.0"), text);
        assertTrue(text.contains("pactor_branch_calls_total{kind=\"saga\",op=\"action\","
                + "protocol=\"http\",result=\"failure\"} 1.0"), text);
        assertTrue(text.contains("kind=\"workflow\",op=\"resume\""), text);
        assertTrue(!text.contains("4711"), text);
        assertTrue(text.contains("pactor_branch_connections 1.0"), text);
    }
}

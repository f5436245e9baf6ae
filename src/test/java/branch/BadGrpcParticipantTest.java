package branch;

import static branch.BadGrpcParticipant.DATA;
import static branch.BadGrpcParticipant.frame;
import static branch.BadGrpcParticipant.prefixed;
import static branch.Calls.SOON;
import static branch.Calls.outcome;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import transaction.BranchResolver;
import transaction.Op;
import transaction.Outcome;
import transaction.Outcome.Kind;

/**
 * What becomes of a gRPC call when the participant misbehaves: the rows D-02 to D-12 and D-22 of
 * the failure model.
 *
 * <p>Each row is called three times at once, as an action, a compensation and a check-back, over
 * one connection, and each must arrive exactly once: nothing may be sent again behind the rules'
 * back, whatever HTTP/2 would allow.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BadGrpcParticipantTest {

    private final BadGrpcParticipant participant = BadGrpcParticipant.start();
    private final HttpTransport shared = Calls.transport(CallSettings.defaults());
    private final GrpcTransport transport = new GrpcTransport(shared, BranchResolver.NONE);
    private final GrpcInvoker invoker = new GrpcInvoker(transport);
    private final List<BadGrpcRows.Row> rows = BadGrpcRows.of(participant);

    /** The first call of all takes longer than some rows allow. */
    @BeforeAll
    void warmUp() {
        outcome(invoker.invoke(Calls.action(participant.url("First"))));
    }

    @AfterAll
    void stop() throws Exception {
        transport.close();
        shared.close();
        participant.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void theOutcomeIsAsDeclaredAndNothingIsSentTwice(BadGrpcRows.Row row) {
        String url = participant.url(row.method());
        boolean isForTheDeadline = row.reason().startsWith("within");
        Duration timeout = isForTheDeadline ? SOON : Duration.ofSeconds(9);
        List<CompletionStage<Outcome>> calls =
                List.of(
                        invoker.invoke(Calls.call(Op.ACTION, url, "{\"a\":1}", timeout)),
                        invoker.invoke(Calls.call(Op.COMPENSATE, url, "{\"a\":1}", timeout)),
                        invoker.invoke(Calls.call(Op.MSG, url, "", timeout)));

        for (CompletionStage<Outcome> call : calls) {
            Outcome outcome = outcome(call);
            assertEquals(row.outcome(), outcome.kind(), outcome.reason());
            assertTrue(outcome.reason().contains(row.reason()), outcome.reason());
        }
        assertEquals(List.of("action", "compensate", "msg"),
                participant.received(row.method()).stream().sorted().toList(), "receipts");
    }

    @ParameterizedTest(name = "status {0}, pushback {1}: {2} ms")
    @CsvSource({"14, 3000, 3000", "9, 20, 20", "10, 20, 20", "14, -1, 0", "14, soon, 0",
        "14, 99999999999999999999, 315360000000"})
    void whoAsksToBeLeftAloneIs(String status, String pushback, long millis) {
        participant.on("Pushback", v -> {
            v.head();
            v.trailers("grpc-status", status, "grpc-retry-pushback-ms", pushback);
        });

        Outcome outcome = outcome(invoker.invoke(Calls.action(participant.url("Pushback"))));

        assertEquals(Duration.ofMillis(millis), outcome.retryAfter());
    }

    @Test
    void aMessageThatIsTooLongIsNotRead() {
        participant.on("Huge", v -> {
            v.head();
            v.send(DATA, 0, prefixed(0, Integer.MAX_VALUE, new byte[0]));
            v.sendForEver(frame(DATA, 0, v.stream, new byte[16_384]));
        });
        long before = participant.bytesSent();

        Outcome outcome = outcome(invoker.invoke(Calls.action(participant.url("Huge"))));

        assertEquals(Kind.UNKNOWN, outcome.kind());
        assertTrue(outcome.reason().contains("exceeds maximum"), outcome.reason());
        // What was sent beyond the window lies in the buffers of the two sockets.
        long sent = participant.bytesSent() - before;
        assertTrue(sent < 32 << 20, "sent " + sent);
    }

    private Stream<BadGrpcRows.Row> rows() {
        return rows.stream();
    }
}

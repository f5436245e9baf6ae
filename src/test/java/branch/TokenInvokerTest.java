package branch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import transaction.BranchCall;
import transaction.Bytes;
import transaction.CallKey;
import transaction.CallTokens;
import transaction.Op;
import transaction.Outcome;
import transaction.Protocol;
import transaction.VerdictMode;

/** Who is called over HTTP gets what it needs to complete the call. */
class TokenInvokerTest {

    private static final Instant OPENED = Instant.parse("2026-03-01T12:00:00.5Z");

    private final CallTokens tokens = new CallTokens(new byte[CallTokens.KEY_BYTES]);
    private final List<BranchCall> made = new ArrayList<>();
    private final TokenInvoker invoker = new TokenInvoker(call -> {
        made.add(call);
        return CompletableFuture.completedFuture(Outcome.SUCCESS);
    }, tokens);

    @Test
    void theTokenIsThatOfTheCallWhateverTheInitiatorSent() {
        BranchCall call = call(Op.ACTION, Protocol.HTTP, "http://b/",
            Map.of("pactor-token", "forged", "x", "y"));

        invoker.invoke(call);

        Map<String, String> headers = made.get(0).headers();
        assertEquals(java.util.Set.of("x", "Pactor-Token"), headers.keySet());
        assertEquals(Optional.of(OPENED),
            tokens.openedAt(headers.get("Pactor-Token"), "g", call.key()));
        assertEquals(call, made.get(0).with(call.headers()));
    }

    @Test
    void whoCannotCompleteGetsNone() {
        BranchCall resume = call(Op.RESUME, Protocol.HTTP, "http://b/", Map.of());
        BranchCall grpc = call(Op.ACTION, Protocol.GRPC, "b:9/s.S/M", Map.of());

        invoker.invoke(resume);
        invoker.invoke(grpc);

        assertSame(resume, made.get(0));
        assertSame(grpc, made.get(1));
    }

    private static BranchCall call(
            Op op, Protocol protocol, String url, Map<String, String> headers) {
        return new BranchCall("g", "saga", "01", op.wire(), new CallKey("01", op), url,
            Bytes.EMPTY, headers, protocol, Duration.ofSeconds(3), VerdictMode.UNSAID, false, "",
            OPENED);
    }
}

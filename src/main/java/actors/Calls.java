package actors;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import transaction.Attempt;
import transaction.BranchCall;
import transaction.BranchOp;
import transaction.CallKey;
import transaction.GlobalTransaction;
import transaction.Outcome;

/** The calls of one transaction: since when each is under way, and which try it is. */
final class Calls {

    private record Begun(BranchCall call, int number, long nanos) {}

    private final Map<CallKey, Begun> underWay = new HashMap<>(4);
    private final Map<CallKey, Integer> tries = new HashMap<>(4);

    void begin(BranchCall call, GlobalTransaction t) {
        int onRecord = t.op(call.key()).map(BranchOp::backoff).map(each -> each.attempts())
            .orElse(0);
        int number = Math.max(onRecord, tries.getOrDefault(call.key(), 0)) + 1;
        tries.put(call.key(), number);
        underWay.put(call.key(), new Begun(call, number, System.nanoTime()));
    }

    Attempt end(CallKey key, Outcome outcome) {
        Begun begun = underWay.remove(key);
        if (outcome.kind() == Outcome.Kind.SUCCESS) {
            tries.remove(key);
        } else if (!outcome.wasTried()) {
            tries.put(key, begun.number - 1); // It was none.
        }
        BranchCall call = begun.call;
        return new Attempt(key, call.url(), call.protocolOfUrl(), outcome,
            Duration.ofNanos(System.nanoTime() - begun.nanos), begun.number);
    }

    void clear() {
        underWay.clear();
        tries.clear();
    }
}

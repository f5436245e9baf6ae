package actors;

import java.time.Instant;
import transaction.Attempt;
import transaction.Decision;
import transaction.GlobalTransaction;
import transaction.TransactionHost.Turn;

/** Tells those who watch what each turn of one transaction brought. For its actor alone. */
final class TransactionNotifier {

    private final TransactionListener watch;
    private boolean passBegan;

    TransactionNotifier(TransactionListener watch) {
        this.watch = watch;
    }

    /** The transaction has been read anew. */
    void recovered() {
        passBegan = false;
    }

    void acted(Turn<?> turn) {
        GlobalTransaction before = turn.before();
        Decision decision = turn.decision();
        Attempt attempt = turn.attempt();
        Instant now = turn.moment().now();
        if (attempt != null && attempt.outcome().wasTried()) {
            watch.called(before, attempt, now);
        }
        if (!decision.events().isEmpty()) {
            watch.wrote(before, decision);
        } else if (attempt != null) {
            Instant until = decision.live().paused().get(attempt.key());
            if (until != null) {
                watch.paused(before, attempt.key(), until, now);
            }
        }
        passBegan |= !decision.calls().isEmpty()
            || turn.command().setsOff() && !decision.events().isEmpty();
        if (passBegan && turn.goes() && decision.endsPass()) {
            passBegan = false;
            watch.passed(decision.after(), now);
        }
    }
}

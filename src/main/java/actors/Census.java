package actors;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import meter.Meter;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorSystem;
import transaction.Mode;
import transaction.Status;
import transaction.TransactionIndex;
import transaction.TransactionIndex.Count;

/** Counts the unfinished now and then, for the gauges. What they show is up to 15 seconds old. */
public final class Census {

    private static final Duration INTERVAL = Duration.ofSeconds(15);

    private static final List<Status> UNFINISHED =
        List.of(Status.PREPARED, Status.SUBMITTED, Status.ABORTING);

    private final TransactionIndex index;
    private final Clock clock;
    private final AtomicReference<List<Count>> last = new AtomicReference<>(List.of());

    private Census(TransactionIndex index, Clock clock) {
        this.index = index;
        this.clock = clock;
    }

    /** Starts to count; ends with the system, or when it is cancelled. */
    public static Cancellable start(
            ActorSystem<?> system, TransactionIndex index, Clock clock, Meter meter) {
        Census census = new Census(index, clock);
        for (Mode mode : Mode.ALL) {
            meter.gauge("pactor_transaction_oldest_unfinished_seconds",
                "Age of the oldest unfinished transaction", Map.of("kind", mode.wire()),
                () -> census.oldestSeconds(mode));
            for (Status status : UNFINISHED) {
                meter.gauge("pactor_transactions_unfinished", "Unfinished transactions",
                    Map.of("kind", mode.wire(), "status", status.wire()),
                    () -> census.count(mode, status));
            }
        }
        return system.scheduler().scheduleWithFixedDelay(
            Duration.ZERO, INTERVAL, census::look, system.executionContext());
    }

    private void look() {
        index.unfinished().thenAccept(last::set);
    }

    private long count(Mode mode, Status status) {
        return last.get().stream()
            .filter(each -> each.mode() == mode && each.status() == status)
            .mapToLong(Count::count).sum();
    }

    private double oldestSeconds(Mode mode) {
        return last.get().stream()
            .filter(each -> each.mode() == mode)
            .mapToDouble(each -> Duration.between(each.oldest(), clock.instant()).toMillis() / 1e3)
            .max().orElse(0);
    }
}

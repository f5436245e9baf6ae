package actors;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import meter.Meter;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import transaction.Mode;
import transaction.Status;
import transaction.TransactionIndex;
import transaction.TransactionIndex.Count;

/** Counts the unfinished now and then, for the gauges. What they show is up to 15 seconds old. */
public final class OpenTransactionGauges {

    private static final Duration INTERVAL = Duration.ofSeconds(15);

    private static final List<Status> UNFINISHED =
        List.of(Status.PREPARED, Status.SUBMITTED, Status.ABORTING);

    /** How the census is spoken to. */
    public sealed interface Message {}

    private enum Order implements Message {
        LOOK,
        STOP
    }

    /** Ends the gauges. */
    public static final Message STOP = Order.STOP;

    private record Counted(List<Count> counts, Throwable failure) implements Message {}

    private final ActorContext<Message> context;
    private final TransactionIndex index;
    private final Clock clock;
    private final Duration deadline;
    private final AtomicReference<List<Count>> last;

    private OpenTransactionGauges(ActorContext<Message> context, TransactionIndex index,
            Clock clock, Duration deadline, AtomicReference<List<Count>> last) {
        this.context = context;
        this.index = index;
        this.clock = clock;
        this.deadline = deadline;
        this.last = last;
    }

    /** Begins to count at once. */
    public static Behavior<Message> create(TransactionIndex index, Clock clock, Meter meter) {
        return create(index, clock, meter, Deadline.READ);
    }

    static Behavior<Message> create(
            TransactionIndex index, Clock clock, Meter meter, Duration deadline) {
        AtomicReference<List<Count>> last = new AtomicReference<>(List.of());
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(Order.LOOK, Duration.ZERO, INTERVAL);
            context.setLoggerName(OpenTransactionGauges.class);
            var gauges = new OpenTransactionGauges(context, index, clock, deadline, last);
            gauges.show(meter);
            return gauges.behavior();
        }));
    }

    private void show(Meter meter) {
        for (Mode mode : Mode.ALL) {
            meter.gauge("pactor_transaction_oldest_unfinished_seconds",
                "Age of the oldest unfinished transaction", Map.of("kind", mode.wire()),
                () -> oldestSeconds(mode));
            meter.gauge("pactor_transactions_quarantined",
                "Unfinished transactions whose history cannot be read",
                Map.of("kind", mode.wire()), () -> quarantined(mode));
            meter.gauge("pactor_transactions_parked",
                "Unfinished transactions that wait for an operator to have them go on",
                Map.of("kind", mode.wire()), () -> parked(mode));
            for (Status status : UNFINISHED) {
                meter.gauge("pactor_transactions_unfinished", "Unfinished transactions",
                    Map.of("kind", mode.wire(), "status", status.wire()),
                    () -> count(mode, status));
            }
        }
    }

    private Behavior<Message> behavior() {
        return Behaviors.receive(Message.class)
            .onMessageEquals(Order.LOOK, () -> {
                context.pipeToSelf(Deadline.on(index.unfinished(), deadline), Counted::new);
                return Behaviors.same();
            })
            .onMessageEquals(Order.STOP, Behaviors::stopped)
            .onMessage(Counted.class, this::onCounted)
            .build();
    }

    private Behavior<Message> onCounted(Counted counted) {
        if (counted.failure == null) {
            last.set(counted.counts);
        } else {
            context.getLog().debug("the unfinished cannot be counted now: {}",
                Deadline.words(counted.failure));
        }
        return Behaviors.same();
    }

    private long count(Mode mode, Status status) {
        return last.get().stream()
            .filter(each -> each.mode() == mode && each.status() == status)
            .mapToLong(Count::count).sum();
    }

    private long quarantined(Mode mode) {
        return last.get().stream().filter(each -> each.mode() == mode)
            .mapToLong(Count::quarantined).sum();
    }

    private long parked(Mode mode) {
        return last.get().stream().filter(each -> each.mode() == mode)
            .mapToLong(Count::parked).sum();
    }

    private double oldestSeconds(Mode mode) {
        return last.get().stream()
            .filter(each -> each.mode() == mode && each.count() > 0)
            .mapToDouble(each -> Duration.between(each.oldest(), clock.instant()).toMillis() / 1e3)
            .max().orElse(0);
    }
}

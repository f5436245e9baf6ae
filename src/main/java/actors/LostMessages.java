package actors;

import java.time.Duration;
import meter.Meter;
import org.apache.pekko.actor.AllDeadLetters;
import org.apache.pekko.actor.DeadLetter;
import org.apache.pekko.actor.Dropped;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Counts what was dropped by a buffer that was full (a stash, a mailbox, the region's buffer),
 * which is told to nobody else, and what came too late for whom it was meant. The former is worth
 * a line in the log, one in a while; the latter happens whenever a transaction leaves memory.
 */
public final class LostMessages {

    private static final Duration QUIET = Duration.ofSeconds(10);

    private final ActorContext<AllDeadLetters> context;
    private final Meter meter;
    private long quietUntilNanos = System.nanoTime();
    private long untold;

    private LostMessages(ActorContext<AllDeadLetters> context, Meter meter) {
        this.context = context;
        this.meter = meter;
    }

    /** Listens for as long as the system lives. */
    public static void count(ActorSystem<?> system, Background background, Meter meter) {
        meter.messageLost("dropped", 0);
        meter.messageLost("late", 0);
        var ear = background.spawn("lost-messages", create(meter));
        system.eventStream().tell(new EventStream.Subscribe<>(Dropped.class, ear.narrow()));
        system.eventStream().tell(new EventStream.Subscribe<>(DeadLetter.class, ear.narrow()));
    }

    private static Behavior<AllDeadLetters> create(Meter meter) {
        return Behaviors.setup(context -> {
            context.setLoggerName(LostMessages.class);
            LostMessages lost = new LostMessages(context, meter);
            return Behaviors.receive(AllDeadLetters.class)
                .onMessage(Dropped.class, lost::dropped)
                .onMessage(DeadLetter.class, letter -> {
                    meter.messageLost("late", 1);
                    return Behaviors.same();
                })
                .build();
        });
    }

    private Behavior<AllDeadLetters> dropped(Dropped what) {
        meter.messageLost("dropped", 1);
        untold++;
        long now = System.nanoTime();
        if (now - quietUntilNanos >= 0) {
            quietUntilNanos = now + QUIET.toNanos();
            context.getLog().warn("{} messages were dropped, the last one a {} for {}: {}", untold,
                what.message().getClass().getSimpleName(), what.recipient().path(),
                what.reason());
            untold = 0;
        }
        return Behaviors.same();
    }
}

package actors.testmode;

import actors.PassGate;
import actors.TransactionActor;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.typed.ActorRef;
import transaction.Command;
import transaction.Decision;
import transaction.GlobalTransaction;
import transaction.Live;
import transaction.Submission;
import transaction.Unpark;
import transaction.Unpause;

/** The paces of all transactions that are in memory, and what holds them back. Thread-safe. */
final class TestPaces {

    private final Clock clock;
    private final Map<String, Held> held = new ConcurrentHashMap<>();
    private volatile boolean manual;
    private volatile Duration delay = Duration.ZERO;

    TestPaces(Clock clock) {
        this.clock = clock;
    }

    PassGate of(String gid, ActorRef<TransactionActor.Message> self) {
        Held pace = new Held(gid, self);
        held.put(gid, pace);
        return pace;
    }

    void manual(boolean on) {
        manual = on;
    }

    boolean isManual() {
        return manual;
    }

    void delay(Duration by) {
        delay = by;
    }

    /** Those in memory. */
    Collection<String> gids() {
        return held.keySet();
    }

    /** Makes all in memory leave it, whatever they are doing. */
    void leave() {
        held.values().forEach(each -> each.self.tell(TransactionActor.LEAVE));
    }

    /** When the most overdue in memory that is not at work was due; empty if none is. */
    Optional<Map.Entry<String, Instant>> mostOverdue() {
        Instant now = clock.instant();
        return held.entrySet().stream()
            .filter(each -> each.getValue().isDue(now))
            .map(each -> Map.entry(each.getKey(), each.getValue().due))
            .min(Map.Entry.comparingByValue());
    }

    /** Whether no transaction has a call under way, or a pass that is only delayed. */
    boolean areAtRest() {
        return held.values().stream().noneMatch(each -> each.atWork);
    }

    /** The pace of one transaction; but for some fields it is its actor's alone. */
    private final class Held implements PassGate {

        private final String gid;
        private final ActorRef<TransactionActor.Message> self;
        private boolean waits;
        private long until;
        private boolean noted;
        private volatile Instant due;
        private volatile boolean atWork;

        Held(String gid, ActorRef<TransactionActor.Message> self) {
            this.gid = gid;
            this.self = self;
        }

        @Override
        public boolean lets(Command command, GlobalTransaction t, Live live) {
            noted = !goes(command, t, live);
            return !noted;
        }

        private boolean goes(Command command, GlobalTransaction t, Live live) {
            if (command instanceof Command.Submit || command instanceof Command.Abort) {
                return awaited(command, t) ? release() : begins(live);
            }
            if (command instanceof Command.Resume) {
                return waits ? System.nanoTime() - until >= 0 && release()
                    : !manual && begins(live);
            }
            boolean byItself = !(command instanceof Command.Look
                || command instanceof Command.Prepare || command instanceof Command.JoinBranch
                || command instanceof Command.PrepareWorkflow);
            if (command instanceof Command.RetryNow || command instanceof Unpark
                    || command instanceof Unpause) {
                release();
            }
            return byItself || !waits && !manual;
        }

        /** A pass that would begin now begins after the delay. */
        private boolean begins(Live live) {
            if (waits) {
                return false;
            }
            waits = live.isIdle() && !delay.isZero();
            until = System.nanoTime() + delay.toNanos();
            return !waits;
        }

        private boolean release() {
            waits = false;
            return true;
        }

        private static boolean awaited(Command command, GlobalTransaction t) {
            boolean before = !t.isAbsent() && t.submission() != null
                && t.options().waitResult();
            return before || command instanceof Command.Abort && t.isAbsent()
                || command instanceof Command.Submit submit && waits(submit.submission());
        }

        private static boolean waits(Submission asked) {
            return asked.options().waitResult();
        }

        @Override
        public Duration again() {
            return waits ? Duration.ofNanos(Math.max(0, until - System.nanoTime())) : null;
        }

        @Override
        public void acted(Decision decision) {
            boolean free = decision.live().isIdle() && !waits;
            due = free ? since(decision.lookAgainAt()) : null;
            atWork = !free;
        }

        /** What is only noted is overdue since when it was; the decision says now. */
        private Instant since(Instant look) {
            boolean sooner = noted && look != null && due != null && due.isBefore(look);
            return sooner ? due : look;
        }

        @Override
        public void left() {
            held.remove(gid, this);
        }

        boolean isDue(Instant now) {
            Instant when = due;
            return when != null && !when.isAfter(now);
        }
    }
}

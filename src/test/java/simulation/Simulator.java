package simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import transaction.BranchCall;
import transaction.CallKey;
import transaction.Command;
import transaction.Mode;
import transaction.Outcome;
import transaction.Phrase;
import transaction.Policy;
import transaction.Reply;
import transaction.TransactionIndex.Due;
import transaction.Unpark;
import transaction.Unpause;
import transaction.Wakeups;

/**
 * One schedule: one global transaction, its hosts, journal, participants and initiator, a virtual
 * clock and one seed from which all else follows.
 *
 * <p>Troubles happen until the world heals; then everything that can end must end within
 * {@link #BOUND}.
 */
final class Simulator implements SimulatedParticipants.Surroundings {

    static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    static final Policy POLICY = Policy.DEFAULT;

    /** From healing to the end of everything: each of a dozen calls may first wait for the cap. */
    static final long BOUND = Duration.ofMinutes(15).toMillis();

    /** How long a host that was superseded goes on, at the most. */
    static final long FENCE = 30_000;

    private static final long UNPARKED_EVERY = 20_000;

    private static final long WAKER_PERIOD = 2_000;

    /** One at a time, so that an answer that is never counted is missed. */
    private static final Wakeups.Pace WAKER_PACE =
        new Wakeups.Pace(Duration.ofSeconds(3), 1, 10, 1);

    /** How long a client waits for an answer. */
    private static final long ANSWER_WITHIN = 12_000;

    /** By then everything that was still on its way when the world healed has arrived. */
    private static final long QUIET = 120_000;

    private record Task(long at, long order, Runnable what) {}

    final SplittableRandom random;
    final Tooth tooth;
    final Checker checker;
    final SimulatedJournal journal;
    final SimulatedParticipants participants;
    private final Tally tally;
    private final List<String> transcript;
    private final PriorityQueue<Task> agenda = new PriorityQueue<>((one, other) ->
        one.at != other.at ? Long.compare(one.at, other.at)
            : Long.compare(one.order, other.order));
    private Rates rates;
    private long order;
    private long clock;
    private long heals;
    private SimulatedHost host;
    private final List<SimulatedHost> superseded = new ArrayList<>();
    private Initiator initiator;
    private Wakeups waker;
    private int wakers;

    /** @param transcript where to write down what happens; null if nobody wants to know */
    Simulator(long seed, Tooth tooth, Tally tally, List<String> transcript) {
        this.random = new SplittableRandom(seed);
        this.tooth = tooth;
        this.tally = tally;
        this.transcript = transcript;
        this.rates = Rates.drawn(random);
        this.journal = new SimulatedJournal(this);
        this.checker = new Checker(this, tally);
        this.participants = new SimulatedParticipants(this);
    }

    /** @throws Tally.Violation if an invariant does not hold */
    void run() {
        tally.schedule();
        Mode mode = Mode.ALL.get(random.nextInt(Mode.ALL.size()));
        initiator = Initiator.of(mode, this);
        initiator.begin();
        heals = 5_000 + random.nextInt(120_000);
        after(heals, this::heal);
        startWaker();
        after(UNPARKED_EVERY, this::unpark);
        long end = heals + BOUND;
        while (!agenda.isEmpty() && agenda.peek().at <= end) {
            Task next = agenda.remove();
            clock = next.at;
            next.what.run();
            disturb();
        }
        checker.ended();
    }

    private void disturb() {
        if (happens(Rates::crash)) {
            note("# crash");
            crash();
        }
        if (host != null && host.isUp() && happens(Rates::stale)) {
            note("# a second host takes over, the first does not know");
            SimulatedHost first = host;
            first.supersede();
            superseded.add(first);
            host = new SimulatedHost(this);
            waker.nodesChanged();
            after(random.nextInt((int) FENCE), first::die);
        }
    }

    /** An operator who looks now and then. */
    private void unpark() {
        if (journal.state().isParked()) {
            ask(new Unpark(Phrase.GID), reply -> { });
        }
        if (journal.state().isPaused() && isCalm()) {
            ask(new Unpause(Phrase.GID, ""), reply -> { });
        }
        if (!journal.state().isFinal()) {
            after(UNPARKED_EVERY, this::unpark);
        }
    }

    private void crash() {
        if (host != null) {
            host.die();
            host = null;
            if (random.nextBoolean()) {
                after(random.nextInt(5_000), this::startWaker);
            }
        }
    }

    private void heal() {
        note("# the world heals");
        rates = Rates.CALM;
        superseded.forEach(SimulatedHost::die);
    }

    /** Of a node that has just started; the one before has gone with its node. */
    private void startWaker() {
        int mine = ++wakers;
        waker = new Wakeups(new WakerEffects(mine), WAKER_PACE, 10);
        waker.begin(now());
        tick(mine);
    }

    private void tick(int mine) {
        if (mine != wakers) {
            return;
        }
        waker.tick(now(), WAKER_PACE);
        if (journal.dueAt() != null || clock < heals + QUIET) {
            after(WAKER_PERIOD, () -> tick(mine));
        }
    }

    private void resume() {
        host().tell(new Command.Resume(), null);
    }

    /** What the waker of one start does. */
    private final class WakerEffects implements Wakeups.Effects {

        private final int mine;

        WakerEffects(int mine) {
            this.mine = mine;
        }

        @Override
        public void read(Instant until, Due after, int page) {
            boolean fails = happens(Rates::notWritten);
            later(latency(), () -> {
                Instant due = journal.dueAt();
                if (!fails) {
                    boolean found = due != null && !due.isAfter(until) && after == null;
                    waker.found(now(), found ? List.of(new Due("g", due)) : List.of(), found);
                } else if (tooth != Tooth.UNREAD_ENDS_SWEEPS) {
                    waker.unread(now());
                }
            });
        }

        /** The answer is counted however it ends, by the time nobody waits for it any more. */
        @Override
        public void wake(String gid, int view) {
            if (tooth != Tooth.TIMER_LOST) {
                after(latency(), Simulator.this::resume);
            }
            if (tooth != Tooth.WAKE_NOT_COUNTED) {
                boolean heard = !happens(Rates::askLost);
                later(heard ? 2 * latency() : ANSWER_WITHIN,
                    () -> waker.answered(now(), gid, view, heard));
            }
        }

        @Override
        public Duration jitter(Duration most) {
            return Duration.ofMillis(random.nextLong(most.toMillis() + 1));
        }

        private void later(long millis, Runnable what) {
            after(millis, () -> {
                if (mine == wakers) {
                    what.run();
                }
            });
        }
    }

    /** The one that gets what clients send; a new one if there is none. */
    SimulatedHost host() {
        if (host == null || host.isDead()) {
            host = new SimulatedHost(this);
        }
        return host;
    }

    /** A host died of a failed write; it comes back unless another took its place. */
    void restart(SimulatedHost dead) {
        if (dead == host) {
            after(200 + random.nextInt(2_000), this::resume);
        }
    }

    /**
     * A client puts a command to the coordinator.
     *
     * @param then hears once: the answer, or null if none came in time
     */
    void ask(Command command, Consumer<Reply> then) {
        boolean[] heard = {false};
        Consumer<Reply> once = reply -> {
            if (!heard[0]) {
                heard[0] = true;
                then.accept(reply);
            }
        };
        after(ANSWER_WITHIN, () -> once.accept(null));
        if (happens(Rates::askLost)) {
            return;
        }
        after(latency(), () -> host().tell(command, reply -> {
            if (!happens(Rates::askLost)) {
                after(latency(), () -> once.accept(reply));
            }
        }));
    }

    /** A host calls a participant; what comes back goes to that host alone. */
    void call(SimulatedHost from, BranchCall call) {
        checker.calls(from, call);
        CallKey key = call.key();
        if (happens(Rates::operating) && random.nextInt(8) == 0) {
            new Operator(this).interfere(key);
        }
        boolean[] heard = {false};
        Consumer<Outcome> once = outcome -> {
            if (!heard[0]) {
                heard[0] = true;
                from.tell(new Command.BranchReturned(key, outcome), null);
            }
        };
        long timeout = call.timeout().toMillis();
        after(timeout, () -> once.accept(Outcome.unknown("timed out")));
        if (call.isRepeat() && happens(Rates::putOff)) {
            after(1, () -> once.accept(Outcome.putOff("too many")));
            return;
        }
        if (happens(Rates::forbidden)) {
            after(1, () -> once.accept(Outcome.forbidden("not in the list")));
            return;
        }
        if (!happens(Rates::requestLost)) {
            deliver(call, timeout, once);
        }
        if (happens(Rates::copied)) {
            checker.copied(call);
            deliver(call, timeout, outcome -> { });
        }
    }

    private void deliver(BranchCall call, long timeout, Consumer<Outcome> back) {
        long way = happens(Rates::late) ? random.nextLong(2 * timeout + 20_000) : latency();
        after(way, () -> {
            Outcome outcome = participants.receive(call);
            if (!happens(Rates::answerLost)) {
                after(latency(), () -> back.accept(outcome));
            }
        });
    }

    void after(long millis, Runnable what) {
        agenda.add(new Task(clock + millis, order++, what));
    }

    long latency() {
        return 1 + random.nextInt(40);
    }

    @Override
    public boolean happens(ToDoubleFunction<Rates> rate) {
        double chance = rate.applyAsDouble(rates);
        if (chance == 0 || random.nextDouble() >= chance) {
            return false;
        }
        tally.fault();
        return true;
    }

    boolean isCalm() {
        return rates == Rates.CALM;
    }

    Instant now() {
        return START.plusMillis(clock);
    }

    @Override
    public void received(BranchCall call) {
        checker.receives(call);
    }

    @Override
    public void resumed() {
        initiator.resumed();
    }

    boolean isNoted() {
        return transcript != null;
    }

    void note(String line) {
        if (transcript != null) {
            transcript.add(line);
        }
    }
}

package crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import crash.BankParticipants.Fate;
import crash.Transfer.Plan;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;

/**
 * A load of transfers in all modes among participants that fail, are slow or do not answer, for as
 * long as something else makes trouble; and the judgement when it is over. All that chance decides
 * comes from one seed, though not the timing.
 */
final class BankLoad implements AutoCloseable {

    static final int ACCOUNTS = 64;

    private static final int INITIATORS = 16;

    /** All that is left must end within this, once the trouble is over. */
    private static final Duration QUIET_WITHIN = Duration.ofSeconds(60);

    /** For one of them to come through what it began last. */
    private static final Duration LAST_WITHIN = Duration.ofSeconds(120);

    /** Of a thousand calls, how many go wrong in each way. */
    private static final int TROUBLE = 15;

    private final Wire wire;
    private final BankParticipants bank;
    private final long seed;
    private final Initiator initiator;
    private final AtomicInteger numbers = new AtomicInteger();
    private final Queue<Told> told = new ConcurrentLinkedQueue<>();
    private final Queue<Throwable> broken = new ConcurrentLinkedQueue<>();
    private final Map<String, StatusPath> paths = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicLong lastTold = new AtomicLong();
    private final long[] throughAt = new long[INITIATORS];
    private volatile boolean goOn = true;

    BankLoad(Wire wire, BankParticipants bank, long seed) {
        this.wire = wire;
        this.bank = bank;
        this.seed = seed;
        this.initiator = new Initiator(wire, bank);
    }

    /** Begins; the coordinator must serve. */
    void start() {
        Random trouble = new Random(seed + 1);
        bank.decideFates(call -> fate(trouble));
        for (int i = 0; i < INITIATORS; i++) {
            Random random = new Random(seed + 100 + i);
            int number = i;
            threads.submit(() -> load(random, number));
        }
        threads.submit(this::watch);
    }

    /** Transactions that initiators are through with. */
    int told() {
        return told.size();
    }

    /** {@link System#nanoTime} when an initiator was last through with one. */
    long lastTold() {
        return lastTold.get();
    }

    /** Until {@code count} more are through, or {@code atMost} is over. */
    void awaitSome(int count, Duration atMost) {
        int enough = told.size() + count;
        long deadline = System.nanoTime() + atMost.toNanos();
        while (told.size() < enough && System.nanoTime() < deadline) {
            LockSupport.parkNanos(2_000_000);
        }
    }

    /**
     * Until each initiator is through with something that it has in hand now or begins later.
     *
     * @return whether that was so in time
     */
    boolean awaitEach(Duration atMost) {
        long from = System.nanoTime();
        while (System.nanoTime() - from < atMost.toNanos()) {
            synchronized (throughAt) {
                if (Arrays.stream(throughAt).allMatch(at -> at - from > 0)) {
                    return true;
                }
            }
            LockSupport.parkNanos(5_000_000);
        }
        return false;
    }

    private void through(int number) {
        synchronized (throughAt) {
            throughAt[number] = System.nanoTime();
        }
    }

    /**
     * Lets the initiators come to an end and waits until all is quiet.
     *
     * @throws AssertionError if it does not become quiet, or an initiator was lied to
     */
    void finish() throws InterruptedException {
        goOn = false;
        bank.decideFates(call -> Fate.WELL);
        threads.shutdown();
        assertTrue(threads.awaitTermination(LAST_WITHIN.toSeconds(), TimeUnit.SECONDS),
            "initiators are stuck");
        assertEquals(List.of(), List.copyOf(broken));
        Awaitility.await().atMost(QUIET_WITHIN).ignoreExceptions()
            .untilAsserted(() -> assertEquals(0, wire.unfinished()));
    }

    /** What each rule was asked, after {@link #finish}; judges all transactions and the bank. */
    Oracle judge() throws Exception {
        Oracle oracle = new Oracle(wire, bank);
        for (Told each : told) {
            oracle.judge(each);
        }
        oracle.judgeBank(initiator);
        paths.values().forEach(oracle::judge);
        return oracle;
    }

    /** How many were played of each plan. */
    Map<Plan, Integer> plans() {
        Map<Plan, Integer> plans = new EnumMap<>(Plan.class);
        told.forEach(each -> plans.merge(each.transfer().plan(), 1, Integer::sum));
        return plans;
    }

    @Override
    public String toString() {
        long seen = paths.values().stream().filter(path -> path.length() > 1).count();
        return told.size() + " transactions, " + bank.calls() + " calls; " + seen
            + " seen in more than one status by " + looks + " looks; " + plans();
    }

    @Override
    public void close() {
        goOn = false;
        threads.shutdownNow();
    }

    private void load(Random random, int number) {
        Plan[] plans = Plan.values();
        while (goOn) {
            Plan plan = plans[random.nextInt(plans.length)];
            int from = random.nextInt(ACCOUNTS);
            int to = (from + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
            Transfer transfer = new Transfer("load-" + numbers.incrementAndGet(), plan, from, to,
                1 + random.nextInt(100));
            paths.put(transfer.gid(), new StatusPath(transfer));
            try {
                told.add(initiator.play(transfer));
                lastTold.set(System.nanoTime());
                through(number);
            } catch (Exception e) {
                broken.add(new AssertionError(transfer + " broke off: " + e.getMessage(), e));
            }
            LockSupport.parkNanos(random.nextInt(40) * 1_000_000L);
        }
    }

    /** Reads statuses all the time: what was shown once may not be taken back. */
    private void watch() {
        while (goOn) {
            for (StatusPath path : paths.values()) {
                if (path.isOpen() && goOn) {
                    try {
                        path.saw(wire.status(path.gid()));
                        looks.incrementAndGet();
                    } catch (IOException e) {
                        break; // It is dead just now.
                    }
                }
            }
            LockSupport.parkNanos(5_000_000);
        }
    }

    private static Fate fate(Random random) {
        synchronized (random) {
            int dice = random.nextInt(1_000) / TROUBLE;
            return switch (dice) {
                case 0, 1 -> Fate.ERROR_BEFORE;
                case 2, 3 -> Fate.ERROR_AFTER;
                case 4, 5 -> Fate.SILENCE_AFTER;
                case 6 -> Fate.ONGOING;
                case 7, 8, 9, 10, 11, 12, 13, 14 -> Fate.SLOWLY;
                default -> Fate.WELL;
            };
        }
    }
}

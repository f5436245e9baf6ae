package crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import crash.BankParticipants.Fate;
import crash.Transfer.Plan;
import database.Databases;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Kills a coordinator again and again, at moments that a seed chooses, also while it starts, under
 * a load of all modes and among participants that fail, are slow or do not answer. In the end every
 * acknowledged transaction has ended as it was promised, and no cent is missing.
 *
 * <p>The seed is printed; {@code -Dcrash.seed=…} runs it again, though not with the same timing.
 * {@code -Dcrash.kills=…} makes it longer.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("database.Databases#all")
class RandomKillIT {

    private static final int KILLS = Integer.getInteger("crash.kills", 24);

    /** On the other databases. What they add is in their commits, which each life has enough of. */
    private static final int KILLS_ELSEWHERE = Integer.getInteger("crash.kills", 8);
    private static final int INITIATORS = 16;
    private static final int ACCOUNTS = 64;

    /** All that is left must end within this, once nothing is killed any more. */
    private static final Duration QUIET_WITHIN = Duration.ofSeconds(60);

    /** A process lives no longer once it serves. */
    private static final Duration LIFE_MAX = Duration.ofSeconds(3);

    /** Of a thousand calls, how many go wrong in each way. */
    private static final int TROUBLE = 15;

    @Parameter
    String kind;

    private final long seed = Long.getLong("crash.seed", System.nanoTime());
    private final AtomicInteger numbers = new AtomicInteger();
    private final Queue<Told> told = new ConcurrentLinkedQueue<>();
    private final Queue<Throwable> broken = new ConcurrentLinkedQueue<>();
    private final Map<String, StatusPath> paths = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger looks = new AtomicInteger();
    private volatile boolean goOn = true;
    private BankParticipants bank;
    private Child child;
    private Wire wire;

    @BeforeEach
    void open(@TempDir Path home) throws Exception {
        System.out.println("seed " + seed);
        bank = new BankParticipants(ACCOUNTS);
        Databases.choose(kind, home.resolve("data"));
        child = Child.in(home);
        wire = new Wire(child::uri);
    }

    @AfterEach
    void close() {
        goOn = false;
        child.close();
        threads.shutdownNow();
        bank.close();
    }

    @Test
    void nothingAcknowledgedIsLostAndNothingIsHalfDone() throws Exception {
        Initiator initiator = new Initiator(wire, bank);
        Random trouble = new Random(seed + 1);
        bank.decideFates(call -> fate(trouble));
        child.serving();
        for (int i = 0; i < INITIATORS; i++) {
            Random random = new Random(seed + 100 + i);
            threads.submit(() -> load(initiator, random));
        }
        threads.submit(this::watch);

        int whileStarting = killAgainAndAgain(new Random(seed));

        goOn = false;
        bank.decideFates(call -> Fate.WELL);
        threads.shutdown();
        assertTrue(threads.awaitTermination(120, TimeUnit.SECONDS), "initiators are stuck");
        assertEquals(List.of(), List.copyOf(broken));
        Awaitility.await().atMost(QUIET_WITHIN).ignoreExceptions()
            .untilAsserted(() -> assertEquals(0, wire.unfinished()));
        judge(initiator);
        report(whileStarting);
    }

    /** @return how many times it was killed before it served */
    private int killAgainAndAgain(Random random) {
        int whileStarting = 0;
        for (int kill = 1; kill <= kills(); kill++) {
            boolean early = random.nextInt(4) == 0;
            if (early) {
                LockSupport.parkNanos(random.nextInt(1_500) * 1_000_000L);
            } else {
                child.awaitServing();
                awaitSome(1 + random.nextInt(60));
                LockSupport.parkNanos(random.nextInt(30) * 1_000_000L);
            }
            whileStarting += early ? 1 : 0;
            child.kill();
            child.launch("");
        }
        child.awaitServing();
        return whileStarting;
    }

    /** Until {@code count} transactions more are through, or the slow machine has had its time. */
    private void awaitSome(int count) {
        int enough = told.size() + count;
        long deadline = System.nanoTime() + LIFE_MAX.toNanos();
        while (told.size() < enough && System.nanoTime() < deadline) {
            LockSupport.parkNanos(2_000_000);
        }
    }

    private void load(Initiator initiator, Random random) {
        Plan[] plans = Plan.values();
        while (goOn) {
            Plan plan = plans[random.nextInt(plans.length)];
            int from = random.nextInt(ACCOUNTS);
            int to = (from + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
            Transfer transfer = new Transfer("kill-" + numbers.incrementAndGet(), plan, from, to,
                1 + random.nextInt(100));
            paths.put(transfer.gid(), new StatusPath(transfer));
            try {
                told.add(initiator.play(transfer));
            } catch (Exception e) {
                broken.add(new AssertionError(transfer + " broke off: " + e.getMessage(), e));
            }
            LockSupport.parkNanos(random.nextInt(40) * 1_000_000L);
        }
    }

    /** Reads statuses all the time: what was shown once may not be taken back. */
    private void watch() {
        while (goOn) {
            try {
                for (StatusPath path : paths.values()) {
                    if (path.isOpen()) {
                        path.saw(wire.status(path.gid()));
                        looks.incrementAndGet();
                    }
                }
            } catch (IOException e) {
                // It is dead just now.
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

    private int kills() {
        return kind.equals(Databases.H2) ? KILLS : KILLS_ELSEWHERE;
    }

    private void judge(Initiator initiator) throws Exception {
        Oracle oracle = new Oracle(wire, bank);
        for (Told each : told) {
            oracle.judge(each);
        }
        oracle.judgeBank(initiator);
        List<String> violations = new ArrayList<>(oracle.violations());
        paths.values().forEach(path -> violations.addAll(path.violations()));
        assertEquals(List.of(), violations, "seed " + seed);
    }

    private void report(int whileStarting) {
        Map<Plan, Integer> plans = new EnumMap<>(Plan.class);
        told.forEach(each -> plans.merge(each.transfer().plan(), 1, Integer::sum));
        long seen = paths.values().stream().filter(path -> path.length() > 1).count();
        System.out.println(kind + ": " + kills() + " kills, " + whileStarting
            + " of them while it started; "
            + told.size() + " transactions, " + bank.calls() + " calls; " + seen
            + " seen in more than one status by " + looks + " looks; " + new TreeMap<>(plans));
        if (kind.equals(Databases.H2)) {
            assertEquals(
                Set.of(Plan.values()), plans.keySet(), "every plan must have been played");
        }
    }
}

package store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.h2.store.fs.FilePath;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import transaction.Entry;

/**
 * All ends in the middle of a write, with the store under load and its file reused many times over:
 * it opens again, each history is whole, and whatever was confirmed is there. If the power fails
 * that holds with {@code powerLossSafe}.
 */
class CutTest {

    private static final int WRITERS = 12;

    /** Writes of the file, of which each group makes two to four. */
    private static final int WRITES_MAX = 2_000;

    @TempDir
    Path dir;

    /** The furthest confirmed ordinal of each gid. */
    private final Map<String, Integer> confirmed = new ConcurrentHashMap<>();
    private final Map<String, Integer> confirmedBefore = new HashMap<>();
    private final AtomicBoolean stopped = new AtomicBoolean();

    @BeforeAll
    static void register() {
        FilePath.register(new CutDisk());
    }

    /** More of them by hand: {@code -Dpactor.cuts=500}. */
    static Stream<Long> seeds() {
        return new SplittableRandom().longs(Integer.getInteger("pactor.cuts", 2)).boxed();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void a_kill_costs_nothing_that_was_confirmed(long seed) throws IOException {
        cutUnderLoad(seed, CutDisk.End.KILL);
        assertNothingLost();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void a_power_cut_costs_nothing_that_was_confirmed(long seed) throws IOException {
        cutUnderLoad(seed, CutDisk.End.POWER_CUT);
        assertNothingLost();
    }

    /** Leaves in {@code dir} what the disk had. */
    private void cutUnderLoad(long seed, CutDisk.End end) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        String name = dir.resolve("cut").toAbsolutePath().toString();
        CutDisk.Cut cut = new CutDisk.Cut(end, random.nextInt(20, WRITES_MAX), random,
            () -> confirmedBefore.putAll(confirmed));
        CutDisk.arm(name + ".mv.db", cut);
        StoreSettings settings = StoreSettings.at("jdbc:h2:cut:" + name + ";WRITE_DELAY=0")
            .powerLossSafe(end == CutDisk.End.POWER_CUT);
        try (Database database = Database.open(settings, H2Files.meter())) {
            for (int i = 0; i < WRITERS; i++) {
                next(database, random.split());
            }
            Awaitility.await().atMost(Duration.ofMinutes(1)).pollInterval(Duration.ofMillis(5))
                .until(() -> cut.image() != null);
            stopped.set(true);
        }
        Files.write(dir.resolve("pactor.mv.db"), cut.image());
    }

    /** One transaction after the other. */
    private void next(Database database, SplittableRandom random) {
        append(database, random, Long.toString(random.nextLong(), 36), 1);
    }

    private void append(Database database, SplittableRandom random, String gid, int ordinal) {
        List<Entry> entries = Samples.sagaThatSucceeds(gid);
        Journals.append(database, gid, ordinal, entries.get(ordinal - 1))
            .thenRun(() -> {
                confirmed.put(gid, ordinal);
                if (!stopped.get() && ordinal < entries.size()) {
                    append(database, random, gid, ordinal + 1);
                } else if (!stopped.get()) {
                    next(database, random);
                }
            });
    }

    private void assertNothingLost() {
        try (Database left = Database.open(H2Files.settings(dir), H2Files.meter())) {
            Map<String, Long> lost = new HashMap<>();
            confirmedBefore.forEach((gid, ordinal) -> {
                long there = Journals.lastOrdinal(left, gid);
                if (there < ordinal) {
                    lost.put(gid, there);
                }
            });
            assertEquals(Map.of(), lost, "of " + confirmedBefore.size());
            for (String gid : H2Files.query(dir, "SELECT gid FROM pactor_transaction")) {
                assertNull(Journals.read(left, gid).broken(), gid);
            }
        }
    }
}

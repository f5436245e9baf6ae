package store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import transaction.Entry;
import transaction.Summary;
import transaction.TransactionIndex;
import transaction.TransactionIndex.Filter;

/**
 * Damage of each kind done to a file of H2 whose content is known. Either all is there, or the file
 * is refused with the reason, or it opens and says of each transaction that cannot be read that it
 * is so: nothing is lost in silence, and what cannot be read hides nothing else.
 */
class DamagedFileTest {

    private static final int BLOCK = 4_096;
    private static final int TRANSACTIONS = 700;
    private static final int ALONE = 100;

    /** Of each kind; more by hand: {@code -Dpactor.damage=100}. */
    private static final int EACH = Integer.getInteger("pactor.damage", 4);

    private enum Kind {
        CUT_END, CUT_MIDDLE, FLIP, ZERO_BLOCK, RANDOM_BLOCK, SWAP_BLOCKS, HEADER_FLIP, HEADER_ZERO,
        OLD_BLOCK;

        byte[] done(byte[] whole, SplittableRandom random) {
            byte[] file = whole.clone();
            int blocks = file.length / BLOCK;
            int block = random.nextInt(2, blocks) * BLOCK;
            switch (this) {
                case CUT_END -> file = Arrays.copyOf(file, Math.max(0, file.length
                    - random.nextInt(1, 1 << random.nextInt(2, 17))));
                case CUT_MIDDLE -> {
                    int gone = random.nextInt(1, 4) * BLOCK;
                    int from = Math.min(block, file.length - gone);
                    byte[] left = Arrays.copyOf(file, file.length - gone);
                    System.arraycopy(file, from + gone, left, from, left.length - from);
                    file = left;
                }
                case FLIP -> file[random.nextInt(2 * BLOCK, file.length)] ^=
                    (byte) (1 << random.nextInt(8));
                case ZERO_BLOCK -> Arrays.fill(file, block, block + BLOCK, (byte) 0);
                case RANDOM_BLOCK -> {
                    byte[] noise = new byte[BLOCK];
                    random.nextBytes(noise);
                    System.arraycopy(noise, 0, file, block, BLOCK);
                }
                case SWAP_BLOCKS -> {
                    int other = random.nextInt(2, blocks) * BLOCK;
                    System.arraycopy(whole, other, file, block, BLOCK);
                    System.arraycopy(whole, block, file, other, BLOCK);
                }
                case HEADER_FLIP -> file[random.nextInt(2) * BLOCK + random.nextInt(120)] ^=
                    (byte) (1 << random.nextInt(8));
                case HEADER_ZERO -> {
                    int copy = random.nextInt(2) * BLOCK;
                    Arrays.fill(file, copy, copy + BLOCK, (byte) 0);
                }
                default -> System.arraycopy(whole, random.nextInt(2, blocks) * BLOCK, file, block,
                    BLOCK);
            }
            return file;
        }
    }

    /** A file, and whether H2 was stopped in order. */
    private record Case(boolean clean, Kind kind, long seed) {
        @Override
        public String toString() {
            return kind + (clean ? " after a stop, " : " after a kill, ") + seed;
        }
    }

    @TempDir
    static Path made;

    private static final Map<String, Integer> OUTCOMES = new TreeMap<>();
    private static byte[] stopped;
    private static byte[] killed;

    @TempDir
    Path dir;

    @BeforeAll
    static void make() throws IOException {
        Path file = made.resolve("pactor.mv.db");
        try (Database database = Database.open(H2Files.settings(made), H2Files.meter())) {
            // Some alone, the others together, for chunks of all lengths.
            for (int i = 0; i < ALONE; i++) {
                Journals.append(database, gid(i), entries(i)).join();
            }
            CompletableFuture.allOf(IntStream.range(ALONE, TRANSACTIONS)
                .mapToObj(i -> Journals.append(database, gid(i), entries(i)))
                .toArray(CompletableFuture[]::new)).join();
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
                killed = Files.readAllBytes(file);
                return Arrays.equals(killed, Files.readAllBytes(file));
            });
        }
        stopped = Files.readAllBytes(file);
    }

    @AfterAll
    static void tell() {
        System.out.println("damaged files: " + OUTCOMES);
    }

    private static String gid(int i) {
        return "damaged-" + i * 7919 % 1000 + "-" + i;
    }

    /** Each third has not ended. */
    private static List<Entry> entries(int i) {
        List<Entry> all = Samples.sagaThatSucceeds(gid(i));
        return i % 3 == 0 ? all.subList(0, 2) : all;
    }

    static Stream<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            for (int i = 0; i < EACH; i++) {
                cases.add(new Case(true, kind, 2L * i));
                cases.add(new Case(false, kind, 2L * i + 1));
            }
        }
        return cases.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void nothing_is_lost_in_silence(Case each) throws IOException {
        SplittableRandom random =
            new SplittableRandom(each.seed * 31 + each.kind.ordinal());
        Files.write(dir.resolve("pactor.mv.db"),
            each.kind.done(each.clean ? stopped : killed, random));
        String outcome;
        try (Database database = Database.open(H2Files.settings(dir), H2Files.meter())) {
            outcome = look(database);
        } catch (StoreException refused) {
            String why = refused.getMessage();
            outcome = why.contains("gone back") ? "gone back"
                : why.contains("damaged") ? "refused as damaged" : why;
            assertTrue(why.contains("gone back") || why.contains("damaged"), why);
        }
        OUTCOMES.merge(outcome, 1, Integer::sum);
    }

    private String look(Database database) {
        TransactionIndex index = new TransactionTable(database);
        Map<String, Summary> listed = new TreeMap<>();
        String cursor = "";
        do {
            TransactionIndex.Page page =
                index.list(Filter.ALL, cursor, 100).toCompletableFuture().join();
            page.rows().forEach(row -> listed.put(row.submission().gid(), row));
            cursor = page.next();
        } while (!cursor.isEmpty());
        Set<String> due = new HashSet<>();
        index.due(Instant.MAX, null, 1_000).toCompletableFuture().join()
            .forEach(each -> due.add(each.gid()));
        List<String> named = new ArrayList<>();
        for (int i = 0; i < TRANSACTIONS; i++) {
            String gid = gid(i);
            String trouble = trouble(database, index, i);
            if (trouble != null) {
                named.add(gid + ": " + trouble);
                continue;
            }
            assertTrue(listed.containsKey(gid), "not listed: " + gid);
            assertEquals("", listed.get(gid).quarantine(), gid);
            assertEquals(i % 3 == 0, due.contains(gid), gid);
        }
        assertNull(causeOf(Journals.append(database, "new", 1, Samples.opened("new"))));
        return named.isEmpty() ? "all there"
            : "some named";
    }

    /** Null if the transaction is there as it was written. */
    private static String trouble(Database database, TransactionIndex index, int i) {
        String gid = gid(i);
        Throwable failed = causeOf(index.find(gid));
        if (failed != null) {
            return failed.getMessage();
        }
        Replay.Page page = Journals.read(database, gid);
        if (page.broken() != null) {
            return page.broken();
        }
        Summary row = index.find(gid).toCompletableFuture().join().orElseThrow();
        List<Entry> entries = entries(i);
        Summary written = entries.get(entries.size() - 1).summary();
        assertEquals(written.status(), row.status(), gid);
        assertEquals(written.submission().options(), row.submission().options(), gid);
        assertEquals(entries.size(), page.entries().size(), gid);
        for (int k = 0; k < entries.size(); k++) {
            assertEquals(entries.get(k).events(), page.entries().get(k).events(), gid);
        }
        return null;
    }

    private static Throwable causeOf(CompletionStage<?> stage) {
        try {
            stage.toCompletableFuture().join();
            return null;
        } catch (CompletionException e) {
            return e.getCause();
        }
    }
}

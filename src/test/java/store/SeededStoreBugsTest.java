package store;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import database.Databases;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import transaction.Entry;

/** A store with a bug in it does not pass the tests of the store: docs/seeded-bugs.md. */
class SeededStoreBugsTest {

    @TempDir
    Path dir;

    /** What a reader of the journal leaves undone. */
    private enum Neglect { NOTHING, THE_GAP, THE_END, THE_CHECKSUM }

    @Test
    void gap_ignored() {
        assertFound(Neglect.THE_GAP, ReplayTest::a_missing_row_is_noticed);
    }

    @Test
    void tail_not_missed() {
        assertFound(Neglect.THE_END, ReplayTest::a_lost_tail_is_noticed);
    }

    @Test
    void checksum_not_checked() {
        assertFound(Neglect.THE_CHECKSUM, ReplayTest::swapped_rows_are_noticed);
    }

    @Test
    void batch_error_fails_neighbours() {
        JournalWriterTest test = new JournalWriterTest() {
            @Override
            Map<String, CompletableFuture<Void>> group(List<String> gids, int ordinal) {
                Map<String, CompletableFuture<Void>> alone = super.group(gids, ordinal);
                CompletableFuture<Void> all =
                    CompletableFuture.allOf(alone.values().toArray(CompletableFuture[]::new));
                alone.replaceAll((gid, write) -> all.copy());
                return alone;
            }
        };
        test.dir = dir;
        test.kind = Databases.H2;
        test.open();
        try {
            AssertionError found = assertThrows(AssertionError.class,
                test::a_taken_ordinal_fails_its_own_transaction_only);
            assertTrue(found.getMessage().contains("but was: <[busy0, busy1, "));
        } finally {
            test.close();
        }
    }

    @Test
    void writes_wait_for_a_dead_writer() {
        GuardedStoreTest wrong = new Impatient() {
            @Override
            CompletableFuture<Void> append(String gid) {
                CompletableFuture<Void> answered = new CompletableFuture<>();
                super.append(gid).thenAccept(answered::complete);
                return answered;
            }
        };
        assertFound(wrong, wrong::anErrorInTheWritersLoopFailsWhatIsQueuedAndWhatComesLater);
    }

    @Test
    void read_lost_with_its_thread() {
        GuardedStoreTest wrong = new Impatient() {
            @Override
            <T> CompletableFuture<T> read(ReadPool.Query<T> query) {
                CompletableFuture<T> answered = new CompletableFuture<>();
                super.read(query).thenAccept(answered::complete);
                return answered;
            }
        };
        assertFound(wrong, wrong::anErrorInAReadIsItsAnswerAndIsTold);
    }

    private void assertFound(GuardedStoreTest wrong, Executable test) {
        wrong.dir = dir;
        wrong.open();
        try {
            assertThrows(Throwable.class, test);
        } finally {
            wrong.close();
        }
    }

    /** What never comes is not waited for as long as what may be late. */
    private abstract static class Impatient extends GuardedStoreTest {
        @Override
        long patience() {
            return 500;
        }
    }

    /** The same reader without the bug passes, so that it is the bug that was found. */
    private void assertFound(Neglect bug, Consumer<ReplayTest> test) {
        Reader wrong = new Reader(bug, dir.resolve("wrong"));
        assertThrows(AssertionError.class, () -> wrong.run(test));
        Reader right = new Reader(Neglect.NOTHING, dir.resolve("right"));
        assertDoesNotThrow(() -> right.run(test));
    }

    /** The test of another reader of the journal, which is right but for what it neglects. */
    private static final class Reader extends ReplayTest {

        private final Neglect bug;

        Reader(Neglect bug, Path home) {
            this.bug = bug;
            this.dir = home;
            this.kind = Databases.H2;
        }

        void run(Consumer<ReplayTest> test) {
            open();
            try {
                test.accept(this);
            } finally {
                close();
            }
        }

        @Override
        Replay.Page read(String gid) {
            return database.read(connection -> {
                try (var select = connection.prepareStatement("SELECT t.ordinal, j.ordinal,"
                        + " j.version, j.checksum, j.payload FROM pactor_transaction t JOIN"
                        + " pactor_journal j ON j.transaction_id = t.id WHERE t.gid = ?"
                        + " ORDER BY j.ordinal")) {
                    select.setString(1, gid);
                    try (ResultSet row = select.executeQuery()) {
                        return page(gid, row);
                    }
                }
            }).join();
        }

        private Replay.Page page(String gid, ResultSet row) throws SQLException {
            List<Entry> entries = new ArrayList<>();
            long last = 0;
            long known = 0;
            while (row.next()) {
                known = row.getLong(1);
                long ordinal = row.getLong(2);
                if (bug != Neglect.THE_GAP && ordinal != last + 1) {
                    return broken(entries, "entry " + (last + 1) + " is missing; the next one is "
                        + ordinal);
                }
                byte[] payload = row.getBytes(5);
                if (bug != Neglect.THE_CHECKSUM && row.getInt(4)
                        != Append.checksum(gid, ordinal, row.getInt(3), List.of(payload))) {
                    return broken(entries, "entry " + ordinal + " is not what was written");
                }
                entries.add(EventCodec.decode(row.getInt(3), payload));
                last = ordinal;
            }
            return bug == Neglect.THE_END || last >= known
                ? new Replay.Page(1, entries, null, true)
                : broken(entries, "entries " + (last + 1) + " to " + known + " are missing");
        }

        private static Replay.Page broken(List<Entry> entries, String reason) {
            return new Replay.Page(1, entries, reason, true);
        }
    }
}

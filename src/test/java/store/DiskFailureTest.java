package store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.h2.store.fs.FilePath;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The disk fails: nothing more is confirmed, the database says so, nothing confirmed is lost. */
class DiskFailureTest {

    @TempDir
    Path dir;

    @BeforeAll
    static void register() {
        FilePath.register(new FailingDisk());
    }

    @ParameterizedTest
    @CsvSource({"TO_WRITE, false", "TO_WRITE, true", "TO_FORCE, false", "TO_FORCE, true"})
    void nothingIsConfirmedAfterItAndNothingLost(FailingDisk.Refuses fault, boolean powerLossSafe)
            throws Exception {
        String file = dir.resolve("pactor").toAbsolutePath().toString();
        AtomicReference<FailingDisk.Refuses> refuses = FailingDisk.under(file + ".mv.db");
        StoreSettings settings =
            StoreSettings.at("jdbc:h2:failing:" + file + ";WRITE_DELAY=0")
                .powerLossSafe(powerLossSafe);
        try (Database database = Database.open(settings, H2Files.meter())) {
            assertTrue(confirmed(database, "before"));

            refuses.set(fault);
            boolean during = confirmed(database, "during");
            assertTrue(!during || fault == FailingDisk.Refuses.TO_FORCE && !powerLossSafe,
                "confirmed, although the disk refused");

            StoreException reason =
                database.broken().toCompletableFuture().get(10, TimeUnit.SECONDS);
            assertTrue(
                reason.getMessage().contains("start this process again"), reason::getMessage);
            assertTrue(reason.getMessage().contains(fault == FailingDisk.Refuses.TO_WRITE
                ? "No space left on device" : "Input/output error"), reason::getMessage);
            assertTrue(reason.getMessage().contains("pactor.mv.db"), reason::getMessage);
            refuses.set(FailingDisk.Refuses.NOTHING);
            database.close();
            assertFalse(confirmed(database, "after"), "not in this process");
        }
        // As for another process: in this one H2 may still hold the lock of its broken file.
        Path copy = Files.createDirectory(dir.resolve("copy"));
        Files.copy(dir.resolve("pactor.mv.db"), copy.resolve("pactor.mv.db"));
        try (Database next = Database.open(H2Files.settings(copy), H2Files.meter())) {
            assertEquals(3, Journals.lastOrdinal(next, "before"));
            assertNull(Journals.read(next, "before").broken());
            assertTrue(confirmed(next, "again"));
        }
    }

    private static boolean confirmed(Database database, String gid) {
        try {
            Journals.append(database, gid, Samples.sagaThatSucceeds(gid)).join();
            return true;
        } catch (CompletionException e) {
            return false;
        }
    }
}

package store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.h2.store.fs.FilePath;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import transaction.Entry;
import transaction.Limits;

/** K10: an entry of 16 MiB costs H2 no array of 16 MiB. */
class LargeWritesTest {

    /** A megabyte of pieces, and the pages of the trees above them. */
    private static final int MOST = 3 << 20;

    @TempDir
    private Path dir;

    @BeforeAll
    static void register() {
        FilePath.register(new MeasuredDisk());
    }

    @Test
    void noWriteIsMuchLargerThanAMegabyte() {
        Entry entry = Samples.opened(Samples.large("large", Limits.TRANSACTION_BYTES),
            Instant.parse("2026-03-01T12:00:00Z"));
        StoreSettings settings = StoreSettings.at(
            "jdbc:h2:measured:" + dir.resolve("pactor").toAbsolutePath() + ";WRITE_DELAY=0");
        try (Database database = Database.open(settings, H2Files.meter())) {
            MeasuredDisk.LARGEST.set(0);
            Journals.append(database, "large", 1, entry).join();

            int largest = MeasuredDisk.LARGEST.get();
            assertTrue(largest > EventCodec.PIECE_BYTES && largest <= MOST, largest + " bytes");
            assertEquals(List.of(entry.events()), Journals.read(database, "large").entries()
                .stream().map(Entry::events).toList());
        }
    }
}

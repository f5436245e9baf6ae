package store;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import database.SmallDisk;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import meter.Meter;
import org.junit.jupiter.api.Test;

/** A disk on which little is free, and then nothing. Needs the right to mount. */
class DiskSpaceTest {

    private static final int MIB = 6;

    @Test
    void it_is_warned_of_while_there_is_time_and_named_in_the_last_line() throws Exception {
        assumeTrue(SmallDisk.canBeMade());
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (SmallDisk disk = new SmallDisk(MIB)) {
            Path dir = disk.directory("data");
            try (Database database =
                    Database.open(H2Files.settings(dir), Meter.over(registry))) {
                Journals.append(database, "before", Samples.sagaThatSucceeds("before")).join();
                assertEquals(
                    List.of("less than 1024 MiB are free on the disk of the store"),
                    database.warnings());
                double free = registry.get("pactor_store_disk_free_bytes").gauge().value();
                assertTrue(free > 0 && free < MIB << 20, "free: " + free);

                assertEquals(Optional.empty(), database.trouble());
                disk.fill();
                await().untilAsserted(() -> assertTrue(database.trouble().orElse("")
                    .startsWith("the disk of the store is full: "), database.trouble()::toString));
                disk.free();
                await().until(() -> database.trouble().isEmpty());
                disk.fill();
                for (int i = 0; i < 1_000 && isWritten(database, "g" + i); i++) {
                    disk.fill();
                }
                String reason = database.broken().toCompletableFuture()
                    .get(20, TimeUnit.SECONDS).getMessage();
                assertTrue(reason.contains("No space left on device"), reason);
                assertTrue(reason.contains(dir.resolve("pactor.mv.db").toString()), reason);
                assertTrue(reason.contains(" bytes free"), reason);
            }
        }
    }

    private static boolean isWritten(Database database, String gid) {
        try {
            Journals.append(database, gid, Samples.sagaThatSucceeds(gid)).join();
            return true;
        } catch (CompletionException full) {
            return false;
        }
    }
}

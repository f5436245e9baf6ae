package store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import store.StoreSettings.Timeouts;

/** What the store insists on before it serves. */
class DatabaseTest {

    @TempDir
    Path dir;

    @Test
    void a_file_that_writes_later_is_refused() {
        String url = "jdbc:h2:file:" + dir.resolve("late");

        assertRefused("the url of an H2 file must say WRITE_DELAY=0", StoreSettings.at(url));
        assertRefused("the url of an H2 file must say WRITE_DELAY=0",
            StoreSettings.at(url + ";WRITE_DELAY=10"));
        assertFalse(Files.exists(dir.resolve("late.mv.db")));
    }

    @Test
    void other_databases_are_refused() {
        assertRefused("the store is H2, PostgreSQL, MariaDB or MySQL",
            StoreSettings.at("jdbc:derby:" + dir));
    }

    @Test
    void it_says_what_a_confirmed_write_survives() {
        try (Database file = open(H2Files.settings(dir))) {
            assertEquals("survives the death of the process (H2, WRITE_DELAY=0); not a power cut",
                file.durability());
            assertFalse(file.place().contains(";"));
        }
        try (Database synced = open(H2Files.settings(dir).powerLossSafe(true))) {
            assertEquals("survives a power cut (H2, forced to the disk after each group)",
                synced.durability());
        }
        try (Database memory = open(StoreSettings.at("jdbc:h2:mem:durability"))) {
            assertEquals("none: in memory", memory.durability());
        }
    }

    @Test
    void a_file_that_another_process_has_open_is_refused() throws Exception {
        open(H2Files.settings(dir)).close();

        // H2 loaded a second time shares nothing with the first but the lock on the file.
        URL jar = org.h2.Driver.class.getProtectionDomain().getCodeSource().getLocation();
        try (URLClassLoader other = new URLClassLoader(
                new URL[] {jar}, ClassLoader.getPlatformClassLoader())) {
            Driver driver = (Driver) other.loadClass("org.h2.Driver")
                .getDeclaredConstructor().newInstance();
            Properties user = new Properties();
            user.setProperty("user", "pactor");
            user.setProperty("password", "");
            try (Connection theirs = driver.connect(H2Files.url(dir), user)) {
                byte[] before = Files.readAllBytes(file());
                assertTrue(theirs.isValid(1));
                assertRefused("the store is in use by another process", H2Files.settings(dir));
                assertArrayEquals(before, Files.readAllBytes(file()));
            }
        }
        open(H2Files.settings(dir)).close();
    }

    @Test
    void a_damaged_file_is_refused_and_left_as_it_is() throws IOException {
        byte[] garbage = new byte[20_000];
        Arrays.fill(garbage, (byte) 0x5a);
        Files.write(file(), garbage);

        assertRefused("the store", H2Files.settings(dir));
        assertArrayEquals(garbage, Files.readAllBytes(file()));
    }

    @Test
    void a_store_that_cannot_be_written_is_refused() {
        open(H2Files.settings(dir)).close();

        assertRefused("the store cannot be written",
            StoreSettings.at(H2Files.url(dir) + ";ACCESS_MODE_DATA=r"));
    }

    @Test
    void a_wrong_user_is_refused() {
        open(H2Files.settings(dir)).close();
        StoreSettings right = H2Files.settings(dir);

        String said = assertRefused(
            "the store does not know this user", right.as("pactor", "canary"));
        assertFalse(said.contains("canary"));
    }

    @Test
    void tables_of_another_release_are_refused() {
        open(H2Files.settings(dir)).close();
        H2Files.execute(dir, "UPDATE pactor_schema SET version = " + (Schema.VERSION + 1));

        assertRefused("the tables are of schema " + (Schema.VERSION + 1)
            + ", this release needs " + Schema.VERSION
            + ": they were made by a later release", H2Files.settings(dir));
        H2Files.execute(dir, "UPDATE pactor_schema SET version = 1");
        assertTrue(assertRefused("the tables are of schema 1, this release needs "
            + Schema.VERSION + ": they were made by an earlier release", H2Files.settings(dir))
            .contains("pactor schema apply"));
    }

    @Test
    void tables_that_lack_a_column_are_refused() {
        open(H2Files.settings(dir)).close();
        H2Files.execute(dir, "ALTER TABLE pactor_transaction DROP COLUMN quarantine");

        String said = assertRefused("the store cannot be opened", H2Files.settings(dir));
        assertTrue(said.toLowerCase().contains("quarantine"), said);
    }

    @Test
    void a_creation_that_was_cut_short_goes_on() {
        open(H2Files.settings(dir)).close();
        H2Files.execute(dir, "DROP TABLE pactor_topic");
        H2Files.execute(dir, "DELETE FROM pactor_schema");

        try (Database database = open(H2Files.settings(dir))) {
            assertEquals(List.of(),
                new TopicTable(database, Clock.systemUTC()).list("", 10)
                    .toCompletableFuture().join().rows());
        }
    }

    @Test
    void numbers_out_of_bounds_are_refused() {
        Timeouts fine = StoreSettings.at("").timeouts();
        assertThrows(StoreException.class,
            () -> new StoreSettings("", "", "", 4, false, 1, 1, fine));
        assertThrows(StoreException.class,
            () -> new StoreSettings("", "", "", 5, false, 0, 1, fine));
        assertThrows(StoreException.class,
            () -> new StoreSettings("", "", "", 5, false, 1, 0, fine));
        assertThrows(StoreException.class,
            () -> new Timeouts(Duration.ofMillis(999), fine.socket(), fine.start()));
        assertThrows(StoreException.class,
            () -> new Timeouts(fine.socket(), fine.socket(), fine.start()));
    }

    @Test
    void settings_do_not_tell_the_password() {
        String shown = new StoreSettings("jdbc:h2:mem:x;PASSWORD=canary", "u", "canary", 5, false,
            1, 1, StoreSettings.at("").timeouts()).toString();

        assertFalse(shown.contains("canary"), shown);
    }

    @Test
    void whoever_comes_after_the_end_is_told() {
        // A test in which the disk failed may have left some that wait for it.
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        Database database = open(H2Files.settings(dir));
        database.close();

        assertThrows(CompletionException.class, () -> Journals.append(database, "late",
            Samples.sagaThatSucceeds("late")).join());
        assertThrows(CompletionException.class, () ->
            new TransactionTable(database).find("late").toCompletableFuture().join());
        assertFalse(Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> !before.contains(thread))
            .anyMatch(thread -> thread.isAlive() && thread.getName().startsWith("pactor-store")));
    }

    private Path file() {
        return dir.resolve("pactor.mv.db");
    }

    private static Database open(StoreSettings settings) {
        return Database.open(settings, H2Files.meter());
    }

    private static String assertRefused(String message, StoreSettings settings) {
        String said = assertThrows(StoreException.class, () -> open(settings).close())
            .getMessage();
        assertTrue(said.startsWith(message), said);
        return said;
    }
}

package store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A file whose newest commits are missing: H2 finds an older one and would open as of that, without
 * a word. It is refused, and opened only as the operator has said.
 */
class GoneBackTest {

    private static final Pattern VERSIONS = Pattern.compile(
        "commit ([0-9a-f]+) was confirmed, and the newest that the file still has is ([0-9a-f]+)");

    private static final int TRANSACTIONS = 120;

    @TempDir
    Path dir;

    private byte[] whole;
    private int written;

    private Path file() {
        return dir.resolve("pactor.mv.db");
    }

    /** As a kill leaves it. */
    @BeforeEach
    void write() throws IOException {
        try (Database database = Database.open(H2Files.settings(dir), H2Files.meter())) {
            // Whatever lies behind the newest chunk is cut off with it, and may be in use. A chunk
            // of one block loses nothing where a whole block of it is left.
            for (written = 0; written < TRANSACTIONS || !isNewestLastAndLarge(); written++) {
                String gid = "g" + written;
                Journals.append(database, gid, Samples.sagaThatSucceeds(gid)).join();
            }
        }
    }

    @ParameterizedTest(name = "{0} bytes of it left")
    @ValueSource(ints = {0, 1, 1_000, 4_095, 4_096})
    void what_was_confirmed_is_never_given_up_in_silence(int left) throws IOException {
        byte[] cut = withoutNewest(whole, left);
        Files.write(file(), cut);

        String refusal = refusal(H2Files.settings(dir));

        Matcher versions = VERSIONS.matcher(refusal);
        assertTrue(versions.find(), refusal);
        assertTrue(number(versions.group(1)) > number(versions.group(2)), refusal);
        assertTrue(refusal.contains(
            "pactor.store.accept-older-version=" + versions.group(2)), refusal);
        assertArrayEquals(cut, Files.readAllBytes(file()));
    }

    @Test
    void what_was_not_cut_opens() throws IOException {
        Files.write(file(), whole);

        assertEquals(written, count(H2Files.settings(dir)));
    }

    @Test
    void an_inspection_says_the_same() throws IOException {
        Files.write(file(), withoutNewest(whole, 0));

        String refusal = assertThrows(StoreException.class,
            () -> Inspection.open(H2Files.settings(dir)).close()).getMessage();

        assertTrue(VERSIONS.matcher(refusal).find(), refusal);
    }

    @Test
    void it_goes_on_from_the_version_that_the_operator_accepts_and_no_other() throws IOException {
        byte[] left = withoutNewest(whole, 0);
        Files.write(file(), left);
        Matcher versions = VERSIONS.matcher(refusal(H2Files.settings(dir)));
        assertTrue(versions.find());
        StoreSettings consent = H2Files.settings(dir).accepting(versions.group(2));

        assertEquals(versions.group(), VERSIONS.matcher(refusal(H2Files.settings(dir)
            .accepting(versions.group(1)))).results().findFirst().orElseThrow().group());

        int found = count(consent);
        assertTrue(found > 0 && found < written, "found " + found);
        assertArrayEquals(left, Files.readAllBytes(aside()));
        // From then on it is a file like any other.
        assertEquals(found, count(H2Files.settings(dir)));
        assertEquals(found, count(consent));
    }

    @Test
    void a_consent_holds_for_one_loss_only() throws IOException {
        byte[] left = withoutNewest(whole, 0);
        Files.write(file(), left);
        Matcher versions = VERSIONS.matcher(refusal(H2Files.settings(dir)));
        assertTrue(versions.find());
        StoreSettings consent = H2Files.settings(dir).accepting(versions.group(2));
        int found = count(consent);

        // Gone back to the same version again: from another one, and as a copy of the old file.
        Files.write(file(), Arrays.copyOf(left, left.length + 4_096));
        String refusal = refusal(consent);
        assertTrue(VERSIONS.matcher(refusal).find(), refusal);
        assertTrue(refusal.contains("after moving away " + aside()), refusal);
        Files.write(file(), left);
        assertTrue(refusal(consent).contains("after moving away " + aside()), refusal);
        assertArrayEquals(left, Files.readAllBytes(aside()));

        Files.delete(aside());
        assertEquals(found, count(consent));
    }

    @Test
    void a_start_that_was_killed_after_it_kept_the_file_can_be_repeated() throws IOException {
        byte[] left = withoutNewest(whole, 0);
        Files.write(file(), left);
        Matcher versions = VERSIONS.matcher(refusal(H2Files.settings(dir)));
        assertTrue(versions.find());
        StoreSettings consent = H2Files.settings(dir).accepting(versions.group(2));
        int found = count(consent);

        Files.move(aside(), Path.of(aside() + ".copy"));
        Files.write(file(), left);
        assertEquals(found, count(consent));
        assertArrayEquals(left, Files.readAllBytes(aside()));
    }

    @Test
    void a_header_that_is_lost_in_part_hides_no_loss() throws IOException {
        for (int copy = 0; copy < 2; copy++) {
            byte[] left = withoutNewest(whole, 0);
            Arrays.fill(left, copy * 4_096, (copy + 1) * 4_096, (byte) 0);
            Files.write(file(), left);

            assertTrue(VERSIONS.matcher(refusal(H2Files.settings(dir))).find());
        }
    }

    @Test
    void a_file_without_a_header_is_refused() throws IOException {
        byte[] left = whole.clone();
        Arrays.fill(left, 0, 2 * 4_096, (byte) 0);
        Files.write(file(), left);

        assertTrue(refusal(H2Files.settings(dir)).contains("damaged"));
    }

    /** Cut off within the newest chunk, with whatever lies behind it. */
    private static byte[] withoutNewest(byte[] file, int left) {
        return Arrays.copyOf(file, newest(file) + left);
    }

    private static int newest(byte[] file) {
        Map<String, String> newest = Stream.of(0, 4_096)
            .map(at -> H2File.checkedFields(ByteBuffer.wrap(file, at, 512)))
            .max(Comparator.comparingLong(fields -> number(fields.get("version")))).orElseThrow();
        return (int) number(newest.get("block")) * 4_096;
    }

    private boolean isNewestLastAndLarge() throws IOException {
        do {
            whole = Files.readAllBytes(file());
        } while (!Arrays.equals(whole, Files.readAllBytes(file())));
        int at = newest(whole);
        long blocks = number(H2File.fields(ByteBuffer.wrap(whole, at, 512)).get("len"));
        return blocks > 1 && at + blocks * 4_096 >= whole.length;
    }

    private Path aside() throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            List<Path> lost =
                files.filter(each -> each.getFileName().toString().contains(".lost-")).toList();
            assertEquals(1, lost.size());
            return lost.get(0);
        }
    }

    private static String refusal(StoreSettings settings) {
        return assertThrows(StoreException.class,
            () -> Database.open(settings, H2Files.meter()).close()).getMessage();
    }

    private static int count(StoreSettings settings) {
        try (Database database = Database.open(settings, H2Files.meter())) {
            return (int) (Journals.rows(database) / 3);
        }
    }

    private static long number(String hex) {
        return Long.parseLong(hex, 16);
    }
}

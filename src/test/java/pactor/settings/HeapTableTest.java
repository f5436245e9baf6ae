package pactor.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The table "What multiplies" of docs/overload.md says what the settings and shares of the heap
 * make of it, and all of it together fits a small heap (K10).
 */
class HeapTableTest {

    private static final long MIB = 1 << 20;
    private static final long HEAP = 512 * MIB;

    private static final Pattern ROW = Pattern.compile(
        "\\| [^|]+ \\| ([^|]+) \\| (?:1/(\\d+))? ?\\| (\\d+) \\| (\\d+) MiB \\|");
    private static final Pattern SETTING = Pattern.compile("`(pactor\\.[a-z.-]+)`");
    private static final Pattern SHARE = Pattern.compile("`([A-Z_]+)`");

    /** @param part of the heap; 0 if the row has no share */
    private record Row(String bound, int part, int times, long bytes) {

        Optional<HeapShare> share() {
            return name(SHARE).map(HeapShare::valueOf);
        }

        Optional<String> setting() {
            return name(SETTING);
        }

        private Optional<String> name(Pattern pattern) {
            Matcher found = pattern.matcher(bound);
            return found.find() ? Optional.of(found.group(1)) : Optional.empty();
        }
    }

    @Test
    void eachShareOfTheHeapHasItsRow() throws IOException {
        List<HeapShare> told = rows().stream().flatMap(row -> row.share().stream()).toList();

        assertEquals(Arrays.asList(HeapShare.values()), told.stream().sorted().toList());
    }

    @Test
    void eachRowSaysWhatItsSettingAndItsShareMakeOfIt() throws IOException {
        Config defaults = ConfigFactory.defaultReference();
        for (Row row : rows()) {
            if (row.share().isPresent()) {
                HeapShare share = row.share().get();
                assertEquals(HEAP / row.part, share.of(HEAP), row.bound);
                long asked = row.setting().filter(key -> !key.endsWith("calls")
                        && !key.endsWith("connections"))
                    .map(defaults::getBytes).orElse(Long.MAX_VALUE);
                assertEquals(row.times * share.atMost(asked, 0, HEAP), row.bytes, row.bound);
            } else if (row.part > 0) {
                assertEquals(row.times * HEAP / row.part, row.bytes, row.bound);
            }
        }
        assertEquals(16, defaults.getInt("pactor.http.max-connections") * 4_096L / MIB);
    }

    @Test
    void allTogetherLeaveRoomForTheProcessItself() throws IOException {
        long all = rows().stream().mapToLong(Row::bytes).sum();

        assertTrue(all <= HEAP - HEAP / 8, all / MIB + " MiB of " + HEAP / MIB);
    }

    private static List<Row> rows() throws IOException {
        String page = Files.readString(Path.of("docs/overload.md"));
        List<Row> rows = page.substring(page.indexOf("## What multiplies")).lines()
            .map(ROW::matcher).filter(Matcher::matches)
            .map(row -> new Row(row.group(1),
                row.group(2) == null ? 0 : Integer.parseInt(row.group(2)),
                Integer.parseInt(row.group(3)), Long.parseLong(row.group(4)) * MIB)).toList();
        assertFalse(rows.isEmpty());
        return rows;
    }
}

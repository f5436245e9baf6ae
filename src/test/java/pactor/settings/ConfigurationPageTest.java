package pactor.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code docs/configuration.md} tells of each key what the code does with it. */
class ConfigurationPageTest {

    private static final Pattern ROW =
        Pattern.compile("(?m)^\\| `(pactor\\.[a-z.-]+)` \\| `([^`]*)` \\| ([^|]*) \\| (.*) \\|$");

    private static final Pattern RANGE =
        Pattern.compile("(`[a-z-]+`|[0-9,]+(?: [A-Za-z]+)?) to (`[a-z-]+`|[0-9,]+(?: [A-Za-z]+)?)");

    private final String page;

    ConfigurationPageTest() throws IOException {
        page = Files.readString(Path.of("docs/configuration.md"));
    }

    @Test
    void eachKeyStandsThereWithItsDefaultAndWhetherItReloads() {
        Config reference = ConfigFactory.parseResources("reference.conf").resolve();
        var told = new TreeSet<String>();
        Matcher row = ROW.matcher(page);
        while (row.find()) {
            String key = row.group(1);
            told.add(key);
            String value = row.group(2).equals("\"\"") ? "" : row.group(2);
            assertEquals(reference.getString(key), value, key);
            assertEquals(LiveSettings.isReloaded(key), row.group(4).startsWith("↻ "), key);
            assertEquals(SettingKeys.isSecret(key) && !key.endsWith("-url"),
                row.group(3).endsWith("secret"), key);
        }
        assertEquals(new TreeSet<>(SettingKeys.onClassPath().all()), told);
    }

    /** The settings, this page and those who are given the values share one table of bounds. */
    @Test
    void eachRangeIsTheOneThatTheCodeKeeps() {
        Config reference = ConfigFactory.parseResources("reference.conf").resolve();
        var ranges = new TreeMap<>(Settings.ranges(reference));
        var told = new TreeSet<String>();
        Matcher row = ROW.matcher(page);
        while (row.find()) {
            Matcher ends = RANGE.matcher(row.group(3));
            SettingsReader.Range range = ranges.get(row.group(1).substring("pactor.".length()));
            if (range != null) {
                assertTrue(ends.lookingAt(), row.group(1) + " is told to be " + row.group(3));
                told.add(row.group(1).substring("pactor.".length()));
                assertEnd(row.group(1), range.unit(), range.least(), ends.group(1));
                assertEnd(row.group(1), range.unit(), range.most(), ends.group(2));
            }
        }
        assertEquals(ranges.keySet(), told);
    }

    /** An end that is another key's value is that key's. */
    private static void assertEnd(
            String key, SettingsReader.Unit unit, long end, String written) {
        if (!written.startsWith("`")) {
            String plain = written.replace(",", "").replace(" min", " m");
            Config read = ConfigFactory.parseString("end = " + plain);
            long told = switch (unit) {
                case NUMBER -> read.getLong("end");
                case BYTES -> read.getBytes("end");
                case MILLIS -> read.getDuration("end").toMillis();
            };
            assertEquals(end, told, key);
        }
    }

    @Test
    void eachKeyOfDtmStandsThereWithItsNameInTheEnvironment() {
        for (DtmKeys.Key key : DtmKeys.ALL) {
            String row = "| `" + key.name() + "` | `" + key.variable() + "` | "
                + (key.target().isEmpty() ? "" : "`" + key.target() + "`");
            assertTrue(page.contains(row), row);
        }
        assertTrue(page.contains("`" + DtmKeys.IS_DOCKER.variable() + "`"));
    }

    @Test
    void eachFlagStandsThere() {
        for (String flag : List.of("--config", "-c", "--host", "--port", "--grpc-port",
                "--join", "--cluster-host", "--cluster-port", "--data-dir", "--power-loss-safe",
                "--test-mode", "--log-level", "-d", "--set")) {
            assertTrue(page.contains("`" + flag), flag);
        }
    }
}

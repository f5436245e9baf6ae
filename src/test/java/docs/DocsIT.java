package docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Does what the pages say, command by command, on a server and a bank of its own, and compares what
 * is answered with what the pages show.
 *
 * <p>Ports and the data directory are replaced by free ones. A question that only looks is asked
 * again until its answer fits, since a reader types more slowly than a test. The Chinese page shows
 * the same commands as the English one, which {@link DocsTest} checks.
 */
class DocsIT {

    private static final Pattern METRIC = Pattern.compile("(pactor|dtm)_\\w+");

    @TempDir
    private Path dir;

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"README.md", "docs/start.md", "docs/modes-by-curl.md",
        "docs/operating.md", "docs/cli.md", "docs/runbook.md"})
    void aPageDoesWhatItShows(String file) throws Exception {
        Page page = Page.read(file);
        List<Script.Step> steps = Script.of(page);
        assertTrue(steps.size() > 1, file + " shows something to run");
        try (Reader reader = new Reader(dir)) {
            for (Script.Step step : steps) {
                try {
                    reader.follow(step);
                } catch (Exception | AssertionError e) {
                    fail(file + ":" + step.block().line() + ": " + e.getMessage()
                        + "\n" + step.block().text() + reader.log(), e);
                }
            }
            String metrics = reader.stop();
            assertEquals(List.of(), page.codes().stream()
                .filter(code -> METRIC.matcher(code).matches())
                .filter(code -> !metrics.contains("\n" + code)).toList(),
                "metrics that are not there");
            assertEquals(List.of(), reader.complaints(), "what the server logged meanwhile");
        }
    }
}

package demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import client.CoordinatorProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code java -jar pactor.jar demo}, as a newcomer runs it. */
final class DemoIT {

    /** What the page promises. */
    private static final long DEMO_SECONDS_MAX = 40;

    private static final Pattern PID = Pattern.compile("pid (\\d+)");

    @TempDir
    Path scratch;

    private Process demo;

    @AfterEach
    void end() {
        demo.destroyForcibly();
    }

    @Test
    void everyStoryEndsAsItShouldAndNothingIsLeft() throws Exception {
        start();

        assertTrue(demo.waitFor(DEMO_SECONDS_MAX, TimeUnit.SECONDS), this::page);

        String page = page();
        assertEquals(0, demo.exitValue(), page);
        assertEquals(6, count("succeed, as it should be", page), page);
        assertEquals(1, count("failed, as it should be", page), page);
        assertEquals(7, count("total 300\\.00\\n", page), page);
        assertEquals(1, count("kill -9 \\d+:", page), page);
        assertFalse(page.contains("\u001b"), "colours in a file");
        assertEquals(2, pids(page).stream().distinct().count(), page);
        assertNothingIsLeft(page);
    }

    @Test
    void aDemoThatIsInterruptedClearsAwayToo() throws Exception {
        start();
        Awaitility.await().atMost(DEMO_SECONDS_MAX, TimeUnit.SECONDS)
                .until(() -> !demo.isAlive() || page().contains("\n2  "));
        assertTrue(demo.isAlive(), this::page);

        demo.destroy(); // SIGTERM, to which the JVM reacts as to Ctrl-C.

        assertTrue(demo.waitFor(20, TimeUnit.SECONDS), this::page);
        assertNothingIsLeft(page());
    }

    private void start() throws IOException {
        Path temporary = Files.createDirectory(scratch.resolve("tmp"));
        demo = new ProcessBuilder(CoordinatorProcess.java(), "-Djava.io.tmpdir=" + temporary,
                "-jar", CoordinatorProcess.jar().toString(), "demo")
                .redirectErrorStream(true).redirectOutput(scratch.resolve("page").toFile()).start();
    }

    private String page() {
        try {
            return Files.readString(scratch.resolve("page"), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void assertNothingIsLeft(String page) throws IOException {
        try (Stream<Path> files = Files.list(scratch.resolve("tmp"))) {
            assertEquals(List.of(),
                    files.filter(file -> file.getFileName().toString().startsWith("pactor"))
                            .toList());
        }
        for (long pid : pids(page)) {
            assertFalse(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false),
                    "process " + pid + " is still there");
        }
    }

    private static List<Long> pids(String page) {
        return PID.matcher(page).results().map(found -> Long.parseLong(found.group(1))).toList();
    }

    private static long count(String pattern, String page) {
        return Pattern.compile(pattern).matcher(page).results().map(MatchResult::group).count();
    }
}

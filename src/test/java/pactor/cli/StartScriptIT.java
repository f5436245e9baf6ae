package pactor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/pactor}, from wherever it is called. */
class StartScriptIT {

    private static final Path SCRIPT = Path.of("bin/pactor").toAbsolutePath();

    @TempDir
    private Path dir;

    private record Run(int exitCode, String output) {}

    @Test
    void itRunsTheJarThroughALinkToo() throws Exception {
        Path link = Files.createSymbolicLink(dir.resolve("pactor"), installed());
        Run run = run(link, Map.of(), "version");
        assertEquals(0, run.exitCode, run.output);
        assertTrue(run.output.startsWith("pactor "), run.output);
    }

    @Test
    void theExitCodeAndTheOptionsOfTheJvmGetThrough() throws Exception {
        Run run = run(installed(), Map.of("JAVA_OPTS", "-Xmx64m -showversion"),
            "doctor", "--no-such-option");
        assertEquals(2, run.exitCode, run.output);
        assertTrue(run.output.contains("openjdk") || run.output.contains("java version"),
            run.output);
    }

    @Test
    void withoutAJarItSaysHowToBuildIt() throws Exception {
        Path script = installed();
        Files.delete(dir.resolve("lib/pactor.jar"));
        Run run = run(script, Map.of());
        assertEquals(1, run.exitCode, run.output);
        assertTrue(run.output.contains("mvn -q -DskipTests package"), run.output);
    }

    /** The script with the jar beside it, as in a distribution. */
    private Path installed() throws IOException {
        Path copy = Files.createDirectories(dir.resolve("bin")).resolve("pactor");
        Files.copy(SCRIPT, copy, StandardCopyOption.COPY_ATTRIBUTES);
        Files.createSymbolicLink(Files.createDirectories(dir.resolve("lib")).resolve("pactor.jar"),
            Path.of(System.getProperty("pactor.jar")).toAbsolutePath());
        return copy;
    }

    private Run run(Path script, Map<String, String> environment, String... arguments)
            throws Exception {
        ProcessBuilder builder = new ProcessBuilder(script.toString());
        builder.command().addAll(List.of(arguments));
        builder.environment().putAll(environment);
        Path output = Files.createTempFile(dir, "output", ".txt");
        Process process = builder.directory(dir.toFile()).redirectErrorStream(true)
            .redirectOutput(output.toFile()).start();
        try {
            assertTrue(process.waitFor(1, TimeUnit.MINUTES));
            return new Run(process.exitValue(), Files.readString(output));
        } finally {
            process.destroyForcibly();
        }
    }
}

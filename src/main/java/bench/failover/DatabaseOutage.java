package bench.failover;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Takes the database away and brings it back, by commands of the user, since it is theirs.
 *
 * @param stop for {@code sh -c}
 * @param start for {@code sh -c}; it returns when the database takes connections
 * @param log gets what they print
 */
record DatabaseOutage(String stop, String start, Path log) {

    static final Duration COMMAND_MAX = Duration.ofSeconds(60);

    /** @throws IllegalStateException if the command fails or takes too long */
    void takeAway() throws InterruptedException {
        run(stop);
    }

    /** The same. */
    void bringBack() throws InterruptedException {
        run(start);
    }

    private void run(String command) throws InterruptedException {
        try {
            Process shell = new ProcessBuilder("sh", "-c", command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())).start();
            shell.getOutputStream().close();
            if (!shell.waitFor(COMMAND_MAX.toSeconds(), TimeUnit.SECONDS)) {
                shell.destroyForcibly();
                throw new IllegalStateException(
                    "'" + command + "' took longer than " + COMMAND_MAX.toSeconds() + " s");
            }
            if (shell.exitValue() != 0) {
                throw new IllegalStateException("'" + command + "' ended with "
                    + shell.exitValue() + "; what it printed is in " + log);
            }
        } catch (IOException failed) {
            throw new IllegalStateException("no command can be run: " + failed.getMessage());
        }
    }

    /** The processor time of a process and of those that it started and that still live. */
    static Duration cpuOf(long pid) {
        return ProcessHandle.of(pid).stream()
            .flatMap(first -> Stream.concat(Stream.of(first), first.descendants()))
            .map(each -> each.info().totalCpuDuration().orElse(Duration.ZERO))
            .reduce(Duration.ZERO, Duration::plus);
    }
}

package crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How busy others keep this machine while a test measures time. A figure that was taken beside
 * strangers says nothing of the product, neither good nor bad.
 */
final class Machine {

    /** From this part of all processors' time on, strangers spoil a measurement. */
    static final double STRANGERS_MAX = 0.15;

    private static final Path STAT = Path.of("/proc/stat");
    private static final double TICKS_PER_SECOND = 100;

    private final long child;
    private final long beganNanos = System.nanoTime();
    private final double busyBefore;
    private final double oursBefore;

    /** Begins to watch. @param child the process beside this one that is no stranger */
    Machine(long child) throws IOException {
        this.child = child;
        busyBefore = busySeconds();
        oursBefore = oursSeconds();
    }

    /** The part of the processors' time, 0 to 1, that went to strangers since; 0 if unknown. */
    double strangers() throws IOException {
        double all = (System.nanoTime() - beganNanos) / 1e9
            * Runtime.getRuntime().availableProcessors();
        double others = busySeconds() - busyBefore - (oursSeconds() - oursBefore);
        return Math.max(0, others / all);
    }

    /** Processor time of the child since its start, in seconds. */
    double childSeconds() {
        return seconds(ProcessHandle.of(child));
    }

    /** Processor time of this process and the child since, in seconds. */
    double oursSince() {
        return oursSeconds() - oursBefore;
    }

    private double oursSeconds() {
        return seconds(Optional.of(ProcessHandle.current())) + seconds(ProcessHandle.of(child));
    }

    private static double seconds(Optional<ProcessHandle> process) {
        return process.flatMap(each -> each.info().totalCpuDuration())
            .orElse(Duration.ZERO).toMillis() / 1e3;
    }

    /** User, nice and system time of all processors; 0 where nobody tells. */
    private static double busySeconds() throws IOException {
        if (!Files.exists(STAT)) {
            return 0;
        }
        List<String> fields = List.of(Files.readAllLines(STAT).get(0).split("\\s+"));
        return (Long.parseLong(fields.get(1)) + Long.parseLong(fields.get(2))
            + Long.parseLong(fields.get(3))) / TICKS_PER_SECOND;
    }
}

package attack;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/** What {@code soak/attack} runs: a {@link Siege} of some minutes for each size of the heap. */
final class Soak {

    private static final String ROW = "%-6s %10s %6s %9s %9s %9s %9s %10s %9s %9s%n";

    /** Until the code that honest transactions run is compiled, as on any node that serves. */
    private static final Duration ALONE = Duration.ofMinutes(1);

    private Soak() {}

    /** Arguments: where records go, minutes, and heaps as {@code -Xmx} takes them. */
    public static void main(String[] arguments) throws Exception {
        Path records = Path.of(arguments[0]);
        Duration time = Duration.ofMinutes(Long.parseLong(arguments[1]));
        List<Object[]> table = new ArrayList<>();
        boolean isSound = true;
        for (String heap : List.of(arguments).subList(2, arguments.length)) {
            System.out.println("heap " + heap + ", " + time.toMinutes() + " minutes");
            Path dir = Files.createTempDirectory(records.toAbsolutePath().getParent(), "attack-");
            try (Siege siege = new Siege(dir, jvm(heap))) {
                long from = System.nanoTime();
                IntPredicate goesOn =
                    done -> System.nanoTime() - from < time.plus(ALONE).toNanos();
                Siege.Outcome outcome = siege.run(ALONE, goesOn, goesOn, line -> System.out.printf(
                    "%4d s  %s%n", (System.nanoTime() - from) / 1_000_000_000, line));
                outcome.lost().stream().limit(20).forEach(System.out::println);
                if (!outcome.isWell()) {
                    siege.log().stream().filter(line -> !line.contains(" TransactionLog "))
                        .forEach(System.out::println);
                }
                isSound &= outcome.isWell() && outcome.lost().isEmpty();
                record(records, heap, outcome);
                table.add(row(heap, outcome));
            } finally {
                delete(dir);
            }
        }
        System.out.printf(ROW, "heap", "finished", "lost", "refused", "p50 ms", "p99 ms", "max ms",
            "log bytes", "heap MiB", "rss MiB");
        table.forEach(row -> System.out.printf(ROW, row));
        System.exit(isSound ? 0 : 1);
    }

    /** As docs/configuration.md advises for a heap of that size. */
    private static String[] jvm(String heap) {
        boolean isSmall = heap.endsWith("m")
            && Integer.parseInt(heap.substring(0, heap.length() - 1)) < 512;
        return isSmall ? new String[] {"-Xmx" + heap, "-XX:+UseSerialGC"}
            : new String[] {"-Xmx" + heap};
    }

    private static Object[] row(String heap, Siege.Outcome outcome) {
        Histogram took = outcome.clients().took;
        return new Object[] {heap, outcome.clients().finished(), outcome.lost().size(),
            outcome.clients().refused.sum(), millis(took.getValueAtPercentile(50)),
            millis(took.getValueAtPercentile(99)), millis(took.getMaxValue()),
            outcome.logBytes(), outcome.heapMib(), outcome.rssMib()};
    }

    private static void record(Path records, String heap, Siege.Outcome outcome)
            throws IOException {
        Clients clients = outcome.clients();
        ObjectMapper json = new ObjectMapper();
        ObjectNode line = json.createObjectNode().put("heap", heap)
            .put("seconds", Math.round(outcome.seconds())).put("finished", clients.finished())
            .put("lost", outcome.lost().size()).put("well", outcome.isWell())
            .put("refused", clients.refused.sum()).put("ongoing", clients.ongoing.sum())
            .put("cut_off", clients.cut.sum())
            .put("p50_ms", millis(clients.took.getValueAtPercentile(50)))
            .put("p99_ms", millis(clients.took.getValueAtPercentile(99)))
            .put("max_ms", millis(clients.took.getMaxValue()))
            .put("log_bytes", outcome.logBytes()).put("heap_mib", outcome.heapMib())
            .put("rss_mib", outcome.rssMib());
        line.set("rounds", json.valueToTree(outcome.rounds()));
        Files.writeString(records, line + "\n", StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
    }

    private static long millis(long micros) {
        return Math.round(micros / 1e3);
    }

    private static void delete(Path dir) throws IOException {
        try (Stream<Path> files = Files.walk(dir)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}

package crash;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a run of faults did and what came of it, as JSON in {@code target/faults}. A run in which a
 * fault did not come about, or a rule was never asked, has shown nothing: it is invalid, and that
 * is not green.
 */
final class RunRecord {

    private static final Path DIRECTORY = Path.of("target", "faults");

    private final String name;
    private final long seed;
    private final Instant begun = Instant.now();
    private final Map<String, Integer> planned = new TreeMap<>();
    private final Set<String> rules = new TreeSet<>();
    private final Map<String, Integer> faults = new TreeMap<>();
    private final Map<String, Integer> exercised = new TreeMap<>();
    private final Map<String, Long> longest = new TreeMap<>();
    private final List<String> violations = new ArrayList<>();
    private int transactions;
    private int transactionsPlanned;

    RunRecord(String name, long seed) {
        this.name = name;
        this.seed = seed;
        System.out.println(name + ": seed " + seed);
    }

    /** A new seed, or the one that {@code -Dcrash.seed=…} wants. */
    static long anySeed() {
        return Long.getLong("crash.seed", System.nanoTime());
    }

    /** What all chance of the run comes from. */
    long seed() {
        return seed;
    }

    /** So many faults of a kind are wanted. */
    RunRecord plan(String kind, int count) {
        planned.put(kind, count);
        return this;
    }

    /** All rules of the oracle must have been asked. */
    RunRecord planAllRules() {
        rules.addAll(List.of("C1", "C2", "C3", "C12", "S1", "S2", "S4", "S6", "S8", "S9", "T1",
            "T3", "T4", "T7", "M3", "M5", "W2", "W4", "X5"));
        return this;
    }

    /** That of them needs luck in a run in which hardly anything is answered. */
    RunRecord butNot(String rule) {
        rules.remove(rule);
        return this;
    }

    /** So many transactions are wanted, at least. */
    RunRecord planTransactions(int count) {
        transactionsPlanned = count;
        return this;
    }

    /** A fault has come about. */
    void happened(String kind, int count) {
        faults.merge(kind, count, Integer::sum);
    }

    /** How long nothing went after a fault; the longest is kept. */
    void stoodStill(String kind, long millis) {
        longest.merge(kind, millis, Math::max);
    }

    /** What the oracle says, and how many transactions it says it of. */
    void judged(Oracle oracle, int count) {
        transactions = count;
        oracle.exercised().forEach((rule, times) -> exercised.merge(rule, times, Integer::sum));
        violations.addAll(oracle.violations());
    }

    void violated(String what) {
        violations.add(what);
    }

    /**
     * Writes the record.
     *
     * @throws AssertionError if the run failed or is invalid
     */
    void close() throws IOException {
        List<String> missing = new ArrayList<>();
        planned.forEach((kind, count) -> {
            if (faults.getOrDefault(kind, 0) < count) {
                missing.add(faults.getOrDefault(kind, 0) + " of " + count + " " + kind);
            }
        });
        if (transactions < transactionsPlanned) {
            missing.add(transactions + " of " + transactionsPlanned + " transactions");
        }
        rules.stream().filter(rule -> !exercised.containsKey(rule))
            .forEach(rule -> missing.add(rule + " was never exercised"));
        String verdict = !violations.isEmpty() ? "fail" : missing.isEmpty() ? "pass" : "invalid";
        ObjectNode json = Wire.JSON.createObjectNode().put("run", name).put("seed", seed)
            .put("begun", begun.toString()).put("ended", Instant.now().toString())
            .put("verdict", verdict).put("transactions", transactions);
        json.set("faults", Wire.JSON.valueToTree(faults));
        json.set("invariants", Wire.JSON.valueToTree(exercised));
        json.set("standstillMillisMax", Wire.JSON.valueToTree(longest));
        json.set("missing", Wire.JSON.valueToTree(missing));
        json.set("violations", Wire.JSON.valueToTree(violations));
        Files.createDirectories(DIRECTORY);
        String text = Wire.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json);
        Files.writeString(DIRECTORY.resolve(name + ".json"), text + "\n");
        Files.writeString(DIRECTORY.resolve("all.jsonl"), json + "\n",
            StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        System.out.println(text);
        if (!verdict.equals("pass")) {
            throw new AssertionError(name + ": " + verdict + "; " + missing + violations);
        }
    }
}

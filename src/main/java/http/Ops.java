package http;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the server tells about itself. Each is asked on every request, on a thread that must not be
 * blocked.
 *
 * @param version of the product, with a leading {@code v}
 * @param durability what an acknowledged write survives, in a few words
 * @param warnings what should be known of the store although all goes on, a line each
 * @param metrics all of them in Prometheus' text format
 * @param profile the one that is set: {@code development} or {@code production}
 * @param callKeys the public keys by which participants know its calls, as JSON; empty if these
 *     are not signed
 */
public record Ops(
        Supplier<String> version, Supplier<String> durability, Supplier<List<String>> warnings,
        Supplier<String> metrics, String profile, Supplier<Optional<byte[]>> callKeys) {

    /** The same with nothing to warn of, and no keys. */
    public Ops(Supplier<String> version, Supplier<String> durability, Supplier<String> metrics) {
        this(version, durability, List::of, metrics, "development", Optional::empty);
    }
}

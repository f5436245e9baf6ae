package http;

import java.util.List;
import java.util.function.Supplier;

/**
 * What the server tells about itself. Each is asked on every request, on a thread that must not be
 * blocked.
 *
 * @param version of the product, with a leading {@code v}
 * @param durability what an acknowledged write survives, in a few words
 * @param warnings what should be known of the store although all goes on, a line each
 * @param metrics all of them in Prometheus' text format
 */
public record Ops(
        Supplier<String> version, Supplier<String> durability, Supplier<List<String>> warnings,
        Supplier<String> metrics) {

    /** The same with nothing to warn of. */
    public Ops(Supplier<String> version, Supplier<String> durability, Supplier<String> metrics) {
        this(version, durability, List::of, metrics);
    }
}

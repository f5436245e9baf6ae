package http;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import transaction.Moment;
import transaction.Policy;

/**
 * What the server tells about itself. Each is asked on every request, on a thread that must not be
 * blocked.
 *
 * @param version of the product, with a leading {@code v}
 * @param durability what an acknowledged write survives, in a few words
 * @param warnings what should be known of the store although all goes on, a line each
 * @param metrics all of them in Prometheus' text format
 * @param profile the one that is set: {@code development} or {@code production}
 * @param moment when a decision would be made now, and under which settings
 * @param cluster what it tells of its nodes, its settings and its audit log
 * @param callKeys the public keys by which participants know its calls, as JSON; empty if these
 *     are not signed
 */
public record Ops(
        Supplier<String> version, Supplier<String> durability, Supplier<List<String>> warnings,
        Supplier<String> metrics, String profile, Supplier<Moment> moment, ClusterView cluster,
        Supplier<Optional<byte[]>> callKeys) {

    /** The same with nothing to warn of, and no keys. */
    public Ops(Supplier<String> version, Supplier<String> durability, Supplier<String> metrics) {
        this(version, durability, List::of, metrics, "development",
            () -> new Moment(Instant.now(), Policy.DEFAULT), ClusterView.NONE, Optional::empty);
    }
}

package pactor;

import encryption.Keyring;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import meter.Meter;
import transaction.BranchInvoker;

/**
 * What a host brings of its own to {@link Pactor#start(org.apache.pekko.actor.typed.ActorSystem,
 * java.util.function.Supplier, Host)}. Immutable.
 *
 * @param meter where counters go
 * @param calls is given what makes calls to participants, and gives back what is used in its place;
 *     asked once. What it gives back keeps to the contract of {@link BranchInvoker}: it does not
 *     block and does not throw, and its stages never fail. The fence, the retry budget and the
 *     bounds hold for what it passes on, and not for calls that it makes itself
 * @param ports at which the host lets others in, so that no branch may be called there
 * @param pinged those of them at which Pactor's {@code /api/ping} is served, which may be called
 * @param keys encrypt payloads in the database; empty if the settings say with which keys
 */
public record Host(Meter meter, UnaryOperator<BranchInvoker> calls, Set<Integer> ports,
        Set<Integer> pinged, Optional<Keyring> keys) {

    /** @throws NullPointerException if something is null */
    public Host {
        Objects.requireNonNull(meter, "meter");
        Objects.requireNonNull(calls, "calls");
        Objects.requireNonNull(keys, "keys");
        ports = Set.copyOf(ports);
        pinged = Set.copyOf(pinged);
    }

    /** Serves Pactor's ping nowhere, and encrypts as the settings say. */
    public Host(Meter meter, UnaryOperator<BranchInvoker> calls, Set<Integer> ports) {
        this(meter, calls, ports, Set.of(), Optional.empty());
    }

    /** Lets nobody in. */
    public Host(Meter meter, UnaryOperator<BranchInvoker> calls) {
        this(meter, calls, Set.of());
    }

    /** Brings nothing: counters stay in memory, and calls are as Pactor makes them. */
    public static Host plain() {
        return new Host(Meter.over(new SimpleMeterRegistry()), UnaryOperator.identity());
    }

    /** The same with counters in {@code registry}, which stays the host's. */
    public Host withMeters(MeterRegistry registry) {
        return new Host(Meter.over(registry), calls, ports, pinged, keys);
    }

    /** The same with {@code decorator} around whatever is around the calls so far. */
    public Host withCalls(UnaryOperator<BranchInvoker> decorator) {
        return new Host(meter, inner -> decorator.apply(calls.apply(inner)), ports, pinged, keys);
    }

    /** The same, letting others in at {@code own}. */
    public Host withPorts(Set<Integer> own) {
        return new Host(meter, calls, own, pinged, keys);
    }

    /** The same with payloads encrypted with keys of the host's, whatever the settings say. */
    public Host withKeys(Keyring own) {
        return new Host(meter, calls, ports, pinged, Optional.of(own));
    }
}

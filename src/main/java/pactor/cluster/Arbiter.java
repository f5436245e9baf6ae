package pactor.cluster;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Extension;
import store.LeaseTable;
import store.LeaseTable.Claim;
import store.NodeTable;

/**
 * This node's way to ask the database who decides. Pekko makes the lease before there is a
 * database, and cannot hand it anything, so the lease looks here. Any thread; nothing blocks.
 */
final class Arbiter implements DatabaseLease.Claims, Extension {

    private static final Id ID = new Id();

    /** What is known once the database is open. */
    private record Seat(Membership membership, LeaseTable leases, Duration fence) {}

    private final AtomicReference<Seat> seat = new AtomicReference<>();

    private Arbiter() {}

    /** That of {@code system}. */
    static Arbiter of(ClassicActorSystemProvider system) {
        return ID.get(system);
    }

    /** From now on the database can be asked. */
    void seat(Membership membership, NodeTable table, Duration fence) {
        seat.set(new Seat(membership, table.leases(), fence));
    }

    @Override
    public CompletionStage<Optional<Duration>> take(String name, Set<String> lost, boolean yields) {
        return seated().map(at -> at.leases.take(
            new Claim(name, at.membership.own(), lost, yields, at.fence)))
            .orElseGet(() -> CompletableFuture.completedStage(Optional.empty()));
    }

    @Override
    public CompletionStage<Void> release(String name) {
        return seated().map(at -> at.leases.release(name, at.membership.own()))
            .orElseGet(() -> CompletableFuture.completedStage(null));
    }

    private Optional<Seat> seated() {
        return Optional.ofNullable(seat.get());
    }

    private static final class Id extends AbstractExtensionId<Arbiter> {
        @Override
        public Arbiter createExtension(ExtendedActorSystem system) {
            return new Arbiter();
        }
    }
}

package pactor;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.ActorSystem;

/**
 * Whether this node serves: it is a member of its cluster, and can read and write its database. As
 * Pekko Management makes it, for the class named in {@code application.conf}.
 */
public final class Readiness implements Supplier<CompletionStage<Boolean>> {

    private final ActorSystem system;

    /** As Pekko Management makes it. */
    public Readiness(ActorSystem system) {
        this.system = system;
    }

    @Override
    public CompletionStage<Boolean> get() {
        return CompletableFuture.completedFuture(Pactor.isReadyIn(system));
    }
}

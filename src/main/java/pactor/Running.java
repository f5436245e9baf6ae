package pactor;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** A coordinator that serves. */
public interface Running {

    /** Where it listens, with the port that it really has. */
    InetSocketAddress address();

    /** Where it listens for gRPC; empty if it does not. */
    Optional<InetSocketAddress> grpcAddress();

    /** Where it stores, without any secret: a path or a url. */
    String storing();

    /** What an acknowledged write survives, in a few words. */
    String durability();

    /**
     * Completes when it is gone. Fails as soon as it cannot go on, with the reason; there is
     * nothing left to be ended in an orderly way then.
     */
    CompletionStage<?> terminated();
}

package bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Starts a coordinator for the tool to drive, when the user names none. */
public interface OwnCoordinator {

    /**
     * Starts one, on loopback and free ports, and waits until it listens. Blocks, for a bounded
     * time.
     *
     * @param dataDir an existing directory for its store; it is fresh unless the user named one
     * @throws IllegalStateException if it does not come up, with the reason in words
     */
    Started start(Path dataDir);

    /** A running coordinator. */
    interface Started extends AutoCloseable {

        /** The base of its API, such as {@code http://127.0.0.1:41234/api/dtmsvr}. */
        String baseUrl();

        /** Where it serves gRPC, as {@code host:port}, if it does. */
        default Optional<String> grpcAddress() {
            return Optional.empty();
        }

        /** What it said about the durability of its store as it started; empty if nothing. */
        String durability();

        /** The processor time it has used so far, if it runs in a process of its own. */
        default Optional<Duration> cpu() {
            return Optional.empty();
        }

        /** Stops it and waits, bounded, until it is gone. Does not throw. */
        @Override
        void close();
    }
}

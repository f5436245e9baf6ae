package transaction;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Port, needed: where the instances of a service are ({@code discovery:///name/…} in the url of a
 * branch).
 *
 * <p>It is asked when a connection is to be made, and again every few seconds while the service is
 * being called ({@link Limits#ADDRESSES_ASKED_AGAIN}); whoever talks to a slow registry keeps what
 * it knows and answers from that.
 */
@FunctionalInterface
public interface BranchResolver {

    /** Knows no service: the outcome of each call that needs one is UNKNOWN with this reason. */
    BranchResolver NONE = service -> CompletableFuture.failedFuture(
        new IllegalStateException("no service discovery is configured"));

    /**
     * The instances of {@code service} that are fit to be called.
     *
     * <p>Does not block the caller and does not throw. An empty list, or a stage that completes
     * exceptionally, means that no call can be made now; the message of the exception goes into
     * the reason that operators read. Of a long list the first {@link
     * Limits#ADDRESSES_OF_A_SERVICE} are used.
     *
     * @param service its name, 1 to {@link Limits#URL_CHARS} letters, digits, and {@code . _ -}
     */
    CompletionStage<List<Address>> find(String service);

    /**
     * One instance.
     *
     * @param host name or IP address, lower case, an IPv6 address without brackets; never empty
     * @param port 1 to 65535
     */
    record Address(String host, int port) {

        public Address {
            if (host.isEmpty() || port < 1 || port > 65_535) {
                throw new IllegalArgumentException("not an address: " + host + ":" + port);
            }
        }

        /** As people write it. */
        @Override
        public String toString() {
            return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
        }
    }
}

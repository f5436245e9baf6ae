package branch;

import java.time.Duration;
import transaction.VerdictMode;

/**
 * How participants are called. See {@link #defaults()} for the reason of each number.
 *
 * @param connectTimeout the longest a new connection may take, TLS included; positive
 * @param idleTimeout how long an unused connection is kept; positive
 * @param maxConnections open connections to all hosts together, each a file descriptor; at least 1
 * @param maxConnectionsPerHost open connections to one scheme, host and port; at least 1
 * @param queuePerHost calls to one host that may wait for a connection; at least 0
 * @param responseBytesMax an answer longer than this is not read to its end; at least 1
 * @param lookupThreads host names that can be looked up at one time; at least 1
 * @param ioThreads threads that carry bytes; each host belongs to one of them; at least 1
 * @param isDocker {@code localhost} in urls means the machine that the container runs on
 * @param verdictMode how answers are read where the initiator did not say
 * @param grpc what concerns gRPC participants alone
 * @param retries how often a host may be called again that does not answer
 * @param recording what is kept of calls
 */
public record CallSettings(
        Duration connectTimeout,
        Duration idleTimeout,
        int maxConnections,
        int maxConnectionsPerHost,
        int queuePerHost,
        int responseBytesMax,
        int lookupThreads,
        int ioThreads,
        boolean isDocker,
        VerdictMode verdictMode,
        GrpcSettings grpc,
        RetrySettings retries,
        CallRecording recording) {

    /** With the defaults of what is kept of calls. */
    public CallSettings(Duration connectTimeout, Duration idleTimeout, int maxConnections,
            int maxConnectionsPerHost, int queuePerHost, int responseBytesMax, int lookupThreads,
            int ioThreads, boolean isDocker, VerdictMode verdictMode, GrpcSettings grpc,
            RetrySettings retries) {
        this(connectTimeout, idleTimeout, maxConnections, maxConnectionsPerHost, queuePerHost,
            responseBytesMax, lookupThreads, ioThreads, isDocker, verdictMode, grpc, retries,
            CallRecording.defaults());
    }

    public CallSettings {
        atLeastOneMilli("connectTimeout", connectTimeout);
        atLeastOneMilli("idleTimeout", idleTimeout);
        atLeast(1, "maxConnections", maxConnections);
        atLeast(1, "maxConnectionsPerHost", maxConnectionsPerHost);
        atLeast(0, "queuePerHost", queuePerHost);
        atLeast(1, "responseBytesMax", responseBytesMax);
        atLeast(1, "lookupThreads", lookupThreads);
        atLeast(1, "ioThreads", ioThreads);
    }

    /**
     * The defaults.
     *
     * <ul>
     *   <li>connectTimeout 2 s: below the usual deadline of a call (3 s), above the first
     *       retransmission of a lost SYN (1 s).
     *   <li>idleTimeout 4 s: many servers close what is idle for 5 s. Sending on a connection that
     *       the other side is just closing ends in UNKNOWN, so we close first.
     *   <li>maxConnections 1,024: a quarter of the file descriptors a process commonly gets.
     *   <li>maxConnectionsPerHost 64: keeps a fast participant busy, and leaves room for others
     *       when fifteen hosts hang at once.
     *   <li>queuePerHost 1,024: a burst waits, a dead host does not gather more than that.
     *   <li>responseBytesMax 1 MiB, lookupThreads 16.
     *   <li>ioThreads a quarter of the cores, at least 1 and at most 4: one thread carries some
     *       tens of thousands of calls a second.
     *   <li>isDocker false.
     *   <li>verdictMode DTM: its clients answer in many ways.
     * </ul>
     */
    public static CallSettings defaults() {
        int cores = Runtime.getRuntime().availableProcessors();
        return new CallSettings(
                Duration.ofSeconds(2),
                Duration.ofSeconds(4),
                1_024,
                64,
                1_024,
                1 << 20,
                16,
                Math.max(1, Math.min(4, cores / 4)),
                false,
                VerdictMode.DTM,
                GrpcSettings.defaults(),
                RetrySettings.defaults());
    }

    /** The url that is called for one that a client gave. */
    public String seen(String url) {
        return HttpInvoker.seenFrom(isDocker, url);
    }

    static void atLeast(int least, String name, int value) {
        if (value < least) {
            throw new IllegalArgumentException(name + " must be at least " + least + ": " + value);
        }
    }

    static void atLeastOneMilli(String name, Duration value) {
        if (value.toMillis() < 1) {
            throw new IllegalArgumentException(name + " must be at least 1 ms: " + value);
        }
    }
}

package http;

import java.time.Duration;
import java.util.Optional;
import tls.ServerTls;

/**
 * Where the HTTP server listens and what it puts up with. All numbers and durations are positive,
 * but for the port.
 *
 * @param host address to listen on; {@code 0.0.0.0} is all of them
 * @param port 0 lets the operating system choose
 * @param maxConnections open at once; those that wait for their clients make room for more
 * @param bodyBytes of one request; larger ones are answered with 413
 * @param buffered bytes of heads and bodies being received, all requests together; beyond that
 *     requests are answered with 429
 * @param headBytes of the whole head of one request; larger ones are answered with 431
 * @param headerBytes of one header's value, and of the request's url
 * @param headerCount headers of one request
 * @param idleTimeout after which a silent connection is closed; longer than {@code answerTimeout}
 * @param headTimeout in which a head must have come whole, from its first byte or, for the first of
 *     a connection, from when that was taken; else 408
 * @param bodyTimeout in which a body must have come whole, once the head is there; else 408
 * @param answerTimeout after which a client is told that nothing is known yet, whatever happens; a
 *     backstop that lies beyond the coordinator's own bound for clients that wait
 * @param hurryHorizon what {@code resetCronTime} takes for {@code timeout} if it is not given:
 *     three times the age at which a prepared transaction is given up
 * @param tls what is spoken below HTTP; empty for nothing
 */
public record HttpSettings(
        String host,
        int port,
        int maxConnections,
        int bodyBytes,
        long buffered,
        int headBytes,
        int headerBytes,
        int headerCount,
        Duration idleTimeout,
        Duration headTimeout,
        Duration bodyTimeout,
        Duration answerTimeout,
        Duration hurryHorizon,
        Optional<ServerTls> tls) {

    /** @throws IllegalArgumentException if a value is out of bounds */
    public HttpSettings {
        require(!host.isBlank(), "host must be given");
        require(port >= 0 && port <= 65_535, "port must be between 0 and 65535: " + port);
        require(maxConnections > 0 && headerCount > 0, "counts must be positive");
        require(bodyBytes > 0 && headBytes > 0 && headerBytes > 0, "sizes must be positive");
        require(buffered >= bodyBytes, "buffered must have room for one body at least");
        require(positive(idleTimeout) && positive(headTimeout) && positive(bodyTimeout)
            && positive(answerTimeout) && !hurryHorizon.isNegative(), "durations must be positive");
        require(idleTimeout.compareTo(answerTimeout) > 0,
            "idle-timeout must be longer than answer-timeout, or it would cut off who waits");
    }

    /**
     * Those of {@code reference.conf}: port 8080 of this machine alone (DTM's is 36789, on all
     * addresses); 4,096 connections; a body has 4 MiB, and all that are being received 64; a head
     * has 32 KiB, in headers of 16 KiB, 64 of them; a head has 5 s to arrive, a body 20, and an
     * answer 35 s to be known, five more than the coordinator takes at most; a silent connection is
     * closed after 75 s.
     */
    public static HttpSettings defaults() {
        return new HttpSettings("127.0.0.1", 8080, 4_096, 4 << 20, 64 << 20, 32 << 10, 16 << 10,
            64, Duration.ofSeconds(75), Duration.ofSeconds(5), Duration.ofSeconds(20),
            Duration.ofSeconds(35), Duration.ofSeconds(105), Optional.empty());
    }

    /** The same elsewhere. */
    public HttpSettings at(String otherHost, int otherPort) {
        return new HttpSettings(otherHost, otherPort, maxConnections, bodyBytes, buffered,
            headBytes, headerBytes, headerCount, idleTimeout, headTimeout, bodyTimeout,
            answerTimeout, hurryHorizon, tls);
    }

    /** The same over TLS. */
    public HttpSettings over(ServerTls spoken) {
        return new HttpSettings(host, port, maxConnections, bodyBytes, buffered, headBytes,
            headerBytes, headerCount, idleTimeout, headTimeout, bodyTimeout, answerTimeout,
            hurryHorizon, Optional.of(spoken));
    }

    private static boolean positive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}

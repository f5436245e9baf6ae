package grpc;

import java.time.Duration;

/**
 * Where the gRPC server listens and what it puts up with. All numbers and durations are positive,
 * but for the port.
 *
 * @param host address to listen on; {@code 0.0.0.0} is all of them
 * @param port 0 lets the operating system choose
 * @param reflection whether clients may ask which services there are
 * @param messageBytes of one request
 * @param buffered bytes of messages that are being received, and of answers that are not read yet,
 *     all calls together; beyond that calls end with RESOURCE_EXHAUSTED
 * @param metadataBytes of one call's headers
 * @param maxConnections open at once; the one that has had no call for longest makes room
 * @param maxCalls under way at once on one connection; clients wait with more
 * @param maxOpenCalls open at once on all connections; one that nobody works at makes room
 * @param messageTimeout in which a call's message must have come whole
 * @param keepAlive a connection that is silent for this long is asked whether it still lives
 * @param keepAliveTimeout if it does not say so within this time, it is closed
 * @param permitKeepAlive a client that asks more often than this is sent away
 * @param maxAge a connection this old is told to make place for a new one
 * @param maxAgeGrace how long its calls may go on then
 * @param answerTimeout after which a client is told that nothing is known yet, whatever happens; a
 *     backstop that lies beyond the coordinator's own bound for clients that wait
 */
public record GrpcServerSettings(
        String host,
        int port,
        boolean reflection,
        int messageBytes,
        long buffered,
        int metadataBytes,
        int maxConnections,
        int maxCalls,
        int maxOpenCalls,
        Duration messageTimeout,
        Duration keepAlive,
        Duration keepAliveTimeout,
        Duration permitKeepAlive,
        Duration maxAge,
        Duration maxAgeGrace,
        Duration answerTimeout) {

    /** What a call takes up from its head to its end, with the first 4 KiB of its bytes. */
    public static final int OPEN_CALL_BYTES = 8 << 10;

    /** What a connection takes up: 7 KiB, and 10 more if its client fills the header table. */
    public static final int CONNECTION_BYTES = 16 << 10;
}

package io.pactor.client;

/**
 * A lambda that calls one method of one HTTP client which takes part in recording, such as
 * {@code () -> stock.reserve(order)}. The call is not made: it is recorded, and the coordinator
 * makes it later. What the method seems to return means nothing.
 *
 * @see CallRecorder
 */
@FunctionalInterface
public interface Recorded {

    void run() throws Exception;
}

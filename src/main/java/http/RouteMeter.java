package http;

import java.time.Duration;

/** Hears of each request that was answered. Must not block and must not throw. */
@FunctionalInterface
public interface RouteMeter {

    /** Counts nothing. */
    RouteMeter NONE = (route, method, status, took) -> {};

    /**
     * @param route which route it was, out of a fixed set: {@code submit}, {@code query},
     *     {@code json-rpc}; {@code other} for a path that is none
     * @param method GET, POST, DELETE; {@code other} for anything else
     * @param status of the answer
     * @param took from the request's head to the answer, before it is sent
     */
    void answered(String route, String method, int status, Duration took);
}

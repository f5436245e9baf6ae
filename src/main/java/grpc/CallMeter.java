package grpc;

import java.time.Duration;

/** Hears of each call that has ended. Must not block and must not throw. */
@FunctionalInterface
public interface CallMeter {

    /** Counts nothing. */
    CallMeter NONE = (method, code, took) -> {};

    /**
     * @param method which method it was, out of a fixed set: {@code submit}, {@code newgid};
     *     {@code other} for what is none of DTM's
     * @param code the name of the status, such as {@code OK} or {@code ABORTED}
     * @param took from the call's headers to its end
     */
    void ended(String method, String code, Duration took);
}

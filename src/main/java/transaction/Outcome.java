package transaction;

import java.time.Duration;
import java.util.Locale;
import java.util.Objects;

/**
 * What a branch call brought back.
 *
 * <p>Only SUCCESS, FAILURE and ONGOING are answers; whatever else happened (no connection, a
 * time-out, a 500, garbage) is UNKNOWN, because the participant may or may not have done its work.
 * PUT_OFF and FORBIDDEN say that nothing was sent, so they are no tries and count as none.
 *
 * @param kind which of them it is
 * @param reason what the participant or the network said, for people; empty on success; at most
 *     {@link Limits#REASON_CHARS} characters are kept
 * @param retryAfter how long the participant asked us to stay away ({@code Retry-After}); zero if
 *     it did not say
 * @param callback for how long it wants not to be called at all, since it completes the operation
 *     by itself ({@code Pactor-Callback}); zero if it does not, or is not at work
 * @param record what went over the wire, for people alone: outcomes that differ in it alone are
 *     equal
 */
public record Outcome(Kind kind, String reason, Duration retryAfter, Duration callback,
        CallRecord record) {

    /** The four outcomes of the protocol, and those of a call that was not made. */
    public enum Kind {
        SUCCESS,
        FAILURE,
        ONGOING,
        UNKNOWN,
        /**
         * This node sent nothing: the participant has been called too often without an answer, as
         * many calls to it wait as may, or the node is not sure of its own work.
         */
        PUT_OFF,
        /**
         * This node sent nothing, and will not until its settings change: the participant may not
         * be called. Only an operator can say how it goes on.
         */
        FORBIDDEN;

        /** As it is written: {@code put-off}. */
        public String wire() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** The reason of what was put off begins so; a participant's never does. */
    static final String PUT_OFF = "put off: ";

    public static final Outcome SUCCESS = new Outcome(Kind.SUCCESS, "", Duration.ZERO);

    /** Without a word on a call-back. */
    public Outcome(Kind kind, String reason, Duration retryAfter) {
        this(kind, reason, retryAfter, Duration.ZERO);
    }

    /** Of which nothing more is known. */
    public Outcome(Kind kind, String reason, Duration retryAfter, Duration callback) {
        this(kind, reason, retryAfter, callback, CallRecord.NONE);
    }

    public Outcome {
        reason = Limits.cut(reason, Limits.REASON_CHARS);
        if (retryAfter.isNegative()) {
            retryAfter = Duration.ZERO;
        }
    }

    public static Outcome failure(String reason) {
        return new Outcome(Kind.FAILURE, reason, Duration.ZERO);
    }

    public static Outcome ongoing(String reason) {
        return new Outcome(Kind.ONGOING, reason, Duration.ZERO);
    }

    public static Outcome unknown(String reason) {
        return new Outcome(Kind.UNKNOWN, reason, Duration.ZERO);
    }

    /** Nothing was sent; {@code why} is for people. */
    public static Outcome putOff(String why) {
        return new Outcome(Kind.PUT_OFF, PUT_OFF + why, Duration.ZERO);
    }

    /** Nothing was sent, since it may not be; {@code why} is for people. */
    public static Outcome forbidden(String why) {
        return new Outcome(Kind.FORBIDDEN, why, Duration.ZERO);
    }

    /** Whether the call was made at all. */
    public boolean wasTried() {
        return kind != Kind.PUT_OFF && kind != Kind.FORBIDDEN;
    }

    /** Whether the participant has spoken, whatever it said. */
    public boolean isAnswer() {
        return kind == Kind.SUCCESS || kind == Kind.FAILURE || kind == Kind.ONGOING;
    }

    /** The same, asking to be left alone for {@code wait}. */
    public Outcome retryAfter(Duration wait) {
        return new Outcome(kind, reason, wait, callback, record);
    }

    /** The same, asking not to be called for {@code time}, at most {@link Limits#CALLBACK_MAX}. */
    public Outcome callback(Duration time) {
        return new Outcome(kind, reason, retryAfter,
            time.compareTo(Limits.CALLBACK_MAX) > 0 ? Limits.CALLBACK_MAX : time, record);
    }

    /** The same, with what went over the wire. */
    public Outcome with(CallRecord seen) {
        return new Outcome(kind, reason, retryAfter, callback, seen);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Outcome that && kind == that.kind && reason.equals(that.reason)
            && retryAfter.equals(that.retryAfter) && callback.equals(that.callback);
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, reason, retryAfter, callback);
    }
}

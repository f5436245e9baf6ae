package transaction;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What an operator has done to many transactions: to each of them as if it was said of it alone.
 *
 * @param kind what is done
 * @param key which operation of each, for those kinds that need one; else null
 * @param outcome which one, for those kinds that need it; else empty
 * @param until when a pause ends by itself; null if somebody is to say so
 * @param reason why
 * @param by who; empty if that is not known
 */
public record BulkAction(
        Kind kind, CallKey key, String outcome, Instant until, String reason, String by) {

    /** All there are. */
    public enum Kind {
        RETRY,
        PAUSE,
        RESUME,
        PARK,
        UNPARK,
        SKIP,
        RESOLVE,
        STOP,
        ROLLBACK;

        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Whether what it has done stays done, whatever anybody does after it. */
        public boolean isLasting() {
            return this == SKIP || this == RESOLVE || this == STOP || this == ROLLBACK;
        }

        public static Optional<Kind> of(String text) {
            return Arrays.stream(values()).filter(each -> each.wire().equals(text)).findFirst();
        }
    }

    public BulkAction {
        until = until == null ? null : until.truncatedTo(ChronoUnit.MICROS);
        // As every database keeps it, so that it is the same when it is read again.
        reason = Limits.cut(reason, Limits.REASON_CHARS).replace('\0', '\uFFFD');
        by = Limits.cut(by, Limits.CALLER_CHARS);
    }

    /** Whether the same is to be done, by whomever. */
    boolean isSameAs(BulkAction other) {
        return equals(new BulkAction(
            other.kind, other.key, other.outcome, other.until, other.reason, by));
    }

    /** The same, for a reason that says {@code more}. */
    BulkAction saying(String more) {
        int room = Limits.REASON_CHARS - more.length() - 1;
        return new BulkAction(kind, key, outcome, until,
            reason.isEmpty() ? more : Limits.cut(reason, room) + " " + more, by);
    }

    /** The same to one transaction. */
    public Command of(String gid) {
        return switch (kind) {
            case RETRY -> new Command.RetryNow(gid, false, by);
            case PAUSE -> new Pause(gid, until, reason, by);
            case RESUME -> new Unpause(gid, by);
            case PARK -> new Park(gid, reason, by);
            case UNPARK -> new Unpark(gid, by);
            case SKIP -> new Settle(gid, key, BranchStatus.SUCCEED, true, reason, by);
            case RESOLVE -> new Settle(gid, key, outcome.equals("success")
                ? BranchStatus.SUCCEED : BranchStatus.FAILED, false, reason, by);
            case STOP -> new Stop(gid, Status.of(outcome).orElseThrow(), reason, by);
            case ROLLBACK -> new RollBack(gid, reason, by);
        };
    }

    /** @throws InvalidRequest if it could be carried out of no transaction */
    public void check(Instant now) {
        if (kind == Kind.PAUSE) {
            Pause.requireEnd(until, now);
        }
        if (key != null) {
            InvalidRequest.atMost("branch_id", key.branchId(), Limits.BRANCH_ID_CHARS);
            InvalidRequest.require(key.branchId().indexOf('\0') < 0,
                "branch_id has the character U+0000");
        }
        of("any").check("any");
    }
}

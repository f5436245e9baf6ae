package transaction;

import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * A bulk operation: one action on many transactions, which were chosen when it began. It is carried
 * out one after the other, at a bounded pace, and goes on after a crash on whatever node there is.
 *
 * @param namespace whose transactions these are
 * @param id unique within the namespace
 * @param selection which ones were asked for, as JSON; for people
 * @param changedBy who paused, resumed or canceled it last; empty if nobody did
 * @param updatedAt when it last went on, or was changed
 * @param endedAt null as long as it has not
 */
public record Bulk(String namespace, String id, BulkAction action, String selection, State state,
        String changedBy, Instant begunAt, Instant updatedAt, Instant endedAt,
        Progress progress) {

    /** How it stands. */
    public enum State {
        RUNNING,
        PAUSED,
        CANCELED,
        FINISHED;

        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }

        public boolean isFinal() {
            return this == CANCELED || this == FINISHED;
        }

        /** The state that {@code order} leads to; empty if it comes too late. */
        public Optional<State> after(Order order) {
            State next = switch (order) {
                case PAUSE -> PAUSED;
                case RESUME -> RUNNING;
                case CANCEL -> CANCELED;
            };
            return isFinal() && this != next ? Optional.empty() : Optional.of(next);
        }

        public static Optional<State> of(String text) {
            return Arrays.stream(values()).filter(each -> each.wire().equals(text)).findFirst();
        }
    }

    /** What an operator says of it. Each may be said twice. */
    public enum Order {
        PAUSE,
        RESUME,
        CANCEL;

        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What has become of one of its transactions. */
    public enum Result {
        /** It was not its turn yet. */
        PENDING,

        /** It is done, or was so already. */
        SUCCEEDED,

        /** The rules forbid it; nothing was changed. */
        REFUSED,

        /** It is not known whether it is done, or there was no room to do it. */
        FAILED;

        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Optional<Result> of(String text) {
            return Arrays.stream(values()).filter(each -> each.wire().equals(text)).findFirst();
        }
    }

    /**
     * One of its transactions.
     *
     * @param number from 1 on
     * @param gid as its client wrote it
     * @param tries that brought no result
     * @param detail why it was refused or has failed, or was put off last; else empty
     * @param at when it was last tried; null if never
     */
    public record Item(
            int number, String gid, Result result, int tries, String detail, Instant at) {

        public Item {
            detail = Limits.cut(detail, Limits.REASON_CHARS);
        }

        /**
         * The same after that answer. What may pass by itself is tried again, up to
         * {@link Limits#BULK_TRIES} times.
         */
        public Item after(Reply reply, Instant now) {
            if (reply instanceof Reply.Done) {
                return new Item(number, gid, Result.SUCCEEDED, tries, "", now);
            }
            Optional<String> refusal = refusal(reply);
            if (refusal.isPresent()) {
                return new Item(number, gid, Result.REFUSED, tries, refusal.get(), now);
            }
            return new Item(number, gid,
                tries + 1 < Limits.BULK_TRIES ? Result.PENDING : Result.FAILED, tries + 1,
                doubt(reply), now);
        }

        private static Optional<String> refusal(Reply reply) {
            if (reply instanceof Reply.Refused refused) {
                return Optional.of(refused.reason());
            }
            if (reply instanceof Reply.Ongoing ongoing) {
                return Optional.of(ongoing.reason());
            }
            if (reply instanceof Reply.Missing missing) {
                return Optional.of(missing.reason());
            }
            if (reply instanceof Reply.Invalid invalid) {
                return Optional.of(invalid.reason());
            }
            // Said of one in quarantine, about which nothing was changed.
            if (reply instanceof Reply.Troubled troubled) {
                return Optional.of(troubled.reason());
            }
            return reply instanceof Reply.Forbidden forbidden
                ? Optional.of(forbidden.reason()) : Optional.empty();
        }

        private static String doubt(Reply reply) {
            if (reply instanceof Reply.Overloaded overloaded) {
                return overloaded.reason();
            }
            if (reply instanceof Reply.Full full) {
                return full.reason();
            }
            return reply instanceof Reply.Unclear unclear ? unclear.reason() : "no answer";
        }
    }

    /** How many of its transactions have which result; those left have none yet. */
    public record Progress(int total, int succeeded, int refused, int failed) {

        public int remaining() {
            return total - succeeded - refused - failed;
        }
    }

    /** One that is about to begin. */
    public static Bulk begun(String namespace, String id, BulkAction action, String selection,
            int total, Instant now) {
        return new Bulk(namespace, id, action, selection, State.RUNNING, "", now, now, null,
            new Progress(total, 0, 0, 0));
    }

    /** Whether one may have that id; others are looked for nowhere. */
    public static boolean isId(String text) {
        return !text.isEmpty() && text.length() <= Limits.BULK_ID_CHARS
            && Chars.all(text, c -> c < 128
                && (Character.isLetterOrDigit(c) || "-_.".indexOf(c) >= 0));
    }

    /** What is said to one of its transactions; its history tells by which bulk operation. */
    public Command commandTo(String gid) {
        return action.saying("(bulk " + id + ")").of(idOf(gid));
    }

    /** What one of its transactions is known by inside. */
    public String idOf(String gid) {
        return new TransactionId(namespace, gid).text();
    }

    /** Whether it was asked for in these words, by whomever. */
    public boolean isOf(BulkAction asked, String which) {
        return action.isSameAs(asked) && selection.equals(which);
    }

    /**
     * Whether so many may be acted on by somebody who has agreed to {@code expected}: a tenth more
     * of what can be taken back, not one more of what cannot. Fewer do no harm.
     */
    public static boolean mayBegin(BulkAction.Kind kind, int count, int expected) {
        return count <= (long) expected + (kind.isLasting() ? 0 : expected / Limits.BULK_SLACK);
    }
}

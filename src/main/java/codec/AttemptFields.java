package codec;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import transaction.Attempt;
import transaction.CallKey;
import transaction.Outcome;
import transaction.Protocol;
import transaction.CallRecord;

/** Calls that came back: as those who watch hear of them, and as they are kept. */
public final class AttemptFields {

    private static final int KEY = 1;
    private static final int PROTOCOL = 4;
    private static final int OUTCOME = 5;
    private static final int REASON = 6;
    private static final int TOOK = 8;
    private static final int STATUS_LINE = 11;
    private static final int REQUEST = 12;
    private static final int ANSWER = 13;

    private AttemptFields() {}

    /** For those who watch: nobody reads there what went over the wire. */
    static void live(FieldWriter to, Attempt attempt) {
        StateFields.key(to, KEY, attempt.key());
        to.text(3, "url", attempt.url()).text(PROTOCOL, "protocol", attempt.protocol().wire())
            .text(OUTCOME, "outcome", attempt.outcome().kind().name())
            .text(REASON, "reason", attempt.outcome().reason())
            .duration(7, "retryAfter", attempt.outcome().retryAfter())
            .duration(TOOK, "took", attempt.took()).number(9, "number", attempt.number())
            .duration(14, "callback", attempt.outcome().callback());
    }

    static Attempt live(FieldReader from) {
        return new Attempt(StateFields.key(from, KEY), from.text(3),
            from.known(PROTOCOL, "protocol", Protocol::of),
            new Outcome(from.known(OUTCOME, "outcome", AttemptFields::outcome), from.text(REASON),
                from.duration(7), from.duration(14)),
            from.duration(TOOK), from.integer(9));
    }

    /** What is kept of it, where it stands for itself which operation was called. */
    public static void kept(FieldWriter to, Attempt attempt) {
        Outcome outcome = attempt.outcome();
        CallRecord seen = outcome.record();
        to.text(PROTOCOL, "protocol",
                attempt.protocol() == Protocol.HTTP ? "" : attempt.protocol().wire())
            .text(OUTCOME, "outcome",
                outcome.kind() == Outcome.Kind.SUCCESS ? "" : outcome.kind().name())
            .text(REASON, "reason", seen.error()).duration(TOOK, "took", attempt.took())
            .text(STATUS_LINE, "statusLine", seen.statusLine())
            .text(REQUEST, "request", seen.request()).text(ANSWER, "answer", seen.answer());
    }

    /**
     * What was kept. Its url is the operation's, and its number has to be counted.
     *
     * @throws RuntimeException if it cannot be understood
     */
    public static Attempt kept(FieldReader from, CallKey key) {
        return new Attempt(key, "",
            from.has(PROTOCOL) ? from.known(PROTOCOL, "protocol", Protocol::of) : Protocol.HTTP,
            new Outcome(from.has(OUTCOME) ? from.known(OUTCOME, "outcome", AttemptFields::outcome)
                    : Outcome.Kind.SUCCESS, from.text(REASON), Duration.ZERO, Duration.ZERO,
                new CallRecord(from.text(STATUS_LINE), from.text(REASON), from.text(REQUEST),
                    from.text(ANSWER))),
            from.duration(TOOK), 0);
    }

    /** The same in an entry, most of which are about the operation that was called. */
    static void inEntry(FieldWriter to, Attempt attempt, CallKey usual) {
        if (!attempt.key().equals(usual)) {
            StateFields.key(to, KEY, attempt.key());
        }
        kept(to, attempt);
    }

    static Attempt inEntry(FieldReader from, CallKey usual) {
        return kept(from, from.has(KEY) ? StateFields.key(from, KEY) : usual);
    }

    private static Optional<Outcome.Kind> outcome(String name) {
        return Arrays.stream(Outcome.Kind.values())
            .filter(each -> each.name().equals(name)).findFirst();
    }
}

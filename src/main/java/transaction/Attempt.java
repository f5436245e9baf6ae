package transaction;

import java.time.Duration;

/**
 * A call that came back. It began its time before that.
 *
 * @param key which operation was called
 * @param url whom
 * @param protocol how
 * @param outcome what it brought
 * @param took from the moment it was handed to the invoker until it came back
 * @param number which try of this operation it was: those on record as gone wrong, those since the
 *     transaction was last read from the journal, and this one
 */
public record Attempt(
        CallKey key,
        String url,
        Protocol protocol,
        Outcome outcome,
        Duration took,
        int number) {

    /** The same with what is to be kept: what went wrong, if nothing else tells of it. */
    public Attempt told() {
        return outcome.record() != CallRecord.NONE || outcome.kind() == Outcome.Kind.SUCCESS
            ? this : new Attempt(key, url, protocol,
                outcome.with(new CallRecord("", outcome.reason(), "", "")), took, number);
    }

    /** Whether it is just that the operation is done: nobody will ask what it brought. */
    public boolean isPlainSuccess() {
        return outcome.kind() == Outcome.Kind.SUCCESS && outcome.record().request().isEmpty();
    }
}

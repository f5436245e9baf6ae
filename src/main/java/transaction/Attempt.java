package transaction;

import java.time.Duration;

/**
 * A call that came back.
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
        int number) {}

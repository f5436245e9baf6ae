package store;

import java.time.Instant;

/**
 * A key that encrypted payloads of a database.
 *
 * @param name by which its envelopes name it
 * @param since when it was last made the current one
 * @param isThere whether a key of that name is among those that there are
 * @param isSame whether that is the same key; also if it is not there
 */
public record UsedKey(String name, Instant since, boolean isThere, boolean isSame) {}

package store;

import codec.AttemptFields;
import codec.ByteFields;
import codec.FieldReader;
import encryption.Envelope;
import encryption.Key;
import java.time.Instant;
import transaction.Attempt;
import transaction.CallKey;

/**
 * One call of a branch, encoded.
 *
 * @param owner whose
 * @param startedAt microseconds since 1970
 * @param version of {@code content}: {@link #CLEAR} or {@link #ENCRYPTED}
 */
record AttemptRow(PayloadCipher.Owner owner, CallKey key, long startedAt, int version,
        byte[] content) {

    /** Numbered fields, as {@link AttemptFields#kept} writes them. */
    static final int CLEAR = 1;

    /** The same, encrypted; see {@link PayloadCipher}. */
    static final int ENCRYPTED = 2;

    /**
     * @param at when it came back
     * @param key encrypts it; null if it is in the clear
     */
    static AttemptRow of(PayloadCipher.Owner owner, Attempt attempt, Instant at, Key key) {
        long startedAt = startedAt(attempt, at);
        CallKey called = storable(attempt.key());
        byte[] clear = ByteFields.of(attempt.told(), AttemptFields::kept);
        return new AttemptRow(owner, called, startedAt, key == null ? CLEAR : ENCRYPTED,
            key == null ? clear : Envelope.seal(key, clear,
                PayloadCipher.place(owner, called, startedAt)));
    }

    /** As it stands in a row: no text of PostgreSQL holds the character zero. */
    static CallKey storable(CallKey key) {
        return new CallKey(storable(key.branchId()), key.op());
    }

    static String storable(String branchId) {
        return branchId.replace('\0', '\uFFFD');
    }

    static long startedAt(Attempt attempt, Instant at) {
        return Micros.of(at.minus(attempt.took()));
    }

    /** @throws RuntimeException if it cannot be read */
    Attempt read(PayloadCipher cipher) {
        if (version != CLEAR && version != ENCRYPTED) {
            throw new IllegalArgumentException("written in version " + version
                + ", which this release does not know");
        }
        byte[] clear = version == CLEAR ? content
            : cipher.decrypt(content, PayloadCipher.place(owner, key, startedAt));
        return AttemptFields.kept(new FieldReader(clear), key);
    }

    int bytes() {
        return content.length;
    }
}

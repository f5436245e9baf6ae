package store;

import encryption.Keyring;
import java.time.Duration;

/**
 * How payloads are encrypted.
 *
 * @param keys where the keys come from; {@link Keyring#NONE} for none
 * @param interval from one look for another current key to the next; zero for none after the start
 * @param acceptedMissing the name of a key without which the store may be opened once; empty for
 *     none
 */
public record EncryptionSettings(Keyring keys, Duration interval, String acceptedMissing) {

    /** In the clear. */
    public static final EncryptionSettings NONE =
        new EncryptionSettings(Keyring.NONE, Duration.ZERO, "");

    /** For who neither reads nor writes transactions, and can do without any key. */
    public static final EncryptionSettings NOT_NEEDED =
        new EncryptionSettings(Keyring.NONE, Duration.ZERO, "not needed");
}

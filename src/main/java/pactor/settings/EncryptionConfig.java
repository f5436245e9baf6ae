package pactor.settings;

import encryption.Keyring;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import store.EncryptionSettings;
import store.StoreException;

/**
 * How payloads are encrypted in the store: the tree {@code pactor.store.encryption}.
 *
 * @param keysFile the keys; empty for none
 * @param enabled whether the first of them encrypts what is written; the others only read
 * @param acceptMissingKey a key without which the store may be opened once
 * @param interval how often to look for a changed file; zero for never
 */
public record EncryptionConfig(
        String keysFile, boolean enabled, String acceptMissingKey, Duration interval) {

    private static final String KEYS_FILE = "store.encryption.keys-file";
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration OF_A_HOST = Duration.ofSeconds(5);

    static EncryptionConfig read(SettingsReader from) {
        return new EncryptionConfig(
            from.text(KEYS_FILE),
            from.flag("store.encryption.enabled"),
            from.text("store.encryption.accept-missing-key"),
            from.duration("reload.interval", Duration.ZERO, HOUR));
    }

    void check(SettingsReader at) {
        try {
            keys();
        } catch (IOException | IllegalArgumentException wrong) {
            at.refuseIf(true, KEYS_FILE, "cannot be used: " + said(wrong));
        }
    }

    /**
     * The same as the store takes it. Blocks.
     *
     * @throws StoreException if the file has become unusable
     */
    EncryptionSettings opened() {
        try {
            Keyring keys = keys();
            return keys == Keyring.NONE ? opened(keys, Duration.ZERO) : opened(keys, interval);
        } catch (IOException | IllegalArgumentException wrong) {
            throw new StoreException(
                "pactor." + KEYS_FILE + " cannot be used: " + said(wrong), wrong);
        }
    }

    /** The same with a keyring of a host's, which is asked even if files are not. */
    EncryptionSettings opened(Keyring keys) {
        return opened(keys, interval.isZero() ? OF_A_HOST : interval);
    }

    private EncryptionSettings opened(Keyring keys, Duration every) {
        return new EncryptionSettings(keys, every, acceptMissingKey);
    }

    private Keyring keys() throws IOException {
        return keysFile.isEmpty() ? Keyring.NONE : KeysFile.read(Path.of(keysFile), enabled);
    }

    private static String said(Exception wrong) {
        return wrong instanceof IOException ? wrong.toString() : wrong.getMessage();
    }
}

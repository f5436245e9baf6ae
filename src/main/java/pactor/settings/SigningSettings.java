package pactor.settings;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import security.ReloadedFile;
import signature.SigningKeys;

/**
 * How calls to participants are signed: the tree {@code pactor.calls.signing}.
 *
 * @param keyFile the private keys, the last one being the newest; without it nothing is signed
 */
public record SigningSettings(Optional<Path> keyFile) {

    private static final String KEY_FILE = "calls.signing.key-file";

    static SigningSettings read(SettingsReader from) {
        return new SigningSettings(from.file(KEY_FILE));
    }

    /** Reads the file once. Blocks. */
    void check(SettingsReader at) {
        if (keyFile.isEmpty()) {
            return;
        }
        try {
            ReloadedFile.read(keyFile.get(), SigningKeys::of);
        } catch (IOException | IllegalArgumentException wrong) {
            at.refuseIf(true, KEY_FILE, "cannot be used: " + (wrong instanceof IOException
                ? wrong.toString() : wrong.getMessage()));
        }
    }
}

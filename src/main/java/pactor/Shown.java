package pactor;

import credential.ParticipantCredentials;
import pactor.settings.BadConfiguration;
import pactor.settings.Settings;
import tls.LiveCredentials;

/**
 * What participants are shown: one certificate for all, and to each what is its own.
 *
 * @param all for those without an identity of their own
 * @param each what the file says of single ones
 */
record Shown(LiveCredentials all, ParticipantCredentials each) implements AutoCloseable {

    /**
     * Reads the files, and again as they change. Blocks.
     *
     * @throws BadConfiguration if one cannot be used
     */
    static Shown open(Settings settings) {
        LiveCredentials all = LiveCredentials.ofClient(
            "pactor.calls.tls", settings.tls().calls(), settings.reloadInterval());
        try {
            return new Shown(all, ParticipantCredentials.read(settings.tls().credentials(),
                settings.tls().calls().authorities()).following(settings.reloadInterval()));
        } catch (IllegalArgumentException unusable) {
            all.close();
            throw new BadConfiguration(
                "pactor.calls.credentials-file: " + unusable.getMessage());
        }
    }

    @Override
    public void close() {
        each.close();
        all.close();
    }
}

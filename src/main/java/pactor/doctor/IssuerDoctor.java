package pactor.doctor;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import oidc.IssuerTokens;
import pactor.settings.OidcSettings;

/** The part of {@code pactor doctor} that asks the issuer of tokens for its keys. */
public final class IssuerDoctor {

    /** The name of the check. */
    private static final String CHECK = "issuer";

    private IssuerDoctor() {}

    /** What was found; empty without an issuer. Blocks, for a bounded time. */
    public static Optional<Diagnosis> look(OidcSettings settings) {
        if (!settings.isOn()) {
            return Optional.empty();
        }
        try {
            int keys = IssuerTokens.keysOf(settings.rules(settings.authorities(Duration.ZERO)));
            return Optional.of(Diagnosis.ok(CHECK,
                settings.issuer() + " answers with " + keys + " keys that can be used"));
        } catch (IOException unread) {
            return Optional.of(Diagnosis.fail(CHECK, unread.getMessage(), "until it answers, its"
                + " tokens get 503; see pactor.security.oidc.issuer, jwks-url and ca"));
        }
    }
}

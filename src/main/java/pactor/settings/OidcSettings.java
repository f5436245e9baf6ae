package pactor.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import oidc.OidcRules;
import tls.LiveCredentials;
import tls.TlsException;
import tls.TlsFiles;

/**
 * Whose tokens count besides those of the identities file: the tree {@code pactor.security.oidc}.
 *
 * @param issuer empty for nobody's
 * @param audiences which of the tokens are meant for this server
 * @param jwksUrl where the keys are; empty if the issuer's discovery tells
 * @param authorities who may vouch for the issuer; those of the JVM if it is empty
 * @param roleClaim what says which groups or roles a bearer has
 * @param algorithms of signatures
 * @param clockSkew by how much the clocks may differ
 * @param refresh how often the keys are fetched
 * @param retry the least between two fetches
 * @param keepKeys how long keys count that cannot be refreshed
 */
public record OidcSettings(
        String issuer,
        List<String> audiences,
        String jwksUrl,
        Optional<Path> authorities,
        String roleClaim,
        List<String> algorithms,
        Duration clockSkew,
        Duration refresh,
        Duration retry,
        Duration keepKeys) {

    private static final String TREE = "security.oidc.";

    /** Far less than a token lives, and far more than clocks differ that somebody looks after. */
    private static final Duration SKEW_MAX = Duration.ofMinutes(5);

    static OidcSettings read(SettingsReader from) {
        return new OidcSettings(
            from.text(TREE + "issuer"),
            from.list(TREE + "audience", "pactor, https://pactor.example.com",
                each -> true),
            from.text(TREE + "jwks-url"),
            from.file(TREE + "ca"),
            from.nonEmpty(TREE + "role-claim"),
            from.list(TREE + "algorithms", String.join(", ", OidcRules.ALGORITHMS),
                OidcRules.ALGORITHMS::contains),
            from.duration(TREE + "clock-skew", Duration.ZERO, SKEW_MAX),
            from.duration(TREE + "refresh", Duration.ofSeconds(1), Duration.ofDays(1)),
            from.duration(TREE + "retry", Duration.ofSeconds(1), Duration.ofMinutes(5)),
            from.duration(TREE + "keep-keys", Duration.ZERO, Duration.ofDays(30)));
    }

    /** Whether tokens of an issuer count. */
    public boolean isOn() {
        return !issuer.isEmpty();
    }

    /**
     * Who may vouch for the issuer, as the file has it, which is followed. Blocks.
     *
     * @param interval from one look at the file to the next; zero for none
     * @throws TlsException if it cannot be used
     */
    public LiveCredentials authorities(Duration interval) {
        return LiveCredentials.ofClient("pactor." + TREE + "ca",
            new TlsFiles(Optional.empty(), Optional.empty(), authorities), interval);
    }

    /** The same as those who look at tokens want it. @param tls asked at each fetch of keys */
    public OidcRules rules(Supplier<SSLContext> tls) {
        return new OidcRules(URI.create(issuer), new HashSet<>(audiences),
            jwksUrl.isEmpty() ? Optional.empty() : Optional.of(URI.create(jwksUrl)), roleClaim,
            new HashSet<>(algorithms), clockSkew, refresh, retry, keepKeys, tls);
    }

    /** Problems between these and other settings. */
    void check(SecuritySettings beside, SettingsReader at) {
        if (!isOn()) {
            return;
        }
        at.refuseIf(beside.identitiesFile().isEmpty(), "security.identities-file",
            "must say what the bearers of tokens may do, in lines with claim:, where pactor."
                + TREE + "issuer is given");
        at.refuseIf(audiences.isEmpty(), TREE + "audience", "must be given with pactor." + TREE
            + "issuer: tokens for other services of the same issuer are not for this one");
        at.refuseIf(algorithms.isEmpty(), TREE + "algorithms", "must name one at least");
        // Keys that come in the clear from another machine may be anybody's.
        Predicate<String> isSafe = url -> isUrl(url, beside.allowInsecure());
        String allowed = "must be a url with https; or with http to this machine, or where the"
            + " network keeps strangers out and pactor.security.allow-insecure = on";
        at.refuseIf(!isSafe.test(issuer), TREE + "issuer", allowed);
        at.refuseIf(!jwksUrl.isEmpty() && !isSafe.test(jwksUrl), TREE + "jwks-url", allowed);
        try {
            rules(authorities(Duration.ZERO));
        } catch (TlsException | IllegalArgumentException unusable) {
            at.refuseIf(true, TREE + "ca", "cannot be used: " + unusable.getMessage());
        }
    }

    private static boolean isUrl(String text, boolean allowInsecure) {
        try {
            URI url = new URI(text);
            return url.getHost() != null && url.getRawUserInfo() == null
                && url.getRawFragment() == null && url.getRawQuery() == null
                && ("https".equals(url.getScheme()) || "http".equals(url.getScheme())
                    && (allowInsecure || SecuritySettings.isLoopback(url.getHost())));
        } catch (URISyntaxException wrong) {
            return false;
        }
    }
}

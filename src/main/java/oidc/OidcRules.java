package oidc;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/**
 * Whose tokens count, and which of them. Immutable.
 *
 * @param issuer as it stands in the claim {@code iss}, to the character
 * @param audiences one of which the claim {@code aud} must name; never empty
 * @param keysUrl where the keys are; empty if the issuer's discovery tells
 * @param roleClaim what says which groups or roles a bearer has: a claim, or a path into one with
 *     dots between its steps
 * @param algorithms of signatures, of {@link #ALGORITHMS}
 * @param clockSkew by how much the issuer's clock may differ from this one
 * @param refresh how often the keys are fetched
 * @param retry the least between two fetches, however many ask for a key that is not known
 * @param keepKeys how long after a refresh that failed the keys still count
 * @param tls who may vouch for the issuer, asked at each fetch
 */
public record OidcRules(
        URI issuer,
        Set<String> audiences,
        Optional<URI> keysUrl,
        String roleClaim,
        Set<String> algorithms,
        Duration clockSkew,
        Duration refresh,
        Duration retry,
        Duration keepKeys,
        Supplier<SSLContext> tls) {

    /**
     * All that can be had: signatures whose key the server does not have to hide. With a secret
     * that both sides know, and without a signature, the server could be told anything.
     */
    public static final List<String> ALGORITHMS = List.of("RS256", "PS256", "ES256", "EdDSA");

    public OidcRules {
        audiences = Set.copyOf(audiences);
        algorithms = Set.copyOf(algorithms);
        if (!ALGORITHMS.containsAll(algorithms)) {
            throw new IllegalArgumentException("unknown algorithms: " + algorithms);
        }
    }
}

package security;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Finds who makes a request: by its bearer token, which may be one of another issuer, else by the
 * certificate of its connection, else by the rules for addresses. A credential that is wrong is
 * refused, whatever the rules say. Thread-safe; no method blocks.
 */
public final class Access {

    /** For a server that lets in everybody. */
    public static final Access OPEN = new Access(false, () -> Identities.NONE, List::of);

    /** As little as possible is told: whether a token once was right is nobody's business. */
    static final String WRONG = "the credentials are not known";

    static final String MISSING = "credentials are needed: a bearer token or a client certificate";

    private static final String REJECTED = "the rules reject this address";

    private static final String BEARER = "bearer ";

    private final boolean isRequired;
    private final Supplier<Identities> identities;
    private final Supplier<List<AddressRule>> rules;
    private final TokenIssuer issuer;
    private final BiConsumer<AddressRule.Listener, Peer> wrong;
    private final FailedAttempts failed = new FailedAttempts(System::nanoTime);

    /**
     * @param isRequired whether nobody is let in who is not known
     * @param identities who is known, asked at each request
     * @param rules who is let in without credentials, asked likewise; the first that fits decides
     */
    public Access(boolean isRequired, Supplier<Identities> identities,
            Supplier<List<AddressRule>> rules) {
        this(isRequired, identities, rules, TokenIssuer.NONE, (listener, peer) -> { });
    }

    /**
     * The same.
     *
     * @param issuer is asked about tokens that are not among the identities
     * @param wrong hears of credentials that are not known, at most {@link FailedAttempts#MOST}
     *     times a minute for each address; does not block
     */
    public Access(boolean isRequired, Supplier<Identities> identities,
            Supplier<List<AddressRule>> rules, TokenIssuer issuer,
            BiConsumer<AddressRule.Listener, Peer> wrong) {
        this.isRequired = isRequired;
        this.identities = identities;
        this.rules = rules;
        this.issuer = issuer;
        this.wrong = wrong;
    }

    /** What was found. */
    public sealed interface Found {}

    /** By what a caller is known. */
    public enum How {
        TOKEN, CERTIFICATE, RULE,

        /** By a token of the issuer, whose names are its own. */
        ISSUER,

        /** By a session that began with a token. */
        SESSION,

        /** By nothing: nobody has to be known here. */
        NONE
    }

    /** The caller is known. */
    public record Known(Caller caller, How how) implements Found {

        /** As {@link Caller#in}. */
        public Optional<Known> in(String namespace) {
            return caller.in(namespace)
                .map(each -> each == caller ? this : new Known(each, how));
        }
    }

    /** It is not. @param tooOften whether it has failed so often that it should wait */
    public record Unknown(String reason, boolean tooOften) implements Found {}

    /** It cannot be told now whether it is: the same request may well succeed a little later. */
    public record Unsure(String reason) implements Found {}

    /**
     * @param listener where the request came in
     * @param authorization the header of that name; empty if there is none
     */
    public Found find(AddressRule.Listener listener, Peer peer, String authorization) {
        Optional<Known> known = known(peer, authorization);
        if (known.isPresent()) {
            return known.get();
        }
        if (!isRequired) {
            return new Known(Caller.LOCAL, How.NONE);
        }
        if (!authorization.isBlank()) {
            Found found = issued(peer, authorization);
            if (found instanceof Unknown refused && !refused.tooOften()) {
                wrong.accept(listener, peer);
            }
            return found;
        }
        for (AddressRule rule : rules.get()) {
            if (rule.fits(listener, peer)) {
                return rule.caller().<Found>map(each -> new Known(each, How.RULE))
                    .orElseGet(() -> unknown(peer, REJECTED, REJECTED));
            }
        }
        return unknown(peer, MISSING, MISSING);
    }

    /** The same where nobody has to be known: whoever is not is no failure. */
    public Optional<Known> findIfKnown(AddressRule.Listener listener, Peer peer) {
        return known(peer, "").or(() -> isRequired ? rules.get().stream()
            .filter(rule -> rule.fits(listener, peer)).findFirst().flatMap(AddressRule::caller)
            .map(caller -> new Known(caller, How.RULE))
            : Optional.of(new Known(Caller.LOCAL, How.NONE)));
    }

    private Optional<Known> known(Peer peer, String authorization) {
        if (!authorization.isBlank()) {
            return bearer(authorization).flatMap(token -> identities.get().ofToken(token))
                .map(caller -> new Known(caller, How.TOKEN));
        }
        return peer.certificate().flatMap(shown -> identities.get().ofCertificate(shown))
            .map(caller -> new Known(caller, How.CERTIFICATE));
    }

    private Found issued(Peer peer, String authorization) {
        Optional<String> token = bearer(authorization)
            .filter(each -> each.length() <= Token.CHARS_MAX);
        if (token.isEmpty()) {
            return unknown(peer, WRONG, "what it sent is no bearer token");
        }
        TokenIssuer.Verdict verdict = issuer.look(token.get());
        if (verdict instanceof TokenIssuer.Bearer bearer) {
            return new Known(
                identities.get().ofClaims(bearer.subject(), bearer.claims()), How.ISSUER);
        }
        return verdict instanceof TokenIssuer.Unsure unsure ? new Unsure(unsure.why())
            : unknown(peer, WRONG, ((TokenIssuer.Wrong) verdict).why());
    }

    private static Optional<String> bearer(String authorization) {
        return authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
            ? Optional.of(authorization.substring(BEARER.length()).strip()) : Optional.empty();
    }

    private Found unknown(Peer peer, String reason, String forTheLog) {
        return new Unknown(reason, !failed.add(peer.address(), forTheLog));
    }
}

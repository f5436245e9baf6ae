package security;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Finds who makes a request: by its bearer token, else by the certificate of its connection, else
 * by the rules for addresses. A credential that is wrong is refused, whatever the rules say.
 * Thread-safe; no method blocks.
 */
public final class Access {

    /** For a server that lets in everybody. */
    public static final Access OPEN = new Access(false, () -> Identities.NONE, List::of);

    /** As little as possible is told: whether a token once was right is nobody's business. */
    static final String WRONG = "the credentials are not known";

    static final String MISSING = "credentials are needed: a bearer token or a client certificate";

    private static final String BEARER = "bearer ";

    private final boolean isRequired;
    private final Supplier<Identities> identities;
    private final Supplier<List<AddressRule>> rules;
    private final BiConsumer<AddressRule.Listener, Peer> wrong;
    private final FailedAttempts failed = new FailedAttempts(System::nanoTime);

    /**
     * @param isRequired whether nobody is let in who is not known
     * @param identities who is known, asked at each request
     * @param rules who is let in without credentials, asked likewise; the first that fits decides
     */
    public Access(boolean isRequired, Supplier<Identities> identities,
            Supplier<List<AddressRule>> rules) {
        this(isRequired, identities, rules, (listener, peer) -> { });
    }

    /**
     * The same.
     *
     * @param wrong hears of credentials that are not known, at most {@link FailedAttempts#MOST}
     *     times a minute for each address; does not block
     */
    public Access(boolean isRequired, Supplier<Identities> identities,
            Supplier<List<AddressRule>> rules, BiConsumer<AddressRule.Listener, Peer> wrong) {
        this.isRequired = isRequired;
        this.identities = identities;
        this.rules = rules;
        this.wrong = wrong;
    }

    /** What was found. */
    public sealed interface Found {}

    /** By what a caller is known. */
    public enum How {
        TOKEN, CERTIFICATE, RULE,

        /** By nothing: nobody has to be known here. */
        NONE
    }

    /** The caller is known. */
    public record Known(Caller caller, How how) implements Found {}

    /** It is not. @param tooOften whether it has failed so often that it should wait */
    public record Unknown(String reason, boolean tooOften) implements Found {}

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
            Unknown refused = unknown(peer, WRONG);
            if (!refused.tooOften()) {
                wrong.accept(listener, peer);
            }
            return refused;
        }
        for (AddressRule rule : rules.get()) {
            if (rule.fits(listener, peer)) {
                return rule.caller().<Found>map(each -> new Known(each, How.RULE))
                    .orElseGet(() -> unknown(peer, "the rules reject this address"));
            }
        }
        return unknown(peer, MISSING);
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
            return authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? identities.get().ofToken(authorization.substring(BEARER.length()).strip())
                    .map(caller -> new Known(caller, How.TOKEN))
                : Optional.empty();
        }
        return peer.certificate().flatMap(shown -> identities.get().ofCertificate(shown))
            .map(caller -> new Known(caller, How.CERTIFICATE));
    }

    private Unknown unknown(Peer peer, String reason) {
        return new Unknown(reason, !failed.add(peer.address(), reason));
    }
}

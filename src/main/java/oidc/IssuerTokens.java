package oidc;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import security.Identities;
import security.Token;
import security.TokenIssuer;

/**
 * Tokens that an OpenID Connect issuer has signed (JWT, RFC 7519, RFC 9068). Thread-safe; no method
 * blocks: the keys are fetched by another thread.
 */
public final class IssuerTokens implements TokenIssuer {

    /** Of a claim that are read: more groups are no answer to what somebody is there for. */
    static final int CLAIMS_MAX = 1_000;

    /** Keys that a token without an id of its key may be tried with. */
    static final int KEYS_TRIED_MAX = 10;

    private static final long LOOK_MILLIS = 1_000;

    /** Of access tokens, and of those from before they had a type of their own. */
    private static final Set<String> TYPES = Set.of("jwt", "at+jwt", "application/at+jwt");

    private final OidcRules rules;
    private final IssuerKeys keys;
    private final Clock clock;
    private final VerifiedTokens verified = new VerifiedTokens(VerifiedTokens.MOST);

    IssuerTokens(OidcRules rules, IssuerKeys keys, Clock clock) {
        this.rules = rules;
        this.keys = keys;
        this.clock = clock;
    }

    /**
     * Begins to fetch the keys, and goes on doing so.
     *
     * @param background what does it, and blocks meanwhile; shut down by its owner
     */
    public static IssuerTokens start(OidcRules rules, ScheduledExecutorService background) {
        KeyFetch source = new KeyFetch(rules);
        IssuerKeys[] keys = new IssuerKeys[1];
        keys[0] = new IssuerKeys(source, rules, System::nanoTime, () -> {
            try {
                background.execute(keys[0]::fetchIfDue);
            } catch (RejectedExecutionException stopped) {
                // Then nobody is served any more either.
            }
        });
        background.scheduleWithFixedDelay(
            keys[0]::fetchIfDue, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        return new IssuerTokens(rules, keys[0], Clock.systemUTC());
    }

    /**
     * How many keys of the issuer can be used. Blocks, for a bounded time.
     *
     * @throws IOException if none; the message says why
     */
    public static int keysOf(OidcRules rules) throws IOException {
        return new KeyFetch(rules).fetch().size();
    }

    @Override
    public Verdict look(String token) {
        if (token.length() > Token.CHARS_MAX) {
            return new Wrong("the token is too long");
        }
        SignedJWT read;
        try {
            read = SignedJWT.parse(token);
        } catch (ParseException | IllegalArgumentException noToken) {
            return new Wrong("the token is not known, and no signed JWT");
        }
        JWSHeader header = read.getHeader();
        if (!rules.algorithms().contains(header.getAlgorithm().getName())) {
            return new Wrong("a signature of that algorithm is not accepted");
        }
        if (header.getCriticalParams() != null && !header.getCriticalParams().isEmpty()) {
            return new Wrong("the token asks for what is not understood (crit)");
        }
        JOSEObjectType type = header.getType();
        if (type != null && !TYPES.contains(type.getType().toLowerCase(Locale.ROOT))) {
            return new Wrong("the token is no access token but of the type " + type.getType());
        }
        IssuerKeys.Answer answer = keys.find(header);
        if (answer instanceof IssuerKeys.Unsure unsure) {
            return new Unsure(unsure.why());
        }
        if (answer instanceof IssuerKeys.Missing) {
            return new Wrong("the issuer has no such key");
        }
        List<VerifyingKey> fitting = ((IssuerKeys.Known) answer).keys();
        boolean isSigned = verified.isSigned(token, read,
            fitting.subList(0, Math.min(fitting.size(), KEYS_TRIED_MAX)));
        return isSigned ? claims(read) : new Wrong("the signature is not that of the issuer");
    }

    private Verdict claims(SignedJWT signed) {
        JWTClaimsSet claims;
        try {
            claims = signed.getJWTClaimsSet();
        } catch (ParseException | IllegalArgumentException broken) {
            return new Wrong("what is signed are no claims");
        }
        if (claims == null) {
            return new Wrong("what is signed are no claims");
        }
        if (!rules.issuer().toString().equals(claims.getIssuer())) {
            return new Wrong("the token is of another issuer");
        }
        if (claims.getAudience().stream().noneMatch(rules.audiences()::contains)) {
            return new Wrong("the token is for another audience");
        }
        Instant now = clock.instant();
        Date expires = claims.getExpirationTime();
        if (expires == null) {
            return new Wrong("the token never expires");
        }
        if (!now.minus(rules.clockSkew()).isBefore(expires.toInstant())) {
            return new Wrong("the token has expired");
        }
        Date from = claims.getNotBeforeTime();
        if (from != null && now.plus(rules.clockSkew()).isBefore(from.toInstant())) {
            return new Wrong("the token is not valid yet");
        }
        String subject = claims.getSubject();
        if (subject == null || subject.isBlank() || subject.length() > Identities.NAME_CHARS_MAX
                || subject.chars().anyMatch(Character::isISOControl)) {
            return new Wrong("the token names no subject that can be used");
        }
        return new Bearer(subject, roles(claims.getClaims()));
    }

    /** The claim of that whole name, which may have dots, before a path of that name. */
    private List<String> roles(Map<String, Object> claims) {
        Object found = claims.get(rules.roleClaim());
        if (found == null) {
            found = claims;
            for (String step : rules.roleClaim().split("\\.", -1)) {
                found = found instanceof Map<?, ?> inner ? inner.get(step) : null;
            }
        }
        return texts(found);
    }

    /** A list of texts, or words with blanks between them, as the claim {@code scope} has it. */
    private static List<String> texts(Object claim) {
        List<String> texts = new ArrayList<>();
        if (claim instanceof Collection<?> several) {
            several.stream().filter(String.class::isInstance).limit(CLAIMS_MAX)
                .forEach(each -> texts.add((String) each));
        } else if (claim instanceof String text) {
            texts.add(text);
            texts.addAll(List.of(text.split("\\s+")));
        }
        return texts;
    }
}

package oidc;

import static oidc.TestIssuer.key;
import static oidc.TestIssuer.sign;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import oidc.TestIssuer.SigningKey;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import security.TokenIssuer;
import security.TokenIssuer.Bearer;
import security.TokenIssuer.Wrong;

/** Which tokens count, and which do not. */
class IssuerTokensTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration SKEW = Duration.ofSeconds(60);

    private static final SigningKey RSA = key("one", "RS256");
    private static final SigningKey EC = key("two", "ES256");
    private static final SigningKey ED = key("three", "EdDSA");
    private static final SigningKey STRANGER = key("one", "RS256");

    private static TestIssuer issuer;

    @BeforeAll
    static void start() throws Exception {
        issuer = TestIssuer.start(RSA, EC, ED);
    }

    @AfterAll
    static void stop() {
        issuer.close();
    }

    private static OidcRules rules(String roleClaim, List<String> algorithms) {
        try {
            SSLContext tls = SSLContext.getDefault();
            return new OidcRules(URI.create(issuer.url()), Set.of("pactor", "pactor-2"),
                Optional.empty(), roleClaim, Set.copyOf(algorithms), SKEW, Duration.ofMinutes(5),
                Duration.ofSeconds(10), Duration.ofDays(1), () -> tls);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static IssuerTokens tokens(OidcRules rules) {
        // This clock stands still: what is not known is told apart by the second look.
        IssuerKeys keys = new IssuerKeys(new KeyFetch(rules), rules, () -> 0, () -> { });
        keys.fetchIfDue();
        return new IssuerTokens(rules, keys, Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private static TokenIssuer.Verdict look(String token) {
        return tokens(rules("groups", OidcRules.ALGORITHMS)).look(token);
    }

    private static String signed(UnaryOperator<JWTClaimsSet.Builder> change) {
        return sign(RSA, change.apply(issuer.claims("orders", NOW, "team")).build());
    }

    private static String headed(UnaryOperator<JWSHeader.Builder> change) {
        return sign(RSA, change.apply(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("one"))
            .build(), issuer.claims("orders", NOW, "team").build());
    }

    static List<Arguments> good() {
        JWTClaimsSet claims = issuerClaims();
        return List.of(
            Arguments.of("RS256", sign(RSA, claims)),
            Arguments.of("PS256", sign(new SigningKey(RSA.jwk(), RSA.secret(),
                JWSAlgorithm.PS256), claims)),
            Arguments.of("ES256", sign(EC, claims)),
            Arguments.of("EdDSA", sign(ED, claims)),
            Arguments.of("no kid", headed(header -> header.keyID(null))),
            Arguments.of("typ JWT", headed(header -> header.type(JOSEObjectType.JWT))),
            Arguments.of("typ at+jwt",
                headed(header -> header.type(new JOSEObjectType("at+jwt")))),
            Arguments.of("several auds, one of them ours",
                signed(all -> all.audience(List.of("other", "pactor-2")))),
            Arguments.of("expired within the skew",
                signed(all -> all.expirationTime(at(-59)))),
            Arguments.of("valid soon, within the skew", signed(all -> all.notBeforeTime(at(60)))),
            Arguments.of("the longest subject", signed(all -> all.subject("s".repeat(100)))));
    }

    private static JWTClaimsSet issuerClaims() {
        return issuer.claims("orders", NOW, "team").build();
    }

    private static Date at(long seconds) {
        return Date.from(NOW.plusSeconds(seconds));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("good")
    void aGoodTokenNamesItsBearer(String what, String token) {
        Bearer bearer = assertInstanceOf(Bearer.class, look(token), () -> "" + look(token));
        assertTrue(bearer.subject().matches("orders|s{100}"), bearer.subject());
        assertEquals(List.of("team"), bearer.claims());
    }

    static List<Arguments> bad() throws Exception {
        String good = sign(RSA, issuerClaims());
        String[] parts = good.split("\\.");
        SignedJWT hmac = new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("one").build(), issuerClaims());
        hmac.sign(new MACSigner(RSA.jwk().toRSAKey().toRSAPublicKey().getEncoded()));
        return List.of(
            Arguments.of("nothing", "", "no signed JWT"),
            Arguments.of("no JWT", "abc", "no signed JWT"),
            Arguments.of("dots", "..", "no signed JWT"),
            Arguments.of("no signature", parts[0] + "." + parts[1] + ".", "no signed JWT"),
            Arguments.of("truncated", good.substring(0, good.length() - 20), "the signature"),
            Arguments.of("two parts", parts[0] + "." + parts[1], "no signed JWT"),
            Arguments.of("five parts", good + ".a.b", "no signed JWT"),
            Arguments.of("alg none", new PlainJWT(issuerClaims()).serialize(), "no signed JWT"),
            Arguments.of("alg none, signed", base64("{\"alg\":\"none\",\"kid\":\"one\"}") + "."
                + parts[1] + "." + parts[2], "no signed JWT"),
            Arguments.of("alg nOnE", base64("{\"alg\":\"nOnE\",\"kid\":\"one\"}") + "."
                + parts[1] + "." + parts[2], "that algorithm"),
            Arguments.of("HS256 with the public key", hmac.serialize(), "that algorithm"),
            Arguments.of("RS512", headed(RSA, "RS512"), "that algorithm"),
            Arguments.of("another's key of the same name", sign(STRANGER, issuerClaims()),
                "the signature"),
            Arguments.of("other claims under it", parts[0] + "." + base64(
                issuer.claims("admin", NOW, "admins").build().toString()) + "." + parts[2],
                "the signature"),
            Arguments.of("another key's name", sign(RSA, new JWSHeader.Builder(
                JWSAlgorithm.RS256).keyID("two").build(), issuerClaims()), "not known yet"),
            Arguments.of("unknown kid", headed(header -> header.keyID("four")), "not known yet"),
            Arguments.of("kid that is a path", headed(header -> header.keyID("../../etc/passwd")),
                "not known yet"),
            Arguments.of("brings its own key", sign(STRANGER, new JWSHeader.Builder(
                JWSAlgorithm.RS256).keyID("one").jwk(STRANGER.jwk()).build(), issuerClaims()),
                "the signature"),
            Arguments.of("says where its key is", sign(STRANGER, new JWSHeader.Builder(
                JWSAlgorithm.RS256).keyID("one").jwkURL(URI.create(
                issuer.url() + "/stranger")).build(), issuerClaims()), "the signature"),
            Arguments.of("crit", headed(header -> header.criticalParams(Set.of("x"))
                .customParam("x", 1)), "crit"),
            Arguments.of("crit b64", headed(header -> header.base64URLEncodePayload(true)
                .criticalParams(Set.of("b64"))), "crit"),
            Arguments.of("an id token's type", headed(header -> header.type(
                new JOSEObjectType("logout+jwt"))), "logout+jwt"),
            Arguments.of("nested", raw(good), "no claims"),
            Arguments.of("no object", raw("[]"), "another issuer"),
            Arguments.of("no JSON", raw("exp"), "no claims"),
            Arguments.of("deeply nested", raw("[".repeat(4_000)), "no claims"),
            Arguments.of("exp is a text", raw("{\"exp\":\"never\"}"), "no claims"),
            Arguments.of("huge", "a".repeat(8_193), "too long"));
    }

    static List<Arguments> badClaims() {
        return List.of(
            Arguments.of("expired", change(all -> all.expirationTime(at(-600))), "has expired"),
            Arguments.of("expired, just", change(all -> all.expirationTime(at(-60))),
                "has expired"),
            Arguments.of("never expires", change(all -> all.expirationTime(null)),
                "never expires"),
            Arguments.of("not yet", change(all -> all.notBeforeTime(at(600))), "not valid yet"),
            Arguments.of("not yet, just", change(all -> all.notBeforeTime(at(61))),
                "not valid yet"),
            Arguments.of("another issuer", change(all -> all.issuer("https://evil.example")),
                "another issuer"),
            Arguments.of("nearly the issuer", change(all -> all.issuer(issuer.url() + "/")),
                "another issuer"),
            Arguments.of("no issuer", change(all -> all.issuer(null)), "another issuer"),
            Arguments.of("another audience", change(all -> all.audience("shop")),
                "another audience"),
            Arguments.of("two other audiences",
                change(all -> all.audience(List.of("shop", "pactor2"))), "another audience"),
            Arguments.of("no audience", change(all -> all.audience((String) null)),
                "another audience"),
            Arguments.of("no subject", change(all -> all.subject(null)), "no subject"),
            Arguments.of("a blank subject", change(all -> all.subject(" ")), "no subject"),
            Arguments.of("a long subject", change(all -> all.subject("s".repeat(101))),
                "no subject"),
            Arguments.of("a subject with a line break", change(all -> all.subject("a\nb")),
                "no subject"));
    }

    /** So that the compiler knows what it is. */
    private static UnaryOperator<JWTClaimsSet.Builder> change(
            UnaryOperator<JWTClaimsSet.Builder> change) {
        return change;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bad")
    void aBadTokenIsWorthNothing(String what, String token, String why) {
        assertTrue(why(look(token)).contains(why), why(look(token)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badClaims")
    void whatIsSignedMustBeMeantForUs(
            String what, UnaryOperator<JWTClaimsSet.Builder> change, String why) {
        assertTrue(why(look(signed(change))).contains(why), why(look(signed(change))));
    }

    @Test
    void onlyTheAlgorithmsThatAreListedCount() {
        IssuerTokens tokens = tokens(rules("groups", List.of("ES256")));
        assertInstanceOf(Bearer.class, tokens.look(sign(EC, issuerClaims())));
        assertInstanceOf(Wrong.class, tokens.look(sign(RSA, issuerClaims())));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"realm_access.roles", "https://shop.example/roles", "scope", "sub",
        "roles", "groups.name", "none", "a..b"})
    void theClaimMayBeAPath(String claim) {
        String token = signed(all -> all.claim("realm_access", Map.of("roles", List.of("a", "b")))
            .claim("https://shop.example/roles", List.of("c", 4, "d")).claim("scope", "e f")
            .claim("roles", "Domain Admins").claim("none", null));
        Map<String, List<String>> told = Map.of("realm_access.roles", List.of("a", "b"),
            "https://shop.example/roles", List.of("c", "d"), "scope", List.of("e f", "e", "f"),
            "sub", List.of("orders", "orders"),
            "roles", List.of("Domain Admins", "Domain", "Admins"));

        Bearer bearer = assertInstanceOf(Bearer.class,
            tokens(rules(claim, OidcRules.ALGORITHMS)).look(token));
        assertEquals(told.getOrDefault(claim, List.of()), bearer.claims());
    }

    private static String why(TokenIssuer.Verdict verdict) {
        Function<TokenIssuer.Unsure, String> unsure = TokenIssuer.Unsure::why;
        return verdict instanceof Wrong wrong ? wrong.why()
            : unsure.apply(assertInstanceOf(TokenIssuer.Unsure.class, verdict));
    }

    private static String headed(SigningKey key, String algorithm) {
        SigningKey other =
            new SigningKey(key.jwk(), key.secret(), JWSAlgorithm.parse(algorithm));
        return sign(other, issuerClaims());
    }

    /** Signed by the issuer, and no claims. */
    private static String raw(String payload) {
        String input = base64("{\"alg\":\"RS256\",\"kid\":\"one\"}") + "." + base64(payload);
        try {
            Signature signing = Signature.getInstance("SHA256withRSA");
            signing.initSign(RSA.secret());
            signing.update(input.getBytes(StandardCharsets.US_ASCII));
            return input + "." + Base64URL.encode(signing.sign());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String base64(String text) {
        return Base64URL.encode(text).toString();
    }
}

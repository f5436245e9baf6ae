package io.pactor.client;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.pactor.client.Signing.Request;
import io.pactor.client.participant.HttpAnswer;
import io.pactor.client.participant.UnverifiedCall;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Only a coordinator's own call, as it made it and while it is new, is found good. */
class SignatureVerifierTest {

    private static final Signing KEY = Signing.withNewKey();
    private static final Signing OTHER = Signing.withNewKey();

    private static SignatureVerifier verifier(Instant now) {
        return SignatureVerifier.builder().keys(Signing.set(KEY)).atAnyHost()
            .clocks(Clock.fixed(now, ZoneOffset.UTC), () -> 0).build();
    }

    private static void verify(SignatureVerifier verifier, Request call) {
        verifier.verify(call.method(), call.target(), call.fields(), call.body());
    }

    private static UnverifiedCall refused(Request call) {
        return assertThrows(UnverifiedCall.class, () -> verify(verifier(Signing.NOW), call));
    }

    @Test
    void aCallAsItWasSignedIsGood() {
        verify(verifier(Signing.NOW), KEY.call());
    }

    /** A GET has no body, and its digest says so. */
    @Test
    void aCallWithoutABodyIsGood() {
        verify(verifier(Signing.NOW), KEY.sign("GET", "stock:8080", "/check?gid=g", new byte[0],
            KEY.parameters(Signing.NOW)));
        verify(verifier(Signing.NOW), KEY.sign("GET", "stock:8080", "/check", new byte[0],
            KEY.parameters(Signing.NOW)));
    }

    static Stream<Arguments> tampering() {
        return Stream.of(
            row("another method", call -> call.withMethod("PUT")),
            row("a method in another case", call -> call.withMethod("post")),
            row("another host", call -> call.with("Host", "bank:8080")),
            row("another port", call -> call.with("Host", "stock:8081")),
            row("two hosts", call -> call.with("Host", "stock:8080", "stock:8080")),
            row("no host", call -> call.with("Host")),
            row("another path", call -> call.withTarget(call.target().replace("reserve", "free"))),
            row("a path with more", call -> call.withTarget("/x" + call.target())),
            row("an escaped path", call -> call.withTarget(call.target().replace("e?", "%65?"))),
            row("another gid", call -> call.withTarget(call.target().replace("order-7", "o-8"))),
            row("another branch", call -> call.withTarget(call.target().replace("=01", "=02"))),
            row("another op",
                call -> call.withTarget(call.target().replace("action", "compensate"))),
            row("another mode", call -> call.withTarget(call.target().replace("saga", "tcc"))),
            row("no query", call -> call.withTarget("/stock/reserve")),
            row("a query with more", call -> call.withTarget(call.target() + "&x=1")),
            row("an absolute target",
                call -> call.withTarget("http://stock:8080" + call.target())),
            row("another body", call -> call.withBody("{}".getBytes(StandardCharsets.UTF_8))),
            row("no body", call -> call.withBody(new byte[0])),
            row("another body with its digest", call -> call
                .withBody("{}".getBytes(StandardCharsets.UTF_8))
                .with("Content-Digest", OTHER.sign("POST", "x", "/", "{}".getBytes(
                    StandardCharsets.UTF_8), Map.of()).headers().get("Content-Digest").get(0))),
            row("two digests", call -> call.with("Content-Digest",
                call.headers().get("Content-Digest").get(0), "sha-512=:AAAA:")),
            row("no digest", call -> call.with("Content-Digest")),
            row("a digest of another kind",
                call -> call.edited("Content-Digest", "sha-256", "sha-512")),
            row("a later time", call -> call.edited("Signature-Input",
                "created=" + Signing.NOW.getEpochSecond(),
                "created=" + (Signing.NOW.getEpochSecond() + 1))),
            row("a longer life", call -> call.edited("Signature-Input",
                "expires=" + (Signing.NOW.getEpochSecond() + 300),
                "expires=" + (Signing.NOW.getEpochSecond() + 301))),
            row("another nonce", call -> call.edited("Signature-Input", "n-", "m-")),
            row("another key", call -> call.edited("Signature-Input", KEY.id, OTHER.id)),
            row("another tag",
                call -> call.edited("Signature-Input", "pactor-call", "web-bot-auth")),
            row("an algorithm that was not signed",
                call -> call.with("Signature-Input",
                    call.headers().get("Signature-Input").get(0) + ";alg=\"ed25519\"")),
            row("less that is signed",
                call -> call.edited("Signature-Input", "\"@query\" ", "")),
            row("another order of what is signed", call -> call.edited("Signature-Input",
                "\"@method\" \"@authority\"", "\"@authority\" \"@method\"")),
            row("another signature", call -> call.with("Signature",
                OTHER.call().headers().get("Signature").get(0))),
            row("a shorter signature", call -> call.with("Signature", "pactor=:AAAA:")),
            row("an empty signature", call -> call.with("Signature", "pactor=::")),
            row("a signature that is a text", call -> call.with("Signature", "pactor=\"AAAA\"")),
            row("a signature of another label", call -> call.edited("Signature", "pactor", "sig")),
            row("two signatures of one label", call -> call.with("Signature",
                call.headers().get("Signature").get(0), call.headers().get("Signature").get(0))),
            row("two inputs of one label", call -> call.with("Signature-Input",
                call.headers().get("Signature-Input").get(0),
                call.headers().get("Signature-Input").get(0))),
            row("a second signature of a coordinator", call -> call
                .with("Signature-Input", call.headers().get("Signature-Input").get(0),
                    OTHER.call().headers().get("Signature-Input").get(0).replace("pactor=", "b="))
                .with("Signature", call.headers().get("Signature").get(0), "b=:AAAA:")),
            row("no signature", call -> call.with("Signature")),
            row("no input", call -> call.with("Signature-Input")),
            row("an input that is none",
                call -> call.with("Signature-Input", "pactor=(\"@method")));
    }

    private static Arguments row(String what, UnaryOperator<Request> change) {
        return arguments(what, change);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tampering")
    void whatWasChangedIsRefused(String what, UnaryOperator<Request> change) {
        UnverifiedCall refused = refused(change.apply(KEY.call()));

        assertFalse(refused.isTemporary());
        assertEquals(401, HttpAnswer.of(refused).status());
    }

    /** Well signed, and yet not good: what a coordinator never makes. */
    static Stream<Arguments> forms() {
        return Stream.of(
            form("another algorithm", Map.of("alg", "\"hmac-sha256\"")),
            form("none", Map.of("alg", "\"none\"")),
            form("an algorithm that is no text", Map.of("alg", "1")),
            form("no time", without("created")),
            form("a time that is a text", Map.of("created", "\"1\"")),
            form("no key", without("keyid")),
            form("a key that is a word", Map.of("keyid", "key")),
            form("no tag", without("tag")),
            form("a life that is over", Map.of("expires", "1")));
    }

    private static Arguments form(String what, Map<String, String> change) {
        return arguments(what, change);
    }

    private static Map<String, String> without(String name) {
        Map<String, String> none = new HashMap<>();
        none.put(name, null);
        return none;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forms")
    void whatNoCoordinatorSignsIsRefused(String what, Map<String, String> change) {
        Map<String, String> parameters = KEY.parameters(Signing.NOW);
        change.forEach((name, value) -> {
            if (value == null) {
                parameters.remove(name);
            } else {
                parameters.put(name, value);
            }
        });
        refused(KEY.sign("POST", "stock:8080", Signing.TARGET, Signing.BODY, parameters));
    }

    @ParameterizedTest
    @ValueSource(strings = {"@method", "@authority", "@path", "@query", "content-digest"})
    void eachPartMustBeSigned(String missing) {
        List<String> components =
            SignedHead.COVERED.stream().filter(each -> !each.equals(missing)).toList();
        UnverifiedCall refused = refused(KEY.sign("POST", "stock:8080", Signing.TARGET,
            Signing.BODY, KEY.parameters(Signing.NOW), components, Map.of()));
        assertTrue(refused.getMessage().contains("does not cover " + missing));
    }

    @ParameterizedTest
    @ValueSource(strings = {"@method", "@target-uri", "@status"})
    void aPartTwiceOrOfAnotherKindIsRefused(String more) {
        List<String> components = Stream.concat(SignedHead.COVERED.stream(), Stream.of(more))
            .toList();
        refused(KEY.sign("POST", "stock:8080", Signing.TARGET, Signing.BODY,
            KEY.parameters(Signing.NOW), components, Map.of(more, "x")));
    }

    /** What is signed besides is read from the request, where it must stand once. */
    @Test
    void furtherHeadersMayBeSigned() {
        List<String> components = Stream.concat(SignedHead.COVERED.stream(), Stream.of("x-a"))
            .toList();
        Request call = KEY.sign("POST", "stock:8080", Signing.TARGET, Signing.BODY,
            KEY.parameters(Signing.NOW), components, Map.of("x-a", "a, b"));
        verify(verifier(Signing.NOW), call);
        refused(call.with("X-A", "a, c"));
        // As one value it would be the same text.
        refused(call.with("X-A", "a", "b"));
    }

    /** Proxies may put their own signatures on a call. */
    @Test
    void signaturesOfOthersDoNotMatter() {
        Request call = KEY.call();
        verify(verifier(Signing.NOW), call
            .with("Signature-Input", "proxy=(\"@path\");created=1;keyid=\"p\"",
                call.headers().get("Signature-Input").get(0))
            .with("Signature", call.headers().get("Signature").get(0), "proxy=:AAAA:"));
    }

    /** Of two gids one is what the barrier sees, and the other what the application reads. */
    @ParameterizedTest
    @ValueSource(strings = {"gid", "branch_id", "op", "trans_type", "g%69d", "%6fp"})
    void aCallThatNamesItselfTwiceIsRefused(String name) {
        String target = Signing.TARGET + "&" + name + "=x";
        UnverifiedCall refused = refused(KEY.sign("POST", "stock:8080", target, Signing.BODY,
            KEY.parameters(Signing.NOW)));
        assertTrue(refused.getMessage().contains("twice"));
    }

    @Test
    void aCallIsGoodForFiveMinutesAndOneForTheClocks() {
        Request call = KEY.call();
        verify(verifier(Signing.NOW.plus(SignatureVerifier.AGE_MAX)), call);
        verify(verifier(Signing.NOW.minus(SignatureVerifier.SKEW_MAX)), call);
        for (Instant other : List.of(
                Signing.NOW.plus(SignatureVerifier.AGE_MAX).plusMillis(1),
                Signing.NOW.minus(SignatureVerifier.SKEW_MAX).minusMillis(1))) {
            assertThrows(UnverifiedCall.class, () -> verify(verifier(other), call));
        }
    }

    @Test
    void aTimeBeyondAllIsRefused() {
        refused(KEY.callAt(Instant.ofEpochSecond(999_999_999_999_999L)));
        refused(KEY.callAt(Instant.ofEpochSecond(-999_999_999_999_999L)));
        refused(KEY.callAt(Instant.EPOCH));
    }

    @Test
    void whoseKeyIsNotKnownIsRefused() {
        UnverifiedCall refused = refused(OTHER.call());
        assertTrue(refused.getMessage().contains(OTHER.id), refused.getMessage());
    }

    /** A call to another service, which that service passes on. */
    @Test
    void whereTheCallWasMadeToCountsAndNotWhatItsHostSays() {
        SignatureVerifier stock = SignatureVerifier.builder().keys(Signing.set(KEY))
            .reachedAt("http://stock:8080")
            .clocks(Clock.fixed(Signing.NOW, ZoneOffset.UTC), () -> 0).build();
        Request toBank = KEY.sign("POST", "bank:8080", Signing.TARGET, Signing.BODY,
            KEY.parameters(Signing.NOW));
        verify(verifier(Signing.NOW), toBank);
        assertThrows(UnverifiedCall.class, () -> verify(stock, toBank));
        // And a proxy may have changed the host.
        verify(stock, KEY.call().with("Host", "10.0.0.7:9000"));
        verify(stock, KEY.call().with("Host"));
    }

    @Test
    void aProxyMayTakeAwayTheBeginningOfThePath() {
        SignatureVerifier behind = SignatureVerifier.builder().keys(Signing.set(KEY))
            .reachedAt("https://Example.com:443/shop/", "http://stock:8080")
            .clocks(Clock.fixed(Signing.NOW, ZoneOffset.UTC), () -> 0).build();
        Request call = KEY.sign("POST", "example.com", "/shop" + Signing.TARGET, Signing.BODY,
            KEY.parameters(Signing.NOW)).with("Host", "stock");
        verify(behind, call);
        verify(behind, call.withTarget(Signing.TARGET));
        verify(behind, KEY.call());
        assertThrows(UnverifiedCall.class, () -> verify(behind, call.withTarget("/x")));
    }

    /** The usual port stands in some headers and is never signed. */
    @ParameterizedTest
    @ValueSource(strings = {"stock", "STOCK", "stock:80", "stock:443"})
    void theUsualPortMakesNoDifference(String host) {
        Request call = KEY.sign("POST", "stock", Signing.TARGET, Signing.BODY,
            KEY.parameters(Signing.NOW));
        verify(verifier(Signing.NOW), call.with("Host", host));
    }

    @Test
    void theSameSignatureIsRefusedTheSecondTimeIfThatIsAskedFor() {
        SignatureVerifier once = SignatureVerifier.builder().keys(Signing.set(KEY)).atAnyHost()
            .refuseRepeats(2).clocks(Clock.fixed(Signing.NOW, ZoneOffset.UTC), () -> 0).build();
        Request call = KEY.call();
        verify(once, call);
        assertThrows(UnverifiedCall.class, () -> verify(once, call));
        // The coordinator makes the same call again: with another signature.
        verify(once, KEY.callAt(Signing.NOW.minusSeconds(1)));
        assertThrows(UnverifiedCall.class, () -> verify(once, call));
        verify(verifier(Signing.NOW), call);
        verify(verifier(Signing.NOW), call);
        Map<String, String> none = KEY.parameters(Signing.NOW);
        none.remove("nonce");
        assertThrows(UnverifiedCall.class, () -> verify(once,
            KEY.sign("POST", "stock:8080", Signing.TARGET, Signing.BODY, none)));
    }

    @Test
    void theMemoryOfSignaturesIsBounded() {
        RecentNonces nonces = new RecentNonces(2, Duration.ofMinutes(7));
        assertTrue(nonces.isNew("a", Signing.NOW));
        assertTrue(nonces.isNew("b", Signing.NOW));
        assertTrue(nonces.isNew("c", Signing.NOW));
        assertFalse(nonces.isNew("b", Signing.NOW));
        assertTrue(nonces.isNew("b", Signing.NOW.plus(Duration.ofMinutes(8))));
        assertFalse(new RecentNonces(0, Duration.ZERO).isOn());
    }

    @Test
    void aCallOverGrpcIsVerifiedByItsMetadataAndItsMessage() {
        byte[] message = {1, 2, 3};
        byte[] framed = ByteBuffer.allocate(8).put((byte) 0).putInt(3).put(message).array();
        List<String> components = Stream.concat(SignedHead.COVERED.stream(),
            SignedHead.COVERED_BY_GRPC.stream()).toList();
        Map<String, String> identity = Map.of("dtm-gid", "g", "dtm-trans_type", "saga",
            "dtm-branch_id", "01", "dtm-op", "action");
        Request call = KEY.sign("POST", "stock:9090", "/shop.Stock/Reserve", framed,
            KEY.parameters(Signing.NOW), components, identity);
        SignatureVerifier verifier = verifier(Signing.NOW);
        verifier.verifyGrpc("shop.Stock/Reserve", "stock:9090", call.fields(), message);
        assertThrows(UnverifiedCall.class, () -> verifier.verifyGrpc(
            "shop.Stock/Release", "stock:9090", call.fields(), message));
        assertThrows(UnverifiedCall.class, () -> verifier.verifyGrpc(
            "shop.Stock/Reserve", "bank:9090", call.fields(), message));
        assertThrows(UnverifiedCall.class, () -> verifier.verifyGrpc(
            "shop.Stock/Reserve", "stock:9090", call.fields(), new byte[] {1, 2}));
        for (String name : identity.keySet()) {
            assertThrows(UnverifiedCall.class, () -> verifier.verifyGrpc("shop.Stock/Reserve",
                "stock:9090", call.with(name, "other").fields(), message));
            assertThrows(UnverifiedCall.class, () -> verifier.verifyGrpc("shop.Stock/Reserve",
                "stock:9090", call.with(name, identity.get(name), "x").fields(), message));
        }
        // One over HTTP to the same path does not do: it says not which call it is.
        Request plain = KEY.sign("POST", "stock:9090", "/shop.Stock/Reserve", framed,
            KEY.parameters(Signing.NOW));
        assertThrows(UnverifiedCall.class, () -> verifier.verifyGrpc(
            "shop.Stock/Reserve", "stock:9090", plain.fields(), message));
    }

    /** Whatever comes is good or refused, and nothing that differs is good. */
    @Test
    void noNoiseInTheHeadersIsGoodOrAnError() {
        Random random = new Random(9421);
        SignatureVerifier verifier = verifier(Signing.NOW);
        Request call = KEY.call();
        List<String> names = List.of("Signature-Input", "Signature", "Content-Digest", "Host");
        for (int i = 0; i < 6_000; i++) {
            String name = names.get(random.nextInt(names.size()));
            String value = call.headers().get(name).get(0);
            String changed = noise(value, random);
            Request other = call.with(name, changed);
            try {
                verify(verifier, other);
                // Blanks, and the case of a host, are no difference.
                assertEquals(value, name.equals("Host") ? changed.strip().toLowerCase(Locale.ROOT)
                    : changed.replaceAll("[ \t]+(?=[ \t;,]|$)|^[ \t]+|(?<=\\()[ ]+", ""),
                    "this was found good");
            } catch (UnverifiedCall fine) {
                assertFalse(fine.isTemporary());
            }
        }
        assertDoesNotThrow(() -> verify(verifier, call));
    }

    private static String noise(String value, Random random) {
        StringBuilder text = new StringBuilder(value);
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(4)) {
                case 0 -> text.deleteCharAt(at);
                case 1 -> text.insert(at, (char) random.nextInt(128));
                case 2 -> text.setCharAt(at, "();=\",:\\ \t?-0aé".charAt(random.nextInt(15)));
                default -> text.insert(at, text.substring(at / 2, at));
            }
            if (text.isEmpty()) {
                text.append(' ');
            }
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"stock:8080", "ftp://stock", "http:///x", "http://a b"})
    void anAddressThatIsNoneIsRefusedAtOnce(String url) {
        assertThrows(IllegalArgumentException.class,
            () -> SignatureVerifier.builder().coordinators(url));
        assertThrows(IllegalArgumentException.class,
            () -> SignatureVerifier.builder().reachedAt(url));
    }

    /** Nobody is to believe the host because it was not thought of. */
    @Test
    void whereItIsMustBeSaid() {
        SignatureVerifier.Builder builder =
            SignatureVerifier.builder().coordinators("http://pactor:8080/");
        assertThrows(IllegalArgumentException.class, builder::build);
        builder.reachedAt("http://stock:8080").build();
        assertThrows(IllegalArgumentException.class, () -> builder.atAnyHost().build());
    }

    @Test
    void someoneMustBeTrusted() {
        assertThrows(IllegalArgumentException.class,
            () -> SignatureVerifier.builder().atAnyHost().build());
        assertThrows(IllegalArgumentException.class,
            () -> SignatureVerifier.builder().keys("{\"keys\":[]}").atAnyHost().build());
        assertThrows(IllegalArgumentException.class,
            () -> SignatureVerifier.builder().refuseRepeats(0));
        String[] many = Stream.generate(() -> "http://stock")
            .limit(SignatureVerifier.REACHED_AT_MAX + 1).toArray(String[]::new);
        assertThrows(IllegalArgumentException.class,
            () -> SignatureVerifier.builder().reachedAt(many));
    }
}

package io.pactor.client;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pactor.client.Signing.Request;
import io.pactor.client.participant.UnverifiedCall;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a participant is, which calls it has seen, and over what they come. */
class SignaturePlaceTest {

    private static final Signing KEY = Signing.withNewKey();

    private static SignatureVerifier verifier() {
        return SignatureVerifier.builder().keys(Signing.set(KEY)).atAnyHost()
            .clocks(Clock.fixed(Signing.NOW, ZoneOffset.UTC), () -> 0).build();
    }

    private static void verify(SignatureVerifier verifier, Request call) {
        verifier.verify(call.method(), call.target(), call.fields(), call.body());
    }

    /** A call to another service, which that service passes on. */
    @Test
    void whereTheCallWasMadeToCountsAndNotWhatItsHostSays() {
        SignatureVerifier stock = SignatureVerifier.builder().keys(Signing.set(KEY))
            .reachedAt("http://stock:8080")
            .clocks(Clock.fixed(Signing.NOW, ZoneOffset.UTC), () -> 0).build();
        Request toBank = KEY.sign("POST", "bank:8080", Signing.TARGET, Signing.BODY,
            KEY.parameters(Signing.NOW));
        verify(verifier(), toBank);
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
        verify(verifier(), call.with("Host", host));
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
        verify(verifier(), call);
        verify(verifier(), call);
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
        SignatureVerifier verifier = verifier();
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

package signature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys come from a file, and a new one signs when all nodes can have published it. */
class KeyRingTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final SigningKey one = SigningKey.make();
    private final SigningKey two = SigningKey.make();
    private final SigningKey three = SigningKey.make();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);

    private static SigningKeys keys(SigningKey... all) {
        return new SigningKeys(List.of(all));
    }

    private static SigningKeys file(SigningKey... all) {
        return SigningKeys.of(Arrays.stream(all).map(SigningKey::pem).collect(Collectors.joining())
            .lines().toList());
    }

    private KeyRing ring(SigningKey... all) {
        return new KeyRing(keys(all), MINUTE, nanos::get);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void theLastKeyOfTheFileSignsAtOnceWhenANodeStarts() {
        assertEquals(two, ring(one, two).signing());
    }

    @Test
    void aKeyThatIsAddedIsPublishedAtOnceAndSignsAMinuteLater() {
        KeyRing ring = ring(one);
        ring.take(keys(one, two));
        assertEquals(one, ring.signing());
        assertEquals(new String(keys(one, two).published(), StandardCharsets.US_ASCII),
            new String(ring.published(), StandardCharsets.US_ASCII));
        pass(MINUTE.minusNanos(1));
        ring.take(keys(one, two));
        assertEquals(one, ring.signing());
        pass(Duration.ofNanos(1));
        assertEquals(two, ring.signing());
    }

    /** The file may be written again meanwhile; the minute does not begin anew. */
    @Test
    void theWaitIsForTheKeyAndNotForTheFile() {
        KeyRing ring = ring(three, one);
        ring.take(keys(three, one, two));
        pass(MINUTE.dividedBy(2));
        ring.take(keys(one, two));
        pass(MINUTE.dividedBy(2));
        assertEquals(two, ring.signing());
        ring.take(keys(two));
        assertEquals(two, ring.signing());
    }

    /** It may have been stolen; whoever removes it does not want to see it used. */
    @Test
    void aKeyThatIsGoneSignsNoMore() {
        KeyRing ring = ring(one);
        ring.take(keys(two));
        assertEquals(two, ring.signing());
        ring.take(keys(two, three));
        ring.take(keys(two));
        pass(MINUTE);
        assertEquals(two, ring.signing());
    }

    @Test
    void aFileIsReadInItsOrder() {
        assertEquals(keys(one, two, three), file(one, two, three));
        assertEquals(keys(two, one), file(one, two, one));
        assertEquals(one.id(), file(one).newest().id());
        assertNotEquals(one, two);
        assertEquals(one.hashCode(), file(one).newest().hashCode());
        // What openssl writes, and what people write round it.
        assertEquals("poqkLGiymh_W0uP6PZFw-dvez3QJT5SolqXBCW38r0U", SigningKeys.of(List.of(
            "a comment", Rfc.ED25519.get(0), "  " + Rfc.ED25519.get(1) + "\r", Rfc.ED25519.get(2),
            "")).newest().id());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no key", "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v",
        "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----",
        // X25519, which signs nothing.
        "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VuBCIEIHcHbQpzGKV9PBbBclGyZkXfTC+H68CZKrF3+6"
            + "UduSwq\n-----END PRIVATE KEY-----"})
    void whatHasNoKeysOfThisKindIsRefused(String file) {
        assertThrows(IllegalArgumentException.class, () -> SigningKeys.of(file.lines().toList()));
    }

    @Test
    void aFileHasABound() {
        SigningKey[] most = IntStream.range(0, SigningKeys.KEYS_MAX)
            .mapToObj(i -> SigningKey.make()).toArray(SigningKey[]::new);
        assertEquals(SigningKeys.KEYS_MAX, file(most).all().size());
        SigningKey[] more = Arrays.copyOf(most, most.length + 1);
        more[most.length] = one;
        assertThrows(IllegalArgumentException.class, () -> file(more));
    }

    @Test
    void whatIsShownIsNoSecret() {
        String secret = one.pem().lines().toList().get(1);
        assertTrue(secret.length() > 40);
        for (String shown : List.of(one.toString(), one.jwk(), keys(one).toString(),
                new String(keys(one).published(), StandardCharsets.US_ASCII))) {
            assertTrue(shown.contains(one.id()));
            assertTrue(!shown.contains(secret.substring(22, 60)));
        }
    }
}

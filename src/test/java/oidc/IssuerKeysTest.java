package oidc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import oidc.IssuerKeys.Answer;
import oidc.IssuerKeys.Known;
import oidc.IssuerKeys.Missing;
import oidc.IssuerKeys.Unsure;
import oidc.TestIssuer.SigningKey;
import org.junit.jupiter.api.Test;

/** When keys are fetched, and who waits for them. Time passes when it is told to. */
class IssuerKeysTest {

    private static final Duration REFRESH = Duration.ofMinutes(5);
    private static final Duration RETRY = Duration.ofSeconds(10);
    private static final Duration KEEP = Duration.ofHours(1);
    private static final Duration MOMENT = Duration.ofNanos(1);

    private static final SigningKey OLD = TestIssuer.key("old", "ES256");
    private static final SigningKey NEW = TestIssuer.key("new", "ES256");

    private List<SigningKey> published = List.of(OLD);
    private boolean isAway;
    private int fetches;
    private int woken;
    private long now = Long.MAX_VALUE - Duration.ofSeconds(1).toNanos();

    private final IssuerKeys keys = new IssuerKeys(this::fetch, rules(), () -> now, () -> woken++);

    private static OidcRules rules() {
        return new OidcRules(URI.create("https://issuer.example"), Set.of("pactor"),
            Optional.empty(), "groups", Set.of("ES256"), Duration.ZERO, REFRESH, RETRY, KEEP,
            () -> null);
    }

    private List<VerifyingKey> fetch() throws IOException {
        fetches++;
        if (isAway) {
            throw new IOException("away");
        }
        return published.stream().flatMap(key -> VerifyingKey.of(key.jwk()).stream()).toList();
    }

    private Answer find(String id) {
        return keys.find(new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(id).build());
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private int fetchesAfter(Duration time) {
        pass(time);
        keys.fetchIfDue();
        return fetches;
    }

    @Test
    void beforeTheFirstFetchNobodyCanTell() {
        assertInstanceOf(Unsure.class, find("old"));
        keys.fetchIfDue();
        assertInstanceOf(Known.class, find("old"));
    }

    @Test
    void keysAreFetchedAsOftenAsTheyShould() {
        assertEquals(1, fetchesAfter(Duration.ZERO));
        assertEquals(1, fetchesAfter(REFRESH.minus(MOMENT)));
        assertEquals(2, fetchesAfter(MOMENT));
    }

    @Test
    void anIssuerThatIsAwayIsAskedAgainSoonButNotAtOnce() {
        isAway = true;
        assertEquals(1, fetchesAfter(Duration.ZERO));
        assertEquals(1, fetchesAfter(RETRY.minus(MOMENT)));
        assertEquals(2, fetchesAfter(MOMENT));
        isAway = false;
        assertEquals(3, fetchesAfter(RETRY));
        assertInstanceOf(Known.class, find("old"));
    }

    /** The new key is used before it was fetched: its tokens wait, and none is refused. */
    @Test
    void aRotationRefusesNobody() {
        keys.fetchIfDue();
        published = List.of(OLD, NEW);
        pass(RETRY);
        assertInstanceOf(Unsure.class, find("new"));
        assertEquals(1, woken);
        keys.fetchIfDue();
        assertInstanceOf(Known.class, find("new"));
        assertInstanceOf(Known.class, find("old"));
        published = List.of(NEW);
        assertEquals(3, fetchesAfter(REFRESH));
        assertInstanceOf(Known.class, find("new"));
        assertInstanceOf(Unsure.class, find("old"), "what was withdrawn does not count");
    }

    @Test
    void aKeyThatTheIssuerDoesNotHaveIsRefusedOnceItHasSaidSo() {
        keys.fetchIfDue();
        pass(RETRY.minus(MOMENT));
        assertInstanceOf(Unsure.class, find("invented"));
        assertEquals(1, fetchesAfter(Duration.ZERO), "not yet");
        assertInstanceOf(Unsure.class, find("invented"));
        assertEquals(2, fetchesAfter(MOMENT));
        assertInstanceOf(Missing.class, find("invented"));
        pass(RETRY.minus(MOMENT));
        assertInstanceOf(Missing.class, find("invented"));
        pass(MOMENT);
        assertInstanceOf(Unsure.class, find("invented"), "it may have come into being");
        published = List.of(OLD, NEW);
        assertEquals(3, fetchesAfter(Duration.ZERO));
        assertInstanceOf(Known.class, find("new"));
    }

    /** Whoever invents ids gets one fetch for all of them, and keeps nobody waiting. */
    @Test
    void inventedKeysCostLittle() {
        keys.fetchIfDue();
        pass(RETRY);
        Stream.iterate(0, each -> each < 3 * IssuerKeys.ASKED_MAX, each -> each + 1)
            .forEach(each -> assertInstanceOf(Unsure.class, find("invented-" + each)));
        assertEquals(1, woken);
        assertEquals(2, fetchesAfter(MOMENT));
        assertEquals(2, fetchesAfter(MOMENT));
        assertInstanceOf(Known.class, find("old"));
        assertInstanceOf(Missing.class, find("invented-" + (3 * IssuerKeys.ASKED_MAX - 1)));
        assertInstanceOf(Unsure.class, find("invented-0"), "it has been forgotten");
    }

    @Test
    void keysOutliveTheIssuerForAsLongAsIsSaid() {
        keys.fetchIfDue();
        isAway = true;
        fetchesAfter(REFRESH);
        pass(KEEP);
        assertInstanceOf(Known.class, find("old"));
        pass(MOMENT);
        assertInstanceOf(Unsure.class, find("old"));
        isAway = false;
        fetchesAfter(RETRY);
        assertInstanceOf(Known.class, find("old"));
    }

    /** Nobody can say that there is no such key. */
    @Test
    void whileTheIssuerIsAwayAnUnknownKeyIsNotRefused() {
        keys.fetchIfDue();
        isAway = true;
        for (int i = 1; i <= 5; i++) {
            assertInstanceOf(Unsure.class, find("new"));
            assertEquals(1 + i, fetchesAfter(RETRY));
        }
        isAway = false;
        published = List.of(NEW);
        fetchesAfter(RETRY);
        assertInstanceOf(Known.class, find("new"));
    }
}

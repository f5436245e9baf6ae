package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import security.Access;
import security.BrowserGuard;
import security.Identities;
import security.Token;
import transaction.Attempts.Kept;
import transaction.CallKey;
import transaction.CallRecord;
import transaction.Op;
import transaction.Outcome;

/** Who sees what calls brought, and how much of it. */
class AttemptAccessTest {

    private final Wire wire = Wire.start(new RequestGuard(
        new Access(true, AttemptAccessTest::identities, List::of),
        new BrowserGuard(List.of(), List.of())), null);

    /** The token of each is its name. */
    private static Identities identities() {
        return Identities.of(List.of("viewer viewer " + hash("viewer"), "admin admin "
            + hash("admin"), "orders client:orders-* " + hash("orders"),
            "tccs client:orders-*:tcc " + hash("tccs")));
    }

    private static String hash(String token) {
        return "sha256:" + HexFormat.of().formatHex(Token.hash(token));
    }

    @BeforeEach
    void submit() {
        for (String gid : List.of("orders-1", "others-1")) {
            assertEquals(200, wire.send("POST", Wire.API + "submit", "{\"gid\":\"" + gid
                + "\",\"trans_type\":\"saga\",\"steps\":[{\"action\":\"http://a/x\"}],"
                + "\"payloads\":[\"{}\"]}", "Authorization", "Bearer admin").status());
        }
        wire.coordinator.attempts().kept.add(new Kept(new CallKey("01", Op.ACTION), 1,
            Instant.EPOCH, Outcome.Kind.UNKNOWN, 1_000, new CallRecord("500 Internal Server Error",
                "", "POST /x HTTP/1.1\n\ncanary-request", "canary-answer")));
    }

    @AfterEach
    void close() {
        wire.close();
    }

    @Test
    void anExportShowsAndHidesTheSame() {
        assertTrue(exported("orders-1", "admin").body().contains("canary-request"));
        String masked = exported("orders-1", "viewer").body();
        assertFalse(masked.contains("canary"), masked);
        assertTrue(masked.contains("***"), masked);
        assertEquals(200, exported("orders-1", "orders").status());
        assertEquals(404, exported("others-1", "orders").status());
        assertEquals(404, exported("orders-1", "tccs").status());
    }

    private WireClient.Answer exported(String gid, String token) {
        return wire.send("GET", "/api/v1/transactions/" + gid + "/export", "",
            "Authorization", "Bearer " + token);
    }

    @Test
    void whoMaySeeNoPayloadsSeesNeitherRequestNorAnswer() {
        String whole = get("orders-1", "admin").body();
        String masked = get("orders-1", "viewer").body();

        assertTrue(whole.contains("canary-request") && whole.contains("canary-answer"), whole);
        assertFalse(masked.contains("canary"), masked);
        assertTrue(masked.contains("\"status_line\":\"500 Internal Server Error\""), masked);
        assertTrue(masked.contains("\"request\":\"***\""), masked);
    }

    @Test
    void whatIsOutsideOfAScopeIsNotThere() {
        assertEquals(200, get("orders-1", "orders").status());
        assertEquals(404, get("others-1", "orders").status());
        assertEquals(404, get("orders-1", "tccs").status());
        assertEquals(404, get("orders-2", "orders").status());
        assertEquals(401, get("orders-1", "nobody").status());
    }

    private WireClient.Answer get(String gid, String token) {
        return wire.send("GET", "/api/v1/transactions/" + gid + "/attempts", "",
            "Authorization", "Bearer " + token);
    }
}

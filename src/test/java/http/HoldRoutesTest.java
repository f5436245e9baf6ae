package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import transaction.Limits;

/** Participants are paused over HTTP, as many as may be. */
class HoldRoutesTest {

    private final Wire wire = Wire.start();

    @AfterEach
    void close() {
        wire.close();
    }

    @Test
    void of_more_than_may_be_the_first_is_told_why() {
        for (int i = 0; i < Limits.HOLDS; i++) {
            assertEquals(200, change("h" + i, "pause").status());
        }
        WireClient.Answer full = change("more", "pause");
        assertEquals(409, full.status(), full.body());
        assertTrue(full.body().contains(
            "1000 participants are paused, as many as may be: resume one first"), full.body());

        assertEquals(200, change("h7", "pause").status(), "it is one of them");
        assertEquals(200, change("h7", "resume").status());
        assertEquals(200, change("more", "pause").status());
    }

    private WireClient.Answer change(String participant, String action) {
        return wire.send("POST", "/api/v1/participants/" + participant + "/" + action, "{}");
    }
}

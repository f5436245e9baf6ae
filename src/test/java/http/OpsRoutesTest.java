package http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What health says of a node that serves, and of one that does not. */
class OpsRoutesTest {

    @Test
    void warningsStandBesideSuccessAndBesideTheReason() {
        assertEquals("200 {\"result\":\"success\",\"durability\":\"a kill\"}",
            health(Optional.empty(), List.of()));
        assertEquals("200 {\"result\":\"success\",\"durability\":\"a kill\","
            + "\"warnings\":[\"one\",\"two\"]}",
            health(Optional.empty(), List.of("one", "two")));
        assertEquals("503 {\"result\":\"away\",\"warnings\":[\"one\"]}",
            health(Optional.of("away"), List.of("one")));
    }

    private static String health(Optional<String> trouble, List<String> warnings) {
        HttpAnswer answer = OpsRoutes.health(trouble, "a kill", warnings);
        return answer.status() + " " + new String(answer.body(), StandardCharsets.UTF_8);
    }
}

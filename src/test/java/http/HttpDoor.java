package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;

/** DTM's paths. */
final class HttpDoor implements Door {

    private final WireClient client;

    HttpDoor(WireClient client) {
        this.client = client;
    }

    @Override
    public String name() {
        return "http";
    }

    @Override
    public Set<String> calls() {
        return Set.of("prepare", "submit", "abort", "registerBranch", "prepareWorkflow",
            "forceStop", "resetNextCronTime");
    }

    @Override
    public String ask(String call, String body) {
        WireClient.Answer answer = client.post(call, body);
        check(call, answer);
        return told(answer.status());
    }

    @Override
    public String told(int status) {
        return String.valueOf(status);
    }

    /** Whatever the status, the body has the form that clients rely on. */
    static void check(String call, WireClient.Answer answer) {
        String body = answer.body();
        assertEquals("application/json; charset=utf-8", answer.type());
        switch (answer.status()) {
            case 200 -> assertTrue(call.equals("prepareWorkflow")
                || body.equals("{\"dtm_result\":\"SUCCESS\"}"), body);
            case 409 -> assertTrue(body.startsWith("{\"dtm_result\":\"FAILURE\",\"message\":\"")
                && body.endsWith(" FAILURE\"}"), body);
            case 425 -> assertTrue(body.matches("\\{\"dtm_result\":\"ONGOING\","
                + "\"message\":\"(01 |delivered ).*; wait result not return success: ONGOING\"}"),
                body);
            default -> {
                assertTrue(answer.status() != 500 || body.startsWith("{\"message\":\"your http/grpc"
                    + " result should be specified as in: 200 done, 409 failed, 425 at work. Got: ")
                    && body.endsWith(". It is being tried again.\"}"), body);
                assertFalse(answer.mentionsVerdict(), body);
                assertFalse(body.startsWith("{\"dtm_result"), body);
            }
        }
    }
}

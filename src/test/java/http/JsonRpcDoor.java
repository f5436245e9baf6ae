package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Set;

/** JSON-RPC, where only a refusal has a code of its own. */
final class JsonRpcDoor implements Door {

    private final WireClient client;

    JsonRpcDoor(WireClient client) {
        this.client = client;
    }

    @Override
    public String name() {
        return "json-rpc";
    }

    @Override
    public Set<String> calls() {
        return Set.of("prepare", "submit", "abort", "registerBranch");
    }

    @Override
    public String ask(String call, String body) {
        WireClient.Answer answer = client.send("POST", "/api/json-rpc",
            "{\"jsonrpc\":\"2.0\",\"id\":\"7\",\"method\":\"" + call + "\",\"params\":" + body
                + "}");
        assertEquals(200, answer.status(), answer.body());
        JsonNode reply = StartedJar.json(answer.body());
        assertEquals("7", reply.get("id").asText());
        if (reply.get("error").isNull()) {
            assertTrue(reply.get("result").isNull(), answer.body());
            return told(200);
        }
        assertEquals("{}", reply.get("result").toString());
        String message = reply.at("/error/message").asText();
        String code = reply.at("/error/code").asText();
        assertEquals(code.equals("-32901"), message.endsWith(" FAILURE"), message);
        assertEquals(code.equals("-32901"),
            message.toUpperCase(Locale.ROOT).contains("FAILURE"), message);
        return code;
    }

    @Override
    public String told(int status) {
        return status == 200 ? "no error" : status == 409 ? "-32901" : "-32603";
    }
}

package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;
import transaction.Outcome;

/** Each example of the description is sent, and each answer has the keys that it promises. */
class DescriptionTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Wire wire = Wire.start();

    @AfterEach
    void close() {
        wire.close();
    }

    @Test
    void itsExamplesAreAnsweredAsItSays() throws IOException {
        wire.participant("http://stock.example/out",
            Outcome.unknown("url:http://stock.example/out return code 500: no"));
        wire.coordinator.topics.subscribe("news", "http://a/x", "");
        begin("order-1");
        WireClient.Answer served = wire.send("GET", "/api/openapi.yaml", "");
        assertEquals("application/yaml", served.type());
        JsonNode api = JSON.valueToTree(new Yaml().<Map<String, Object>>load(served.body()));
        int sent = 0;
        for (Map.Entry<String, JsonNode> path : api.get("paths").properties()) {
            for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                send(api, path.getKey(), operation.getKey().toUpperCase(Locale.ROOT),
                    operation.getValue());
                sent++;
            }
        }
        assertTrue(sent >= 13, "sent " + sent);
    }

    private void begin(String gid) {
        assertEquals(200, wire.post("submit", "{\"gid\":\"" + gid + "\",\"trans_type\":\"saga\","
            + "\"steps\":[{\"action\":\"http://stock.example/out\"}],"
            + "\"payloads\":[\"{}\"]}").status());
    }

    private void send(JsonNode api, String path, String method, JsonNode operation)
            throws IOException {
        String target = path;
        if (method.equals("POST") && path.contains("{gid}")) {
            // Each acts on one of its own: no act is in the way of another.
            String own = "order-" + operation.get("operationId").asText();
            begin(own);
            if (path.endsWith("/again")) {
                assertEquals(200, wire.send("POST", "/api/v1/transactions/" + own + "/stop",
                    "{\"outcome\":\"failed\"}").status());
            }
            target = path.replace("{gid}", own);
        }
        List<String> query = new ArrayList<>();
        for (JsonNode ref : operation.path("parameters")) {
            JsonNode parameter = at(api, ref);
            if (parameter.has("example")) {
                String value = parameter.get("example").asText();
                String name = parameter.get("name").asText();
                if (parameter.get("in").asText().equals("path")) {
                    target = target.replace("{" + name + "}", value);
                } else {
                    query.add(name + "=" + WireClient.encoded(value));
                }
            }
        }
        JsonNode example = operation.at("/requestBody/content/application~1json/example");
        WireClient.Answer answer = wire.send(method,
            target + (query.isEmpty() ? "" : "?" + String.join("&", query)),
            example.isMissingNode() ? "" : example.toString());
        assertEquals(200, answer.status(), method + " " + target + ": " + answer.body());
        check(api, operation.at("/responses/200/content/application~1json/schema"),
            JSON.readTree(answer.body()), method + " " + path);
    }

    /** Whether what is required is there, and of what is there nothing is left out. */
    private static void check(JsonNode api, JsonNode schema, JsonNode told, String where) {
        JsonNode said = at(api, schema);
        for (JsonNode part : said.path("allOf")) {
            check(api, part, told, where);
        }
        for (JsonNode key : said.path("required")) {
            assertTrue(told.has(key.asText()), where + " lacks " + key.asText() + ": " + told);
        }
        for (Map.Entry<String, JsonNode> each : said.path("properties").properties()) {
            JsonNode value = told.path(each.getKey());
            JsonNode type = at(api, each.getValue());
            if (value.isArray()) {
                value.forEach(item -> check(api, type.path("items"), item, where));
            } else if (value.isObject()) {
                check(api, type, value, where);
            }
        }
        if (!said.has("allOf") && said.has("required") && !said.has("additionalProperties")) {
            told.fieldNames().forEachRemaining(name -> assertTrue(
                said.path("properties").has(name) || where.endsWith("history")
                    || where.endsWith("/{gid}") || where.endsWith("/export"),
                where + " does not describe " + name));
        }
    }

    private static JsonNode at(JsonNode api, JsonNode ref) {
        return ref.has("$ref") ? api.at(ref.get("$ref").asText().substring(1)) : ref;
    }

    /** What the rest of the interface has of this is described where it is told of. */
    @Test
    void itHasAllThatIsServed() {
        JsonNode api = JSON.valueToTree(new Yaml().<Map<String, Object>>load(
            wire.send("GET", "/api/openapi.yaml", "").body()));
        List<String> missing = HttpServer.routes(new HttpServer.Parts(wire.coordinator,
                new Ops(() -> "", () -> "", () -> ""), RouteMeter.NONE),
                HttpSettings.defaults(), new ErrorResponses(), Runnable::run).stream()
            .filter(route -> route.path().startsWith(Problem.BASE)
                && !route.path().equals(SessionRoutes.PATH))
            .filter(route -> !api.at("/paths/" + route.path().replace("/", "~1") + "/"
                + route.method().toLowerCase(Locale.ROOT)).isObject())
            .map(route -> route.method() + " " + route.path()).toList();
        assertEquals(List.of(), missing);
    }
}

package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import transaction.Outcome;

/**
 * How the clients in the field tell success from the rest (protocol section 10.1), applied to our
 * answers. What they send is in the golden conversations.
 */
class RealClientsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** When a client takes newGid for granted, when a request, and how it knows a verdict. */
    enum Client {
        GO(a -> a.status() / 100 == 2 && a.type().startsWith("application/json")
            && !texts(a).get("gid").isEmpty(),
            a -> a.status() == 200 && !a.body().contains("FAILURE"),
            a -> a.status() == 409 || a.body().contains("FAILURE")),
        JAVA(a -> texts(a).get("dtm_result").equals("SUCCESS") && !texts(a).get("gid").isEmpty(),
            a -> tree(a).path("dtm_result").asText().equals("SUCCESS"),
            a -> a.status() >= 300),
        NODE(a -> a.status() == 200 && !tree(a).path("gid").asText().isEmpty(),
            a -> a.status() == 200 && !a.body().contains("FAILURE"),
            a -> a.status() != 200),
        PYTHON(a -> a.status() == 200 && !a.body().contains("FAILURE")
            && !tree(a).path("gid").asText().isEmpty(),
            a -> a.status() == 200 && !a.body().contains("FAILURE"),
            a -> a.status() == 409),
        PHP(a -> a.status() == 200 && !tree(a).path("gid").asText().isEmpty(),
            a -> a.status() / 100 == 2 && !a.mentionsVerdict(),
            a -> a.status() >= 400),
        DTM_PHP(a -> texts(a).get("dtm_result").equals("SUCCESS") && !texts(a).get("gid").isEmpty(),
            a -> a.status() == 200,
            a -> a.status() == 409),
        CSHARP(a -> a.status() == 200 && !a.body().contains("FAILURE")
            && !texts(a).get("gid").isEmpty(),
            a -> a.status() == 200 && !a.body().contains("FAILURE"),
            a -> a.body().contains("FAILURE"));

        private final Predicate<WireClient.Answer> hasGid;
        private final Predicate<WireClient.Answer> isContent;
        private final Predicate<WireClient.Answer> seesVerdict;

        Client(Predicate<WireClient.Answer> hasGid, Predicate<WireClient.Answer> isContent,
                Predicate<WireClient.Answer> seesVerdict) {
            this.hasGid = hasGid;
            this.isContent = isContent;
            this.seesVerdict = seesVerdict;
        }
    }

    private static Wire wire;

    @BeforeAll
    static void start() {
        wire = Wire.start().participant("http://p/no", Outcome.failure("no funds"))
            .participant("http://p/down", Outcome.failure("says FAILURE for no reason"));
    }

    @AfterAll
    static void stop() {
        wire.close();
    }

    @ParameterizedTest
    @EnumSource(Client.class)
    void isContentWithEachSuccess(Client client) {
        assertTrue(client.hasGid.test(wire.get("newGid")));
        String one = "\"gid\":\"FAILURE-" + client + "\",\"trans_type\":\"tcc\"";
        String two = "\"gid\":\"2-" + client + "\",\"trans_type\":\"tcc\"";
        for (WireClient.Answer answer : List.of(
                wire.post("prepare", "{" + one + "}"),
                wire.post("registerBranch", "{" + one + ",\"branch_id\":\"01\","
                    + "\"data\":\"FAILURE\",\"confirm\":\"http://p/FAILURE\","
                    + "\"cancel\":\"http://p/failure\"}"),
                wire.post("submit", "{" + one + "}"),
                wire.post("prepare", "{" + two + "}"),
                wire.post("abort", "{" + two + ",\"rollback_reason\":\"FAILURE\"}"))) {
            assertTrue(client.isContent.test(answer), answer.toString());
            assertFalse(client.seesVerdict.test(answer), answer.toString());
            assertEquals(Map.of("dtm_result", "SUCCESS"), texts(answer));
        }
    }

    @ParameterizedTest
    @EnumSource(Client.class)
    void seesAVerdict(Client client) {
        WireClient.Answer refused = wire.post("submit", saga("f" + client, "http://p/no"));

        assertEquals(409, refused.status());
        assertTrue(client.seesVerdict.test(refused), refused.toString());
        assertFalse(client.isContent.test(refused), refused.toString());
    }

    /** Whatever else goes wrong is an error to each, and a verdict to none that can tell. */
    @ParameterizedTest
    @EnumSource(Client.class)
    void takesNoOtherErrorForAVerdict(Client client) {
        boolean canTell = !List.of(Client.JAVA, Client.NODE, Client.PHP).contains(client);
        for (WireClient.Answer answer : List.of(
                wire.post("abort", "{\"gid\":\"FAILURE\",\"trans_type\":\"tcc\"}"),
                wire.post("submit", "{\"gid\":\"x\",\"trans_type\":\"failure\"}"),
                wire.post("submit",
                    "{\"gid\":\"x\",\"trans_type\":\"saga\",\"steps\":\"FAILURE\"}"),
                wire.post("submit", "{\"gid\":\"x\",FAILURE"),
                wire.get("all?limit=FAILURE"),
                wire.get("subscribe?topic=t&url=FAILURE"),
                wire.post("submit", saga("m" + client, "http://p/down").replace("saga", "msg")))) {
            assertTrue(answer.status() >= 400, answer.toString());
            assertFalse(answer.mentionsVerdict(), answer.toString());
            assertFalse(client.isContent.test(answer), answer.toString());
            assertFalse(canTell && client.seesVerdict.test(answer), answer.toString());
        }
    }

    /** The C# client reads records strictly; section 3.3. */
    @Test
    void recordsSuitTheStrictestReader() throws Exception {
        wire.post("submit", saga("s", "http://p/no"));
        wire.post("submit", saga("t", "http://p/yes"));
        wire.post("prepare", "{\"gid\":\"u\",\"trans_type\":\"tcc\"}");
        for (String gid : List.of("s", "t", "u")) {
            JsonNode shown = JSON.readTree(wire.get("query?gid=" + gid).body());
            checkTransaction(shown.get("transaction"));
            assertTrue(shown.get("branches").isArray());
            shown.get("branches").forEach(RealClientsTest::checkBranch);
        }
        JSON.readTree(wire.get("all").body()).get("transactions")
            .forEach(RealClientsTest::checkTransaction);
    }

    /** Go and C# read a workflow's answer without looking at its status. */
    @Test
    void aWorkflowIsNeverNullAndItsProgressAlwaysAnArray() throws Exception {
        JsonNode fresh = JSON.readTree(wire.post("prepareWorkflow",
            "{\"gid\":\"w\",\"trans_type\":\"workflow\"}").body());

        checkTransaction(fresh.get("transaction"));
        assertTrue(fresh.get("progresses").isArray());
    }

    private static void checkTransaction(JsonNode t) {
        assertTrue(t.get("id").isInt());
        OffsetDateTime.parse(t.get("create_time").asText());
        OffsetDateTime.parse(t.get("update_time").asText());
        for (String optional : List.of("finish_time", "rollback_time", "next_cron_time")) {
            if (t.has(optional)) {
                OffsetDateTime.parse(t.get(optional).asText());
            }
        }
        assertTrue(t.get("gid").isTextual() && t.get("status").isTextual());
        assertTrue(t.get("options").isTextual());
        assertTrue(t.get("concurrent").isBoolean());
        assertTrue(t.get("next_cron_interval").isInt());
    }

    private static void checkBranch(JsonNode branch) {
        assertTrue(branch.get("id").isInt());
        OffsetDateTime.parse(branch.get("create_time").asText());
        OffsetDateTime.parse(branch.get("update_time").asText());
        for (String text : List.of("gid", "branch_id", "op", "status")) {
            assertTrue(branch.get(text).isTextual(), text);
        }
        assertTrue(!branch.has("bin_data") || branch.get("bin_data").isTextual());
    }

    private static String saga(String gid, String url) {
        return "{\"gid\":\"" + gid + "\",\"trans_type\":\"saga\",\"wait_result\":true,"
            + "\"steps\":[{\"action\":\"" + url + "\"}],\"payloads\":[\"{}\"]}";
    }

    private static JsonNode tree(WireClient.Answer answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (java.io.IOException broken) {
            throw new java.io.UncheckedIOException(broken);
        }
    }

    /** As the Go client decodes it: a map of strings, and nothing but strings. */
    private static Map<String, String> texts(WireClient.Answer answer) {
        tree(answer).forEach(value -> assertTrue(value.isTextual(), answer.body()));
        return JSON.convertValue(tree(answer), new TypeReference<>() {});
    }
}

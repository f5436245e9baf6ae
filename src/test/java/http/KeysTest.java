package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import transaction.Limits;

/** One rule for keys at every door: nothing that a client says is passed over in silence. */
class KeysTest {

    private static final String URLS = "\"http://p/out\",\"compensate\":\"http://p/undo\"}]";
    private static final String STEPS =
        "\"steps\":[{\"action\":" + URLS + ",\"payloads\":[\"{}\"]";

    private static Wire wire;

    @BeforeAll
    static void start() {
        wire = Wire.start();
    }

    @AfterAll
    static void stop() {
        wire.close();
    }

    /** Who only counts in the end has read, and put into a map, all that a stranger has sent. */
    @Test
    void whatIsTooMuchIsNotReadToItsEnd() {
        assertRefused("branch_headers has more than 64 entries",
            "\"branch_headers\":{" + colliding(Limits.BRANCH_HEADERS + 1, "\"\"") + " broken");
        assertRefused("steps has more than 1000 entries",
            "\"steps\":[" + "{\"action\":\"\"},".repeat(Limits.STEPS + 1) + " broken");
        assertRefused("custom_data of a saga: orders has a key that is no index of a step",
            STEPS + ",\"custom_data\":\"{\\\"concurrent\\\":true,\\\"orders\\\":{\\\"1000\\\":[]"
                + " broken\"");
        assertRefused("custom_data of a saga: orders has more than 1000 entries",
            STEPS + ",\"custom_data\":\"{\\\"orders\\\":{\\\"1\\\":["
                + "0,".repeat(Limits.STEPS + 1) + " broken\"");
    }

    /** The names that collide take no more than others: 49,000 of them once took ten seconds. */
    @Test
    void namesThatCollideAreAnsweredLikeOthers() {
        String many = colliding(1 << 14, "\"\"");
        assertRefused("branch_headers has more than 64 entries",
            "\"branch_headers\":{" + many + "}");
        assertEquals(200, wire.post("prepare", "{\"gid\":\"collide\",\"trans_type\":\"tcc\","
            + "\"req_extra\":{" + many + "}," + many + "}").status());
    }

    @Test
    void parametersOfAUrlAreBounded() {
        String most = "&x=".repeat(Limits.QUERY_PARAMETERS - 1);
        assertEquals(200, wire.get("query?gid=q" + most).status());
        assertEquals(400, wire.get("query?gid=q" + most + "&x=").status());
        assertEquals("{\"message\":\"the url has more than 100 parameters\"}",
            wire.get("all?" + "a=1&".repeat(3_000)).body());
    }

    @Test
    void theKeysOfStepsMatchInAnyCaseToo() {
        wire.post("submit", "{\"GID\":\"case\",\"Trans_Type\":\"saga\",\"Steps\":[{\"Action\":"
            + URLS.replace("compensate", "COMPENSATE") + ",\"PAYLOADS\":[\"{}\"]}");

        assertEquals(List.of("http://p/undo", "http://p/out"),
            wire.coordinator.state("case").ops().stream().map(op -> op.url()).toList());
        assertEquals("succeed", wire.coordinator.state("case").status().wire());
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
        saga | {"url":"http://p/out","compensation":"x"} | step 1 has no action
        saga | {}                                        | step 1 has no action
        saga | {"action":null}                           | step 1 has no action
        msg  | {"url":"http://p/out"}                    | step 1 has no action
        msg  | {"data":"{}"}                             | step 1 has no action
        saga | {"action":"","Action":""}  | the key action stands twice in a step
        saga | {"_action":""}             | unknown key _action in a step; did you mean action?
        saga | {"action":5}               | a step.action must be a string, not a number
        """)
    void aStepNamesItsAction(String mode, String step, String told) {
        for (String path : List.of("submit", "prepare")) {
            assertEquals("{\"message\":\"" + told + "\"}", wire.post(path,
                "{\"gid\":\"step\",\"trans_type\":\"" + mode + "\",\"steps\":[" + step
                    + "],\"payloads\":[\"{}\"]}").body());
        }
        assertTrue(wire.coordinator.state("step").isAbsent());
    }

    @Test
    void anEmptyActionStillMeansThatThereIsNothingToCall() {
        assertEquals(200, wire.post("submit", "{\"gid\":\"empty\",\"trans_type\":\"saga\","
            + "\"steps\":[{\"action\":\"\",\"unknown\":7}],\"payloads\":[\"\"]}").status());
    }

    /** The client of DTM for Rust writes the input of a workflow so. */
    @Test
    void theInputOfAWorkflowMayBeAnArrayOfBytes() {
        assertEquals(200, wire.post("prepareWorkflow", "{\"gid\":\"rust\",\"trans_type\":"
            + "\"workflow\",\"query_prepared\":\"http://p/resume\",\"custom_data\":"
            + "\"{\\\"name\\\":\\\"w\\\",\\\"data\\\":[123,125]}\"}").status());

        assertEquals(transaction.Bytes.utf8("{}"),
            wire.coordinator.state("rust").inquiry().payload());
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
        submit          | "waitResult":true      | wait_result
        submit          | "timeoutToFail":"5"    | timeout_to_fail
        submit          | "WaitResult":true      | wait_result
        submit          | "branch-headers":{}    | branch_headers
        submit          | "Trans-Type":"tcc"     | trans_type
        prepare         | "customData":""        | custom_data
        abort           | "rollbackReason":"why" | rollback_reason
        forceStop       | "g_id":"x"             | gid
        registerBranch  | "branchId":"02"        | branch_id
        registerBranch  | "transType":"tcc"      | trans_type
        prepareWorkflow | "queryPrepared":"x"    | query_prepared
        resetNextCronTime | "gId_":"x"           | gid
        """)
    void aKeyThatIsAlmostKnownIsRefused(String path, String key, String meant) {
        String written = key.substring(1, key.indexOf('"', 1));
        String body =
            "{\"gid\":\"almost\",\"trans_type\":\"tcc\",\"branch_id\":\"01\"," + key + "}";
        String told = "unknown key " + written + " in the body; did you mean " + meant + "?";

        WireClient.Answer answer = wire.post(path, body);

        assertEquals(400, answer.status());
        assertEquals("{\"message\":\"" + told + "\"}", answer.body());
        if (List.of("submit", "prepare", "abort", "registerBranch").contains(path)) {
            String rpc = wire.send("POST", JsonRpcRoute.PATH, "{\"jsonrpc\":\"2.0\",\"id\":1,"
                + "\"method\":\"" + path + "\",\"params\":" + body + "}").body();
            assertTrue(rpc.contains("\"message\":\"" + told + "\""), rpc);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0661", "+1", "-0", "\uff11", "", " 1"})
    void aKeyOfOrdersIsInAsciiDigits(String key) {
        assertRefused("custom_data of a saga: orders has a key that is no index of a step",
            STEPS + ",\"custom_data\":\"{\\\"concurrent\\\":true,\\\"orders\\\":{\\\"" + key
                + "\\\":[]}}\"");
    }

    /** As the action of a step: the empty string says that there is none, and silence is a slip. */
    @ParameterizedTest
    @ValueSource(strings = {"confirm", "cancel"})
    void aTccBranchMustHaveBothKeys(String forgotten) {
        wire.post("prepare", "{\"gid\":\"both\",\"trans_type\":\"tcc\"}");
        String branch = "{\"gid\":\"both\",\"trans_type\":\"tcc\",\"branch_id\":\"" + forgotten
            + "\",\"confirm\":\"\",\"cancel\":\"\"}";
        String key = ",\"" + forgotten + "\":";
        for (String each : List.of(branch.replace(key + "\"\"", ""),
                branch.replace(key + "\"\"", key + "null"))) {
            WireClient.Answer answer = wire.post("registerBranch", each);
            assertEquals(400, answer.status());
            assertEquals("{\"message\":\"the branch has no " + forgotten + "\"}", answer.body());
            String rpc = wire.send("POST", JsonRpcRoute.PATH, "{\"jsonrpc\":\"2.0\",\"id\":1,"
                + "\"method\":\"registerBranch\",\"params\":" + each + "}").body();
            assertTrue(rpc.contains("the branch has no " + forgotten), rpc);
        }
        assertEquals(200, wire.post("registerBranch", branch).status());
    }

    @Test
    void aKeyOfARequestStandsThereOnce() {
        assertEquals("{\"message\":\"the key gid stands twice in the body\"}", wire.post("prepare",
            "{\"gid\":\"one\",\"GID\":\"two\",\"trans_type\":\"tcc\"}").body());
        assertTrue(wire.send("POST", JsonRpcRoute.PATH, "{\"jsonrpc\":\"2.0\",\"id\":1,"
            + "\"method\":\"newGid\",\"method\":\"abort\"}").body()
            .contains("the key method stands twice in the request"));
        assertTrue(wire.post("submit", "{\"gid\":\"one\",\"trans_type\":\"workflow\",\"req_extra\":"
            + "{\"status\":\"succeed\",\"Status\":\"failed\"}}").body()
            .contains("the key status stands twice in req_extra"));
    }

    @ParameterizedTest
    @CsvSource({
        "all?trans_type=saga, transType", "all?transtype=saga, transType", "all?Limit=1, limit",
        "all?create_time_start=1, createTimeStart", "query?GID=a, gid",
        "subscribe?Topic=t&url=http://p, topic", "subscribe?topic=t&URL=http://p, url",
        "scanKV?Cat=topics, cat", "queryKV?cat=topics&Key=t, key",
        "resetCronTime?time_out=5, timeout"})
    void aParameterThatIsAlmostKnownIsRefused(String request, String meant) {
        WireClient.Answer answer = wire.get(request);

        assertEquals(400, answer.status(), answer.body());
        assertTrue(answer.body().contains("; did you mean " + meant + "?"), answer.body());
    }

    @Test
    void aParameterStandsThereOnce() {
        assertEquals("{\"message\":\"the parameter gid stands twice in the url\"}",
            wire.get("query?gid=a&gid=b").body());
        assertEquals(200, wire.get("query?gid=a&x=1&x=2").status());
    }

    private static void assertRefused(String told, String rest) {
        String body = "{\"gid\":\"refused\",\"trans_type\":\"saga\"," + rest + "}";
        assertEquals("{\"message\":\"" + told + "\"}", wire.post("submit", body).body());
        String rpc = wire.send("POST", JsonRpcRoute.PATH, "{\"jsonrpc\":\"2.0\",\"id\":1,"
            + "\"method\":\"prepare\",\"params\":" + body + "}").body();
        assertTrue(rpc.contains(told) || rpc.contains("malformed JSON"), rpc);
        assertTrue(wire.coordinator.state("refused").isAbsent());
    }

    /** So many keys of one hash code, each with that value. */
    private static String colliding(int count, String value) {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < count; i++) {
            all.append(i == 0 ? "\"" : ",\"");
            for (int bit = 0; bit < 16; bit++) {
                all.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            all.append("\":").append(value);
        }
        return all.toString();
    }
}

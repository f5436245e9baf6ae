package pactor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import transaction.Limits;

/** What docs/protocol.md gives as a bound is taken, and what is beyond it is a 400. */
class LimitsTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static LocalCoordinator local;
    private static int number;

    @BeforeAll
    static void start() {
        local = LocalCoordinator.start();
    }

    @AfterAll
    static void stop() {
        local.close();
    }

    /** More is cut, as documented, and not refused. */
    @ParameterizedTest
    @ValueSource(strings = {"all", "resetCronTime", "scanKV?cat=topics&"})
    void aPageHasFromOneToAThousandRows(String path) throws Exception {
        String asked = path.contains("?") ? path : path + "?";
        assertEquals(400, get("dtmsvr/" + asked + "limit=0"));
        for (long limit : new long[] {1, Limits.PAGE_ROWS, Limits.PAGE_ROWS + 1, Long.MAX_VALUE}) {
            assertEquals(200, get("dtmsvr/" + asked + "limit=" + limit), path + " " + limit);
        }
        assertEquals(400, get("dtmsvr/" + asked + "limit=9223372036854775808"));
    }

    @Test
    void aMomentAndAWaitMayBeAnyThatExist() throws Exception {
        for (long millis : new long[] {Long.MIN_VALUE, -1, 0, Long.MAX_VALUE}) {
            assertEquals(200, get("dtmsvr/all?createTimeStart=" + millis));
            assertEquals(200, get("dtmsvr/all?createTimeEnd=" + millis));
        }
        assertEquals(200, get("dtmsvr/resetCronTime?timeout=" + Limits.SECONDS_MAX));
        assertEquals(400, get("dtmsvr/resetCronTime?timeout=" + (Limits.SECONDS_MAX + 1)));
        assertEquals(200, get("dtmsvr/resetCronTime?timeout=0"));
        assertEquals(400, get("dtmsvr/resetCronTime?timeout=-1"));
    }

    @Test
    void idsHaveUpToTheirLength() throws Exception {
        String gid = "g".repeat(Limits.GID_CHARS);
        assertEquals(200, prepare("\"gid\":\"" + gid + "\""));
        assertEquals(400, prepare("\"gid\":\"" + gid + "g\""));
        for (String path : new String[] {"dtmsvr/query?gid=", "dtmsvr/all?gid="}) {
            assertEquals(200, get(path + gid));
            assertEquals(400, get(path + gid + "g"));
        }
        String branch = "b".repeat(Limits.BRANCH_ID_CHARS);
        assertEquals(200, register(gid, branch));
        assertEquals(400, register(gid, branch + "b"));
    }

    @ParameterizedTest
    @CsvSource({"topic, 128", "url, 2048", "remark, 1024"})
    void aSubscriptionHasUpToItsLengths(String what, int most) throws Exception {
        for (int chars : new int[] {most, most + 1}) {
            String topic = what.equals("topic") ? "t".repeat(chars) : what;
            String url = what.equals("url") ? "http://a/" + "u".repeat(chars - 9) : "http://a";
            String remark = what.equals("remark") ? "r".repeat(chars) : "";
            String query = "?topic=" + topic + "&url=" + encoded(url) + "&remark=" + remark;
            assertEquals(chars == most ? 200 : 400, get("dtmsvr/subscribe" + query), what);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"timeout_to_fail", "request_timeout", "retry_interval", "retry_limit",
        "retry_count"})
    void numbersGoFromZeroToTenYears(String name) throws Exception {
        assertEnds(n -> "\"" + name + "\":" + n, Limits.SECONDS_MAX);
        assertEquals(200, prepare(fresh() + ",\"" + name + "\":0"));
        assertEquals(400, prepare(fresh() + ",\"" + name + "\":-1"));
    }

    @Test
    void listsAndTextsHaveUpToTheirSize() throws Exception {
        assertEnds(n -> "\"branch_headers\":{" + IntStream.range(0, n)
            .mapToObj(i -> "\"x-" + i + "\":\"\"").collect(Collectors.joining(",")) + "}",
            Limits.BRANCH_HEADERS);
        assertEnds(n -> "\"branch_headers\":{\"x\":\"" + "v".repeat(n) + "\"}",
            Limits.BRANCH_HEADER_CHARS);
        assertEnds(n -> "\"branch_headers\":{\"" + "x".repeat(n) + "\":\"v\"}",
            Limits.BRANCH_HEADER_CHARS);
        assertEnds(n -> "\"custom_data\":\"" + "c".repeat(n) + "\"", Limits.CUSTOM_DATA_CHARS);
    }

    @Test
    void stepsHaveUpToTheirNumberAndSize() throws Exception {
        for (int over : new int[] {0, 1}) {
            int taken = over == 0 ? 200 : 400;
            int steps = Limits.STEPS + over;
            assertEquals(taken, saga(steps, "{\"action\":\"\"}", "\"\""));
            assertEquals(taken, saga(1, "{\"action\":\"http://a/"
                + "u".repeat(Limits.URL_CHARS - 9 + over) + "\"}", "\"\""));
            assertEquals(taken, saga(1, "{\"action\":\"\"}",
                "\"" + "p".repeat(Limits.PAYLOAD_BYTES + over) + "\""));
        }
    }

    @Test
    void theControlsOfTheTestModeGoToTheirEndsToo() throws Exception {
        assertEquals(200, post("test/pass-delay", "{\"millis\":60000}"));
        assertEquals(400, post("test/pass-delay", "{\"millis\":60001}"));
        assertEquals(200, post("test/pass-delay", "{\"millis\":0}"));
        assertEquals(400, post("test/clock/advance", "{\"seconds\":-1}"));
        assertEquals(400, post("test/clock/advance", "{\"seconds\":" + (Limits.SECONDS_MAX + 1)
            + "}"));
        assertEquals(200, get("test/passes?after=9223372036854775807&wait=0"));
        assertEquals(400, get("test/passes?after=0&wait=30001"));
    }

    private static void assertEnds(IntFunction<String> field, int most) throws Exception {
        assertEquals(200, prepare(fresh() + "," + field.apply(most)), "at " + most);
        assertEquals(400, prepare(fresh() + "," + field.apply(most + 1)), "beyond " + most);
    }

    private static String fresh() {
        return "\"gid\":\"limits-" + number++ + "\"";
    }

    private static int prepare(String fields) throws Exception {
        return post("dtmsvr/prepare", "{\"trans_type\":\"tcc\"," + fields + "}");
    }

    private static int saga(int steps, String step, String payload) throws Exception {
        return post("dtmsvr/prepare", "{\"trans_type\":\"saga\"," + fresh() + ",\"steps\":["
            + String.join(",", Collections.nCopies(steps, step)) + "],\"payloads\":["
            + String.join(",", Collections.nCopies(steps, payload)) + "]}");
    }

    private static int register(String gid, String branch) throws Exception {
        return post("dtmsvr/registerBranch", "{\"gid\":\"" + gid + "\",\"trans_type\":\"tcc\","
            + "\"branch_id\":\"" + branch + "\",\"confirm\":\"\",\"cancel\":\"\"}");
    }

    private static int get(String path) throws IOException, InterruptedException {
        return HTTP.send(HttpRequest.newBuilder(uri(path)).build(),
            HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    private static int post(String path, String body) throws IOException, InterruptedException {
        return HTTP.send(HttpRequest.newBuilder(uri(path))
                .POST(HttpRequest.BodyPublishers.ofString(body)).build(),
            HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    private static URI uri(String path) {
        return URI.create("http://127.0.0.1:" + local.http().getPort() + "/api/" + path);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}

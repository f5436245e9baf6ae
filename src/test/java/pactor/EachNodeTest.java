package pactor;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import grpc.DtmClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import transaction.LiveEvents;
import wire.DtmRequest;

/**
 * Two nodes: each call is made at one, and what it did is seen at the other. Every test takes as
 * many gids as are needed for some of them to live here and some there.
 */
class EachNodeTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int GIDS = 12;
    private static final String API = "/api/dtmsvr/";

    private static LocalCluster cluster;
    private static Server one;
    private static Server two;

    @BeforeAll
    static void start() {
        cluster = new LocalCluster();
        one = cluster.add("pactor.http.max-body = 16 MiB");
        two = cluster.add("pactor.http.max-body = 16 MiB");
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void participantAnswers() {
        cluster.answer.set(200);
    }

    @Test
    void aSagaIsSubmittedHereAndQueriedAndListedThere() {
        for (int i = 0; i < GIDS; i++) {
            fine(cluster.post(node(i), API + "submit", saga("saga-" + i, "\"wait_result\":true,")));
            assertEquals("succeed", status(other(i), "saga-" + i));
            assertTrue(cluster.get(other(i), API + "all?limit=1000").body()
                .contains("\"saga-" + i + "\""));
        }
    }

    @Test
    void aTccIsPreparedAndJoinedAndDecidedAtEitherNode() {
        for (int i = 0; i < GIDS; i++) {
            String gid = "tcc-" + i;
            String head = "{\"gid\":\"" + gid + "\",\"trans_type\":\"tcc\"";
            fine(cluster.post(node(i), API + "prepare", head + "}"));
            fine(cluster.post(other(i), API + "registerBranch", head
                + ",\"branch_id\":\"01\",\"confirm\":\"" + cluster.participant()
                + "\",\"cancel\":\"" + cluster.participant() + "\",\"data\":\"{}\"}"));
            String decision = i % 3 == 0 ? "abort" : "submit";
            fine(cluster.post(node(i / 2), API + decision, head + "}"));
            String end = i % 3 == 0 ? "failed" : "succeed";
            Server asked = other(i / 2);
            await().atMost(SOON).until(() -> status(asked, gid).equals(end));
        }
    }

    @Test
    void anOperatorStopsAndHurriesAtEitherNode() {
        cluster.answer.set(500);
        for (int i = 0; i < GIDS; i++) {
            String gid = "stuck-" + i;
            int before = cluster.calls.get();
            fine(cluster.post(node(i), API + "submit", saga(gid, "\"retry_interval\":600,")));
            Server asked = other(i);
            await().atMost(SOON).until(() -> {
                fine(cluster.post(
                    asked, API + "resetNextCronTime", "{\"gid\":\"" + gid + "\"}"));
                return cluster.calls.get() > before + 1;
            });
            fine(cluster.post(other(i), API + "forceStop", "{\"gid\":\"" + gid + "\"}"));
            assertEquals("failed", status(node(i), gid));
            assertEquals(409, cluster.post(node(i), API + "forceStop",
                "{\"gid\":\"" + gid + "\"}").statusCode());
        }
    }

    @Test
    void aTopicThatIsChangedHereIsSeenThere() {
        fine(cluster.get(one, API + "subscribe?topic=t&url=" + cluster.participant()
            + "&remark=r"));
        String message = """
            {"gid":"msg-%s","trans_type":"msg","query_prepared":"%s","wait_result":true,
             "steps":[{"action":"topic://t"}],"payloads":["{}"]}""";
        int before = cluster.calls.get();
        fine(cluster.post(two, API + "submit", message.formatted("1", cluster.participant())));
        assertEquals(before + 1, cluster.calls.get());
        fine(cluster.get(two, API + "unsubscribe?topic=t&url=" + cluster.participant()));
        assertEquals(400, cluster.post(one, API + "submit",
            message.formatted("2", cluster.participant())).statusCode());
    }

    @Test
    void aWorkflowAndJsonRpcAndGrpcWorkAtEitherNode() {
        for (int i = 0; i < GIDS; i++) {
            String gid = "flow-" + i;
            fine(cluster.post(node(i), API + "prepareWorkflow", """
                {"gid":"%s","trans_type":"workflow","query_prepared":"%s",
                 "custom_data":"{\\"name\\":\\"n\\",\\"data\\":null}"}"""
                .formatted(gid, cluster.participant())));
            HttpResponse<String> rpc = cluster.post(other(i), "/api/json-rpc", """
                {"jsonrpc":"2.0","id":"1","method":"submit","params":
                 {"gid":"%s","trans_type":"workflow","req_extra":{"status":"succeed"}}}"""
                .formatted(gid));
            assertTrue(rpc.body().contains("\"error\":null"), rpc.body());
            assertEquals("succeed", status(node(i), gid));
            try (DtmClient client = new DtmClient(other(i).grpcAddress().orElseThrow().getPort())) {
                DtmRequest request = DtmRequest.newBuilder().setGid("grpc-" + i)
                    .setTransType("msg").setQueryPrepared("127.0.0.1:1/q/q")
                    .setSteps("[{\"action\":\"127.0.0.1:1/p/p\"}]")
                    .addBinPayloads(ByteString.copyFromUtf8("x")).build();
                assertEquals("OK", client.ask("Prepare", request).code());
                assertEquals("prepared", status(node(i), "grpc-" + i));
            }
        }
    }

    @Test
    void whatIsLargerThanAFrameComesThroughWhole() {
        String payload = "x".repeat(1_000_000);
        for (int i = 0; i < 6; i++) {
            long before = cluster.bytes.get();
            fine(cluster.post(node(i), API + "submit", """
                {"gid":"large-%d","trans_type":"saga","wait_result":true,
                 "steps":[{"action":"%2$s"},{"action":"%2$s"},{"action":"%2$s"}],
                 "payloads":["%3$s","%3$s","%3$s"]}"""
                .formatted(i, cluster.participant(), payload)));
            assertEquals(3 * payload.length(), cluster.bytes.get() - before);
            for (Server each : new Server[] {one, two}) {
                String found = cluster.get(each, API + "query?gid=large-" + i).body();
                assertTrue(found.length() > 3 * payload.length(), "only " + found.length());
            }
        }
    }

    @Test
    void eventsOfBothNodesAreReadAtEither() {
        LiveEvents.Reader reader = LocalCluster.await(
            two.pactor().events().open("", LiveEvents.Filter.ALL)).orElseThrow();
        Set<String> awaited = new HashSet<>();
        for (int i = 0; i < GIDS; i++) {
            fine(cluster.post(one, API + "submit", saga("event-" + i, "")));
            awaited.add("event-" + i);
        }
        await().atMost(SOON).until(() -> {
            LocalCluster.await(reader.next()).orElseThrow().told().forEach(
                each -> awaited.remove(each.notice().subject().gid()));
            return awaited.isEmpty();
        });
        reader.close();
    }

    private static Server node(int i) {
        return i % 2 == 0 ? one : two;
    }

    private static Server other(int i) {
        return node(i + 1);
    }

    private static String saga(String gid, String options) {
        return "{\"gid\":\"" + gid + "\",\"trans_type\":\"saga\"," + options
            + "\"steps\":[{\"action\":\"" + cluster.participant() + "\"}],\"payloads\":[\"{}\"]}";
    }

    private static String status(Server node, String gid) {
        String body = cluster.get(node, API + "query?gid=" + gid).body();
        String found = body.substring(body.indexOf("\"transaction\""));
        return found.replaceAll("(?s).*?\"status\":\"([a-z]+)\".*", "$1");
    }

    private static void fine(HttpResponse<String> response) {
        assertEquals(200, response.statusCode(), response.body());
    }
}

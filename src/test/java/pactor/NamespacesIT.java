package pactor;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import client.CoordinatorProcess;
import client.CoordinatorProcess.Launch;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import com.sun.net.httpserver.HttpServer;
import grpc.DtmClient;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import security.Token;
import wire.DtmBranchRequest;
import wire.DtmProgressesReply;
import wire.DtmRequest;

/** The runnable jar with three teams that use the same gids. */
class NamespacesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final List<String> TEAMS = List.of("", "orders/", "stock/");
    private static final List<String> MODES = List.of("saga", "msg", "tcc", "xa", "workflow");
    private static final String API = "/api/dtmsvr/";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** Of each call its namespace, its gid and its path. */
    private static final List<String> CALLS = new CopyOnWriteArrayList<>();

    private static HttpServer participant;
    private static CoordinatorProcess server;
    private static DtmClient grpc;

    @BeforeAll
    static void start(@TempDir Path dir) throws IOException {
        participant = HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        participant.setExecutor(Executors.newCachedThreadPool());
        participant.createContext("/", call -> {
            call.getRequestBody().readAllBytes();
            String namespace = call.getRequestHeaders().getFirst("Pactor-Namespace");
            String query = "&" + call.getRequestURI().getRawQuery();
            CALLS.add((namespace == null ? "" : namespace + "/") + " "
                + query.replaceFirst(".*&gid=([^&]*).*", "$1") + " "
                + call.getRequestURI().getPath());
            byte[] answer = "{\"dtm_result\":\"SUCCESS\"}".getBytes();
            call.sendResponseHeaders(200, answer.length);
            call.getResponseBody().write(answer);
            call.close();
        });
        participant.start();
        List<String> lines = new ArrayList<>();
        for (String grant : List.of("client", "orders/client", "stock/client", "small/client",
                "orders/operator", "admin")) {
            lines.add("somebody " + grant + " sha256:"
                + HexFormat.of().formatHex(Token.hash(grant)));
        }
        Path identities = Files.write(dir.resolve("identities"), lines);
        server = CoordinatorProcess.start(Launch.in(dir.resolve("data"))
            .withJvm("-Xmx256m", "-XX:TieredStopAtLevel=1").withArguments(
                "--set", "pactor.security.identities-file=" + identities,
                "--set", "pactor.security.quotas=small open=2"));
        grpc = new DtmClient(server.grpcPort());
    }

    @AfterAll
    static void end() {
        grpc.close();
        server.close();
        participant.stop(0);
    }

    @Test
    void equalGidsOfTeamsGoTheirOwnWays() throws Exception {
        for (String door : List.of("http", "json-rpc", "grpc")) {
            for (String mode : MODES) {
                for (String team : TEAMS) {
                    carryOut(door, mode, team);
                }
            }
        }
        Map<String, List<String>> seen = new TreeMap<>();
        for (String team : TEAMS) {
            for (String gid : gids()) {
                await(team + gid).atMost(PATIENCE).until(() ->
                    "succeed".equals(query(team, gid).at("/transaction/status").asText()));
            }
            seen.put(team, listed(team));
            assertEquals(gids().stream().sorted().toList(), seen.get(team));
            List<String> own = CALLS.stream().filter(each -> each.startsWith(team + " "))
                .map(each -> each.substring(team.length() + 1)).sorted().toList();
            List<String> others = CALLS.stream().filter(each -> each.startsWith(" "))
                .map(each -> each.substring(1)).sorted().toList();
            assertEquals(others, own, "each is called once for each team");
        }
        assertEquals(3 * (gids().size() - 2), CALLS.size(), "no workflow calls anybody here");
        server.restart();
        grpc.close();
        grpc = new DtmClient(server.grpcPort());
        for (String team : TEAMS) {
            assertEquals(seen.get(team), listed(team));
            String history = get(team + "client", "history?gid=saga-http").body();
            assertTrue(history.contains("\"gid\":\"saga-http\""), history);
            assertFalse(history.contains("\\t"), history);
        }
        assertEquals(404, post("orders/operator", "forceStop", "{\"gid\":\"nobody\"}")
            .statusCode());
    }

    private static List<String> gids() {
        List<String> gids = new ArrayList<>();
        for (String door : List.of("http", "json-rpc", "grpc")) {
            MODES.stream().filter(mode -> !door.equals("json-rpc") || !mode.equals("workflow"))
                .forEach(mode -> gids.add(mode + "-" + door));
        }
        return gids;
    }

    private static String url(String path) {
        return "http://127.0.0.1:" + participant.getAddress().getPort() + "/" + path;
    }

    private static void carryOut(String door, String mode, String team) throws Exception {
        String gid = mode + "-" + door;
        String client = team + "client";
        switch (mode) {
            case "saga", "msg" -> ask(door, client, "submit", gid, mode,
                "\"steps\":[{\"action\":\"" + url(mode) + "\"}],\"payloads\":[\"{}\"]");
            case "tcc", "xa" -> {
                ask(door, client, "prepare", gid, mode, "");
                ask(door, client, "registerBranch", gid, mode, "");
                ask(door, client, "submit", gid, mode, "");
            }
            default -> {
                if (!door.equals("json-rpc")) {
                    ask(door, client, "prepareWorkflow", gid, mode, "\"custom_data\":\""
                        + "{\\\"name\\\":\\\"w\\\",\\\"data\\\":\\\"\\\"}\"");
                    ask(door, client, "submit", gid, mode,
                        "\"req_extra\":{\"status\":\"succeed\"}");
                }
            }
        }
    }

    private static void ask(String door, String client, String name, String gid, String mode,
            String rest) throws Exception {
        if (door.equals("grpc")) {
            assertEquals("OK", overGrpc(client, name, gid, mode));
            return;
        }
        String branch = ",\"branch_id\":\"01\",\"data\":\"{}\",\"confirm\":\"" + url(mode)
            + "\",\"cancel\":\"" + url("cancel") + "\",\"url\":\"" + url(mode) + "\"";
        String body = "{\"gid\":\"" + gid + "\",\"trans_type\":\"" + mode + "\""
            + (name.equals("registerBranch") ? branch : "")
            + (rest.isEmpty() ? "" : "," + rest) + "}";
        HttpResponse<String> answer = door.equals("http") ? post(client, name, body)
            : send(client, "POST", "/api/json-rpc", "{\"jsonrpc\":\"2.0\",\"id\":\"1\","
                + "\"method\":\"" + name + "\",\"params\":" + body + "}");
        assertEquals(200, answer.statusCode(), answer.body());
        assertFalse(door.equals("json-rpc") && !answer.body().contains("\"error\":null"),
            answer.body());
    }

    private static String overGrpc(String client, String name, String gid, String mode) {
        String method = name.substring(0, 1).toUpperCase() + name.substring(1);
        if (name.equals("registerBranch")) {
            return code(client, method, DtmBranchRequest.newBuilder().setGid(gid)
                .setTransType(mode).setBranchID("01").putData("confirm", url(mode))
                .putData("cancel", url("cancel")).putData("url", url(mode)).build(),
                Empty.getDefaultInstance());
        }
        DtmRequest.Builder asked = DtmRequest.newBuilder().setGid(gid).setTransType(mode);
        if (mode.equals("saga") || mode.equals("msg")) {
            asked.setSteps("[{\"action\":\"" + url(mode) + "\"}]")
                .addBinPayloads(ByteString.copyFromUtf8("{}"));
        }
        if (mode.equals("workflow")) {
            asked.setCustomedData("{\"name\":\"w\",\"data\":\"\"}");
            if (name.equals("submit")) {
                asked.putReqExtra("status", "succeed");
            }
        }
        return code(client, method, asked.build(), name.equals("prepareWorkflow")
            ? DtmProgressesReply.getDefaultInstance() : Empty.getDefaultInstance());
    }

    private static <Q extends Message, A extends Message> String code(
            String token, String method, Q request, A answer) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
            "Bearer " + token);
        try {
            ClientCalls.blockingUnaryCall(ClientInterceptors.intercept(grpc.channel(),
                    MetadataUtils.newAttachHeadersInterceptor(headers)),
                DtmClient.method(method, request, answer), CallOptions.DEFAULT, request);
            return "OK";
        } catch (StatusRuntimeException failed) {
            return failed.getStatus().getCode().name();
        }
    }

    @Test
    void aQuotaRefusesStartsAndNothingElse() throws Exception {
        for (int i = 0; i < 2; i++) {
            assertEquals(200, post("small/client", "prepare", tcc("q" + i)).statusCode());
        }
        HttpResponse<String> refused = post("small/client", "prepare", tcc("q2"));
        assertEquals(429, refused.statusCode(), refused.body());
        assertEquals("1", refused.headers().firstValue("Retry-After").orElse(""));
        assertEquals("RESOURCE_EXHAUSTED", overGrpc("small/client", "prepare", "q2", "tcc"));
        assertEquals(200, post("small/client", "prepare", tcc("q0")).statusCode());
        assertEquals(200, post("orders/client", "prepare", tcc("q2")).statusCode());
        assertEquals(200, post("small/client", "submit", tcc("q0")).statusCode());
        await().atMost(PATIENCE).until(
            () -> post("small/client", "prepare", tcc("q2")).statusCode() == 200);
        assertEquals(429, post("small/client", "prepare", tcc("q3")).statusCode());
        String metrics = send("admin", "GET", "/api/metrics", "").body();
        assertTrue(metrics.contains("pactor_namespace_open_transactions{namespace=\"small\"} 2"),
            metrics);
    }

    private static String tcc(String gid) {
        return "{\"gid\":\"" + gid + "\",\"trans_type\":\"tcc\"}";
    }

    private static JsonNode query(String team, String gid) throws Exception {
        return new ObjectMapper().readTree(get(team + "client", "query?gid=" + gid).body());
    }

    private static List<String> listed(String team) throws Exception {
        List<String> gids = new ArrayList<>();
        new ObjectMapper().readTree(get(team + "client", "all?limit=100&status=succeed").body())
            .get("transactions").forEach(row -> gids.add(row.get("gid").asText()));
        return gids.stream().sorted().toList();
    }

    private static HttpResponse<String> get(String token, String name) throws Exception {
        return send(token, "GET", API + name, "");
    }

    private static HttpResponse<String> post(String token, String name, String body)
            throws Exception {
        return send(token, "POST", API + name, body);
    }

    private static HttpResponse<String> send(
            String token, String method, String path, String body) throws Exception {
        return HTTP.send(HttpRequest.newBuilder(URI.create(server.baseUrl() + path))
            .timeout(PATIENCE).header("Authorization", "Bearer " + token)
            .method(method, HttpRequest.BodyPublishers.ofString(body)).build(),
            HttpResponse.BodyHandlers.ofString());
    }
}

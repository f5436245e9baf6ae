package http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import client.CoordinatorProcess;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import egress.UrlTable;
import grpc.GrpcDoor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pactor.ListeningPorts;

/** The started jar in the profile for production, with a resolver that the test commands. */
@DisplayName("J-01, J-02: what the started jar calls, and with which headers")
class EgressIT {

    private static StartedJar jar;
    private static Path hosts;
    private static Path config;

    @BeforeAll
    static void start(@TempDir Path dir) throws IOException {
        hosts = dir.resolve("hosts");
        config = dir.resolve("config.yaml");
        resolve("orders.test", "127.0.0.1");
        int management;
        try (ServerSocket free = new ServerSocket(0)) {
            management = free.getLocalPort();
        }
        allow("*");
        Path rules = Files.writeString(
            dir.resolve("rules"), "any 127.0.0.0/8 plain admin");
        jar = StartedJar.of(
            CoordinatorProcess.Launch.in(dir.resolve("data")).withArguments(
                "--config", config.toString(), "--set", "pactor.reload.interval=100 ms",
                "--set", "pactor.security.rules-file=" + rules,
                "--set", "pactor.security.admin-token-file=" + dir.resolve("admin-token"),
                // So that each call dials.
                "--set", "pactor.calls.idle-timeout=1 ms",
                "--set", "pactor.cluster.management.port=" + management),
            "-Djdk.net.hosts.file=" + hosts, "-Dsun.net.inetaddr.ttl=0");
        allow("*, 127.0.0.1:" + URI.create(jar.url("")).getPort());
    }

    @AfterAll
    static void end() {
        jar.close();
    }

    @Test
    void eachDoorRefusesWhatAUrlTells() {
        int refused = 0;
        for (UrlTable.Row row : UrlTable.rows()) {
            if (!row.production().equals("400")) {
                continue;
            }
            String url = row.url().replace(
                ":" + UrlTable.OWN_PORT, ":" + jar.process.port());
            List<Door> doors = row.isGrpc() ? List.of(new GrpcDoor(jar.grpc)) : jar.doors();
            for (Door door : doors) {
                String gid = "refused-" + refused++;
                String what = door.name() + " " + url;
                assertEquals(door.told(400),
                    door.ask("submit", Requests.step(gid, "saga", url, "")), what);
                assertEquals("none", jar.status(gid), what);
            }
        }
        assertTrue(refused > 200, refused + " requests");
    }

    @Test
    void aRefusalSaysWhichStepAndWhy() {
        WireClient.Answer answer = jar.client.post(
            "submit", Requests.step("why", "saga", "http://169.254.169.254/latest", ""));

        assertEquals(400, answer.status());
        assertEquals("{\"message\":\"step 1: the url to action may not be called:"
            + " 169.254.169.254:80 is link-local, which is never called\"}", answer.body());
        assertEquals(400, jar.client.get(
            "subscribe?topic=t&url=http%3A%2F%2F169.254.169.254%2F").status());
        assertEquals(400, jar.client.post("prepare", "{\"gid\":\"q\",\"trans_type\":\"msg\","
            + "\"steps\":[],\"query_prepared\":\"http://[fd00:ec2::254]/\"}").status());
        assertEquals(200, jar.client.post("prepare", Requests.bare("tcc", "tcc")).status());
        assertEquals(400, jar.client.post("registerBranch",
            Requests.branch("tcc", "tcc", "01", "http://2130706433/")).status());
    }

    /** K13: a step that calls forceStop passes every gateway in front. */
    @Test
    void noStepCallsTheCoordinatorItself() throws Exception {
        assumeTrue(ListeningPorts.areKnown());
        Set<Integer> own = ListeningPorts.of(jar.process.pid());
        assertTrue(own.size() >= 3, "HTTP, gRPC and management: " + own);
        jar.participant.script("victim", "busy");
        assertEquals(200, jar.client.post("submit", Requests.step(
            "victim", "saga", jar.url("victim"), "")).status());
        resolve("myself.test", "127.0.0.1");
        allow("*, 127.0.0.0/8, [::1]");
        await("the new list is in force").until(() -> jar.client.post("submit", Requests.step(
            "reloaded", "saga", "http://127.0.0.3:9/", "")).status() == 200);
        // Its ping may stand in for a participant; its connection is of no use for anything else.
        assertEquals(200, jar.client.post("submit", Requests.step("ping", "saga",
            "http://myself.test:" + jar.client.port() + "/api/ping", "")).status());
        await().until(() -> jar.status("ping").equals("succeed"));
        int number = 0;
        for (int port : own) {
            for (String host : new String[] {"127.0.0.1", "127.9.9.9", "[::1]", "localhost"}) {
                assertEquals(400, jar.client.post("submit", stopping(
                    "own-" + number++, "http://" + host + ":" + port)).status(), host);
            }
            String gid = "own-" + number++;
            assertEquals(200, jar.client.post("submit", stopping(
                gid, "http://myself.test:" + port)).status());
            assertParked(gid, "127.0.0.1:" + port + " (myself.test) is a port of this");
        }

        assertEquals("submitted", jar.status("victim"));
        assertTrue(jar.metrics().contains("pactor_egress_refused_total{rule=\"own-port\"} "
            + own.size() + ".0"), jar.metrics());
    }

    /** Public, then private: what a name was when it was submitted does not matter. */
    @Test
    void aNameThatMovesInsideIsParkedAndGoesOnWhenItIsAllowed() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        int port = URI.create(jar.url("")).getPort();
        HttpServer inside =
            HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.2"), port), 0);
        inside.createContext("/", exchange -> {
            calls.incrementAndGet();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        inside.start();
        try {
            allow("*, 127.0.0.1:" + port);
            resolve("orders.test", "127.0.0.1");
            String url = "http://orders.test:" + port + "/yes";
            await().until(() -> {
                String gid = "before-" + System.nanoTime();
                jar.client.post("submit", Requests.step(gid, "saga", url, ""));
                await().until(() -> jar.status(gid).equals("succeed") || isParked(gid));
                return jar.status(gid).equals("succeed");
            });

            resolve("orders.test", "127.0.0.2");
            await().until(() -> {
                String gid = "moved-" + System.nanoTime();
                assertEquals(200, jar.client.post("submit",
                    Requests.step(gid, "saga", url, url)).status());
                await().until(() -> jar.status(gid).equals("succeed") || isParked(gid));
                return isParked(gid);
            });
            jar.client.post("submit", Requests.step("moved", "saga", url, url));
            assertParked("moved", "127.0.0.2:" + port + " (orders.test) is this machine");
            assertEquals(0, calls.get());
            assertTrue(jar.process.log().stream().anyMatch(line -> line.contains("WARN")
                && line.contains("http://orders.test:" + port + " was not called, 1 times")));

            allow("*, 127.0.0.1:" + port + ", 127.0.0.2:" + port);
            await().until(() -> {
                assertEquals(200, jar.client.post("unpark", "{\"gid\":\"moved\"}").status());
                await().until(() -> jar.status("moved").equals("succeed") || isParked("moved"));
                return jar.status("moved").equals("succeed");
            });
            assertEquals(1, calls.get());
        } finally {
            inside.stop(0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host", "content-length", "Transfer-Encoding", "CONNECTION",
        "Keep-Alive", "TE", "Trailer", "Upgrade", "Expect", "Proxy-Connection",
        "Proxy-Authorization", "HTTP2-Settings", "Metadata-Flavor", "metadata",
        "X-aws-ec2-metadata-token", "X-AWS-EC2-Metadata-Token-TTL-Seconds", "a b", "a:b", ""})
    void headersThatSteerAreRefused(String name) {
        String headers = "{\"" + name + "\":\"x\"}";
        String step = "{\"action\":\"http://8.8.8.8/\",\"compensate\":\"http://8.8.8.8/\"";
        for (String rest : new String[] {
            "\"steps\":[" + step + "}],\"branch_headers\":" + headers,
            "\"steps\":[" + step + ",\"action_options\":{\"headers\":" + headers + "}}]",
            "\"steps\":[" + step + ",\"compensate_options\":{\"headers\":" + headers
                + "}}]"}) {
            WireClient.Answer answer = jar.client.post("submit",
                "{\"gid\":\"h\",\"trans_type\":\"saga\",\"payloads\":[\"{}\"]," + rest + "}");
            assertEquals(400, answer.status(), answer.body());
            assertTrue(answer.body().contains("header"), answer.body());
        }
        assertEquals("none", jar.status("h"));
    }

    private static String stopping(String gid, String base) {
        return "{\"gid\":\"" + gid + "\",\"trans_type\":\"saga\",\"steps\":[{\"action\":\""
            + base + "/api/dtmsvr/forceStop\"}],\"payloads\":[\"{\\\"gid\\\":\\\"victim\\\"}\"]}";
    }

    private static boolean isParked(String gid) {
        return jar.transaction(gid).has("parked");
    }

    private static void assertParked(String gid, String reason) {
        await().until(() -> isParked(gid));
        JsonNode transaction = jar.transaction(gid);
        assertEquals("submitted", transaction.get("status").asText());
        String told = transaction.at("/parked/reason").asText();
        assertTrue(told.contains(reason), told);
    }

    /** That name, and this machine's own. */
    private static void resolve(String name, String address) throws IOException {
        replace(hosts, "127.0.0.1 localhost " + InetAddress.getLocalHost().getHostName() + "\n"
            + address + " " + name + "\n");
    }

    private static void allow(String entries) throws IOException {
        replace(config, "pactor:\n  profile: production\n  calls:\n    egress:\n      allow: \""
            + entries + "\"\n");
    }

    private static void replace(Path file, String content) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.writeString(next, content);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }
}

package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Live events of the started jar, read as a client of server-sent events reads them. */
class EventsIT {

    /** What the node keeps: enough for a test, and soon too little for a reader that sleeps. */
    private static final int KEPT = 500;

    private static StartedJar jar;

    @BeforeAll
    static void start(@TempDir Path dir) {
        jar = StartedJar.in(dir, "--set", "pactor.events.keep=" + KEPT,
            "--set", "pactor.events.heart-beat=300 ms", "--set", "pactor.events.max-readers=20",
            "--set", "pactor.store.statement-timeout=1 s",
            "--set", "pactor.store.socket-timeout=1100 ms",
            "--set", "pactor.store.breaker-timeout=1200 ms",
            "--set", "pactor.coordinator.answer-within=1300 ms",
            "--set", "pactor.coordinator.wait-within=1300 ms",
            "--set", "pactor.http.idle-timeout=11300 ms");
    }

    @AfterAll
    static void end() {
        jar.close();
    }

    @Test
    void aSagaThatIsRefusedTellsEachStepInOrder() {
        try (EventStream stream = open("?gid=ev-saga")) {
            assertEquals(200, stream.status());
            assertEquals("text/event-stream; charset=utf-8",
                stream.header("content-type").toLowerCase(Locale.ROOT));
            assertEquals("no-cache", stream.header("cache-control"));
            submitSaga("ev-saga", "yes", "no");

            assertEquals(List.of("created submitted",
                "attempt 01 action success", "branch 01 action succeed",
                "attempt 02 action failure", "branch 02 action failed",
                "status submitted aborting",
                "attempt 02 compensate success", "branch 02 compensate succeed",
                "attempt 01 compensate success", "branch 01 compensate succeed",
                "status aborting failed", "pass failed"), stream.afterPasses("ev-saga", 1));
            JsonNode refused = stream.all().get(3);
            assertEquals("no funds", refused.get("reason").asText().replaceAll(".*no", "no")
                .substring(0, 8));
            assertEquals(jar.url("no"), refused.get("url").asText());
            assertEquals("http", refused.get("protocol").asText());
            assertEquals("saga", refused.get("trans_type").asText());
            assertEquals(1, refused.get("attempt").asInt());
            assertTrue(refused.get("duration_ms").asInt() >= 0);
            Instant.parse(refused.get("time").asText());
        }
    }

    @Test
    void aBranchThatIsDownTellsItsRetries() {
        jar.participant.script("flaky", "down", "busy", "yes");
        try (EventStream stream = open("?gid=ev-retry")) {
            ok("submit", Requests.step("ev-retry", "saga", jar.url("flaky"), ""));
            stream.afterPasses("ev-retry", 1);
            hurry("ev-retry");
            stream.afterPasses("ev-retry", 2);
            hurry("ev-retry");

            assertEquals(List.of("created submitted",
                "attempt 01 action unknown", "retry 01 action", "pass submitted",
                "attempt 01 action ongoing", "retry 01 action", "pass submitted",
                "attempt 01 action success", "branch 01 action succeed",
                "status submitted succeed", "pass succeed"), stream.afterPasses("ev-retry", 3));
            List<Integer> tries = stream.all().stream().filter(each -> each.has("attempt"))
                .map(each -> each.get("attempt").asInt()).toList();
            assertEquals(List.of(1, 2, 3), tries);
            JsonNode retry = stream.all().get(2);
            assertTrue(Instant.parse(retry.get("not_before").asText())
                .isAfter(Instant.parse(retry.get("time").asText()).plusSeconds(5)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcc", "xa"})
    void whatIsTriedTellsItsDecision(String mode) {
        boolean tcc = mode.equals("tcc");
        String gid = "ev-" + mode;
        try (EventStream stream = open("?mode=" + mode)) {
            ok("prepare", Requests.bare(gid, mode));
            ok("registerBranch", Requests.branch(gid, mode, "01", jar.url("yes")));
            ok(tcc ? "submit" : "abort", Requests.bare(gid, mode));

            String op = tcc ? "confirm" : "rollback";
            String during = tcc ? "submitted" : "aborting";
            String after = tcc ? "succeed" : "failed";
            assertEquals(List.of("created prepared", "status prepared " + during,
                "attempt 01 " + op + " success", "branch 01 " + op + " succeed",
                "status " + during + " " + after, "pass " + after), stream.afterPasses(gid, 1));
        }
    }

    @Test
    void aMessageAndAWorkflowTellTheirOwn() {
        try (EventStream stream = open("")) {
            ok("prepare", Requests.step("ev-msg", "msg", jar.url("yes"), ""));
            ok("submit", Requests.step("ev-msg", "msg", jar.url("yes"), ""));
            ok("prepareWorkflow", Requests.bare("ev-flow", "workflow"));
            ok("registerBranch", Requests.branch("ev-flow", "workflow", "01", ""));
            ok("submit", Requests.finished("ev-flow", "succeed"));

            assertEquals(List.of("created prepared", "status prepared submitted",
                "attempt 01 action success", "branch 01 action succeed",
                "status submitted succeed", "pass succeed"), stream.afterPasses("ev-msg", 1));
            assertEquals(List.of("created prepared", "branch 01 action succeed",
                "status prepared succeed", "pass succeed"), stream.afterPasses("ev-flow", 1));
        }
    }

    @Test
    void whoComesBackIsToldTheRestAndNothingTwice() {
        String id;
        List<String> before;
        try (EventStream stream = open("?gid=ev-break")) {
            submitSaga("ev-break", "down", "yes");
            before = stream.afterPasses("ev-break", 1);
            id = stream.lastId();
        }
        jar.participant.script("down", "yes");
        hurry("ev-break");
        jar.awaitStatus("ev-break", "succeed");
        jar.participant.script("down", "down");
        List<String> rest = List.of("attempt 01 action success", "branch 01 action succeed",
            "attempt 02 action success", "branch 02 action succeed", "status submitted succeed",
            "pass succeed");

        try (EventStream header = EventStream.open(jar.client.port(), "?gid=ev-break",
                "Last-Event-ID", id);
                EventStream query = open("?gid=ev-break&after=" + id);
                EventStream all = open("?gid=ev-break&after=0")) {
            assertEquals(rest, header.afterPasses("ev-break", 1));
            assertEquals(rest, query.afterPasses("ev-break", 1));
            assertEquals(Stream.concat(before.stream(), rest.stream()).toList(),
                all.afterPasses("ev-break", 2));
            assertFalse(header.told().contains("missed"), header.told().toString());
        }
    }

    @Test
    void afterARestartTheFirstEventSaysThatSomeAreMissing(@TempDir Path other) {
        try (StartedJar own = StartedJar.in(other)) {
            String id;
            try (EventStream stream = EventStream.open(own.client.port(), "")) {
                submitSaga(own, "ev-restart", "yes", "yes");
                stream.afterPasses("ev-restart", 1);
                id = stream.lastId();
                assertEquals(143, own.process.stop());
                stream.awaitEnd();
            }
            own.process.restart();

            try (EventStream stream = EventStream.open(own.client.port(), "?gid=ev-anew",
                    "Last-Event-ID", id)) {
                submitSaga(own, "ev-anew", "yes", "yes");
                stream.afterPasses("ev-anew", 1);
                assertEquals("missed", stream.told().get(0));
                assertEquals(1, Collections.frequency(stream.told(), "missed"));
            }
        }
    }

    @Test
    void filtersLetNothingElsePassAndUnknownOnesAreRefused() {
        try (EventStream failed = open("?status=failed&mode=saga");
                EventStream messages = open("?mode=msg&gid=ev-filter-msg")) {
            submitSaga("ev-filter", "yes", "no");
            ok("submit", Requests.step("ev-filter-msg", "msg", jar.url("yes"), ""));

            assertEquals(List.of("status aborting failed", "pass failed"),
                failed.afterPasses("ev-filter", 1));
            messages.afterPasses("ev-filter-msg", 1);
            assertEquals(messages.told(), messages.told("ev-filter-msg"));
        }
        for (String wrong : List.of("?mode=sagas", "?status=done", "?after=x", "?after=a-b",
                "?gid=%00", "?after=-1", "?gid=" + "g".repeat(129))) {
            assertEquals(400, jar.client.send("GET", "/api/events" + wrong, "").status(), wrong);
        }
        assertEquals(404, jar.client.send("POST", "/api/events", "").status());
    }

    /** Its sockets are full, the ring has moved on: it is told so, and let go. */
    @Test
    void aSlowReaderIsToldAndLetGo() throws IOException {
        try (Socket slow = new Socket()) {
            slow.setReceiveBufferSize(4_096);
            slow.connect(new InetSocketAddress("127.0.0.1", jar.client.port()));
            slow.getOutputStream().write(("GET /api/events HTTP/1.1\r\nHost: a\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
            BufferedReader lines = new BufferedReader(
                new InputStreamReader(slow.getInputStream(), StandardCharsets.UTF_8));
            assertEquals("HTTP/1.1 200 OK", lines.readLine());
            String step = "{\"action\":\"\",\"compensate\":\"\"}";
            String steps = String.join(",", Collections.nCopies(200, step));
            String payloads = String.join(",", Collections.nCopies(200, "\"\""));
            for (int i = 0; i < 250; i++) {
                ok("submit", "{\"gid\":\"ev-slow-" + i + "\",\"trans_type\":\"saga\",\"steps\":["
                    + steps + "],\"payloads\":[" + payloads + "]}");
            }

            String last = "";
            long events = 0;
            slow.setSoTimeout(20_000);
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                last = line.startsWith("data: ") ? line : last;
                events += line.startsWith("data: ") ? 1 : 0;
                if (line.equals("0")) {
                    break; // The last chunk of the answer.
                }
            }
            System.out.println("a slow reader was told " + events + " of 50750 events, then "
                + last);
            assertTrue(last.contains("\"event\":\"dropped\""), last);
        }
    }

    /** Longer than the time after which a silent connection is closed. */
    @Test
    void aReaderWithoutNewsIsKeptAliveAndItsIdMovesOn() {
        try (EventStream stream = openWhenThereIsRoom("?gid=ev-nobody")) {
            submitSaga("ev-somebody", "yes", "yes");
            Instant from = Instant.now();
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() ->
                Instant.now().isAfter(from.plusSeconds(12)) || stream.hasEnded());

            assertFalse(stream.hasEnded());
            assertTrue(stream.comments().size() > 20, stream.comments().toString());
            assertEquals(List.of(), stream.all());
            assertTrue(stream.lastId().matches("[0-9a-z]+-[0-9]+"), stream.lastId());
        }
    }

    @Test
    void moreReadersThanAreAllowedAreSentAway() {
        List<EventStream> open = Stream.generate(() -> open("?gid=ev-many")).limit(21).toList();
        try {
            assertEquals(429, open.get(20).status());
        } finally {
            open.forEach(EventStream::close);
        }
        openWhenThereIsRoom("").close();
    }

    /** A reader that has gone is noticed a little later. */
    private static EventStream openWhenThereIsRoom(String query) {
        return Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
            EventStream stream = open(query);
            if (stream.status() != 200) {
                stream.close();
            }
            return stream;
        }, stream -> stream.status() == 200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST clock/advance", "POST manual", "POST run", "POST run-due",
        "POST pass-delay", "GET passes", "DELETE data"})
    void withoutTheTestModeItsPathsDoNotExist(String request) {
        String[] parts = request.split(" ");
        assertEquals(404, jar.client.send(parts[0], "/api/test/" + parts[1], "{}").status());
    }

    private static EventStream open(String query) {
        return EventStream.open(jar.client.port(), query);
    }

    private static void submitSaga(String gid, String first, String second) {
        submitSaga(jar, gid, first, second);
    }

    private static void submitSaga(StartedJar where, String gid, String first, String second) {
        String yes = where.url("yes");
        WireClient.Answer answer = where.client.post("submit", "{\"gid\":\"" + gid
            + "\",\"trans_type\":\"saga\",\"steps\":[{\"action\":\"" + where.url(first)
            + "\",\"compensate\":\"" + yes + "\"},{\"action\":\"" + where.url(second)
            + "\",\"compensate\":\"" + yes + "\"}],\"payloads\":[\"{}\",\"{}\"]}");
        assertEquals(200, answer.status(), answer.body());
    }

    private static void hurry(String gid) {
        ok("resetNextCronTime", "{\"gid\":\"" + gid + "\"}");
    }

    private static void ok(String name, String body) {
        WireClient.Answer answer = jar.client.post(name, body);
        assertEquals(200, answer.status(), answer.body());
    }
}

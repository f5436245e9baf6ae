package branch;

import static branch.BadParticipant.OK;
import static branch.BadParticipant.answer;
import static branch.Calls.SOON;
import static branch.Calls.outcome;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import transaction.BranchCall;
import transaction.Op;
import transaction.Outcome;
import transaction.Outcome.Kind;

/**
 * What becomes of a call when the participant misbehaves: the rows D-01 to D-12 of the failure
 * model.
 *
 * <p>Each row is called three times at once, as an action, a compensation and a check-back (which
 * has no body), and each must arrive exactly once: nothing may be sent again behind the rules'
 * back.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadParticipantTest {

    private static final String KIB = "x".repeat(1_024);

    private final BadParticipant participant = BadParticipant.start();
    private final HttpTransport transport = Calls.transport(CallSettings.defaults());
    private final HttpInvoker invoker = new HttpInvoker(transport);
    private final List<Row> rows = new ArrayList<>();

    record Row(String path, Kind outcome, String reason) {
        @Override
        public String toString() {
            return path + " is " + outcome;
        }
    }

    @BeforeAll
    void misbehave() {
        silenceAndSlowness();
        brokenConnections();
        unusualButWhole();
        statuses();
        statusLines();
        bodies();
        headers();
    }

    @AfterAll
    void stop() throws Exception {
        transport.close();
        participant.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void theOutcomeIsAsDeclaredAndNothingIsSentTwice(Row row) {
        String url = participant.url(row.path());
        boolean isForTheDeadline = row.reason().startsWith("within");
        Duration timeout = isForTheDeadline ? SOON : Duration.ofSeconds(9);
        List<CompletionStage<Outcome>> calls =
                List.of(
                        invoke(Calls.call(Op.ACTION, url, "{\"a\":1}", timeout)),
                        invoke(Calls.call(Op.COMPENSATE, url, "{\"a\":1}", timeout)),
                        invoke(Calls.call(Op.MSG, url, "", timeout)));

        for (CompletionStage<Outcome> call : calls) {
            Outcome outcome = outcome(call);
            assertEquals(row.outcome(), outcome.kind(), outcome.reason());
            assertTrue(outcome.reason().contains(row.reason()), outcome.reason());
        }
        assertEquals(3, participant.received(row.path()).size(), "receipts");
    }

    @Test
    void redirectsLeadNowhere() {
        for (int status : new int[] {301, 302, 303, 307, 308}) {
            outcome(invoke(Calls.action(participant.url("/d09-" + status))));
        }

        assertEquals(0, participant.received("/d09-moved-here").size());
    }

    @Test
    void anEndlessBodyIsUnknownAndLeftAloneAfterTheFirstMebibyte() {
        participant.on("/endless", v -> {
            v.send("HTTP/1.1 200 X\r\nContent-Length: 10737418240\r\n\r\n");
            v.sendForEver(KIB);
        });
        long before = participant.bytesSent();

        Outcome outcome = outcome(invoker.invoke(Calls.action(participant.url("/endless"))));

        assertEquals(Kind.UNKNOWN, outcome.kind());
        assertTrue(outcome.reason().contains("longer than 1048576 bytes"), outcome.reason());
        // What was sent beyond the mebibyte read lies in the buffers of the two sockets.
        long sent = participant.bytesSent() - before;
        assertTrue(sent < 32 << 20, "sent " + sent);
    }

    /** Another one is wrong on purpose: {@link SeededCallBugsTest}. */
    CompletionStage<Outcome> invoke(BranchCall call) {
        return invoker.invoke(call);
    }

    Stream<Row> rows() {
        return rows.stream();
    }

    private void silenceAndSlowness() {
        row("/d02-silent", Kind.UNKNOWN, "within 400 ms", v -> v.hang());
        row("/d03-drip-head", Kind.UNKNOWN, "within 400 ms", v -> v.drip(OK, 50));
        row("/d03-drip-body", Kind.UNKNOWN, "within 400 ms", v -> {
            v.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
            v.drip(KIB, 50);
        });
    }

    private void brokenConnections() {
        row("/d04-reset-at-once", Kind.UNKNOWN, "", v -> v.reset());
        row("/d04-end-at-once", Kind.UNKNOWN, "closed before", v -> v.socket.close());
        row("/d04-reset-in-head", Kind.UNKNOWN, "", v -> {
            v.send("HTTP/1.1 200 OK\r\nContent-Le");
            v.reset();
        });
        row("/d04-end-in-head", Kind.UNKNOWN, "", v -> {
            v.send("HTTP/1.1 200 OK\r\nContent-Le");
            v.socket.close();
        });
        row("/d04-reset-in-body-without-length", Kind.UNKNOWN, "broke", v -> {
            v.send("HTTP/1.1 200 OK\r\n\r\n{\"dtm_result\":\"SUCCESS\"}");
            v.pause(100);
            v.reset();
        });
        row("/d04-end-in-json-without-length", Kind.UNKNOWN, "cut off within its JSON", v -> {
            v.send("HTTP/1.1 200 OK\r\n\r\n{\"dtm_result\":\"FAIL");
            v.socket.close();
        });
        row("/d04-failure-cut", Kind.UNKNOWN, "closed before", v -> {
            v.send("HTTP/1.1 409 X\r\nContent-Length: 100\r\n\r\nFAILURE");
            v.socket.close();
        });
        row("/d04-length-of-characters-and-not-bytes", Kind.UNKNOWN, "cut off within", v -> {
            v.send("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n"
                    + "{\"result\":\"\u00c3\u00bc\u00c3\u00bc fine");
            v.pause(50);
            v.send("\"}");
        });
        row("/d04-reset-in-body", Kind.UNKNOWN, "", v -> {
            v.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"dtm_result\":\"FAILURE\"}");
            v.reset();
        });
        row("/d04-less-than-its-length", Kind.UNKNOWN, "closed before", v -> {
            v.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"dtm_result\":\"FAILURE\"}");
            v.socket.close();
        });
        row("/d04-more-than-its-length", Kind.UNKNOWN, "longer than it said", v ->
                v.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{\"dtm_result\":\"FAILURE\"}"));
        row("/d04-more-lines-than-its-length", Kind.UNKNOWN, "longer than it said", v ->
                v.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}\r\nFAILURE\r\n\r\n"));
        row("/d04-two-answers", Kind.UNKNOWN, "longer than it said", v -> v.send(OK + OK));
        row("/d04-two-lengths", Kind.UNKNOWN, "not HTTP", v ->
                v.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}\n"));
        row("/d04-bad-chunk", Kind.UNKNOWN, "not HTTP", v ->
                v.send("HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n"));
        row("/d04-chunk-cut", Kind.UNKNOWN, "closed before", v -> {
            v.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}");
            v.socket.close();
        });
        row("/d04-not-http", Kind.UNKNOWN, "not HTTP", v -> v.send("220 mail ESMTP ready\r\n\r\n"));
        row("/d07-done-then-reset", Kind.UNKNOWN, "", v -> v.reset());
    }

    private void unusualButWhole() {
        row("/d05-ends-by-closing", Kind.SUCCESS, "", v -> {
            v.send("HTTP/1.1 200 OK\r\n\r\n{\"dtm_result\":\"SUCCESS\"}");
            v.socket.close();
        });
        row("/d05-nothing-ends-by-closing", Kind.SUCCESS, "", v -> {
            v.send("HTTP/1.0 200 OK\r\n\r\n");
            v.socket.close();
        });
        row("/d05-failure-ends-by-closing", Kind.FAILURE, "", v -> {
            v.send("HTTP/1.1 200 OK\r\n\r\n{\"dtm_result\":\"FAILURE\"}");
            v.socket.close();
        });
        row("/d05-reads-no-more-then-answers", Kind.SUCCESS, "", v -> {
            v.socket.shutdownInput();
            v.send(answer(200, "{}", "Connection: close"));
        });
        row("/d05-answers-then-writes-no-more", Kind.SUCCESS, "", v -> {
            v.send(answer(200, "{}", "Connection: close"));
            v.socket.shutdownOutput();
        });
        row("/d05-http-1.0", Kind.SUCCESS, "", v -> {
            v.send("HTTP/1.0 200 OK\r\n\r\n{}");
            v.socket.close();
        });
        row("/d05-chunked", Kind.FAILURE, "FAILURE", v -> v.send(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "4\r\nFAIL\r\n3\r\nURE\r\n0\r\nTrailer: x\r\n\r\n"));
    }

    private void statuses() {
        for (int status : new int[] {500, 502, 503, 504, 429, 401, 403, 404, 206, 999}) {
            row("/d08-" + status, Kind.UNKNOWN, "code " + status, v ->
                    v.send(answer(status, "no")));
        }
        for (int status : new int[] {301, 302, 303, 307, 308}) {
            row("/d09-" + status, Kind.UNKNOWN, "code " + status, v ->
                    v.send(answer(status, "", "Location: " + participant.url("/d09-moved-here"))));
        }
        row("/d09-204", Kind.UNKNOWN, "code 204", v -> v.send("HTTP/1.1 204 X\r\n\r\n"));
        row("/d09-304", Kind.UNKNOWN, "code 304", v -> v.send("HTTP/1.1 304 X\r\n\r\n"));
        row("/d09-101", Kind.UNKNOWN, "code 101", v ->
                v.send("HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n"));
        row("/d09-few-interim", Kind.SUCCESS, "", v ->
                v.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: x\r\n\r\n" + OK));
        row("/d09-interim-storm", Kind.UNKNOWN, "interim", v ->
                v.sendForEver("HTTP/1.1 102 Processing\r\n\r\n"));
        row("/d09-negative-status", Kind.UNKNOWN, "not HTTP", v -> v.send(answer(-1, "")));
    }

    /** A 200 that is not surely one is none (RFC 9112, 4). */
    private void statusLines() {
        String[] wrong = {
            "HTTP/1.1 +200 OK", "HTTP/1.1 0200 OK", "HTTP/1.1 00200 OK", "HTTP/1.1 20 OK",
            "HTTP/1.1 099 OK", "HTTP/1.1 2000 OK", "HTTP/1.1 \u00b200 OK", "HTTP/1.1 200OK",
            "HTTP/3.0 200 OK", "HTTP/2.0 200 OK", "HTTP/9.9 200 OK", "HTTP/0.0 200 OK",
            "HTTP/1.2 200 OK", "HTTP/01.1 200 OK", "http/1.1 200 OK", "ICY 200 OK",
            " HTTP/1.1 200 OK", "\tHTTP/1.1 200 OK", "HTTP/1.1\t200 OK", "HTTP/1.1  200 OK",
            "HTTP/1.1 \t200 OK", "HTTP/1.1 200\tOK", "HTTP/1.1\u000b200 OK", "HTTP/1.1"};
        for (int i = 0; i < wrong.length; i++) {
            String line = wrong[i];
            row("/d09-line-" + i, Kind.UNKNOWN, "not HTTP", v ->
                    v.send(line + "\r\nContent-Length: 2\r\n\r\n{}"));
        }
        for (String line : new String[] {"HTTP/1.1 200", "HTTP/1.1 200 ", "HTTP/1.0 200 a  b\tc"}) {
            row("/d09-line-" + line.substring(5, 8) + "-" + line.length(), Kind.SUCCESS, "", v ->
                    v.send(line + "\r\nContent-Length: 2\r\n\r\n{}"));
        }
    }

    private void bodies() {
        row("/d10-garbage", Kind.SUCCESS, "", v -> v.send(answer(200, "}{ <html> \1\2\3")));
        row("/d10-empty", Kind.SUCCESS, "", v -> v.send(answer(200, "")));
        row("/d10-wrong-type", Kind.SUCCESS, "", v ->
                v.send(answer(200, "<a/>", "Content-Type: image/png")));
        row("/d10-not-utf-8", Kind.SUCCESS, "", v ->
                v.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n\u00ff\u00fe\u00c0"));
        row("/d10-word-within-64k", Kind.FAILURE, "", v ->
                v.send(answer(200, KIB.repeat(63) + "FAILURE")));
        // DTM searches the whole body too. It comes in pieces, one of which ends within the word.
        row("/d10-word-after-64k", Kind.FAILURE, "", v ->
                v.send(answer(200, KIB.repeat(64) + "FAILURE")));
        row("/d10-word-at-the-end", Kind.FAILURE, "", v ->
                v.send(answer(200, KIB.repeat(1_023) + "x".repeat(1_017) + "FAILURE")));
        row("/d10-ongoing-after-failure", Kind.ONGOING, "", v ->
                v.send(answer(409, "FAILURE" + KIB.repeat(500) + "ONGOING")));
        row("/d10-word-in-two-pieces", Kind.FAILURE, "", v -> {
            v.send("HTTP/1.1 200 OK\r\nContent-Length: 107\r\n\r\n" + "x".repeat(100) + "FAIL");
            v.pause(50);
            v.send("URE");
        });
        row("/d10-one-byte-too-long", Kind.UNKNOWN, "longer than", v ->
                v.send(answer(409, KIB.repeat(1_024) + "x")));
        row("/d11-endless-500", Kind.UNKNOWN, "code 500", v -> {
            v.send("HTTP/1.1 500 X\r\nTransfer-Encoding: chunked\r\n\r\n");
            v.sendForEver("400\r\n" + KIB + "\r\n");
        });
        // An ONGOING may follow, which would overrule it: no verdict before the end.
        row("/d11-endless-failure", Kind.UNKNOWN, "longer than", v -> {
            v.send("HTTP/1.1 200 X\r\n\r\nFAILURE");
            v.sendForEver(KIB);
        });
        // Nobody asked for it, and nobody reads it: what it says is not known.
        row("/d11-gzip-is-not-opened", Kind.UNKNOWN, "content coding gzip", v ->
                v.send(gzipped("FAILURE")));
        row("/d11-utf-7", Kind.UNKNOWN, "charset utf-7", v ->
                v.send(answer(200, "+AEYAQQBJAEwAVQBSAEU-",
                        "Content-Type: text/plain", "Content-Type: text/plain; charset = utf-7")));
        row("/d11-gzip-as-transfer-coding", Kind.UNKNOWN, "transfer coding gzip, chunked", v ->
                v.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"
                        + "2\r\n{}\r\n0\r\n\r\n"));
        row("/d11-chunked-in-http-1.0", Kind.UNKNOWN, "only allowed in HTTP/1.1", v ->
                v.send("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "2\r\n{}\r\n0\r\n\r\n"));
    }

    private void headers() {
        row("/d12-huge-header", Kind.UNKNOWN, "not HTTP", v ->
                v.send(answer(200, "{}", "X: " + KIB.repeat(64))));
        row("/d12-many-headers", Kind.UNKNOWN, "not HTTP", v ->
                v.send(answer(200, "{}", "X: yyyyyyyyy\r\n".repeat(10_000) + "Y: z")));
        row("/d12-endless-headers", Kind.UNKNOWN, "not HTTP", v -> {
            v.send("HTTP/1.1 200 OK\r\n");
            v.sendForEver("X: y\r\n");
        });
        row("/d12-endless-status-line", Kind.UNKNOWN, "not HTTP", v -> v.sendForEver("HTTP/1.1 "));
        row("/d12-nul-in-header", Kind.UNKNOWN, "not HTTP", v ->
                v.send(answer(200, "{}", "X: a\0b")));
        row("/d12-nul-in-name", Kind.UNKNOWN, "not HTTP", v ->
                v.send(answer(200, "{}", "X\0: b")));
        row("/d12-no-colon", Kind.UNKNOWN, "not HTTP", v -> v.send(answer(200, "{}", "X y")));
        row("/d12-nothing-but-a-name", Kind.UNKNOWN, "not HTTP", v ->
                v.send(answer(200, "{}", "X")));
        row("/d12-blank-before-colon", Kind.UNKNOWN, "not HTTP", v ->
                v.send(answer(200, "{}", "X : y")));
        row("/d12-no-colon-in-trailer", Kind.UNKNOWN, "not HTTP", v ->
                v.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "2\r\n{}\r\n0\r\nX y\r\n\r\n"));
        row("/d12-cr-in-header", Kind.UNKNOWN, "not HTTP", v ->
                v.send(answer(200, "{}", "X: a\rb")));
    }

    private void row(String path, Kind outcome, String reason, BadParticipant.Behaviour behaviour) {
        participant.on(path, behaviour);
        rows.add(new Row(path, outcome, reason));
    }

    private static byte[] gzipped(String text) throws Exception {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(body)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        String head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + body.size();
        answer.writeBytes((head + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
        answer.writeBytes(body.toByteArray());
        return answer.toByteArray();
    }
}

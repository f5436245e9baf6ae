package branch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import branch.CallRecording.Bodies;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import signature.CallSigner;
import transaction.Bytes;
import transaction.CallRecord;
import transaction.Limits;
import transaction.Outcome;

/** What is kept of a call, and what is masked in it. */
class CallRecordingTest {

    private static final CallRecording FAILED =
        new CallRecording(Bodies.FAILED, List.of("pin"));

    @Test
    void ofACallThatBroughtNoSuccessTheRequestAndTheAnswerAre() throws Exception {
        CallRecord record = FAILED.answered(Outcome.unknown("x"),
            request("{\"pin\":\"1234\",\"amount\":30}"),
            answer(503, "{\"pin\":\"1234\",\"why\":\"busy\"}")).record();

        assertEquals("503 Service Unavailable", record.statusLine());
        assertEquals("", record.error());
        assertEquals("{\"pin\":\"***\",\"why\":\"busy\"}", record.answer());
        assertEquals("""
            POST /in?pin=***&a=1 HTTP/1.1
            host: shop.test:81
            accept-encoding: identity
            content-type: application/json
            user-agent: ***
            X-Tenant: ***
            content-length: 26

            {"pin":"***","amount":30}""", record.request());
    }

    @Test
    void ofASuccessTheStatusAloneIs() throws Exception {
        assertEquals(new CallRecord("200 OK", "", "", ""),
            FAILED.answered(Outcome.SUCCESS, request("{}"), answer(200, "fine")).record());
        assertEquals("fine", new CallRecording(Bodies.ALL, List.of()).answered(
            Outcome.SUCCESS, request("{}"), answer(200, "fine")).record().answer());
        assertEquals(new CallRecord("409 Conflict", "", "", ""),
            new CallRecording(Bodies.NONE, List.of()).answered(
                Outcome.failure("x"), request("{}"), answer(409, "no")).record());
    }

    @Test
    void withoutAnAnswerItIsSaidWhy() throws Exception {
        CallRecord record =
            FAILED.failed(Outcome.unknown("x"), request("{}"), "no answer in 3 s").record();

        assertEquals("", record.statusLine());
        assertEquals("no answer in 3 s", record.error());
        assertTrue(record.request().endsWith("\n\n{}"), record.request());
    }

    @Test
    void ofABodyTheFirstKibibyteIs() throws Exception {
        for (int length : new int[] {Limits.ATTEMPT_BYTES, Limits.ATTEMPT_BYTES + 1}) {
            String text = "x".repeat(length);
            CallRecord record = FAILED.answered(
                Outcome.unknown("x"), request(text), answer(500, text)).record();

            assertEquals("x".repeat(Limits.ATTEMPT_BYTES), record.answer());
            assertTrue(record.request().endsWith("\n\n" + record.answer()));
        }
        String cut = FAILED.answered(Outcome.unknown("x"), request("{}"),
            answer(500, "x" + "€".repeat(Limits.ATTEMPT_BYTES))).record().answer();
        assertEquals("x" + "€".repeat((Limits.ATTEMPT_BYTES - 1) / 3), cut);
    }

    @Test
    void aHeadIsNoLongerThanThat() throws Exception {
        Request request = Request.post(Target.parse("http://shop.test/in"),
            Map.of("x-" + "n".repeat(2 * Limits.ATTEMPT_BYTES), "v"), Bytes.utf8("{}"),
            Calls.action("http://a/b").timeout(), CallSigner.NONE);

        String kept = FAILED.failed(Outcome.unknown("x"), request, "no").record().request();

        assertEquals(Limits.ATTEMPT_BYTES + "\n{}".length(), kept.length());
    }

    @Test
    void whatIsNoTextIsToldByItsLength() throws Exception {
        for (byte[] odd : List.of(new byte[] {(byte) 0xff, 'a'}, new byte[] {0, 'a'},
                new byte[] {'a', (byte) 0xe2})) {
            assertEquals("(2 bytes that are no text)", FAILED.answered(Outcome.unknown("x"),
                request("{}"), answer(500, odd)).record().answer());
        }
    }

    private static Request request(String body) throws Unsendable {
        return Request.post(Target.parse("http://shop.test:81/in?pin=12&a=1"),
            Map.of("X-Tenant", "blue"), Bytes.utf8(body), Calls.action("http://a/b").timeout(),
            CallSigner.NONE);
    }

    private static Answer answer(int status, String body) {
        return answer(status, body.getBytes(StandardCharsets.UTF_8));
    }

    private static Answer answer(int status, byte[] body) {
        return new Answer(status, "", false, false, new AnswerJson(), body, "", "");
    }
}

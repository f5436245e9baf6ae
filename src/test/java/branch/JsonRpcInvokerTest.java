package branch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import signature.CallSigner;
import transaction.Limits;
import transaction.Outcome;
import transaction.Outcome.Kind;
import transaction.Protocol;
import transaction.VerdictMode;

/** JSON-RPC participants: what they are sent, and how their answers are read. */
final class JsonRpcInvokerTest {

    private static final String URL = "http://b/rpc?method=TransIn";
    private static final String IDS =
            "\"gid\":\"gid-1\",\"trans_type\":\"saga\",\"branch_id\":\"01\",\"op\":\"action\"";

    @ParameterizedTest(name = "{0} {1} is {2}")
    @CsvSource(delimiter = '|', textBlock = """
        200 | {"jsonrpc":"2.0","id":1,"result":{}}                          | SUCCESS
        200 | {"jsonrpc":"2.0","id":1,"result":null}                        | SUCCESS
        200 | {"error":null,"result":1}                                     | SUCCESS
        200 | {}                                                            | UNKNOWN
        200 | {"error":{"code":-32901,"message":"no funds"}}                | FAILURE
        200 | {"error":{"code":-32901.0}}                                   | FAILURE
        200 | {"error":{"code":-3.2901e4}}                                  | FAILURE
        200 | {"error":{"message":{"code":1},"code":-32901}}                | FAILURE
        200 | {"result":null,"error":{"code":-32901}}                       | FAILURE
        200 | {"result":{"error":{"code":-32901}}}                          | SUCCESS
        200 | {"error":{"code":-32902}}                                     | ONGOING
        200 | {"error":{"code":-32902.0,"message":"wait"}}                  | ONGOING
        200 | {"error":{"code":-32603,"message":"broken"}}                  | UNKNOWN
        200 | {"error":{"code":"-32901"}}                                   | UNKNOWN
        200 | {"error":{"code":"-32902"}}                                   | UNKNOWN
        200 | {"error":{"code":-32902.5}}                                   | UNKNOWN
        200 | {"error":{"code":-32901e999}}                                 | UNKNOWN
        200 | {"error":{"code":32901}}                                      | UNKNOWN
        200 | {"error":{"data":{"code":-32901}}}                            | UNKNOWN
        200 | {"error":[{"code":-32901}]}                                   | UNKNOWN
        200 | {"error":null,"error":{"code":-32901}}                        | FAILURE
        200 | {"ERROR":{"code":-32901}}                                     | UNKNOWN
        200 | {"dtm_result":"SUCCESS"}                                      | SUCCESS
        200 | {"dtm_result":"PENDING"}                                      | UNKNOWN
        200 | {"message":"please log in"}                                   | UNKNOWN
        200 | {"result":1}{"result":1}                                      | UNKNOWN
        200 | {"result":1} x                                                | UNKNOWN
        200 | {"result":1                                                   | UNKNOWN
        200 | {"result":1,"error":{"code":-32901                            | UNKNOWN
        200 | {"error":{"code":-32901}},                                    | UNKNOWN
        200 | {"result":1,}                                                 | UNKNOWN
        200 | [{"result":1}]                                                | UNKNOWN
        200 | {"error":{"code":-32901,"code":-32603}}                       | UNKNOWN
        200 | {"error":{"code":-32901},"error":null}                        | FAILURE
        200 | {"err\u006fr":{"c\u006fde":-32901}}                         | FAILURE
        200 | {"error":{"code":null}}                                       | UNKNOWN
        200 | {"error":{"code":{"code":-32901}}}                            | UNKNOWN
        200 | {"error":{}}                                                  | UNKNOWN
        200 | {"error":"no"}                                                | UNKNOWN
        200 | {"error":false}                                               | UNKNOWN
        200 | {"error":{"code":-32603,"message":"FAILURE"}}                 | FAILURE
        200 | {"error":{"code":-32901,"message":"ONGOING"}}                 | ONGOING
        200 | {"result":"FAILURE"}                                          | FAILURE
        200 | []                                                            | UNKNOWN
        200 | 7                                                             | UNKNOWN
        200 | <html>                                                        | UNKNOWN
        200 | {"result":                                                    | UNKNOWN
        200 | ''                                                            | UNKNOWN
        409 | {"result":1}                                                  | FAILURE
        425 | {"result":1}                                                  | ONGOING
        500 | {"error":{"code":-32901}}                                     | UNKNOWN
        404 | {"result":1}                                                  | UNKNOWN
        """)
    void theAnswerGivesTheOutcome(int status, String body, Kind outcome) {
        assertEquals(outcome, read(AnswerTest.answer(status, body)).kind());
    }

    @ParameterizedTest(name = "{0} {1} is {2}")
    @CsvSource(delimiter = '|', textBlock = """
        200 | {"result":1}                                        | SUCCESS
        200 | {"result":{"state":"FAILURE"}}                      | SUCCESS
        200 | {"result":{"dtm_result":"FAILURE"}}                 | FAILURE
        200 | {"result":{"dtm_result":"ONGOING"}}                 | ONGOING
        200 | {"result":{"dtm_result":"what"}}                    | UNKNOWN
        200 | {"result":1,"dtm_result":"FAILURE"}                 | FAILURE
        200 | {"dtm_result":"SUCCESS"}                            | SUCCESS
        200 | {"error":{"code":-32901},"result":1}                | FAILURE
        200 | {"error":{"code":-32902,"message":"FAILURE"}}       | ONGOING
        200 | {"error":{"code":-32603,"message":"FAILURE"}}       | UNKNOWN
        200 | {"error":{"code":-32603},"dtm_result":"SUCCESS"}    | UNKNOWN
        200 | {}                                                  | UNKNOWN
        200 | ''                                                  | UNKNOWN
        200 | FAILURE                                             | UNKNOWN
        409 | {"result":1}                                        | UNKNOWN
        409 | {"error":{"code":-32603,"message":"ONGOING"}}       | FAILURE
        409 | ''                                                  | FAILURE
        425 | {"error":{"code":-32901}}                           | UNKNOWN
        425 | ''                                                  | ONGOING
        500 | {"error":{"code":-32901}}                           | UNKNOWN
        """)
    void readStrictlyWordsDoNotCount(int status, String body, Kind outcome) {
        Answer answer = AnswerTest.answer(status, body);

        assertEquals(outcome, JsonRpcInvoker.read(URL, answer, VerdictMode.STRICT).kind());
    }

    @Test
    void aResultBeyondTheBoundOfAStringIsUnknown() {
        String result = "{\"result\":\"" + "x".repeat(Limits.ANSWER_STRING_CHARS);

        assertEquals(Kind.UNKNOWN, kind(result + "x\",\"error\":{\"code\":-32901}}"));
        assertEquals(Kind.UNKNOWN, kind(result + "x\"}"));
    }

    /** It is not kept, but read to its end: an error may stand behind it. */
    @Test
    void aLongResultIsASuccessOnlyIfItIsWhole() {
        String begin = "{\"id\":1,\"result\":\"" + "x".repeat(200_000);

        assertEquals(Kind.SUCCESS, kind(begin + "\"}"));
        assertEquals(Kind.FAILURE, kind(begin + "\",\"error\":{\"code\":-32901}}"));
        assertEquals(Kind.UNKNOWN, kind(begin + "\""));
        assertEquals(Kind.UNKNOWN, kind(begin));
    }

    @Test
    void theReasonOfAFailureIsTheProtocols() {
        String body = "{\"error\":{\"code\":-32901}}";

        assertEquals(
                "url:" + URL + " return failed: " + body,
                read(AnswerTest.answer(200, body)).reason());
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @CsvSource(delimiter = '|', textBlock = """
        {"amount":30}                       | {"amount":30,{ids}}
        {}                                  | {{ids}}
        ''                                  | {{ids}}
        null                                | {{ids}}
        {"a":[1,{"op":2}],"op":"x","gid":3} | {"a":[1,{"op":2}],{ids}}
        {"n":1.10,"m":12345678901234567890} | {"n":1.10,"m":12345678901234567890,{ids}}
        {"s":"ü\\n"}                        | {"s":"ü\\n",{ids}}
        """)
    void theParamsAreThePayloadAndTheIds(String payload, String params) throws Unsendable {
        String wire = wire(payload, URL);

        assertTrue(wire.startsWith("POST /rpc?method=TransIn HTTP/1.1\r\n"), wire);
        String body = wire.substring(wire.indexOf("\r\n\r\n") + 4);
        String expected = "{\"jsonrpc\":\"2.0\",\"id\":\"*\",\"method\":\"TransIn\",\"params\":"
                + params.replace("{ids}", IDS) + "}";
        assertEquals(expected, body.replaceFirst("\"id\":\"[0-9a-f]+\"", "\"id\":\"*\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "[1]", "7", "\"text\"", "true", "{", "{}{}", "{\"a\":}", "<a/>", "\u0000"
    })
    void aPayloadThatIsNoObjectIsNotSent(String payload) {
        Unsendable why = assertThrows(Unsendable.class, () -> wire(payload, URL));

        assertTrue(why.getMessage().contains("JSON object"), why.getMessage());
    }

    @ParameterizedTest(name = "{0} names {1}")
    @CsvSource(delimiter = '|', textBlock = """
        http://b/?method=In       | In
        http://b/?a=1&method=In&b | In
        http://b/?method=a%2Fb+c  | a/b c
        http://b/?methods=In      | ''
        http://b/method           | ''
        """)
    void theMethodIsInTheQuery(String url, String method) throws Unsendable {
        assertTrue(wire("{}", url).contains("\"method\":\"" + method + "\""), wire("{}", url));
    }

    @Test
    void eachRequestHasAnotherId() throws Unsendable {
        assertNotEquals(wire("{}", URL), wire("{}", URL));
    }

    private static Kind kind(String body) {
        return read(AnswerTest.answer(200, body)).kind();
    }

    private static Outcome read(Answer answer) {
        return JsonRpcInvoker.read(URL, answer, VerdictMode.DTM);
    }

    private static String wire(String payload, String url) throws Unsendable {
        Request request =
                JsonRpcInvoker.request(Calls.by(Protocol.JSON_RPC, url, payload), false,
                        CallSigner.NONE);
        return new String(request.wire(), StandardCharsets.UTF_8);
    }
}

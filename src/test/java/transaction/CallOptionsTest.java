package transaction;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static transaction.Samples.ONGOING;
import static transaction.Samples.UNKNOWN;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be said of the call of one step. */
class CallOptionsTest {

    private static final Bytes PAYLOAD = Bytes.utf8("{}");

    @Test
    void eachCallIsMadeAsWasSaidOfIt() {
        CallOptions put = new CallOptions("PUT", Map.of("x-step", "1", "X-ALL", "mine"), 7, 0);
        CallOptions get = new CallOptions("GET", Map.of(), 0, 0);
        Options options = new Options(false, 0, 5, 0, 0, 0,
            Map.of("x-all", "all", "x-tenant", "t"), false);
        Story story = Story.begin(new Command.Submit(saga(options,
            step(put, get, Bytes.EMPTY), step(CallOptions.NONE, CallOptions.NONE, PAYLOAD))));

        BranchCall action = story.last().calls().get(0);
        assertEquals("PUT", action.method());
        assertEquals(Map.of("x-step", "1", "X-ALL", "mine", "x-tenant", "t"), action.headers());
        assertEquals(Duration.ofSeconds(7), action.timeout());
        assertEquals(PAYLOAD, action.payload());

        story.succeeds("01", Op.ACTION);
        BranchCall plain = story.last().calls().get(0);
        assertEquals("", plain.method());
        assertEquals(options.branchHeaders(), plain.headers());
        assertEquals(Duration.ofSeconds(5), plain.timeout());

        story.returns("02", Op.ACTION, Samples.FAILURE);
        story.succeeds("02", Op.COMPENSATE);
        BranchCall undo = story.last().calls().get(0);
        assertEquals("01 compensate", Story.calls(story.last()).get(0));
        assertEquals("GET", undo.method());
        assertEquals(Bytes.EMPTY, undo.payload());
        assertEquals(Duration.ofSeconds(5), undo.timeout());
    }

    @Test
    void anActionWithALimitOfItsOwnCountsForItself() {
        Story story = Story.begin(new Command.Submit(saga(Samples.retryLimit(2, 0),
            step(limit(3), CallOptions.NONE, PAYLOAD), Samples.steps(2).get(1))));
        for (int i = 0; i < 3; i++) {
            story.returns("01", Op.ACTION, i == 1 ? ONGOING : UNKNOWN);
            assertEquals(Status.SUBMITTED, story.status(), "try " + (i + 1));
        }
        story.succeeds("01", Op.ACTION);
        story.returns("02", Op.ACTION, UNKNOWN);
        story.returns("02", Op.ACTION, UNKNOWN);
        assertEquals(Status.SUBMITTED, story.status(), "the first action's tries do not count");

        story.returns("02", Op.ACTION, UNKNOWN);

        assertEquals(Status.ABORTING, story.status());
        assertTrue(story.t().reason().contains("RetryLimit: 2; 02 action"), story.t().reason());
    }

    @Test
    void beyondItsOwnLimitTheSagaTurnsBack() {
        Story story = Story.begin(new Command.Submit(saga(Options.NONE,
            step(limit(1), CallOptions.NONE, PAYLOAD))));
        story.returns("01", Op.ACTION, UNKNOWN);
        assertEquals(Status.SUBMITTED, story.status());

        story.returns("01", Op.ACTION, UNKNOWN);

        assertEquals(Status.ABORTING, story.status());
        assertTrue(story.t().reason().contains("RetryLimit: 1; 01 action"), story.t().reason());
    }

    @Test
    void aMessageIsDeliveredAsWasSaid() {
        Submission asked = message(new Submission.Step("topic://t", "", PAYLOAD,
            List.of("http://a/1", "http://b/1"), new CallOptions("PATCH", Map.of(), 4, 0),
            CallOptions.NONE, PAYLOAD));
        Story story = Story.begin(new Command.Submit(asked));

        assertEquals("PATCH", story.last().calls().get(0).method());
        assertEquals(Duration.ofSeconds(4), story.succeeds("01-01", Op.ACTION).calls().get(0)
            .timeout());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET", "POST", "PUT", "PATCH", "DELETE"})
    void methodsThatCanBeAskedFor(String method) {
        Bytes payload = method.equals("GET") ? Bytes.EMPTY : PAYLOAD;
        CallOptions options = new CallOptions(method, Map.of(), 0, 0);
        assertDoesNotThrow(() -> saga(Options.NONE, new Submission.Step("http://a/", "http://b/",
            payload, List.of(), options, options, payload)).checked());
    }

    @ParameterizedTest
    @ValueSource(strings = {"get", "HEAD", "CONNECT", "TRACE", "OPTIONS", " ", "GET "})
    void allOthersAreRefused(String method) {
        assertRefused("step 1: action_options.method must be GET, POST, PUT, PATCH or DELETE, not "
            + method, step(new CallOptions(method, Map.of(), 0, 0), CallOptions.NONE, PAYLOAD));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host", "content-length", "Transfer-Encoding", "connection"})
    void theConnectionsHeadersAreRefused(String name) {
        assertRefused("step 1: compensate_options.headers: branch header " + name
            + " belongs to the connection and cannot be set", step(CallOptions.NONE,
            new CallOptions("", Map.of(name, "x"), 0, 0), PAYLOAD));
    }

    @Test
    void boundsHoldAtBothEnds() {
        CallOptions most = new CallOptions("", headers(Limits.BRANCH_HEADERS),
            Limits.SECONDS_MAX, Limits.SECONDS_MAX);
        assertDoesNotThrow(() -> saga(Options.NONE,
            step(most, CallOptions.NONE, PAYLOAD)).checked());
        assertRefused("step 1: action_options.headers: branch_headers has more than 64 entries",
            step(new CallOptions("", headers(Limits.BRANCH_HEADERS + 1), 0, 0), CallOptions.NONE,
                PAYLOAD));
        for (int wrong : List.of(-1, Limits.SECONDS_MAX + 1)) {
            assertRefused("step 1: action_options.request_timeout must be between 0 and 315360000:"
                + " " + wrong, step(new CallOptions("", Map.of(), wrong, 0), CallOptions.NONE,
                PAYLOAD));
            assertRefused("step 1: action_options.retry_limit must be between 0 and 315360000: "
                + wrong, step(limit(wrong), CallOptions.NONE, PAYLOAD));
        }
        Bytes largest = Bytes.of(new byte[Limits.PAYLOAD_BYTES]);
        assertDoesNotThrow(() -> saga(Options.NONE,
            step(CallOptions.NONE, CallOptions.NONE, largest)).checked());
        assertRefused("step 1: compensate_options.payload is larger than 1048576 bytes: 1048577",
            step(CallOptions.NONE, CallOptions.NONE,
                Bytes.of(new byte[Limits.PAYLOAD_BYTES + 1])));
    }

    @Test
    void whatHasNoMeaningIsRefusedByName() {
        CallOptions post = new CallOptions("POST", Map.of(), 0, 0);
        assertRefused("step 1: action_options.method is GET, and there is a payload, which a GET"
            + " does not carry", step(new CallOptions("GET", Map.of(), 0, 0), CallOptions.NONE,
            PAYLOAD));
        assertRefused("step 1: compensate_options is said, and there is no compensate",
            new Submission.Step("http://a/", "", PAYLOAD, List.of(), CallOptions.NONE, post,
                PAYLOAD));
        assertRefused("compensate_options.retry_limit has no meaning without on_exhausted: a"
            + " compensation is tried until it succeeds",
            step(CallOptions.NONE, limit(1), PAYLOAD));
        assertRefused("a message has no compensation, so compensate_options has no meaning",
            message(new Submission.Step("http://a/", "http://b/", PAYLOAD, List.of(),
                CallOptions.NONE, post, PAYLOAD)));
        assertRefused("action_options.retry_limit has no meaning without on_exhausted: a message"
            + " is delivered until it is taken",
            message(step(limit(1), CallOptions.NONE, PAYLOAD)));
    }

    @ParameterizedTest
    @CsvSource({
        "GRPC,     a:9/s.S/M,         step 1: action_options.method is said of a call over gRPC",
        "JSON_RPC, http://a/?method=m, step 1: action_options.method is said of a call by JSON-RPC"
    })
    void aMethodBelongsToHttp(Protocol protocol, String url, String refusal) {
        Submission asked = new Submission(Samples.GID, Mode.SAGA, List.of(new Submission.Step(url,
            "", PAYLOAD, List.of(), new CallOptions("POST", Map.of(), 0, 0), CallOptions.NONE,
            PAYLOAD)), "", protocol, "", Details.PLAIN, Options.NONE);

        String said = assertThrows(InvalidRequest.class, asked::checked).getMessage();
        assertTrue(said.startsWith(refusal), said);
    }

    @Test
    void overGrpcAHeaderMustBeMetadata() {
        Submission asked = new Submission(Samples.GID, Mode.SAGA, List.of(new Submission.Step(
            "a:9/s.S/M", "", PAYLOAD, List.of(), new CallOptions("", Map.of("x", "ü"), 3, 0),
            CallOptions.NONE, PAYLOAD)), "", Protocol.GRPC, "", Details.PLAIN, Options.NONE);

        assertThrows(InvalidRequest.class, asked::checked);
    }

    @Test
    void itIsOtherContentIfItIsCalledOtherwise() {
        Submission asked = saga(Options.NONE, step(limit(3), CallOptions.NONE, PAYLOAD));
        Submission other = saga(Options.NONE, step(limit(4), CallOptions.NONE, PAYLOAD));
        assertTrue(asked.sameStepsAs(asked));
        assertFalse(asked.sameStepsAs(other));
        assertFalse(asked.sameStepsAs(saga(Options.NONE,
            step(limit(3), CallOptions.NONE, Bytes.EMPTY))));
    }

    private static Map<String, String> headers(int count) {
        return IntStream.range(0, count).boxed().collect(Collectors.toMap(
            i -> "x-" + i, i -> "v", (one, other) -> one, TreeMap::new));
    }

    private static CallOptions limit(int limit) {
        return new CallOptions("", Map.of(), 0, limit);
    }

    private static Submission.Step step(CallOptions action, CallOptions undo, Bytes undoPayload) {
        return new Submission.Step("http://a/act", "http://a/undo", PAYLOAD, List.of(), action,
            undo, undoPayload);
    }

    private static Submission saga(Options options, Submission.Step... steps) {
        return new Submission(Samples.GID, Mode.SAGA, List.of(steps), "", Protocol.HTTP, "",
            Details.PLAIN, options);
    }

    private static Submission message(Submission.Step step) {
        return new Submission(Samples.GID, Mode.MSG, List.of(step), "", Protocol.HTTP, "",
            Details.PLAIN, Options.NONE);
    }

    private static void assertRefused(String message, Submission.Step step) {
        assertRefused(message, saga(Options.NONE, step));
    }

    private static void assertRefused(String message, Submission asked) {
        assertEquals(message,
            assertThrows(InvalidRequest.class, asked::checked).getMessage());
    }
}

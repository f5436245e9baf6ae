package transaction;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What comes along with a submission: its bounds, and that it is carried on. */
class ContextTest {

    private static final Context FULL = new Context("team-a", Map.of("order", "4711"), "00-a-b-01",
        "vendor=1");

    static List<Arguments> bounds() {
        return List.of(
            bound(Limits.ATTRIBUTES, count -> attributes(IntStream.range(0, count).boxed()
                .collect(Collectors.toMap(i -> "name" + i, i -> "")))),
            bound(Limits.ATTRIBUTE_CHARS, count -> attributes(Map.of("x".repeat(count), "v"))),
            bound(Limits.ATTRIBUTE_CHARS, count -> attributes(Map.of("n", "x".repeat(count)))),
            bound(Limits.NAMESPACE_CHARS,
                count -> new Context("x".repeat(count), Map.of(), "", "")),
            bound(Limits.TRACE_PARENT_CHARS,
                count -> new Context("default", Map.of(), "x".repeat(count), "")),
            bound(Limits.TRACE_STATE_CHARS,
                count -> new Context("default", Map.of(), "", "x".repeat(count))));
    }

    @ParameterizedTest
    @MethodSource("bounds")
    void asMuchAsMayBeIsTakenAndOneMoreIsNot(int most, IntFunction<Context> of) {
        assertDoesNotThrow(() -> asked(of.apply(most)).checked());
        assertThrows(InvalidRequest.class, () -> asked(of.apply(most + 1)).checked());
    }

    @Test
    void anEmptyNameIsNone() {
        assertThrows(InvalidRequest.class, () -> asked(attributes(Map.of("", "v"))).checked());
        assertThrows(InvalidRequest.class,
            () -> asked(new Context("", Map.of(), "", "")).checked());
    }

    @Test
    void itIsNotLostOnTheWay() {
        Submission asked = asked(FULL);

        assertEquals(FULL, asked.withTopics(topic -> List.of()).context());
        assertEquals(FULL,
            asked.refinedBy(Samples.waiting(), "x", Details.PLAIN, Map.of()).context());
        Story story = Story.begin(new Command.Prepare(asked),
            new Command.Submit(Submission.bare(Samples.GID, Mode.TCC)));
        assertEquals(FULL, story.t().submission().context());
    }

    @Test
    void attributesOfTheSubmitTakeThePlaceOfThoseOfThePrepare() {
        Map<String, String> later = Map.of("order", "4712");
        Submission bare = Submission.bare(Samples.GID, Mode.TCC);
        Story story = Story.begin(new Command.Prepare(asked(FULL)), new Command.Submit(
            new Submission(bare.gid(), bare.mode(), List.of(), "", Protocol.HTTP, "",
                Details.PLAIN, Options.NONE, Context.of(later))));

        assertEquals(new Context(FULL.namespace(), later, FULL.traceParent(), FULL.traceState()),
            story.t().submission().context());
    }

    @Test
    void whatIsOnRecordIsNotWrittenAgain() {
        Command.Submit submit = new Command.Submit(asked(FULL));
        Story story = Story.begin(new Command.Prepare(asked(FULL)), submit);

        assertEquals(Map.of(),
            ((Event.Submitted) story.entries().get(1).events().get(0)).attributes());
    }

    @Test
    void whatCannotBePrintedIsNoAttribute() {
        for (String odd : List.of("a\0", "\n", "\ud83d")) {
            assertThrows(InvalidRequest.class,
                () -> asked(attributes(Map.of(odd, "v"))).checked());
            assertThrows(InvalidRequest.class,
                () -> asked(attributes(Map.of("n", odd))).checked());
        }
    }

    @Test
    void whoAskedIsCutAndWrittenDown() {
        String caller = "x".repeat(Limits.CALLER_CHARS);
        assertEquals(caller, new Command.ForceStop("g", caller + "x").by());
        assertEquals(caller, new Command.RetryNow("g", false, caller + "x").by());

        Story story = Story.begin(new Command.Submit(Samples.saga(1)));
        story.returns("01", Op.ACTION, Samples.UNKNOWN);
        assertEquals(new Event.Hurried("ada", Story.NOON),
            story.say(new Command.RetryNow(Samples.GID, false, "ada")).events().get(0));
        assertEquals(new Event.ForceStopped("bob", Story.NOON),
            story.say(new Command.ForceStop(Samples.GID, "bob")).events().get(0));
    }

    /** {@code custom_data} may be a megabyte, and clients send it twice. */
    @Test
    void whatASubmitRepeatsIsNotWrittenAgain() {
        Submission asked = Samples.msg(1, "{\"delay\":5}", new Details.Delay(5),
            Samples.timeout(9));
        Story story = Story.begin(new Command.Prepare(asked));

        assertEquals(new Event.Submitted(Options.NONE, "", Details.PLAIN, Story.NOON),
            story.say(new Command.Submit(asked)).events().get(0));

        assertEquals(asked, story.t().submission());
    }

    private static Arguments bound(int most, IntFunction<Context> of) {
        return Arguments.of(most, of);
    }

    private static Context attributes(Map<String, String> attributes) {
        return new Context(Context.DEFAULT_NAMESPACE, attributes, "", "");
    }

    private static Submission asked(Context context) {
        String id = new TransactionId(context.namespace(), Samples.GID).text();
        return new Submission(id, Mode.TCC, List.of(), "", Protocol.HTTP, "", Details.PLAIN,
            Options.NONE, context);
    }
}

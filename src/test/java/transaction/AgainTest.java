package transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of a transaction that has ended is run again, in each mode, and what is refused. */
class AgainTest {

    private static final String ENDED_ON_THE_WAY =
        "submit saga steps=3; return 01 action SUCCESS; end failed";

    /** From which branch, which participants, and what whoever asks is warned of. */
    @ParameterizedTest(name = "{0} from {1}")
    @CsvSource(delimiter = '|', textBlock = """
        submit saga steps=3; return 01 action SUCCESS; end failed | | 02 | p2 p3 \
        | 01: not part of it, since done before: if it is rolled back, that stays done; \
        02: may have been done before, and then is done once more
        submit saga steps=3; return 01 action SUCCESS; end failed | 03 | 03 | p3 \
        | 01: not part of it, since done before: if it is rolled back, that stays done; \
        02: not part of it, and not known to be done
        submit saga steps=3; return 01 action SUCCESS; end failed | 01 | 01 | p1 p2 p3 \
        | 01: done before, and done once more; \
        02: may have been done before, and then is done once more
        submit saga steps=3; end failed | 03 | 03 | p3 \
        | 02: not part of it, and not done; 01: not part of it, and not known to be done
        submit saga steps=2; return 01 action SUCCESS; return 02 action SUCCESS | | 01 | p1 p2 \
        | 01, 02: done before, and done once more
        submit saga steps=2; return 01 action SUCCESS; return 02 action FAILURE; \
        return 02 compensate SUCCESS; return 01 compensate SUCCESS | | 01 | p1 p2 |
        submit saga steps=2 noundo; return 01 action SUCCESS; return 02 action FAILURE | | 02 \
        | p2 | 01: not part of it, since done before: if it is rolled back, that stays done
        submit saga steps=2; return 01 action SUCCESS; return 02 action FAILURE; \
        return 02 compensate SUCCESS; end failed | | 01 | p1 p2 \
        | 01: may have been done before, and then is done once more
        submit saga steps=2; return 01 action SUCCESS; return 02 action FAILURE; \
        return 02 compensate SUCCESS; return 01 compensate UNKNOWN x; skip 01 compensate | | 01 \
        | p1 p2 | 01: may have been done before, and then is done once more
        submit saga steps=2 concurrent; return 02 action SUCCESS; end failed | 01 | 01 | p1 p2 \
        | 02: done before, and done once more; \
        01: may have been done before, and then is done once more
        submit saga steps=2 concurrent; end failed | | 01 | p1 p2 \
        | 01, 02: may have been done before, and then is done once more
        submit saga steps=1; return 01 action UNKNOWN x; change 01 action http://q/act; \
        end failed | | 01 | q | 01: may have been done before, and then is done once more
        submit msg steps=3; return 01 action SUCCESS; end failed | | 02 | p2 p3 \
        | 02: may have been done before, and then is done once more
        submit msg steps=3; return 01 action SUCCESS; end failed | 03 | 03 | p3 \
        | 02: not part of it, and not known to be done
        submit msg steps=1 topic=2 atonce; return 02-01 action SUCCESS; end failed | | 01 \
        | p1 s2 | 01, 02-02: may have been done before, and then is done once more
        submit msg steps=1 delay=10; end failed | | 01 | p1 \
        | 01: may have been done before, and then is done once more
        submit msg steps=2; return 01 action SUCCESS; return 02 action SUCCESS | 02 | 02 | p2 \
        | 02: done before, and done once more
        """)
    void itBeginsWhereItWasNotDone(
            String told, String from, String first, String hosts, String warnings) {
        Again again = Again.of(play(told), "", from == null ? "" : from);

        assertNull(again.refusal());
        assertEquals(first, again.from());
        assertEquals(List.of(hosts.split(" ")), again.submission().steps().stream()
            .map(step -> HttpUrl.parse(step.action()).host()).toList());
        assertEquals(warnings == null ? "" : warnings, String.join("; ", again.warnings()));
        Story story = Story.begin(new Command.Submit(again.submission().checked()));
        assertEquals(Status.SUBMITTED, story.status());
        assertFalse(story.running().isEmpty());
    }

    @ParameterizedTest(name = "{0} from {1}")
    @CsvSource(delimiter = '|', textBlock = """
        submit saga steps=1 | | current status 'submitted', it has not ended
        prepare saga steps=1; rollBack | | its initiator never submitted it
        prepare msg steps=1; abort msg | | its initiator never submitted it
        prepare tcc; abort tcc | | a transaction of the mode tcc is driven by its application, \
        which alone can begin another one
        prepare xa; abort xa | | a transaction of the mode xa is driven by its application, \
        which alone can begin another one
        prepareWorkflow; finish succeed | | a transaction of the mode workflow is driven by its \
        application, which alone can begin another one
        submit saga steps=2 concurrent; end failed | 02 | its steps have an order of their own, \
        so that it runs whole or not at all
        submit saga steps=2 concurrent; return 02 action SUCCESS; end failed | | its steps have \
        an order of their own, so that it runs whole or not at all; some of them are done: to do \
        these once more, say from 01
        submit msg | | it has nothing to call
        """)
    void whatCannotBeRunAgainIsRefused(String told, String from, String why) {
        Again again = Again.of(play(told), "", from == null ? "" : from);

        assertEquals(new Reply.Refused(why + ": cannot run it again."), again.refusal());
    }

    @Test
    void whatMakesNoSenseIsInvalidAndWhatIsNotThereIsMissing() {
        GlobalTransaction ended = play(ENDED_ON_THE_WAY);

        assertEquals(new Reply.Missing("no branch 07 in g"), Again.of(ended, "", "07").refusal());
        assertInstanceOf(Reply.Invalid.class, Again.of(ended, "g", "").refusal());
        assertNull(Again.of(ended, "x".repeat(Limits.GID_CHARS), "").refusal());
        assertInstanceOf(Reply.Invalid.class,
            Again.of(ended, "x".repeat(Limits.GID_CHARS + 1), "").refusal());
        GlobalTransaction doubtful = new Event.Quarantined("entry 2 is missing", Story.NOON)
            .applyTo(ended);
        assertEquals(new Reply.Refused("this transaction is in quarantine: entry 2 is missing:"
            + " cannot run it again."), Again.of(doubtful, "", "").refusal());
    }

    @Test
    void itsGidIsTheSameEachTimeAndCountsOn() {
        GlobalTransaction ended = play(ENDED_ON_THE_WAY);
        Again first = Again.of(ended, "", "");

        assertEquals("g-again-1", first.submission().gid());
        GlobalTransaction second = end(first.submission());
        assertEquals("g-again-2", Again.of(second, "", "").submission().gid());
        // A client may call its own so: that is no number of ours.
        assertEquals("g-again-1-again-1", Again.gidAfter(end(new Submission("g-again-1",
            Mode.SAGA, Samples.steps(1), "", Protocol.HTTP, "", Details.PLAIN, Options.NONE))));
    }

    @Test
    void itIsLinkedBesidesAllAttributesThereCanBe() {
        Map<String, String> all = new LinkedHashMap<>();
        IntStream.range(0, Limits.ATTRIBUTES).forEach(i -> all.put("name" + i, "v" + i));
        Again again = Again.of(end(new Submission(Samples.GID, Mode.SAGA, Samples.steps(1), "",
            Protocol.HTTP, "text", Details.PLAIN, Samples.waiting(), Context.of(all))), "", "");

        Submission asked = again.submission().checked();
        all.put(Context.AGAIN_OF, Samples.GID);
        assertEquals(all, asked.context().attributes());
        assertEquals("text", asked.customData());
        assertFalse(asked.options().waitResult());
    }

    @Test
    void itIsTheSameOnlyWithTheSameOriginAndTheSameSteps() {
        GlobalTransaction ended = play(ENDED_ON_THE_WAY);
        Again again = Again.of(ended, "n", "");
        GlobalTransaction there = end(again.submission());

        assertTrue(again.is(there));
        assertFalse(Again.of(ended, "n", "03").is(there));
        assertFalse(again.is(end(new Submission("n", Mode.SAGA, again.submission().steps(), "",
            Protocol.HTTP, "", Details.PLAIN, Options.NONE))));
        assertFalse(again.is(GlobalTransaction.ABSENT));
    }

    /** What the steps that are left have no use for would make it invalid. */
    @Test
    void limitsGoWithTheStepsThatHaveThem() {
        CallOptions limited = new CallOptions("", Map.of("a", "b"), 0, 3);
        Submission.Step first = new Submission.Step("http://p1/act", "", Bytes.EMPTY, List.of(),
            limited, CallOptions.NONE, Bytes.EMPTY);
        Options parks = new Options(
            false, 0, 0, 0, 0, 0, Map.of(), false, VerdictMode.UNSAID, true);
        Story story = Story.begin(new Command.Submit(new Submission(Samples.GID, Mode.SAGA,
            List.of(first, Samples.steps(2).get(1)), "", Protocol.HTTP, "", Details.PLAIN,
            parks).checked()));
        story.succeeds("01", Op.ACTION);
        story.say(Phrase.command("end failed"));

        Again rest = Again.of(story.t(), "", "");
        assertFalse(rest.submission().checked().options().parksWhenExhausted());
        Again whole = Again.of(story.t(), "", "01");
        assertTrue(whole.submission().checked().options().parksWhenExhausted());
        assertEquals(limited, whole.submission().steps().get(0).actionOptions());
    }

    @Test
    void itsPayloadsAreNoMoreThanATransactionMayHave() {
        assertNull(Again.of(message(16), "", "").refusal());
        assertInstanceOf(Reply.Refused.class, Again.of(message(17), "", "").refusal());
    }

    /** To so many subscribers, a mebibyte each. */
    private static GlobalTransaction message(int subscribers) {
        Submission.Step topic = new Submission.Step("topic://t", "",
            Bytes.of(new byte[Limits.PAYLOAD_BYTES]),
            Collections.nCopies(subscribers, "http://a/x"));
        return end(new Submission(Samples.GID, Mode.MSG, List.of(topic), "", Protocol.HTTP, "",
            Details.PLAIN, Options.NONE));
    }

    @Test
    void ofManyBranchesAFewAreNamed() {
        List<String> warnings = Again.of(end(Samples.saga(12, Map.of(), Options.NONE)), "", "")
            .warnings();

        assertEquals(List.of("01, 02, 03, 04, 05, 06, 07, 08, 09, 10 and 2 more: may have been"
            + " done before, and then is done once more"), warnings);
    }

    private static GlobalTransaction end(Submission asked) {
        return Story.begin(new Command.Submit(asked), Phrase.command("end failed")).t();
    }

    private static GlobalTransaction play(String told) {
        return Story.begin(Stream.of(told.split("; ")).map(Phrase::command)
            .toArray(Command[]::new)).t();
    }
}

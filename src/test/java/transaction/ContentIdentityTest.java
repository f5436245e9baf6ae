package transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static transaction.Samples.ONGOING;
import static transaction.Samples.UNKNOWN;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A gid names one piece of work: the same again is fine, another is refused without effect. */
class ContentIdentityTest {

    static List<Submission> others() {
        List<Submission.Step> reversed = new ArrayList<>(Samples.steps(2));
        java.util.Collections.reverse(reversed);
        return List.of(
            Samples.saga(1), Samples.saga(3),
            saga(reversed), saga(List.of(Samples.steps(2).get(0), Samples.steps(2).get(0))),
            saga(List.of(Samples.steps(1).get(0),
                new Submission.Step("http://p2/act", "http://p2/undo", Bytes.EMPTY))),
            saga(List.of(Samples.steps(1).get(0),
                new Submission.Step("http://p2/act", "", Bytes.utf8("{\"amount\":2}")))),
            Samples.saga(2, Map.of(), Options.NONE),
            Samples.msg(2, Options.NONE), Samples.bare(Mode.TCC, Options.NONE));
    }

    @ParameterizedTest
    @MethodSource("others")
    void otherContentIsRefusedWithoutEffect(Submission other) {
        for (Outcome outcome : List.of(UNKNOWN, ONGOING)) {
            Story story = Story.begin(new Command.Submit(Samples.saga(2)));
            story.returns("01", Op.ACTION, outcome);
            Live known = story.live();

            story.later(1).say(new Command.Submit(other));

            assertInstanceOf(Reply.Refused.class, story.last().reply());
            assertEquals(List.of(), story.last().events());
            assertEquals(List.of(), story.last().calls(), "a refusal hurries nothing");
            assertEquals(known.paused(), story.live().paused());
        }
    }

    @ParameterizedTest
    @MethodSource("others")
    void otherStepsThanThePreparedAreRefused(Submission other) {
        Story story = Story.begin(new Command.Prepare(Samples.saga(2)));

        story.say(new Command.Submit(other));

        boolean sameSteps = other.mode() == Mode.SAGA && other.sameStepsAs(Samples.saga(2));
        assertEquals(sameSteps ? "done" : "refused", Replies.nameOf(story.last().reply()));
    }

    @Test
    void theSameAgainIsFineInAnyForm() {
        Story story = Story.begin(new Command.Submit(Samples.saga(2)));
        Submission bare = new Submission(Samples.GID, Mode.SAGA, List.of(), "", Protocol.HTTP, "",
            Details.PLAIN, Options.NONE);

        for (Submission again : List.of(Samples.saga(2), Samples.saga(2, Samples.timeout(9)),
                bare)) {
            assertEquals(Reply.DONE, story.say(new Command.Submit(again)).reply());
            assertEquals(List.of(), story.last().events());
            assertEquals(List.of(), story.last().calls());
        }
    }

    @Test
    void theSameAgainLooksAtOnce() {
        for (Outcome outcome : List.of(UNKNOWN, ONGOING)) {
            Story story = Story.begin(new Command.Submit(Samples.saga(2)));
            story.returns("01", Op.ACTION, outcome);

            story.later(1).say(new Command.Submit(Samples.saga(2)));

            assertEquals(List.of("01 action"), Story.calls(story.last()));
        }
    }

    @Test
    void aRefusedAbortHurriesNothing() {
        Story story = Story.begin(new Command.Submit(Samples.saga(2)));
        story.returns("01", Op.ACTION, ONGOING);

        story.later(1).say(Samples.abort(Mode.SAGA));

        assertInstanceOf(Reply.Refused.class, story.last().reply());
        assertEquals(List.of(), story.last().calls());
    }

    @Test
    void whatThePrepareSaidInCustomDataNeedNotBeSaidAgain() {
        Submission prepared = Samples.saga(2, Map.of(1, List.of(0)), Options.NONE);
        Story story = Story.begin(new Command.Prepare(prepared));

        assertEquals(Reply.DONE, story.say(new Command.Submit(Samples.saga(2))).reply());
        assertEquals(Reply.DONE, story.say(new Command.Submit(Samples.saga(2))).reply(),
            "the very same request again");
    }

    @Test
    void whatIsSaidMustAgreeEvenWithoutSteps() {
        Story story = Story.begin(new Command.Submit(Samples.saga(2)));
        Submission other = new Submission(Samples.GID, Mode.SAGA, List.of(), "", Protocol.HTTP,
            "{\"concurrent\":true}", new Details.Concurrent(Map.of()), Options.NONE);

        story.say(new Command.Submit(other));

        assertInstanceOf(Reply.Refused.class, story.last().reply());
    }

    @Test
    void aSubmitWithADelayIsFineAlthoughTheCheckBackWasFaster() {
        Story story = Story.begin(Samples.prepare(Mode.MSG));
        story.wake();
        story.succeeds("00", Op.MSG);

        story.say(new Command.Submit(
            Samples.msg(2, "{\"delay\":5}", new Details.Delay(5), Options.NONE)));

        assertEquals(Reply.DONE, story.last().reply());
    }

    @Test
    void whatTheSubmitSaidOverrulesThePrepare() {
        Story story = Story.begin(new Command.Prepare(Samples.saga(2, Samples.timeout(5))));
        Options later = new Options(false, 50, 4, 0, 0, 0, Map.of("x-trace", "t9"), false);

        story.say(new Command.Submit(Samples.saga(2, Map.of(), later)));

        assertEquals(later, story.t().options());
        assertEquals(List.of("01 action", "02 action"), story.running());
        assertEquals(Map.of("x-trace", "t9"), story.last().calls().get(0).headers());
    }

    private static Submission saga(List<Submission.Step> steps) {
        return new Submission(Samples.GID, Mode.SAGA, steps, "", Protocol.HTTP, "", Details.PLAIN,
            Options.NONE);
    }
}

package transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client that waits hears at the end of the pass: protocol section 1.6. */
class WaitResultTest {

    @ParameterizedTest(name = "{0} submit, calls {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
        saga | 01 action SUCCESS, 02 action SUCCESS     | done
        saga | 01 action FAILURE                        | refused no funds FAILURE
        saga | 01 action FAILURE, 01 compensate SUCCESS | refused no funds FAILURE
        saga | 01 action FAILURE, 01 compensate UNKNOWN | refused no funds FAILURE
        saga | 01 action ONGOING                        | ongoing 01 action: at work
        saga | 01 action UNKNOWN                        | ongoing 01 action: connection refused
        msg  | 01 action SUCCESS, 02 action SUCCESS     | done
        msg  | 01 action ONGOING                        | ongoing 01 action: at work
        msg  | 01 action UNKNOWN                        | troubled connection refused
        msg  | 01 action FAILURE                        | troubled no funds
        tcc  | 01 confirm SUCCESS                       | done
        tcc  | 01 confirm ONGOING                       | ongoing 01 confirm: at work
        tcc  | 01 confirm UNKNOWN                       | troubled connection refused
        tcc  | 01 confirm FAILURE                       | troubled no funds
        xa   | 01 commit SUCCESS                        | done
        xa   | 01 commit ONGOING                        | ongoing 01 commit: at work
        xa   | 01 commit UNKNOWN                        | troubled connection refused
        xa   | 01 commit FAILURE                        | troubled no funds
        """)
    void aSubmitIsToldHowThePassEnded(String mode, String calls, String reply) {
        Story story = waiting(Mode.of(mode).orElseThrow());
        Decision first = story.say(submit(Mode.of(mode).orElseThrow()));
        assertNull(first.reply());
        assertEquals(Status.SUCCEED, first.awaits());

        play(story, calls);

        assertReply(reply, story.last(), Status.SUCCEED);
    }

    @ParameterizedTest(name = "{0} abort, calls {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
        tcc | 01 cancel SUCCESS   | done
        tcc | 01 cancel ONGOING   | ongoing 01 cancel: at work
        tcc | 01 cancel UNKNOWN   | troubled connection refused
        tcc | 01 cancel FAILURE   | troubled no funds
        xa  | 01 rollback SUCCESS | done
        xa  | 01 rollback UNKNOWN | troubled connection refused
        """)
    void anAbortIsToldTheSameIfThePrepareAskedForIt(String mode, String calls, String reply) {
        Story story = waiting(Mode.of(mode).orElseThrow());
        Decision first = story.say(Samples.abort(Mode.of(mode).orElseThrow()));
        assertNull(first.reply());
        assertEquals(Status.FAILED, first.awaits());

        play(story, calls);

        assertReply(reply, story.last(), Status.FAILED);
    }

    @Test
    void aTransactionWithoutCallsIsAnsweredAtOnce() {
        Decision decision = new Story().say(
            new Command.Submit(Samples.bare(Mode.TCC, Samples.waiting())));

        assertTrue(decision.endsPass());
        assertEquals(Reply.DONE, decision.replyTo(decision.awaits()));
    }

    @Test
    void aDelayedMessageIsUnderWay() {
        Decision decision = new Story().say(new Command.Submit(
            Samples.msg(1, "{\"delay\":5}", new Details.Delay(5), Samples.waiting())));

        assertTrue(decision.endsPass());
        assertReply("ongoing delivered 5 seconds after the submit", decision, Status.SUCCEED);
    }

    @Test
    void theSecondOfTwoWaitedSubmitsFinishesWhatTheFirstLeft() {
        Story story = waiting(Mode.SAGA);
        story.say(submit(Mode.SAGA));
        play(story, "01 action SUCCESS, 02 action ONGOING");
        assertReply("ongoing", story.last(), Status.SUCCEED);

        Decision again = story.say(submit(Mode.SAGA));

        assertNull(again.reply());
        assertEquals(List.of("02 action"), Story.calls(again));
        play(story, "02 action SUCCESS");
        assertReply("done", story.last(), Status.SUCCEED);
    }

    @ParameterizedTest(name = "{0}: {1}, then {2}")
    @CsvSource(delimiter = '|', textBlock = """
        saga | 01 action SUCCESS, 02 action SUCCESS     | done
        saga | 01 action FAILURE, 01 compensate SUCCESS | refused no funds FAILURE
        tcc  | 01 confirm SUCCESS                       | done
        """)
    void aSubmitThatTheCoordinatorRepeatsHearsWhatTheFirstWouldHave(
            String mode, String calls, String reply) {
        Mode of = Mode.of(mode).orElseThrow();
        Story story = waiting(of);
        Command.Submit first = (Command.Submit) submit(of);
        story.say(first);
        play(story, calls);
        assertInstanceOf(Reply.Refused.class, story.say(first).reply(), "a client's repeat");

        Decision repeat = story.say(new Command.Submit(first.submission(), true));

        assertTrue(repeat.endsPass());
        assertEquals(List.of(), Story.calls(repeat));
        assertReply(reply, repeat, Status.SUCCEED);
    }

    @Test
    void theCoordinatorsRepeatOfWhatWasAbortedBeforeItIsRefused() {
        Story story = waiting(Mode.TCC);
        story.say(Samples.abort(Mode.TCC));
        Submission asked = ((Command.Submit) submit(Mode.TCC)).submission();

        assertInstanceOf(Reply.Refused.class,
            story.say(new Command.Submit(asked, true)).reply());
    }

    @Test
    void theCoordinatorsRepeatOfOtherWorkIsRefused() {
        Story story = new Story();
        story.say(submit(Mode.SAGA));
        play(story, "01 action SUCCESS, 02 action SUCCESS");

        assertInstanceOf(Reply.Refused.class,
            story.say(new Command.Submit(Samples.saga(1, Samples.waiting()), true)).reply());
    }

    @Test
    void threeErrorsWithALimitOfThreeSucceedInOneWaitedSubmit() {
        Story story = new Story();
        story.say(new Command.Submit(Samples.saga(1,
            new Options(true, 0, 0, 0, 3, 0, Map.of(), false))));
        for (int i = 0; i < 3; i++) {
            story.returns("01", Op.ACTION, i == 1 ? Samples.ONGOING : Samples.UNKNOWN);
            assertEquals(List.of("01 action"), Story.calls(story.last()), "at once");
            assertTrue(!story.last().endsPass());
        }

        story.succeeds("01", Op.ACTION);

        assertReply("done", story.last(), Status.SUCCEED);
    }

    @Test
    void whatWentWrongInAnEarlierPassIsForgotten() {
        Story story = waiting(Mode.MSG);
        story.say(submit(Mode.MSG));
        play(story, "01 action UNKNOWN");
        assertReply("troubled connection refused", story.last(), Status.SUCCEED);

        story.say(submit(Mode.MSG));
        play(story, "01 action ONGOING");

        assertReply("ongoing", story.last(), Status.SUCCEED);
    }

    @Test
    void aRefusalWeighsMoreThanAnAnswerThatItIsAtWork() {
        Story story = new Story();
        story.say(new Command.Submit(Samples.msg(2,
            new Options(true, 0, 0, 0, 0, 0, Map.of(), true))));

        play(story, "01 action FAILURE, 02 action ONGOING");

        assertReply("troubled no funds", story.last(), Status.SUCCEED);
    }

    @Test
    void aForcedStopIsARefusalForThoseWhoWaitedForSuccess() {
        Story story = waiting(Mode.TCC);
        story.say(submit(Mode.TCC));
        story.say(new Command.ForceStop(Samples.GID));

        play(story, "01 confirm SUCCESS");

        assertReply("refused stopped by force", story.last(), Status.SUCCEED);
    }

    private static void play(Story story, String calls) {
        for (String call : calls.split(", ")) {
            String[] words = call.split(" ");
            Outcome outcome = switch (words[2]) {
                case "SUCCESS" -> Outcome.SUCCESS;
                case "FAILURE" -> Samples.FAILURE;
                case "ONGOING" -> Samples.ONGOING;
                default -> Samples.UNKNOWN;
            };
            story.returns(words[0], Op.of(words[1]).orElseThrow(), outcome);
        }
    }

    private static void assertReply(String expected, Decision end, Status hoped) {
        Reply reply = end.replyTo(hoped);
        String[] parts = expected.split(" ", 2);
        assertEquals(parts[0], Replies.nameOf(reply));
        if (parts.length == 2 && parts[0].equals("refused")) {
            assertEquals(parts[1], Replies.reasonOf(reply));
        } else if (parts.length == 2 && parts[0].equals("ongoing")) {
            assertEquals(parts[1] + "; wait result not return success: ONGOING",
                Replies.reasonOf(reply));
        } else if (parts.length == 2) {
            assertTrue(Replies.reasonOf(reply).contains("Got: " + parts[1]));
        }
    }

    /** Nothing yet, or prepared with a branch for the modes whose branches join. */
    private static Story waiting(Mode mode) {
        if (mode == Mode.SAGA || mode == Mode.MSG) {
            return new Story();
        }
        return Story.begin(new Command.Prepare(Samples.bare(mode, Samples.waiting())),
            Samples.join(mode, "01"));
    }

    private static Command submit(Mode mode) {
        if (mode == Mode.SAGA) {
            return new Command.Submit(Samples.saga(2, Samples.waiting()));
        }
        return new Command.Submit(mode == Mode.MSG ? Samples.msg(2, Samples.waiting())
            : Samples.bare(mode, Samples.waiting()));
    }
}

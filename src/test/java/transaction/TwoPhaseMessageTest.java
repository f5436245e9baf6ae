package transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static transaction.Samples.FAILURE;
import static transaction.Samples.ONGOING;
import static transaction.Samples.UNKNOWN;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Protocol section 4.5. */
class TwoPhaseMessageTest {

    @Test
    void deliversInOrderAndStopsAtTheFirstThatDoesNotTakeIt() {
        Story story = Story.begin(Samples.prepare(Mode.MSG), Samples.submit(Mode.MSG));
        assertEquals(List.of("01 action"), story.running());

        story.returns("01", Op.ACTION, FAILURE);
        assertEquals(List.of(), story.running(), "a refusal is no verdict for a message");
        story.wake();
        story.succeeds("01", Op.ACTION);
        assertEquals(List.of("02 action"), story.running());
        story.succeeds("02", Op.ACTION);

        assertEquals(Status.SUCCEED, story.status());
    }

    @Test
    void aConcurrentMessageGoesToAllAtOnce() {
        Story story = Story.begin(new Command.Submit(Samples.msg(3, Samples.concurrent())));
        assertEquals(List.of("01 action", "02 action", "03 action"), story.running());

        story.returns("01", Op.ACTION, UNKNOWN);
        story.succeeds("03", Op.ACTION);
        story.succeeds("02", Op.ACTION);

        assertTrue(story.last().endsPass());
        assertEquals(List.of("01 action"), Story.calls(story.wake()));
    }

    @Test
    void aSilentInitiatorIsAskedAndItsYesDeliversInTheSamePass() {
        Story story = prepared();
        assertEquals(Story.NOON.plusSeconds(35), story.last().lookAgainAt());

        assertEquals(List.of("00 msg"), Story.calls(story.wake()));
        BranchCall question = story.last().calls().get(0);
        assertEquals(Samples.QUERY, question.url());
        assertTrue(question.payload().isEmpty());

        assertEquals(List.of("01 action"), Story.calls(story.succeeds("00", Op.MSG)));
        assertEquals(Status.SUBMITTED, story.status());
    }

    @Test
    void itsNoEndsTheMessageWithoutADelivery() {
        Story story = prepared();
        story.wake();

        story.returns("00", Op.MSG, FAILURE);

        assertEquals(Status.FAILED, story.status());
        assertEquals("no funds", story.t().reason());
        assertEquals(List.of(), story.last().calls());
    }

    @Test
    void whateverElseItAnswersIsAskedAgainAndNeverGuessed() {
        Story story = prepared();
        story.wake();

        story.returns("00", Op.MSG, ONGOING);
        assertEquals(story.now().plusSeconds(10), story.last().lookAgainAt());
        story.wake();
        for (int wait : List.of(20, 40, 60, 60)) {
            story.returns("00", Op.MSG, UNKNOWN);
            assertEquals(Status.PREPARED, story.status());
            assertEquals(story.now().plusSeconds(wait), story.last().lookAgainAt());
            assertEquals(List.of("00 msg"), Story.calls(story.wake()));
        }
    }

    @Test
    void anOperatorMayHurryTheQuestion() {
        Story story = prepared();
        story.wake();
        story.returns("00", Op.MSG, UNKNOWN);

        story.later(1).say(new Command.RetryNow(Samples.GID));

        assertEquals(List.of("00 msg"), Story.calls(story.last()));
    }

    @Test
    void anAnswerThatComesAfterTheSubmitChangesNothing() {
        Story story = prepared();
        story.wake();
        story.say(Samples.submit(Mode.MSG));

        story.returns("00", Op.MSG, FAILURE);

        assertEquals(Status.SUBMITTED, story.status());
        assertEquals(List.of(), story.last().events());
    }

    @Test
    void anAnswerThatComesAfterTheAbortChangesNothing() {
        Story story = prepared();
        story.wake();
        story.say(Samples.abort(Mode.MSG));

        story.succeeds("00", Op.MSG);

        assertEquals(Status.FAILED, story.status());
        assertEquals(List.of(), story.last().events());
    }

    @Test
    void nobodyToAskCountsAsAYes() {
        Submission asked = new Submission(Samples.GID, Mode.MSG, Samples.steps(1), "",
            Protocol.HTTP, "", Details.PLAIN, Samples.timeout(3));
        Story story = Story.begin(new Command.Prepare(asked));
        assertEquals(Story.NOON.plusSeconds(3), story.last().lookAgainAt());

        assertEquals(List.of("01 action"), Story.calls(story.wake()));
    }

    @Test
    void aDelayRunsFromTheSubmitThatAskedForIt() {
        Story story = prepared().later(20);
        story.say(new Command.Submit(
            Samples.msg(2, "{\"delay\":10}", new Details.Delay(10), Options.NONE)));

        assertEquals(List.of(), story.running());
        assertEquals(story.now().plusSeconds(10), story.last().lookAgainAt());
        story.later(9).say(new Command.RetryNow(Samples.GID));
        assertEquals(List.of(), story.running(), "nobody may hurry a delay");
        assertEquals(List.of("01 action"), Story.calls(story.wake()));
        assertEquals(Story.NOON.plusSeconds(30), story.now());
    }

    @Test
    void aTopicIsSentToThoseWhoSubscribedWhenTheMessageWasOpened() {
        Submission asked = topics("topic://orders", "http://p/plain", "topic://bills")
            .withTopics(topic -> topic.equals("orders")
                ? List.of("http://a", "http://b") : List.of("http://c"));

        Story story = Story.begin(new Command.Prepare(asked));
        Submission later = topics("topic://orders", "http://p/plain", "topic://bills")
            .withTopics(topic -> List.of("http://new"));
        assertEquals(Reply.DONE, story.say(new Command.Submit(later)).reply());

        assertEquals(List.of("01-01 http://a", "01-02 http://b", "02 http://p/plain",
            "03 http://c"), story.t().ops().stream()
                .map(op -> op.branchId() + " " + op.url()).toList());
        assertEquals(List.of("01-01 action"), story.running());
    }

    @Test
    void aTopicWithoutSubscribersIsInvalid() {
        Submission asked = topics("topic://nobody");

        assertThrows(InvalidRequest.class, () -> asked.withTopics(topic -> List.of()));
        assertThrows(InvalidRequest.class, () -> topics("topic://").checked());
    }

    @Test
    void aTopicThatNobodyLookedUpOpensNothing() {
        Submission unresolved = topics("topic://orders");

        for (Command open : List.of(
                new Command.Prepare(unresolved), new Command.Submit(unresolved))) {
            Decision decision = new Story().say(open);
            assertEquals("invalid", Replies.nameOf(decision.reply()));
            assertEquals(List.of(), decision.events());
        }
        Submission resolved = unresolved.withTopics(topic -> List.of("http://a"));
        Story story = Story.begin(new Command.Prepare(resolved));
        assertEquals(Reply.DONE, story.say(new Command.Submit(unresolved)).reply(),
            "whom it goes to is known already, though the topic may be gone");
    }

    @Test
    void topicsThatFanOutTooFarOpenNothing() {
        List<String> many = Collections.nCopies(Limits.SUBSCRIBERS, "http://a");
        Submission most = topics("topic://a", "topic://b").withTopics(topic -> many);
        Submission more = topics("topic://a", "http://p", "topic://b").withTopics(topic -> many);

        assertEquals(Reply.DONE, new Story().say(new Command.Submit(most)).reply());
        assertEquals("invalid",
            Replies.nameOf(new Story().say(new Command.Submit(more)).reply()));
    }

    @Test
    void aMessageWithoutStepsSucceedsAtOnce() {
        assertEquals(Status.SUCCEED,
            Story.begin(new Command.Submit(Samples.msg(0, Options.NONE))).status());
    }

    private static Submission topics(String... actions) {
        List<Submission.Step> steps = Arrays.stream(actions)
            .map(action -> new Submission.Step(action, "", Bytes.EMPTY)).toList();
        return new Submission(Samples.GID, Mode.MSG, steps, Samples.QUERY, Protocol.HTTP, "",
            Details.PLAIN, Options.NONE);
    }

    private static Story prepared() {
        return Story.begin(Samples.prepare(Mode.MSG));
    }
}

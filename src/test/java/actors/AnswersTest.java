package actors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import actors.ClusterChanges.View;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import transaction.Reply;

/** What is told to whoever waits for a transaction's answer, in time and when the time is over. */
class AnswersTest {

    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(1);

    private final AtomicReference<View> cluster = new AtomicReference<>(View.ALONE);
    private final Answers answers = new Answers(new ClusterChanges(cluster::get));
    private final ActorRef<TransactionActor.Answer> ear = KIT.spawn(answers.behavior());

    @AfterAll
    static void shutDown() {
        KIT.shutdownTestKit();
    }

    @Test
    void theAnswerEndsTheWaitAndThatItIsWrittenDoesNot() {
        AtomicLong ticket = new AtomicLong();
        CompletableFuture<Reply> reply = answers.expect(LONG, way(ticket::set));
        ear.tell(new TransactionActor.Answer(ticket.get(), Reply.WRITTEN));
        CompletableFuture<Reply> other = answers.expect(LONG, way(number ->
            ear.tell(new TransactionActor.Answer(number, Reply.DONE))));
        assertEquals(Reply.DONE, other.join());
        assertFalse(reply.isDone(), "its words were heard before");

        ear.tell(new TransactionActor.Answer(ticket.get(), Reply.DONE));

        assertEquals(Reply.DONE, reply.join());
        assertEquals(0, answers.count());
    }

    @Test
    void whoWaitsTooLongForWhatIsWrittenIsToldThatItGoesOn() {
        Reply reply = answers.expect(Duration.ofSeconds(1), way(ticket ->
            ear.tell(new TransactionActor.Answer(ticket, Reply.WRITTEN)))).join();

        String reason = assertInstanceOf(Reply.Ongoing.class, reply).reason();
        assertEquals("it is written, and has not come to its end within 1000 ms; "
            + "wait result not return success: ONGOING", reason);
    }

    @Test
    void whoWaitsTooLongForWhatMayNotBeWrittenIsToldThatNothingIsKnown() {
        Reply reply = answers.expect(SHORT, way(ticket -> { })).join();

        assertTrue(assertInstanceOf(Reply.Unclear.class, reply).reason()
            .contains("may or may not have been written"));
    }

    private static Answers.Way way(LongConsumer request) {
        return new Answers.Way() {
            @Override
            public void request(long ticket) {
                request.accept(ticket);
            }

            @Override
            public void locate(long ticket) {}

            @Override
            public boolean repeat(long ticket) {
                throw new AssertionError("it was there");
            }
        };
    }
}

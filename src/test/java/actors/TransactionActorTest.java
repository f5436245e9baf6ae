package actors;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import transaction.Bytes;
import transaction.Command;
import transaction.Details;
import transaction.Entry;
import transaction.Event;
import transaction.GlobalTransaction;
import transaction.Live;
import transaction.Mode;
import transaction.Options;
import transaction.Outcome;
import transaction.Protocol;
import transaction.Reply;
import transaction.Status;
import transaction.Submission;

class TransactionActorTest extends TransactionActorFixture {

    @Test
    void nothingIsCalledOrAnsweredBeforeItsFactIsDurable() {
        var written = new CopyOnWriteArrayList<Integer>();
        participants.onCall(call -> written.add(stored().size()));
        ActorRef<TransactionActor.Message> actor = spawn();

        actor.tell(submit(saga(Options.NONE), 1));

        assertEquals(new TransactionActor.Answer(1, Reply.DONE), client.receiveMessage());
        awaitCalls("01 action");
        assertEquals(List.of(1), written);
        answer(0, Outcome.SUCCESS);
        awaitCalls("01 action", "02 action");
        assertEquals(List.of(1, 2), written);
    }

    @Test
    void aWriteThatFailsIsAnsweredUnclearAndCallsNobody() {
        journal.failNextPersisted(id());
        ActorRef<TransactionActor.Message> actor = spawn();

        actor.tell(submit(saga(Options.NONE), 1));

        assertInstanceOf(Reply.Unclear.class, client.receiveMessage().reply());
        assertTrue(participants.made().isEmpty());
        actor.tell(submit(saga(Options.NONE), 2));
        assertEquals(new TransactionActor.Answer(2, Reply.DONE),
            client.receiveMessage(Duration.ofSeconds(5)));
        awaitCalls("01 action");
    }

    @Test
    void whoLooksIsToldWhichNodeHasIt() {
        ActorRef<TransactionActor.Message> actor = spawn();

        actor.tell(new TransactionActor.Request(new Command.Look(gid), 1, client.ref()));

        Reply.Found found = (Reply.Found) client.receiveMessage().reply();
        assertEquals(kit.system().address().toString(), found.node());
    }

    @Test
    void theLastVerdictAndTheEndAreOneWrite() {
        ActorRef<TransactionActor.Message> actor = spawn();
        actor.tell(submit(saga(Options.NONE), 1));
        awaitCalls("01 action");
        answer(0, Outcome.SUCCESS);
        awaitCalls("01 action", "02 action");
        answer(1, Outcome.SUCCESS);

        await().until(() -> stored().size() == 3);
        assertEquals(2, stored().get(2).events().size());
        assertEquals(Status.SUCCEED, stored().get(2).summary().status());
        await().until(passivation::hasBegun);
    }

    @Test
    void aRestartGoesOnWhereTheFactsEnd() {
        ActorRef<TransactionActor.Message> first = spawn();
        first.tell(submit(saga(Options.NONE), 1));
        awaitCalls("01 action");
        answer(0, Outcome.SUCCESS);
        awaitCalls("01 action", "02 action");
        kit.stop(first);

        spawn();

        awaitCalls("01 action", "02 action", "02 action");
    }

    @Test
    void whatAnEarlierLifeCalledIsNotListenedTo() {
        ActorRef<TransactionActor.Message> actor = spawn();
        actor.tell(submit(saga(Options.NONE), 1));
        awaitCalls("01 action");
        journal.failNextPersisted(id());
        answer(0, Outcome.SUCCESS); // Its write fails, the actor starts a new life and calls again.
        awaitCalls("01 action", "01 action");

        answer(0, Outcome.SUCCESS);
        answer(1, Outcome.failure("no"));

        awaitCalls("01 action", "01 action", "01 compensate");
    }

    @Test
    void aClientThatWaitsIsAnsweredOnceWhenThePassIsOver() {
        ActorRef<TransactionActor.Message> actor = spawn();
        actor.tell(submit(saga(waiting()), 7));
        assertEquals(new TransactionActor.Answer(7, Reply.WRITTEN), client.receiveMessage());
        awaitCalls("01 action");
        answer(0, Outcome.failure("no money"));
        awaitCalls("01 action", "01 compensate");
        client.expectNoMessage(Duration.ofMillis(50));
        answer(1, Outcome.SUCCESS);

        TransactionActor.Answer told = client.receiveMessage();
        assertEquals(7, told.ticket());
        assertEquals(new Reply.Refused("no money FAILURE"), told.reply());
        client.expectNoMessage(Duration.ofMillis(50));
    }

    /** What was written is not put in doubt when its node ends, or cannot write the next fact. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoWaitsForWhatIsWrittenIsNotToldThatNothingIsKnown(boolean stopped) {
        ActorRef<TransactionActor.Message> actor = spawn();
        actor.tell(submit(saga(waiting()), 1));
        assertEquals(new TransactionActor.Answer(1, Reply.WRITTEN), client.receiveMessage());
        awaitCalls("01 action");

        if (stopped) {
            kit.stop(actor);
        } else {
            journal.failNextPersisted(id());
            answer(0, Outcome.SUCCESS);
        }

        assertInstanceOf(Reply.Ongoing.class, client.receiveMessage().reply());
    }

    @Test
    void anAnswerThatIsOngoingWritesNothing() {
        ActorRef<TransactionActor.Message> actor = spawn();
        actor.tell(submit(saga(waiting()), 1));
        assertEquals(new TransactionActor.Answer(1, Reply.WRITTEN), client.receiveMessage());
        awaitCalls("01 action");
        answer(0, Outcome.ongoing("working"));

        assertInstanceOf(Reply.Ongoing.class, client.receiveMessage().reply());
        assertEquals(1, stored().size());
        await().until(() -> MemoryIndex.RESCHEDULED.contains(
            gid + " 1 " + NOON.instant().plusSeconds(10)));
    }

    @Test
    void aHistoryThatDoesNotAddUpIsQuarantinedAndCallsNobody() {
        journal.persistForRecovery(id(), List.of(new Entry(
            List.of(new Event.TurnedBack("?", List.of(), NOON.instant())), null)));

        spawn().tell(submit(saga(Options.NONE), 1));
        assertInstanceOf(Reply.Troubled.class, client.receiveMessage().reply());
        spawn().tell(new TransactionActor.Request(new Command.Look(gid), 2, client.ref()));

        Reply shown = client.receiveMessage().reply();
        assertTrue(((Reply.Found) shown).transaction().isQuarantined());
        assertTrue(participants.made().isEmpty());
        assertTrue(MemoryIndex.QUARANTINED.contains(gid));
    }

    /** As when the key is missing that encrypted it: the waker, or a client, has it read anew. */
    @Test
    void oneThatIsExpectedToBeReadableSoonSaysWhyAndLeavesMemory() {
        index.passing = true;
        idle = Duration.ofDays(1);
        journal.persistForRecovery(id(), List.of(new Entry(
            List.of(new Event.TurnedBack("?", List.of(), NOON.instant())), null)));
        kit.spawn(Behaviors.<TransactionActor.Message>setup(context -> {
            context.getSelf().tell(submit(saga(Options.NONE), 1));
            return behavior();
        }));

        assertInstanceOf(Reply.Troubled.class, client.receiveMessage().reply());
        await().until(passivation::hasBegun);
        assertTrue(participants.made().isEmpty());
    }

    @Test
    void aQuarantinedOneCanBeReadAgainAndEnded() {
        journal.persistForRecovery(id(), List.of(new Entry(
            List.of(new Event.TurnedBack("?", List.of(), NOON.instant())), null)));

        spawn().tell(new TransactionActor.Request(new Command.RetryNow(gid), 1, client.ref()));
        assertEquals(Reply.DONE, client.receiveMessage().reply());
        assertTrue(MemoryIndex.READ_AGAIN.contains(gid));

        spawn().tell(new TransactionActor.Request(new Command.ForceStop(gid), 2, client.ref()));
        assertEquals(Reply.DONE, client.receiveMessage().reply());
        spawn().tell(new TransactionActor.Request(new Command.ForceStop(gid), 3, client.ref()));
        assertInstanceOf(Reply.Refused.class, client.receiveMessage().reply());
        assertTrue(participants.made().isEmpty());
    }

    /** Bulk operations take what is in trouble for unchanged. */
    @Test
    void whetherAQuarantinedOneHasEndedIsNotKnownWhenTheStoreDoesNotAnswer() {
        index.loses = true;
        journal.persistForRecovery(id(), List.of(new Entry(
            List.of(new Event.TurnedBack("?", List.of(), NOON.instant())), null)));

        spawn().tell(new TransactionActor.Request(new Command.ForceStop(gid), 1, client.ref()));
        assertInstanceOf(Reply.Unclear.class, client.receiveMessage().reply());
    }

    @Test
    void whoWatchesSeesEverythingInOrderAfterItIsDurable() {
        ActorRef<TransactionActor.Message> actor = spawn();
        actor.tell(submit(saga(waiting()), 1));
        assertEquals(new TransactionActor.Answer(1, Reply.WRITTEN), client.receiveMessage());
        awaitCalls("01 action");
        answer(0, Outcome.SUCCESS);
        awaitCalls("01 action", "02 action");
        answer(1, Outcome.ongoing("working"));
        client.receiveMessage();

        assertEquals(List.of("wrote 1", "called 01 #1", "wrote 2", "called 02 #1", "paused 02",
            "passed submitted"), watch.seen());
        actor.tell(new TransactionActor.Request(new Command.Look(gid), 2, client.ref()));
        client.receiveMessage();
        actor.tell(new TransactionActor.Request(new Command.Resume(), 3, client.ref()));
        client.receiveMessage();
        assertEquals(6, watch.seen().size(), "a look that finds nothing to do is no pass");
        actor.tell(new TransactionActor.Request(
            new Command.RetryNow(gid, true), 4, client.ref()));
        assertEquals(new TransactionActor.Answer(4, Reply.WRITTEN), client.receiveMessage());
        awaitCalls("01 action", "02 action", "02 action");
        client.expectNoMessage(Duration.ofMillis(50));
        answer(2, Outcome.SUCCESS);
        assertEquals(new TransactionActor.Answer(4, Reply.DONE), client.receiveMessage());
        assertEquals(List.of("called 02 #2", "wrote 3", "passed succeed"),
            watch.seen().subList(6, 9));
    }

    @Test
    void aCallThatWasNotMadeIsNotSeenAsOne() {
        ActorRef<TransactionActor.Message> actor = spawn();
        actor.tell(submit(saga(Options.NONE), 1));
        awaitCalls("01 action");
        answer(0, Outcome.unknown("connection refused"));
        actor.tell(new TransactionActor.Request(new Command.RetryNow(gid), 2, client.ref()));
        awaitCalls("01 action", "01 action");
        answer(1, Outcome.putOff("too many"));
        await().until(() -> stored().size() == 4);
        actor.tell(new TransactionActor.Request(new Command.RetryNow(gid), 3, client.ref()));
        awaitCalls("01 action", "01 action", "01 action");
        answer(2, Outcome.unknown("connection refused"));

        await().until(() -> watch.seen().contains("called 01 #2"));
        assertEquals(List.of("called 01 #1", "called 01 #2"),
            watch.seen().stream().filter(each -> each.startsWith("called")).toList());
        assertTrue(stored().get(3).summary().dueAt().isAfter(NOON.instant()));
    }

    @Test
    void aSubmitThatEndsAtOnceIsAPassAndAPrepareIsNone() {
        ActorRef<TransactionActor.Message> actor = spawn();
        Submission message = new Submission(gid, Mode.MSG,
            List.of(new Submission.Step("", "", Bytes.EMPTY)), "", Protocol.HTTP, "",
            Details.PLAIN, Options.NONE);
        actor.tell(new TransactionActor.Request(
            new Command.Prepare(message), 1, client.ref()));
        client.receiveMessage();
        assertEquals(List.of("wrote 1"), watch.seen());

        actor.tell(submit(message, 2));
        client.receiveMessage();

        assertEquals(List.of("wrote 1", "wrote 2", "passed succeed"), watch.seen());
    }

    @Test
    void whatIsHeldBackIsWrittenAndAnsweredAndCallsNobody() {
        var free = new AtomicInteger();
        pace = new PassGate() {
            @Override
            public boolean lets(Command command, GlobalTransaction t, Live live) {
                return free.get() > 0;
            }
        };
        ActorRef<TransactionActor.Message> actor = spawn();
        actor.tell(submit(saga(Options.NONE), 1));
        assertEquals(new TransactionActor.Answer(1, Reply.DONE), client.receiveMessage());
        assertEquals(Status.SUBMITTED, stored().get(0).summary().status());
        assertEquals(NOON.instant(), stored().get(0).summary().dueAt());
        assertTrue(participants.made().isEmpty());

        free.set(1);
        actor.tell(new TransactionActor.Request(new Command.Resume(), 2, client.ref()));
        client.receiveMessage();

        awaitCalls("01 action");
        assertEquals(List.of("wrote 1"), watch.seen());
    }
}

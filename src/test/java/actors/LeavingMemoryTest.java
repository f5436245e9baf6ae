package actors;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;
import transaction.Command;
import transaction.Options;
import transaction.Outcome;
import transaction.Reply;

/** A transaction leaves memory between its shard's wish and its last message. */
class LeavingMemoryTest extends TransactionActorFixture {

    @Test
    void whatComesMeanwhileIsForWhoeverComesNext() {
        ActorRef<TransactionActor.Message> actor = spawn();
        actor.tell(TransactionActor.LEAVE);
        await().until(passivation::hasBegun);
        TransactionActor.Request request = submit(saga(waiting()), 1);
        TransactionActor.Locate question = new TransactionActor.Locate(2, client.ref());

        actor.tell(request);
        actor.tell(question);

        await().until(() -> passivation.redelivered().equals(List.of(request, question)));
        assertTrue(participants.made().isEmpty());
        assertTrue(stored().isEmpty());
        actor.tell(TransactionActor.STOP);
        shard.expectTerminated(actor);
        client.expectNoMessage();
    }

    /** The wish to leave may have been on its way when the request came. */
    @Test
    void itStaysAsLongAsSomebodyWaits() {
        ActorRef<TransactionActor.Message> actor = spawn();
        actor.tell(submit(saga(waiting()), 1));
        assertEquals(Reply.WRITTEN, client.receiveMessage().reply());
        actor.tell(TransactionActor.MAKE_ROOM);
        actor.tell(new TransactionActor.Request(new Command.Look(gid), 2, client.ref()));
        assertEquals(2, client.receiveMessage().ticket());
        assertFalse(passivation.hasBegun());

        awaitCalls("01 action");
        answer(0, Outcome.SUCCESS);
        awaitCalls("01 action", "02 action");
        answer(1, Outcome.SUCCESS);
        assertEquals(new TransactionActor.Answer(1, Reply.DONE), client.receiveMessage());
        await().until(passivation::hasBegun);
    }
}

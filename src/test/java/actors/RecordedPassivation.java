package actors;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.pekko.actor.typed.ActorRef;

/** A shard that never sends the last message. */
final class RecordedPassivation implements Passivation {

    private final List<ActorRef<TransactionActor.Message>> begun = new CopyOnWriteArrayList<>();
    private final List<TransactionActor.Message> redelivered = new CopyOnWriteArrayList<>();

    @Override
    public void begin(ActorRef<TransactionActor.Message> self) {
        begun.add(self);
    }

    @Override
    public void redeliver(TransactionActor.Message message) {
        redelivered.add(message);
    }

    boolean hasBegun() {
        return !begun.isEmpty();
    }

    List<TransactionActor.Message> redelivered() {
        return redelivered;
    }
}

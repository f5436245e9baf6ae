package actors;

import org.apache.pekko.actor.typed.ActorRef;

/** How a transaction leaves the memory of its shard. */
interface Passivation {

    /** The shard shall send {@link TransactionActor#STOP}, and keep what comes from then on. */
    void begin(ActorRef<TransactionActor.Message> self);

    /** What was on its way when it began: for the shard to keep with the rest. */
    void redeliver(TransactionActor.Message message);
}

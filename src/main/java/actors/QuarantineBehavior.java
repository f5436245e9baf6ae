package actors;

import java.time.Instant;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import transaction.Command;
import transaction.Decider;
import transaction.GlobalTransaction;
import transaction.Reply;
import transaction.TransactionIndex;
import transaction.TransactionIndex.Quarantining;

/**
 * What becomes of a transaction whose history cannot be read. It is told once, and waits for an
 * operator, who can have it read again, or end it; unless what is in the way is expected to pass.
 */
final class QuarantineBehavior {

    private static final Logger LOG = LoggerFactory.getLogger(TransactionActor.class);

    private final String gid;
    private final TransactionIndex index;
    private final TransactionListener watch;
    private final ActorRef<TransactionActor.Message> self;

    QuarantineBehavior(
            String gid, TransactionContext around, ActorRef<TransactionActor.Message> self) {
        this.gid = gid;
        this.index = around.index();
        this.watch = around.watch();
        this.self = self;
    }

    /**
     * After the history was read: takes it out of what is due, or puts it back. What is expected to
     * pass stays due: it leaves memory, so that it is read anew whenever somebody asks.
     */
    void recovered(GlobalTransaction t) {
        if (!t.isQuarantined()) {
            index.release(gid).whenComplete((released, failed) -> {
                if (failed != null) {
                    LOG.warn("gid={} cannot be taken out of quarantine now: {}", gid,
                        Deadline.words(failed));
                } else if (released) {
                    LOG.info("gid={} is out of quarantine: its history can be read", gid);
                }
            });
            return;
        }
        index.quarantine(gid, t.quarantine()).whenComplete((came, failed) -> {
            if (failed != null) {
                LOG.error("gid={} is in quarantine: {}; that cannot be noted now: {}", gid,
                    t.quarantine(), Deadline.words(failed));
            } else if (came == Quarantining.SPARED) {
                watch.unread(gid, t.quarantine());
                self.tell(TransactionActor.LEAVE);
            } else if (came == Quarantining.BEGINS) {
                LOG.error("gid={} is in quarantine: {}", gid, t.quarantine());
            } else {
                LOG.debug("gid={} is still in quarantine: {}", gid, t.quarantine());
            }
        });
    }

    /**
     * Does what {@link Decider#isForQuarantine} was said of. Whatever comes of it is read from the
     * store again.
     */
    CompletionStage<Reply> carryOut(GlobalTransaction t, Command command, Instant now) {
        CompletionStage<Reply> done = !(command instanceof Command.RetryNow)
            ? index.endByForce(gid, t.quarantine(), now).thenApply(ended -> ended ? Reply.DONE
                : new Reply.Refused("global transaction force stop error: it has ended"))
            : index.readAgain(gid).thenApply(told -> Reply.DONE);
        return done.whenComplete((reply, failed) -> self.tell(TransactionActor.LEAVE))
            .exceptionally(failed -> new Reply.Unclear("this transaction is in quarantine: "
                + t.quarantine() + "; that cannot be changed now: " + Deadline.words(failed)));
    }
}

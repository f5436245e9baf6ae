package actors;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import transaction.Reply;

/**
 * Those who wait for a transaction's answer, each with a ticket and a deadline.
 *
 * <p>While the cluster changes, a request may be lost with a node. So whoever waits then has the
 * transaction asked whether the request is there: if it is not, it is sent again, which does no
 * harm, since requests are repeatable by gid; if nobody says anything, and a node is lost, the
 * client is told so at once instead of at its deadline.
 *
 * <p>One actor hears all answers of a node. This is used in place of {@code ask}, whose derived
 * stages start a thread for each continuation on machines with few processors.
 */
public final class Answers {

    /** From one look at those who wait to the next. */
    static final Duration SWEEP = Duration.ofMillis(100);

    /** From the answer to "is it there" to the next time that this is asked; few wait so long. */
    private static final long LOCATE_AGAIN = Duration.ofMillis(500).toNanos();

    /** A node that is alive says within this time whether a request is there. */
    private static final long SILENT_LOST = Duration.ofMillis(400).toNanos();

    /** While shards move, messages are held back until they have moved. */
    private static final long SILENT_MOVING = Duration.ofSeconds(5).toNanos();

    /** What is sent for one request, on whose way the ticket lies. */
    interface Way {

        void request(long ticket);

        /** Asks whether the request is there. */
        void locate(long ticket);

        /**
         * Sends the request once more, since it is not there: it never came, or was answered by a
         * node that is lost.
         *
         * @return whether a refusal of it says as much as a refusal of the first
         */
        boolean repeat(long ticket);
    }

    /** But for its future, for the actor alone. */
    private static final class Waiting {

        private final CompletableFuture<Reply> future = new CompletableFuture<>();
        private final Duration within;
        private final Way way;
        private final long deadline;

        /** Whether what was asked for is durable, so that only its end is open. */
        private boolean written;

        /** Whether it was asked for and not heard of yet. */
        private boolean located;

        /** When it was last asked for, or heard of; when it was sent, if never. */
        private long locatedAt;
        private boolean wasLocated;
        private long silentSince;

        /** Whether a refusal may only mean that it was done before. */
        private boolean isDoubtful;

        Waiting(Duration within, Way way, long now) {
            this.within = within;
            this.way = way;
            this.deadline = now + within.toNanos();
            this.locatedAt = now;
        }

        Reply whenOver() {
            return written
                ? Reply.stillUnderWay("it is written, and has not come to its end within "
                    + within.toMillis() + " ms")
                : new Reply.Unclear("no answer in time; it may or may not have been written;"
                    + " ask again with the same gid");
        }

        Reply whenLost() {
            return written
                ? Reply.stillUnderWay(
                    "it is written; its node is out of reach, and it goes on elsewhere")
                : new Reply.Unclear("the node of this transaction is out of reach; it may or may"
                    + " not have been written; ask again with the same gid");
        }
    }

    private final ConcurrentHashMap<Long, Waiting> waiting = new ConcurrentHashMap<>();
    private final MessageChunks pieces = new MessageChunks();
    private final AtomicLong tickets = new AtomicLong();
    private final ClusterChanges changes;

    Answers(ClusterChanges changes) {
        this.changes = changes;
    }

    /** The actor to which answers go. */
    Behavior<TransactionActor.Answer> behavior() {
        return Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(new TransactionActor.Answer(0, null), SWEEP);
            return Behaviors.receive(Object.class)
                .onMessage(TransactionActor.Answer.class, answer -> {
                    hear(answer, System.nanoTime());
                    return Behaviors.same();
                })
                .onMessage(TransactionActor.Piece.class, piece -> {
                    pieces.answer(piece).ifPresent(
                        answer -> hear(answer, System.nanoTime()));
                    return Behaviors.same();
                })
                .build().narrow();
        });
    }

    /** A request that is answered within {@code timeout}, if only to say that nothing is known. */
    CompletableFuture<Reply> expect(Duration timeout, Way way) {
        long ticket = tickets.incrementAndGet();
        Waiting asked = new Waiting(timeout, way, System.nanoTime());
        waiting.put(ticket, asked);
        way.request(ticket);
        return asked.future;
    }

    int count() {
        return waiting.size();
    }

    void hear(TransactionActor.Answer answer, long now) {
        if (answer.ticket() == 0) {
            sweep(now);
            return;
        }
        Waiting asked = waiting.get(answer.ticket());
        if (asked == null) {
            return;
        }
        Reply reply = answer.reply();
        if (reply instanceof Reply.Written) {
            asked.written = true;
        } else if (reply instanceof Reply.Pending || reply instanceof Reply.UnknownRequest) {
            asked.located = false;
            asked.locatedAt = now;
            if (reply instanceof Reply.UnknownRequest) {
                asked.isDoubtful |= !asked.way.repeat(answer.ticket());
            }
        } else {
            end(answer.ticket(), asked, asked.isDoubtful && reply instanceof Reply.Refused refused
                ? new Reply.Unclear("a node was lost, and the request was sent a second time, which"
                    + " was refused, perhaps since the first had been carried out: "
                    + refused.reason()) : reply);
        }
    }

    private void sweep(long now) {
        pieces.forget(ticket -> !waiting.containsKey(ticket));
        changes.look(now);
        waiting.forEach((ticket, asked) -> {
            if (now - asked.deadline >= 0) {
                end(ticket, asked, asked.whenOver());
            } else if (changes.isMoving(now)) {
                follow(ticket, asked, now);
            } else {
                asked.located = false;
            }
        });
    }

    /** What was sent to a node that has gone meanwhile is found out, and so is a silent one. */
    private void follow(long ticket, Waiting asked, long now) {
        if (!asked.located) {
            boolean atOnce = changes.isLost(now) && !asked.wasLocated;
            if (atOnce || now - asked.locatedAt >= LOCATE_AGAIN) {
                asked.located = true;
                asked.wasLocated = true;
                asked.silentSince = now;
                locate(ticket, asked, now);
            }
            return;
        }
        long silent = now - asked.silentSince;
        if (silent >= (changes.isLost(now) ? SILENT_LOST : SILENT_MOVING)) {
            end(ticket, asked, asked.whenLost());
        } else if (now - asked.locatedAt >= LOCATE_AGAIN) {
            locate(ticket, asked, now);
        }
    }

    private static void locate(long ticket, Waiting asked, long now) {
        asked.locatedAt = now;
        asked.way.locate(ticket);
    }

    private void end(long ticket, Waiting asked, Reply reply) {
        if (waiting.remove(ticket, asked)) {
            asked.future.complete(reply);
        }
    }
}

package actors;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import transaction.Reply;

/**
 * Those who wait for a transaction's answer, each with a ticket and a deadline.
 *
 * <p>One actor hears all answers of a node. This is used in place of {@code ask}, whose derived
 * stages start a thread for each continuation on machines with few processors.
 */
final class Answers {

    private static final Duration SWEEP = Duration.ofMillis(250);

    /** @param written whether what was asked for is durable, so that only its end is open */
    private record Waiting(CompletableFuture<Reply> future, Duration within, long deadlineNanos,
            boolean written) {

        Reply whenOver() {
            return written
                ? Reply.stillUnderWay("it is written, and has not come to its end within "
                    + within.toMillis() + " ms")
                : new Reply.Unclear("no answer in time; it may or may not have been written;"
                    + " ask again with the same gid");
        }
    }

    private final ConcurrentHashMap<Long, Waiting> waiting = new ConcurrentHashMap<>();
    private final Pieces pieces = new Pieces();
    private final AtomicLong tickets = new AtomicLong();

    /** The actor to which answers go. */
    Behavior<TransactionActor.Answer> behavior() {
        return Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(new TransactionActor.Answer(0, null), SWEEP);
            return Behaviors.receive(Object.class)
                .onMessage(TransactionActor.Answer.class, answer -> {
                    hear(answer);
                    return Behaviors.same();
                })
                .onMessage(TransactionActor.Piece.class, piece -> {
                    pieces.answer(piece).ifPresent(this::hear);
                    return Behaviors.same();
                })
                .build().narrow();
        });
    }

    /** A request that is answered within {@code timeout}, if only to say that nothing is known. */
    CompletableFuture<Reply> expect(Duration timeout, LongConsumer send) {
        long ticket = tickets.incrementAndGet();
        var future = new CompletableFuture<Reply>();
        waiting.put(ticket,
            new Waiting(future, timeout, System.nanoTime() + timeout.toNanos(), false));
        send.accept(ticket);
        return future;
    }

    int count() {
        return waiting.size();
    }

    private void hear(TransactionActor.Answer answer) {
        if (answer.ticket() == 0) {
            sweep();
            return;
        }
        if (answer.reply() instanceof Reply.Written) {
            waiting.computeIfPresent(answer.ticket(), (ticket, asked) ->
                new Waiting(asked.future, asked.within, asked.deadlineNanos, true));
            return;
        }
        Waiting asked = waiting.remove(answer.ticket());
        if (asked != null) {
            asked.future.complete(answer.reply());
        }
    }

    private void sweep() {
        long now = System.nanoTime();
        pieces.forget(ticket -> !waiting.containsKey(ticket));
        waiting.forEach((ticket, asked) -> {
            if (now - asked.deadlineNanos >= 0 && waiting.remove(ticket, asked)) {
                asked.future.complete(asked.whenOver());
            }
        });
    }
}

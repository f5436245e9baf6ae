package actors;

import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.Address;
import transaction.Decision;
import transaction.Reply;
import transaction.Status;

/** The clients of one transaction that wait for its answer. For its actor alone. */
final class Clients {

    private record Waiter(TransactionActor.Request request, Status hoped) {}

    private final String node;
    private final List<Waiter> waiters = new ArrayList<>();
    private TransactionActor.Request writing;

    /** @param node the address of this node, which whoever looks at the transaction is told */
    Clients(Address node) {
        this.node = node.hasGlobalScope()
            ? node.getHost().get() + ":" + node.getPort().get() : node.toString();
    }

    /** What {@code request} brings about is being written; null if nobody asked for it. */
    void writing(TransactionActor.Request request) {
        writing = request;
    }

    /** It is durable. */
    void written() {
        writing = null;
    }

    void answer(TransactionActor.Request request, Reply reply) {
        Reply told = reply instanceof Reply.Found found ? found.at(node) : reply;
        MessageChunks.answer(request, told);
    }

    /** Whether nobody waits. */
    boolean isEmpty() {
        return writing == null && waiters.isEmpty();
    }

    /** Whether the request that {@code locate} asks for is one of those that wait. */
    boolean isWaiting(TransactionActor.Locate locate) {
        return writing != null && isOf(locate, writing)
            || waiters.stream().anyMatch(waiter -> isOf(locate, waiter.request));
    }

    private static boolean isOf(TransactionActor.Locate locate, TransactionActor.Request request) {
        return request.ticket() == locate.ticket()
            && request.replyTo().equals(locate.replyTo());
    }

    /**
     * Answers {@code request} when the pass is over. What it asked for is durable, which is told at
     * once: whoever waits in the client's place then knows that much, whatever becomes of us.
     */
    void await(TransactionActor.Request request, Status hoped) {
        answer(request, Reply.WRITTEN);
        waiters.add(new Waiter(request, hoped));
    }

    void passEnded(Decision decision) {
        waiters.forEach(waiter -> answer(waiter.request, decision.replyTo(waiter.hoped)));
        waiters.clear();
    }

    /** Nobody is told anything that is not known: a write that has begun may have happened. */
    void left() {
        if (writing != null) {
            answer(writing, new Reply.Unclear(
                "it may or may not have been written; ask again with the same gid"));
            writing = null;
        }
        waiters.forEach(waiter -> answer(waiter.request,
            Reply.stillUnderWay("the transaction is leaving " + node + " and goes on elsewhere")));
        waiters.clear();
    }
}

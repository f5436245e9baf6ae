package audit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A log that remembers, and writes when it is told to. */
public final class MemoryLog implements AuditLog {

    private final List<Act> acts = new ArrayList<>();
    private final Deque<Runnable> held = new ArrayDeque<>();
    private boolean holds;
    private int failsAfter = Integer.MAX_VALUE;

    @Override
    public synchronized CompletionStage<Long> write(Act act) {
        if (acts.size() >= failsAfter) {
            return CompletableFuture.failedFuture(new IllegalStateException("no database"));
        }
        acts.add(act);
        CompletableFuture<Long> written = new CompletableFuture<>();
        long number = acts.size();
        if (holds) {
            held.add(() -> written.complete(number));
        } else {
            written.complete(number);
        }
        return written;
    }

    /** From now on nothing is durable until {@link #release}. */
    public synchronized MemoryLog hold() {
        holds = true;
        return this;
    }

    /** The oldest row that is held becomes durable. */
    public void release() {
        Runnable next;
        synchronized (this) {
            next = held.remove();
        }
        next.run();
    }

    /** The database is away once there are so many rows. */
    public synchronized MemoryLog failAfter(int rows) {
        failsAfter = rows;
        return this;
    }

    public synchronized List<Act> acts() {
        return List.copyOf(acts);
    }

    /** Each as kind, name, how it is known, act, target, reason, before, after, result. */
    public List<String> lines() {
        return acts().stream().map(act -> String.join("|", act.kind().text(), act.who().name(),
            act.who().how(), act.action(), act.target(), act.reason(), act.before(), act.after(),
            act.result())).toList();
    }
}

package grpc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Calls that are open at once, at most so many. When there are, the one that nobody has worked at
 * for longest makes room for the next: its message has not come, or its answer is not read. So
 * clients that open calls and leave them keep nobody out. Thread-safe.
 */
final class OpenCalls {

    private final int most;
    private final Set<Call> idle = new LinkedHashSet<>();
    private int open;

    OpenCalls(int most) {
        this.most = most;
    }

    /** @return false if each of them is being worked at, and there is no room */
    boolean enter(Call call) {
        Call oldest = null;
        synchronized (this) {
            if (open >= most) {
                if (idle.isEmpty()) {
                    return false;
                }
                oldest = removeOldest();
            }
            open++;
            idle.add(call);
        }
        if (oldest != null) {
            oldest.giveWay();
        }
        return true;
    }

    /** Its message is there. */
    synchronized void working(Call call) {
        if (call.kind() != Call.Kind.LASTING) {
            idle.remove(call);
        }
    }

    /** It has its answer, which the client may read or not. */
    synchronized void answered(Call call) {
        if (call.hasLeft) {
            return;
        }
        call.idleSince = System.nanoTime();
        idle.remove(call);
        idle.add(call);
    }

    synchronized void left(Call call) {
        call.hasLeft = true;
        open--;
        idle.remove(call);
    }

    /** Whether half of them are calls that nobody works at. */
    synchronized boolean isCrowded() {
        return idle.size() > most / 2;
    }

    void endIdle(Duration after) {
        long now = System.nanoTime();
        List<Call> late = new ArrayList<>();
        synchronized (this) {
            while (!idle.isEmpty()
                    && now - idle.iterator().next().idleSince > after.toNanos()) {
                late.add(removeOldest());
            }
        }
        late.forEach(Call::giveWay);
    }

    private Call removeOldest() {
        Iterator<Call> all = idle.iterator();
        Call oldest = all.next();
        all.remove();
        return oldest;
    }
}

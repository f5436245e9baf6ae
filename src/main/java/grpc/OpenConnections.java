package grpc;

import io.netty.handler.codec.http2.Http2Error;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Connections that are open at once, at most so many. When there are, the one that has been without
 * a call for longest makes room for the next; if each has a call, the next ones are for probes
 * alone, and a few of those there are. Thread-safe.
 */
final class OpenConnections {

    /** Beyond the most, for probes: supervisors end a node that does not answer them. */
    static final int PROBES = 32;

    /** Long enough for a probe; another one comes in its place. */
    private static final Duration PROBE = Duration.ofSeconds(5);

    private final int most;
    private final Set<Gate> all = ConcurrentHashMap.newKeySet();
    private final Set<Gate> idle = new LinkedHashSet<>();

    OpenConnections(int most) {
        this.most = most;
    }

    /** It is open, though nobody reads from it yet. */
    void accepted(Gate gate) {
        all.add(gate);
    }

    /** It may be closed from now on. */
    void enter(Gate gate) {
        Gate oldest = null;
        synchronized (this) {
            if (all.size() > most) {
                oldest = removeOldest();
                if (oldest == null) {
                    gate.onlyForProbes();
                }
            }
            if (!gate.isForProbes()) {
                idle.add(gate);
            }
        }
        if (oldest != null) {
            oldest.close(Http2Error.NO_ERROR, "too many connections");
        }
    }

    /** It has a call. */
    synchronized void busy(Gate gate) {
        idle.remove(gate);
    }

    /** It has no call any more. */
    synchronized void idle(Gate gate) {
        if (!gate.isForProbes() && all.contains(gate)) {
            idle.add(gate);
        }
    }

    synchronized void left(Gate gate) {
        all.remove(gate);
        idle.remove(gate);
    }

    /** Whether not even a probe can be let in. */
    boolean isFull() {
        return all.size() >= most + PROBES;
    }

    /** Closes those that have had their time, and those that began to send and did not go on. */
    void closeLate(Duration unfinished) {
        long now = System.nanoTime();
        for (Gate gate : all) {
            long since = gate.unfinishedSince();
            if (since != 0 && now - since > unfinished.toNanos()) {
                gate.close(Http2Error.ENHANCE_YOUR_CALM, "what was begun did not come");
            } else if (gate.isForProbes() && now - gate.from() > PROBE.toNanos()) {
                gate.close(Http2Error.NO_ERROR, "too many connections");
            }
        }
    }

    private Gate removeOldest() {
        Iterator<Gate> each = idle.iterator();
        if (!each.hasNext()) {
            return null;
        }
        Gate oldest = each.next();
        each.remove();
        return oldest;
    }
}

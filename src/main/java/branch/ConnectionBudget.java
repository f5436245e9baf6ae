package branch;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Hands out the connections that may be open at one time, first come, first served.
 *
 * <p>A host that finds none free waits in line and is told when it is its turn. Hosts that hold
 * many must stand in line like the others, so that those which hang cannot keep the others out.
 * Safe from any thread; asked for each connection made or closed, not for each call.
 */
final class ConnectionBudget {

    private final Set<HostConnections> waiting = new LinkedHashSet<>();
    private final int size;
    private int free;
    private volatile boolean isInDemand;

    ConnectionBudget(int size) {
        this.size = size;
        this.free = size;
    }

    /** Takes one for {@code host}; false if it must wait, and then it is in line. */
    boolean take(HostConnections host) {
        HostConnections next;
        synchronized (this) {
            if (free == 0 || !waiting.isEmpty() && first() != host) {
                waiting.add(host);
                isInDemand = true;
                return false;
            }
            waiting.remove(host);
            isInDemand = !waiting.isEmpty();
            free--;
            next = free > 0 ? first() : null;
        }
        callUp(next);
        return true;
    }

    /** Gives one back. */
    void giveBack() {
        HostConnections next;
        synchronized (this) {
            free++;
            next = first();
        }
        callUp(next);
    }

    /** {@code host} needs none any more. */
    void leave(HostConnections host) {
        HostConnections next;
        synchronized (this) {
            boolean wasWaiting = waiting.remove(host);
            isInDemand = !waiting.isEmpty();
            next = wasWaiting && free > 0 ? first() : null;
        }
        callUp(next);
    }

    /** Whether a host stands in line. */
    boolean isInDemand() {
        return isInDemand;
    }

    synchronized int inUse() {
        return size - free;
    }

    private HostConnections first() {
        Iterator<HostConnections> hosts = waiting.iterator();
        return hosts.hasNext() ? hosts.next() : null;
    }

    private static void callUp(HostConnections next) {
        if (next != null) {
            next.yourTurn();
        }
    }
}

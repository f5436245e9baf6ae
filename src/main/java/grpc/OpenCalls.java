package grpc;

import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Calls that are open at once, at most so many. When there are, one that nobody works at makes room
 * for the next: its message has not come, or its answer is not read. So clients that open calls and
 * leave them keep nobody out. Thread-safe.
 */
final class OpenCalls {

    /** An answer that has not left by then is not read; before, it may only wait for its turn. */
    private static final long UNREAD_NANOS = 1_000_000_000L;

    /** So many of the oldest are looked at, for the one whose connection has most that wait. */
    private static final int LOOKED_AT = 16;

    private final int most;
    private final Set<Call> waiting = new LinkedHashSet<>();
    private final Set<Call> answered = new LinkedHashSet<>();
    private int open;

    /** Where a call stands, for the bound. */
    enum State {

        /** It has just come, and is not counted. */
        FRESH,

        /** Its message is not whole, or it may last: it may have to make room. */
        WAITING,

        /** It is being worked at. */
        WORKING,

        /** It has its answer. */
        ANSWERED,

        /** It is over. */
        LEFT
    }

    OpenCalls(int most) {
        this.most = most;
    }

    /** All that has come was read, and its message was not there. */
    void waits(Call call) {
        Call ends = null;
        synchronized (this) {
            if (call.state != State.FRESH) {
                return;
            }
            if (open >= most) {
                ends = oneThatEnds(call);
            }
            if (ends != call) {
                enter(call, State.WAITING);
            }
        }
        if (ends != null) {
            ends.giveWay(ReceiveBudgetExceeded.FOR_CALLS);
        }
    }

    /**
     * Its message is whole.
     *
     * @return false if each call is being worked at, and there is no room
     */
    boolean works(Call call) {
        Call ends = null;
        synchronized (this) {
            if (call.state == State.FRESH) {
                if (open >= most) {
                    ends = oneThatEnds(null);
                    if (ends == null) {
                        return false;
                    }
                }
                enter(call, call.mayLast() ? State.WAITING : State.WORKING);
            } else if (!call.mayLast()) {
                waiting.remove(call);
                call.state = State.WORKING;
            }
        }
        if (ends != null) {
            ends.giveWay(ReceiveBudgetExceeded.FOR_CALLS);
        }
        return true;
    }

    /** Its message has begun to come, or it has its answer, which the client may read or not. */
    synchronized void movesOn(Call call) {
        call.idleSince = System.nanoTime();
        if (call.state == State.WAITING && waiting.remove(call)) {
            waiting.add(call);
        } else if (call.state == State.WORKING) {
            call.state = State.ANSWERED;
            answered.add(call);
        }
    }

    synchronized void left(Call call) {
        if (call.state != State.FRESH) {
            open--;
            waiting.remove(call);
            answered.remove(call);
        }
        call.state = State.LEFT;
    }

    /** Ends those at which nobody has worked for so long; {@code why} is told to their clients. */
    void endIdle(Duration after, Status why) {
        long now = System.nanoTime();
        List<Call> late = new ArrayList<>();
        synchronized (this) {
            for (Set<Call> each : List.of(waiting, answered)) {
                Iterator<Call> oldest = each.iterator();
                while (oldest.hasNext()) {
                    Call call = oldest.next();
                    if (now - call.idleSince <= after.toNanos()) {
                        break;
                    }
                    oldest.remove();
                    late.add(call);
                }
            }
        }
        late.forEach(call -> call.giveWay(why));
    }

    private void enter(Call call, State state) {
        open++;
        call.state = state;
        if (state == State.WAITING) {
            waiting.add(call);
        }
    }

    /** @param next may be the one itself; null if it may not */
    private Call oneThatEnds(Call next) {
        if (!answered.isEmpty()) {
            Call oldest = answered.iterator().next();
            if (System.nanoTime() - oldest.idleSince > UNREAD_NANOS) {
                answered.remove(oldest);
                return oldest;
            }
        }
        Call found = null;
        int left = LOOKED_AT;
        for (Call each : waiting) {
            if (found == null || each.besides() > found.besides()) {
                found = each;
            }
            if (--left == 0) {
                break;
            }
        }
        if (next != null && (found == null || next.besides() > found.besides())) {
            return next;
        }
        waiting.remove(found);
        return found;
    }
}

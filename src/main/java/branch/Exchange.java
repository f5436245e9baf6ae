package branch;

import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import transaction.Limits;

/**
 * One request on its way: waiting for a connection, then on one. Ends exactly once, with an answer
 * or with the reason why there is none.
 *
 * <p>Its time begins when it is put on a connection. It waits for one at most as long. When its
 * time is up, what has arrived by then is read first, and the time that this node did not run is
 * added once: what an answer lacks may be this node's fault.
 *
 * <p>Belongs to the thread of its host, as {@link HostConnections} and {@link Connection} do.
 */
final class Exchange implements Runnable {

    /** Hears how an exchange ended, once; called on the host's thread, and must not block. */
    interface Listener {

        /** The last byte of the request has been handed to the operating system. */
        default void sent() {}

        void answered(Answer answer);

        /** @param reason why there is no answer; the request may or may not have been received */
        void failed(String reason);

        /** @param reason why this node did not even try; nothing of the request has left it */
        void heldBack(String reason);

        /** @param reason why the host may not be called; nothing of the request has left */
        default void forbidden(String reason) {
            heldBack(reason);
        }
    }

    private final Request request;
    private final Listener listener;
    private HostConnections host;
    private Connection connection;
    private long deadline;
    private ScheduledFuture<?> alarm;
    private boolean isLastLook;
    private long late;
    private boolean isOver;

    Exchange(Request request, Listener listener) {
        this.request = request;
        this.listener = listener;
    }

    Request request() {
        return request;
    }

    boolean isOver() {
        return isOver;
    }

    /** Puts it into the care of {@code to}; the time that it may wait begins now. */
    void handTo(HostConnections to) {
        host = to;
        ringAfter(request.timeout().toNanos());
    }

    /** It is on {@code carrier} now; its own time begins, and the alarm finds out by itself. */
    void startedOn(Connection carrier) {
        connection = carrier;
        deadline = System.nanoTime() + request.timeout().toNanos();
    }

    /** All of its request has been written. */
    void sent() {
        listener.sent();
    }

    void answer(Answer answer) {
        if (end()) {
            listener.answered(answer);
        }
    }

    void fail(String reason) {
        if (end()) {
            listener.failed(reason);
        }
    }

    /** Ends it before anything of it has been written. */
    void holdBack(String reason) {
        if (end()) {
            listener.heldBack(reason);
        }
    }

    /** Ends it before anything of it has been written, since its host may not be called. */
    void forbid(String reason) {
        if (end()) {
            listener.forbidden(reason);
        }
    }

    /** Whether this node itself was too slow to judge others. */
    boolean isLate() {
        return HttpTransport.isLate(late);
    }

    /** For a reason. */
    String within() {
        return "within " + request.timeout().toMillis() + " ms" + HttpTransport.lateness(late);
    }

    /** The alarm rings. */
    @Override
    public void run() {
        if (isOver) {
            return;
        }
        long over = System.nanoTime() - deadline;
        if (over < 0) {
            ringAfter(-over);
            return;
        }
        late = Math.max(late, over);
        host.transport().rangLate(over);
        Connection carrier = connection;
        if (carrier == null) {
            host.gaveUp(this);
        } else if (!isLastLook) {
            isLastLook = true;
            long missed = Math.min(over, request.timeout().toNanos());
            ringAfter(Math.max(missed, Limits.LAST_LOOK.toNanos()));
        } else {
            fail("no complete answer " + within());
            carrier.drop();
        }
    }

    private void ringAfter(long nanos) {
        deadline = System.nanoTime() + nanos;
        alarm = host.loop().schedule(this, nanos, TimeUnit.NANOSECONDS);
    }

    private boolean end() {
        if (isOver) {
            return false;
        }
        isOver = true;
        connection = null;
        if (alarm != null) {
            alarm.cancel(false);
        }
        return true;
    }
}

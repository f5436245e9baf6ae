package branch;

import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * One request on its way: waiting for a connection, then on one. Ends exactly once, with an answer
 * or with the reason why there is none.
 *
 * <p>Belongs to the thread of its host, as {@link Host} and {@link Connection} do.
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
    }

    private final Request request;
    private final Listener listener;
    private final long deadline;
    private Host host;
    private Connection connection;
    private ScheduledFuture<?> alarm;
    private boolean isOver;

    /** The time that {@code request} may take begins now. */
    Exchange(Request request, Listener listener) {
        this.request = request;
        this.listener = listener;
        this.deadline = System.nanoTime() + request.timeout().toNanos();
    }

    Request request() {
        return request;
    }

    boolean isOver() {
        return isOver;
    }

    /** Puts it into the care of {@code to}, and sets the alarm of its deadline. */
    void handTo(Host to) {
        host = to;
        long left = deadline - System.nanoTime();
        alarm = to.loop().schedule(this, Math.max(left, 0), TimeUnit.NANOSECONDS);
    }

    /** It is on {@code carrier} now. */
    void startedOn(Connection carrier) {
        connection = carrier;
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

    /** The deadline has passed. */
    @Override
    public void run() {
        if (isOver) {
            return;
        }
        String within = "within " + request.timeout().toMillis() + " ms";
        Connection carrier = connection;
        if (carrier == null) {
            fail("no connection " + within + host.whatKeepsItWaiting());
            host.gaveUp(this);
        } else {
            fail("no complete answer " + within);
            carrier.drop();
        }
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

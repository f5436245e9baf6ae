package branch;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import transaction.GrpcUrl;
import transaction.Limits;

/**
 * One target of gRPC calls: its channel, the calls under way and those that wait for their turn.
 *
 * <p>Everything in here happens on one thread, so there is no lock; {@link #idleSince()} may be
 * asked from any.
 */
final class GrpcPeer {

    private static final long BUSY = Long.MAX_VALUE;

    private final GrpcUrl url;
    private final EventLoop loop;
    private final GrpcTransport transport;
    private final CallSettings settings;
    private final Set<GrpcExchange> underWay = new LinkedHashSet<>();

    /** In the order of their arrival; removed from the middle when their time is up. */
    private final Set<GrpcExchange> waiting = new LinkedHashSet<>();

    private long waitingBytes;
    private GrpcChannel channel;
    private boolean isRetired;
    private boolean isStarting;
    private boolean isSweeping;
    private volatile long idleSince = BUSY;

    GrpcPeer(GrpcUrl url, EventLoop loop, GrpcTransport transport) {
        this.url = url;
        this.loop = loop;
        this.transport = transport;
        this.settings = transport.settings();
    }

    EventLoop loop() {
        return loop;
    }

    /** When it last had something to do, in the system's nanoseconds; the greatest if it has. */
    long idleSince() {
        return idleSince;
    }

    /** Makes the call now or puts it in the queue; a full queue holds it back at once. */
    void accept(GrpcExchange exchange) {
        exchange.handTo(this);
        idleSince = BUSY;
        if (underWay.size() < settings.grpc().maxConcurrentPerTarget()) {
            start(exchange);
            return;
        }
        int bytes = exchange.request().payload().size();
        if (waiting.size() >= settings.queuePerHost()
                || waitingBytes + bytes > Limits.QUEUE_BYTES_PER_HOST) {
            exchange.holdBack("the queue for " + this + " is full");
            return;
        }
        waiting.add(exchange);
        waitingBytes += bytes;
    }

    /**
     * The time of a waiting exchange is up. Who cannot be connected to has not answered; of who is
     * only busy nothing is known.
     */
    void gaveUp(GrpcExchange exchange) {
        String reason = "not called " + exchange.within() + ": other calls to " + this
                + " are under way";
        if (exchange.isLate() || channel != null && channel.isConnected()) {
            exchange.holdBack(reason);
        } else {
            exchange.fail(reason);
        }
        if (waiting.remove(exchange)) {
            waitingBytes -= exchange.request().payload().size();
        }
    }

    /**
     * The time of an exchange under way is up. If nothing at all came back meanwhile, not to other
     * calls either, the connection leads nowhere: further calls go over a new one.
     */
    void ranOutOfTime(GrpcExchange exchange, GrpcChannel carrier) {
        if (carrier == channel && !carrier.hasReadSince(exchange.begin())) {
            letGo();
        }
    }

    /** An alarm of a call rang that much too late. */
    void rangLate(long nanos) {
        transport.rangLate(nanos);
    }

    /** Nothing is left of a call that was under way. */
    void ended(GrpcExchange exchange) {
        if (!underWay.remove(exchange)) {
            return;
        }
        if (isStarting) {
            // This one ended while it was being started: whoever starts them goes on.
            return;
        }
        isStarting = true;
        while (!waiting.isEmpty()
                && underWay.size() < settings.grpc().maxConcurrentPerTarget()) {
            start(pollWaiting());
        }
        isStarting = false;
        if (underWay.isEmpty()) {
            idleSince = System.nanoTime();
            if (isRetired) {
                letGo();
            } else {
                sweepLater(settings.grpc().idleTimeout().toNanos());
            }
        }
    }

    /** Takes no more calls from here on, and goes away when the last is over. */
    void retire() {
        isRetired = true;
        if (underWay.isEmpty()) {
            letGo();
        }
    }

    /** Holds back what waits, and fails what is under way. */
    void stop(String reason) {
        isRetired = true;
        List<GrpcExchange> left = new ArrayList<>(waiting);
        waiting.clear();
        waitingBytes = 0;
        left.forEach(each -> each.holdBack(reason));
        new ArrayList<>(underWay).forEach(each -> each.stop(reason));
        if (channel != null) {
            channel.grpc().shutdownNow();
            channel = null;
        }
    }

    /** As people write it. */
    @Override
    public String toString() {
        return url.target();
    }

    private void start(GrpcExchange exchange) {
        underWay.add(exchange);
        try {
            exchange.startOn(liveChannel(), transport::mayCall);
        } catch (Throwable e) {
            exchange.stop("it could not be called: " + e);
            ended(exchange);
            if (e instanceof Error error) {
                throw error;
            }
        }
    }

    /**
     * A channel that did not get its connection would fail further calls with that old news, and
     * wait longer and longer before it tries again. A new one tries at once.
     */
    private GrpcChannel liveChannel() {
        long now = System.nanoTime();
        if (channel != null && channel.hasFailed()
                && now - channel.openedAt() > Limits.REDIAL_PAUSE.toNanos()) {
            letGo();
        }
        if (channel != null && !channel.isUnder(
                transport.dials().rules(), transport.tls().to(url))) {
            letGo();
        }
        if (channel == null) {
            channel = GrpcChannel.to(url, loop, transport);
        }
        channel.refresh();
        return channel;
    }

    private void letGo() {
        if (channel != null) {
            channel.retire();
            channel = null;
        }
    }

    private GrpcExchange pollWaiting() {
        Iterator<GrpcExchange> exchanges = waiting.iterator();
        GrpcExchange next = exchanges.next();
        exchanges.remove();
        waitingBytes -= next.request().payload().size();
        return next;
    }

    private void sweepLater(long nanos) {
        if (!isSweeping) {
            isSweeping = true;
            loop.schedule(this::sweep, Math.max(1, nanos), TimeUnit.NANOSECONDS);
        }
    }

    /** Goes away if it has been idle for long enough. */
    private void sweep() {
        isSweeping = false;
        if (idleSince == BUSY || isRetired) {
            return;
        }
        long left = settings.grpc().idleTimeout().toNanos() - (System.nanoTime() - idleSince);
        if (left > 0) {
            sweepLater(left);
        } else {
            transport.forget(this);
            retire();
        }
    }
}

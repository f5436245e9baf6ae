package branch;

import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import transaction.BranchResolver;

/**
 * Carries gRPC calls to their targets, over channels of grpc-java that share the threads and the
 * look-ups of HTTP calls.
 *
 * <p>Each target has its own channel and its own queue, both bounded, and belongs to one of the
 * threads. What is called is called once: nothing is repeated behind the caller's back. Safe from
 * any thread.
 */
final class GrpcTransport implements AutoCloseable {

    private final HttpTransport shared;
    private final BranchResolver resolver;
    private final Map<String, GrpcPeer> peers = new ConcurrentHashMap<>();
    private volatile boolean isClosed;

    /** @param shared lends its threads; closed by whoever made it, after this */
    GrpcTransport(HttpTransport shared, BranchResolver resolver) {
        this.shared = shared;
        this.resolver = resolver;
    }

    /**
     * Makes the call once and tells {@code listener} how it ended, at the latest when its time is
     * up. Does not block and does not throw.
     */
    void send(GrpcRequest request, GrpcExchange.Listener listener) {
        GrpcExchange exchange = new GrpcExchange(request, listener);
        EventLoop loop = shared.loopOf(request.url().target());
        try {
            loop.execute(() -> start(exchange, loop));
        } catch (RejectedExecutionException e) {
            exchange.holdBack(HttpTransport.STOPPED);
        }
    }

    /** Targets that have a channel. */
    int targets() {
        return peers.size();
    }

    /** Whether a call may leave now; to be asked as late as can be. */
    boolean mayCall() {
        return shared.mayCall();
    }

    /** An alarm of a call rang that much too late. */
    void rangLate(long nanos) {
        shared.rangLate(nanos);
    }

    CallSettings settings() {
        return shared.settings();
    }

    AddressLookup lookup() {
        return shared.lookup();
    }

    CallTls tls() {
        return shared.tls();
    }

    Dials dials() {
        return shared.dials();
    }

    BranchResolver resolver() {
        return resolver;
    }

    /** {@code peer} is going away; called on its thread. */
    void forget(GrpcPeer peer) {
        peers.remove(peer.toString(), peer);
    }

    /**
     * Ends all calls, those under way with a failure, and closes all channels. Does not wait for
     * it.
     */
    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        // Behind whatever has been handed to those threads already; what comes later is refused.
        shared.onEachLoop(loop -> peers.values().forEach(peer -> {
            if (peer.loop() == loop) {
                peer.stop(HttpTransport.STOPPED);
            }
        }));
    }

    private void start(GrpcExchange exchange, EventLoop loop) {
        if (isClosed) {
            exchange.holdBack(HttpTransport.STOPPED);
            return;
        }
        try {
            GrpcPeer peer = peer(exchange, loop);
            if (peer == null) {
                exchange.holdBack("all " + settings().grpc().maxTargets()
                        + " channels to gRPC participants are in use");
            } else {
                peer.accept(exchange);
            }
        } catch (Throwable e) {
            // Whatever it is: an exchange that nobody ends would be waited for for ever.
            exchange.fail("it could not be called: " + e);
            throw e;
        }
    }

    private GrpcPeer peer(GrpcExchange exchange, EventLoop loop) {
        String target = exchange.request().url().target();
        GrpcPeer known = peers.get(target);
        if (known != null) {
            return known;
        }
        // Seldom, and several threads must not make the last one each.
        synchronized (peers) {
            if (peers.size() >= settings().grpc().maxTargets() && !makeRoom()) {
                return null;
            }
            GrpcPeer made = new GrpcPeer(exchange.request().url(), loop, this);
            peers.put(target, made);
            return made;
        }
    }

    /** Lets go of the target that has been idle for longest, if one is idle. */
    private boolean makeRoom() {
        GrpcPeer oldest = null;
        for (GrpcPeer each : peers.values()) {
            if (each.idleSince() != Long.MAX_VALUE
                    && (oldest == null || each.idleSince() - oldest.idleSince() < 0)) {
                oldest = each;
            }
        }
        if (oldest == null) {
            return false;
        }
        forget(oldest);
        oldest.loop().execute(oldest::retire);
        return true;
    }
}

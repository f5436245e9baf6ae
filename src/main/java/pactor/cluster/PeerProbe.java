package pactor.cluster;

import health.Guard;
import health.Heartbeat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Notices at once that the process of another node is gone. When a process ends, its kernel ends
 * its connections and refuses new ones; so one connection is held open to the cluster port of each
 * other node, and nothing is ever sent on it. That a machine or a cable is gone does not show
 * here, nor that a process stands still: that is for the heartbeats to tell.
 *
 * <p>One thread does it, from the first peer on. Thread-safe; no method blocks.
 */
final class PeerProbe implements AutoCloseable {

    /** As many connections and open files as a node spends on this; more peers go unprobed. */
    static final int PEERS_MAX = 100;

    static final String THREAD = "pactor-peer-probe";

    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(1);

    private static final Heartbeat.Bounds SILENCE =
        new Heartbeat.Bounds(Duration.ofSeconds(10), Duration.ofSeconds(60));

    private final Guard guard;
    private final Executor names;
    private final Selector selector;
    private final Set<String> dead = ConcurrentHashMap.newKeySet();
    private final Map<Peer, PeerConnection> connections = new HashMap<>();
    private volatile Set<Peer> wanted = Set.of();
    private volatile boolean closed;
    private Thread thread;

    /**
     * A process that takes part in the cluster.
     *
     * @param address by which the cluster knows it
     * @param incarnation differs from that of any process that was there before
     * @param host of its cluster port
     */
    record Peer(String address, long incarnation, String host, int port) {}

    /**
     * @param guard misses the thread if it dies
     * @param names looks up hosts; may block
     * @throws UncheckedIOException if no more files can be opened
     */
    PeerProbe(Guard guard, Executor names) {
        this.guard = guard;
        this.names = names;
        try {
            this.selector = Selector.open();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** From now on {@code peers} are probed; what is known of others is forgotten. */
    synchronized void watch(Set<Peer> peers) {
        if (closed) {
            return;
        }
        wanted = Set.copyOf(peers);
        if (thread == null && !wanted.isEmpty()) {
            thread = guard.thread(THREAD, this::run);
            thread.start();
        }
        selector.wakeup();
    }

    /** Whether the process at that address is known to be gone. */
    boolean isDead(String address) {
        return dead.contains(address);
    }

    /** Has the thread end, and all connections with it. From then on nobody is dead. */
    @Override
    public synchronized void close() {
        closed = true;
        selector.wakeup();
        if (thread == null) {
            closeSelector();
        }
    }

    private void run() {
        Heartbeat heartbeat = guard.heartbeat("the probe of other nodes", SILENCE);
        try {
            while (!closed) {
                heartbeat.beat();
                takeOver(wanted);
                long now = System.nanoTime();
                long nanos = SIGN_OF_LIFE.toNanos();
                for (PeerConnection each : connections.values()) {
                    nanos = Math.min(nanos, each.goOn(now));
                }
                selector.select(key -> ((PeerConnection) key.attachment()).ready(key),
                    TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } finally {
            connections.values().forEach(PeerConnection::close);
            connections.clear();
            closeSelector();
            guard.release(heartbeat);
        }
    }

    private void takeOver(Set<Peer> peers) {
        connections.entrySet().removeIf(each -> {
            boolean isGone = !peers.contains(each.getKey());
            if (isGone) {
                each.getValue().close();
            }
            return isGone;
        });
        for (Peer peer : peers) {
            if (connections.size() < PEERS_MAX) {
                connections.computeIfAbsent(
                    peer, added -> new PeerConnection(added, selector, names, dead));
            }
        }
    }

    private void closeSelector() {
        try {
            selector.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}

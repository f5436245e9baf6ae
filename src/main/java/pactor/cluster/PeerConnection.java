package pactor.cluster;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One idle connection to another node, and what its end tells. The end of a connection and the
 * refusal of the next one together mean that the process is gone; nothing else does. A process is
 * never taken for dead at a port that never took a connection.
 *
 * <p>For the thread of its {@link PeerProbe} alone; no method blocks or throws.
 */
final class PeerConnection {

    /** A refusal comes at once; whoever says nothing for so long is left to the heartbeats. */
    static final Duration CONNECT_WITHIN = Duration.ofMillis(500);

    /** Between two looks whether a dead node's port is taken again. */
    static final Duration RETRY = Duration.ofMillis(250);

    /** After a connection that failed, or that was taken and closed again; doubled each time. */
    static final Duration PAUSE_MIN = Duration.ofMillis(50);

    /** The longest such pause: what stands before a node may close every connection at once. */
    static final Duration PAUSE_MAX = Duration.ofSeconds(5);

    /** A connection that has lasted so long is replaced without a pause. */
    static final Duration SETTLED = Duration.ofSeconds(1);

    /** Firewalls forget connections on which nothing passes; the shortest wait is some minutes. */
    private static final int KEEP_ALIVE_SECONDS = 30;

    private static final int KEEP_ALIVE_AGAIN_SECONDS = 10;

    private static final int KEEP_ALIVES_UNANSWERED = 3;

    /** A node sends nothing on it; what comes nevertheless is passed over. */
    private static final int SCRAP_BYTES = 1 << 10;

    private static final Logger LOG = LoggerFactory.getLogger(PeerProbe.class);

    private final PeerProbe.Peer peer;
    private final Selector selector;
    private final Executor names;
    private final Set<String> dead;
    private State state = State.WAITING;
    private long dueAt = System.nanoTime();
    private long openedAt;
    private Duration pause = PAUSE_MIN;
    private boolean wasTaken;
    private CompletableFuture<InetSocketAddress> asked;
    private InetSocketAddress where;
    private SocketChannel channel;

    private enum State {
        WAITING,
        LOOKING_UP,
        CONNECTING,
        OPEN
    }

    /**
     * @param names looks up the host; may block
     * @param dead the addresses of dead processes, of which this keeps one
     */
    PeerConnection(PeerProbe.Peer peer, Selector selector, Executor names, Set<String> dead) {
        this.peer = peer;
        this.selector = selector;
        this.names = names;
        this.dead = dead;
    }

    /** Does what is due, and tells after how many nanoseconds to ask again. */
    long goOn(long now) {
        switch (state) {
            case WAITING -> {
                if (now - dueAt >= 0) {
                    connect(now);
                }
            }
            case CONNECTING -> {
                if (now - dueAt >= 0) {
                    unanswered(now);
                }
            }
            case LOOKING_UP -> {
                if (asked.isDone()) {
                    lookedUp(now);
                }
            }
            case OPEN -> { }
        }
        boolean isTimed = state == State.WAITING || state == State.CONNECTING;
        return isTimed ? Math.max(0, dueAt - now) : Long.MAX_VALUE;
    }

    /** Something has happened on the connection. */
    void ready(SelectionKey key) {
        long now = System.nanoTime();
        if (key.isValid() && state == State.CONNECTING) {
            finish(now);
        } else if (key.isValid() && state == State.OPEN) {
            read(now);
        }
    }

    /** Ends the connection, and forgets what it told. */
    void close() {
        disconnect();
        dead.remove(peer.address());
    }

    private void connect(long now) {
        if (where == null) {
            lookUp(now);
            return;
        }
        state = State.CONNECTING;
        dueAt = now + CONNECT_WITHIN.toNanos();
        try {
            channel = SocketChannel.open();
            channel.configureBlocking(false);
            keepAlive(channel);
            channel.register(selector, SelectionKey.OP_CONNECT, this);
            if (channel.connect(where)) {
                taken(now);
            }
        } catch (ConnectException refusal) {
            refused(now);
        } catch (IOException | RuntimeException failed) {
            unanswered(now); // There may be too many files open: that says nothing of the peer.
        }
    }

    private void finish(long now) {
        try {
            if (channel.finishConnect()) {
                taken(now);
            }
        } catch (ConnectException refusal) {
            if (now - dueAt >= 0) {
                unanswered(now); // This process stood still: it may as well be a time-out.
            } else {
                refused(now);
            }
        } catch (IOException failed) {
            unanswered(now);
        }
    }

    private void taken(long now) throws IOException {
        if (channel.getLocalAddress().equals(channel.getRemoteAddress())) {
            refused(now); // TCP connects a port of this machine that nobody owns with itself.
            return;
        }
        channel.keyFor(selector).interestOps(SelectionKey.OP_READ);
        state = State.OPEN;
        openedAt = now;
        wasTaken = true;
        if (dead.remove(peer.address())) {
            LOG.info("{} takes connections again", peer.address());
        }
    }

    private void read(long now) {
        try {
            if (channel.read(ByteBuffer.allocate(SCRAP_BYTES)) < 0) {
                ended(now);
            }
        } catch (IOException reset) {
            ended(now);
        }
    }

    private void ended(long now) {
        disconnect();
        if (now - openedAt >= SETTLED.toNanos()) {
            pause = PAUSE_MIN;
            connect(now);
        } else {
            backOff(now);
        }
    }

    private void refused(long now) {
        disconnect();
        if (!wasTaken) {
            backOff(now);
            return;
        }
        if (dead.add(peer.address())) {
            LOG.info("the process at {} has ended: it takes no connections", peer.address());
        }
        await(RETRY, now);
    }

    private void unanswered(long now) {
        disconnect();
        if (dead.contains(peer.address())) {
            await(RETRY, now);
            return;
        }
        if (!wasTaken) {
            where = null; // A name may have come to mean another machine.
        }
        backOff(now);
    }

    private void backOff(long now) {
        await(pause, now);
        Duration twice = pause.multipliedBy(2);
        pause = twice.compareTo(PAUSE_MAX) < 0 ? twice : PAUSE_MAX;
    }

    private void await(Duration time, long now) {
        state = State.WAITING;
        dueAt = now + time.toNanos();
    }

    private void lookUp(long now) {
        state = State.LOOKING_UP;
        try {
            asked = CompletableFuture.supplyAsync(
                () -> new InetSocketAddress(peer.host(), peer.port()), names);
            asked.whenComplete((found, thrown) -> selector.wakeup());
        } catch (RuntimeException refusedToLook) {
            unanswered(now);
        }
    }

    private void lookedUp(long now) {
        where = asked.isCompletedExceptionally() ? null : asked.join();
        if (where == null || where.isUnresolved()) {
            where = null;
            unanswered(now);
        } else {
            connect(now);
        }
    }

    private void disconnect() {
        if (channel == null) {
            return;
        }
        try {
            channel.close();
        } catch (IOException gone) {
            LOG.debug("the connection to {} was not closed in order", peer.address(), gone);
        }
        channel = null;
    }

    /** The kernels ask each other; no byte is sent. */
    private static void keepAlive(SocketChannel channel) throws IOException {
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        if (channel.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE)) {
            channel.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, KEEP_ALIVE_SECONDS);
            channel.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, KEEP_ALIVE_AGAIN_SECONDS);
            channel.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, KEEP_ALIVES_UNANSWERED);
        }
    }
}

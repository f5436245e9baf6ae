package pactor.cluster;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import database.Ports;
import health.Guard;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the end of a connection to another node tells, on real sockets. */
class PeerProbeTest {

    private static final int SOON_MILLIS = 20_000;

    private final Guard guard = Guard.passive();
    private final PeerProbe probe = new PeerProbe(guard, Runnable::run);
    private final List<AutoCloseable> open = new ArrayList<>();

    /** Another class's nodes may still be ending in this JVM. */
    private final Set<Thread> before = Thread.getAllStackTraces().keySet();

    @AfterEach
    void close() throws Exception {
        probe.close();
        for (AutoCloseable each : open) {
            each.close();
        }
        assertEquals(Optional.empty(), guard.trouble());
    }

    @Test
    void aProcessIsDeadWhenItsConnectionEndsAndTheNextIsRefused() throws Exception {
        ServerSocket port = port();
        probe.watch(Set.of(peer(port)));
        Socket taken = accept(port);
        port.close();
        taken.close();
        awaitDead(port);
    }

    @Test
    void itLivesWhenTheNextConnectionIsTaken() throws Exception {
        ServerSocket port = port();
        ServerSocket other = port();
        probe.watch(Set.of(peer(port), peer(other)));
        accept(port).close();
        accept(port);
        kill(other);
        assertFalse(probe.isDead(address(port)));
    }

    @Test
    void aPortThatNeverTookAConnectionTellsNothing() throws Exception {
        ServerSocket never = port();
        never.close();
        ServerSocket port = port();
        probe.watch(Set.of(peer(never), peer(port)));
        kill(port);
        assertFalse(probe.isDead(address(never)));
    }

    @Test
    void aProcessThatTakesConnectionsAgainIsNotDeadAnyMore() throws Exception {
        ServerSocket port = port();
        probe.watch(Set.of(peer(port)));
        kill(port);
        ServerSocket again = opened(new ServerSocket(
            port.getLocalPort(), 10, InetAddress.getLoopbackAddress()));
        Socket taken = accept(again);
        await().until(() -> !probe.isDead(address(port)));
        kill(again, taken);
    }

    @Test
    void aMemberThatLeavesIsForgotten() throws Exception {
        ServerSocket leaves = port();
        ServerSocket stays = port();
        ServerSocket dead = port();
        probe.watch(Set.of(peer(leaves), peer(stays), peer(dead)));
        Socket left = accept(leaves);
        Socket stayed = accept(stays);
        kill(dead);
        probe.watch(Set.of(peer(stays)));
        assertEquals(-1, left.getInputStream().read());
        await().until(() -> !probe.isDead(address(dead)));
        stayed.setSoTimeout(1);
        assertTrue(isSilent(stayed));
    }

    @Test
    void anotherProcessAtTheSameAddressIsProbedAnew() throws Exception {
        ServerSocket port = port();
        probe.watch(Set.of(peer(port)));
        Socket first = accept(port);
        probe.watch(Set.of(new PeerProbe.Peer(
            address(port), 2, "127.0.0.1", port.getLocalPort())));
        assertEquals(-1, first.getInputStream().read());
        kill(port);
    }

    @Test
    void whoClosesEachConnectionAtOnceIsAskedMoreAndMoreSeldom() throws Exception {
        ServerSocket port = port();
        probe.watch(Set.of(peer(port)));
        long pause = PeerConnection.PAUSE_MIN.toNanos();
        accept(port).close();
        long closed = System.nanoTime();
        for (int i = 0; i < 5; i++) {
            Socket next = accept(port);
            long waited = System.nanoTime() - closed;
            assertTrue(waited >= pause, waited + " ns, not " + pause);
            closed = System.nanoTime();
            next.close();
            pause *= 2;
        }
        assertFalse(probe.isDead(address(port)));
    }

    @Test
    void itsEndClosesEveryConnectionAndItsThread() throws Exception {
        ServerSocket one = port();
        ServerSocket two = port();
        ServerSocket dead = port();
        probe.watch(Set.of(peer(one), peer(two), peer(dead)));
        Socket first = accept(one);
        Socket second = accept(two);
        kill(dead);
        probe.close();
        assertEquals(-1, first.getInputStream().read());
        assertEquals(-1, second.getInputStream().read());
        await().until(() -> !isRunning());
        assertFalse(probe.isDead(address(dead)));
        probe.watch(Set.of(peer(one)));
        assertFalse(isRunning());
    }

    @Test
    void withoutPeersThereIsNoThread() {
        probe.watch(Set.of());
        assertFalse(isRunning());
    }

    @Test
    void aProcessIsDeadTooWhenItsConnectionIsReset() throws Exception {
        ServerSocket port = port();
        Set<String> dead = new HashSet<>();
        try (Selector selector = Selector.open()) {
            PeerConnection connection = connected(port, selector, dead);
            Socket taken = accept(port);
            port.close();
            taken.setSoLinger(true, 0);
            taken.close();
            awaitEnd(connection, selector);
            while (dead.isEmpty()) {
                connection.goOn(System.nanoTime());
                selector.select(connection::ready, 1);
            }
            assertEquals(Set.of(address(port)), dead);
            connection.close();
            assertEquals(Set.of(), dead);
        }
    }

    /** The time is the test's own here: nobody waits for what never comes. */
    @Test
    void whoDoesNotAnswerIsNotDead() throws Exception {
        ServerSocket port = opened(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        Set<String> dead = new HashSet<>();
        try (Selector selector = Selector.open()) {
            PeerConnection connection = connected(port, selector, dead);
            Socket taken = accept(port);
            fill(port);
            taken.close();
            awaitEnd(connection, selector);
            long later = System.nanoTime() + PeerConnection.PAUSE_MIN.toNanos();
            assertEquals(PeerConnection.CONNECT_WITHIN.toNanos(), connection.goOn(later));
            later += PeerConnection.CONNECT_WITHIN.toNanos();
            assertEquals(PeerConnection.PAUSE_MIN.multipliedBy(2).toNanos(),
                connection.goOn(later));
            assertEquals(Set.of(), dead);
            connection.close();
        }
    }

    @Test
    void aHostThatCannotBeLookedUpTellsNothing() throws Exception {
        ServerSocket port = port();
        Set<String> dead = new HashSet<>();
        try (Selector selector = Selector.open()) {
            PeerConnection connection = new PeerConnection(peer(port), selector, task -> {
                throw new RejectedExecutionException("no room");
            }, dead);
            long now = System.nanoTime();
            assertEquals(PeerConnection.PAUSE_MIN.toNanos(), connection.goOn(now));
            assertEquals(Set.of(), dead);
        }
    }

    private static PeerConnection connected(
            ServerSocket port, Selector selector, Set<String> dead) throws IOException {
        PeerConnection connection =
            new PeerConnection(peer(port), selector, Runnable::run, dead);
        connection.goOn(System.nanoTime());
        while (connection.goOn(System.nanoTime()) < Long.MAX_VALUE) {
            selector.select(connection::ready);
        }
        return connection;
    }

    private static void awaitEnd(PeerConnection connection, Selector selector)
            throws IOException {
        while (connection.goOn(System.nanoTime()) == Long.MAX_VALUE) {
            selector.select(connection::ready);
        }
    }

    private ServerSocket port() throws IOException {
        return opened(new ServerSocket(Ports.free(), 10, InetAddress.getLoopbackAddress()));
    }

    private Socket accept(ServerSocket port) throws IOException {
        port.setSoTimeout(SOON_MILLIS);
        Socket taken = opened(port.accept());
        taken.setSoTimeout(SOON_MILLIS);
        return taken;
    }

    private void kill(ServerSocket port) throws IOException {
        kill(port, accept(port));
    }

    private void kill(ServerSocket port, Socket taken) throws IOException {
        port.close();
        taken.close();
        awaitDead(port);
    }

    private void awaitDead(ServerSocket port) {
        await().until(() -> probe.isDead(address(port)));
    }

    /** Until no further attempt gets a reply. */
    private void fill(ServerSocket port) throws IOException {
        for (int i = 0; i < 10; i++) {
            Socket socket = opened(new Socket());
            try {
                socket.connect(new InetSocketAddress("127.0.0.1", port.getLocalPort()), 50);
            } catch (SocketTimeoutException full) {
                return;
            }
        }
        throw new AssertionError("the queue of connections is not full");
    }

    private <T extends AutoCloseable> T opened(T closeable) {
        open.add(closeable);
        return closeable;
    }

    private static boolean isSilent(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() == Integer.MIN_VALUE;
        } catch (SocketTimeoutException nothing) {
            return true;
        }
    }

    private boolean isRunning() {
        return Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> !before.contains(thread))
            .anyMatch(thread -> thread.getName().equals(PeerProbe.THREAD));
    }

    private static PeerProbe.Peer peer(ServerSocket port) {
        return new PeerProbe.Peer(address(port), 1, "127.0.0.1", port.getLocalPort());
    }

    private static String address(ServerSocket port) {
        return "pekko://pactor@127.0.0.1:" + port.getLocalPort();
    }
}

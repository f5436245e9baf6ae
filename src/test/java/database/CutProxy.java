package database;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Stands between a client and its database and cuts a connection at the worst moment: when the
 * client has asked for a commit. Of the protocols of PostgreSQL and MariaDB it knows that a commit
 * is the word {@code COMMIT}, or, in PostgreSQL, the name under which that word was prepared. Any
 * thread.
 */
public final class CutProxy implements AutoCloseable {

    /** What happens to the next commit. */
    public enum Cut {
        /** Nothing. */
        NONE,
        /** It never reaches the database. */
        BEFORE,
        /** It happens, and its answer never reaches the client. */
        AFTER,
        /** The client is cut off at once, and it happens half a second later. */
        LATE
    }

    private static final byte[] COMMIT = "COMMIT".getBytes(StandardCharsets.US_ASCII);
    private static final long LATE_NANOS = 500_000_000L;

    private final int target;
    private final ServerSocket door;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger cuts = new AtomicInteger();
    private volatile Cut next = Cut.NONE;

    /** @param target the port of the database on this machine */
    public CutProxy(int target) {
        this.target = target;
        try {
            door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon("accept", this::accept);
    }

    public int port() {
        return door.getLocalPort();
    }

    /** Cuts the next commit, and only that. */
    public void cutNext(Cut how) {
        next = how;
    }

    /** Commits cut so far. */
    public int cuts() {
        return cuts.get();
    }

    @Override
    public void close() {
        quietly(door);
        open.forEach(CutProxy::quietly);
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                open.add(client);
                open.add(server);
                daemon("up", () -> up(client, server));
                daemon("down", () -> down(server, client));
            } catch (IOException e) {
                // Closed, or the database is away.
            }
        }
    }

    private void up(Socket client, Socket server) {
        byte[] buffer = new byte[1 << 16];
        byte[] prepared = {};
        try {
            InputStream from = client.getInputStream();
            OutputStream to = server.getOutputStream();
            for (int length = from.read(buffer); length > 0; length = from.read(buffer)) {
                int commit = find(buffer, length, COMMIT);
                boolean again = prepared.length > 0 && find(buffer, length, prepared) >= 0;
                prepared = commit >= 0 ? nameBefore(buffer, commit) : prepared;
                Cut cut = commit >= 0 || again ? take() : Cut.NONE;
                if (cut == Cut.NONE) {
                    to.write(buffer, 0, length);
                    continue;
                }
                cuts.incrementAndGet();
                if (cut == Cut.AFTER) {
                    open.remove(client);
                    to.write(buffer, 0, length);
                    LockSupport.parkNanos(LATE_NANOS / 5);
                }
                quietly(client);
                if (cut == Cut.LATE) {
                    LockSupport.parkNanos(LATE_NANOS);
                    to.write(buffer, 0, length);
                    LockSupport.parkNanos(LATE_NANOS / 5);
                }
                quietly(server);
                return;
            }
        } catch (IOException e) {
            // One side has gone.
        }
        quietly(server);
    }

    /** What the database answers, unless the client must not hear it. */
    private void down(Socket server, Socket client) {
        byte[] buffer = new byte[1 << 16];
        try {
            InputStream from = server.getInputStream();
            OutputStream to = client.getOutputStream();
            for (int length = from.read(buffer); length > 0; length = from.read(buffer)) {
                if (open.contains(client)) {
                    to.write(buffer, 0, length);
                }
            }
            quietly(client);
        } catch (IOException e) {
            // The server is closed by whoever wrote to it, which may still be about to.
        }
    }

    private synchronized Cut take() {
        Cut cut = next;
        next = Cut.NONE;
        return cut;
    }

    private static int find(byte[] buffer, int length, byte[] wanted) {
        for (int at = 0; at + wanted.length <= length; at++) {
            if (Arrays.equals(buffer, at, at + wanted.length, wanted, 0, wanted.length)) {
                return at;
            }
        }
        return -1;
    }

    /** PostgreSQL: a name, a zero, the statement. As it stands in a use of it, between zeros. */
    private static byte[] nameBefore(byte[] buffer, int statement) {
        int from = statement - 1;
        while (from > 0 && buffer[from - 1] > ' ') {
            from--;
        }
        boolean named = from > 0 && from < statement - 1 && buffer[statement - 1] == 0;
        return named ? ("\0" + new String(buffer, from, statement - 1 - from,
            StandardCharsets.US_ASCII) + "\0").getBytes(StandardCharsets.US_ASCII) : new byte[0];
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, "cut-proxy-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void quietly(AutoCloseable each) {
        try {
            each.close();
        } catch (Exception e) {
            // It is to be gone, and is.
        }
    }
}

package database;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between a client and PostgreSQL, understands their messages (chapter "Frontend/Backend
 * Protocol" of its manual), and cuts the connection where it hurts most: right before a COMMIT
 * reaches the server, or right after it was carried out and before the client hears of it. Can be
 * silent too, as a host that has vanished is: connections stay, nothing passes.
 */
public final class PostgresProxy implements AutoCloseable {

    private static final int SSL_REQUEST = 80_877_103;
    private static final int GSS_REQUEST = 80_877_104;
    private static final int MESSAGE_MAX = 64 << 20;

    private final ServerSocket listener;
    private final InetSocketAddress server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final AtomicInteger cutsBefore = new AtomicInteger();
    private final AtomicInteger cutsAfter = new AtomicInteger();
    private final AtomicInteger doneBefore = new AtomicInteger();
    private final AtomicInteger doneAfter = new AtomicInteger();
    private final Object silence = new Object();
    private boolean isSilent;

    /** Listens on a free port of {@code address}. */
    public PostgresProxy(InetAddress address, int serverPort) throws IOException {
        listener = new ServerSocket(0, 100, address);
        server = new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort);
        threads.submit(this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** The next commit of any connection does not reach the server. */
    public void cutBeforeACommit() {
        cutsBefore.incrementAndGet();
    }

    /** The next commit of any connection is carried out, and its client does not hear of it. */
    public void cutAfterACommit() {
        cutsAfter.incrementAndGet();
    }

    /** Cuts that were asked for and have not come about yet. */
    public int open() {
        return Math.max(0, cutsBefore.get()) + Math.max(0, cutsAfter.get());
    }

    public int doneBefore() {
        return doneBefore.get();
    }

    public int doneAfter() {
        return doneAfter.get();
    }

    /** From now on nothing passes in either direction, and nobody is told; or it passes again. */
    public void silent(boolean from) {
        synchronized (silence) {
            isSilent = from;
            silence.notifyAll();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        silent(false);
        links.forEach(Link::cut);
        threads.shutdownNow();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Socket upstream = new Socket();
                try {
                    upstream.connect(server, 2_000);
                } catch (IOException e) {
                    client.close();
                    continue;
                }
                Link link = new Link(client, upstream);
                links.add(link);
                threads.submit(link::toServer);
                threads.submit(link::toClient);
            } catch (IOException e) {
                // Closed, or a client that was gone before it was accepted.
            }
        }
    }

    private void awaitSound() throws InterruptedException {
        synchronized (silence) {
            while (isSilent) {
                silence.wait();
            }
        }
    }

    private static boolean take(AtomicInteger tickets) {
        return tickets.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }

    /** One client's connection. */
    private final class Link {

        private final Socket client;
        private final Socket upstream;
        private final Map<String, Boolean> isCommit = new ConcurrentHashMap<>();
        private final AtomicInteger singleBytes = new AtomicInteger();
        private volatile boolean isCommitting;

        Link(Socket client, Socket upstream) {
            this.client = client;
            this.upstream = upstream;
        }

        void cut() {
            links.remove(this);
            for (Socket each : new Socket[] {client, upstream}) {
                try {
                    each.setSoLinger(true, 0); // A reset, not an orderly end.
                    each.close();
                } catch (IOException e) {
                    // It was closed already.
                }
            }
        }

        void toServer() {
            try (DataInputStream in = in(client); DataOutputStream out = out(upstream)) {
                while (!startup(in, out)) {
                    // Another way to begin was asked for first.
                }
                while (true) {
                    int type = in.readUnsignedByte();
                    byte[] body = body(in);
                    awaitSound();
                    if (commits(type, body)) {
                        if (take(cutsBefore)) {
                            doneBefore.incrementAndGet();
                            break;
                        }
                        isCommitting = true;
                    }
                    send(out, type, body, in);
                }
            } catch (IOException | InterruptedException e) {
                // One of the two has gone.
            }
            cut();
        }

        void toClient() {
            try (DataInputStream in = in(upstream); DataOutputStream out = out(client)) {
                while (true) {
                    int type = in.readUnsignedByte();
                    if (singleBytes.get() > 0) {
                        singleBytes.decrementAndGet();
                        out.writeByte(type);
                        out.flush();
                        continue;
                    }
                    byte[] body = body(in);
                    awaitSound();
                    if (isCommitting && type == 'C' && text(body, 0).equals("COMMIT")) {
                        isCommitting = false;
                        if (take(cutsAfter)) {
                            doneAfter.incrementAndGet();
                            break;
                        }
                    }
                    send(out, type, body, in);
                }
            } catch (IOException | InterruptedException e) {
                // One of the two has gone.
            }
            cut();
        }

        /** @return whether it was the one after which messages have types */
        private boolean startup(DataInputStream in, DataOutputStream out) throws IOException {
            byte[] body = body(in);
            int code = (body[0] & 0xff) << 24 | (body[1] & 0xff) << 16 | (body[2] & 0xff) << 8
                | body[3] & 0xff;
            boolean asks = code == SSL_REQUEST || code == GSS_REQUEST;
            if (asks) {
                singleBytes.incrementAndGet();
            }
            out.writeInt(body.length + 4);
            out.write(body);
            out.flush();
            return !asks;
        }

        /** Whether this message has the server commit. */
        private boolean commits(int type, byte[] body) {
            if (type == 'P') {
                String name = text(body, 0);
                isCommit.put(name, text(body, name.length() + 1).equalsIgnoreCase("COMMIT"));
            }
            if (type == 'B') {
                String portal = text(body, 0);
                return isCommit.getOrDefault(text(body, portal.length() + 1), false);
            }
            return type == 'Q' && text(body, 0).equalsIgnoreCase("COMMIT");
        }
    }

    private static String text(byte[] body, int from) {
        int end = from;
        while (end < body.length && body[end] != 0) {
            end++;
        }
        return new String(body, from, end - from, StandardCharsets.ISO_8859_1);
    }

    private static byte[] body(DataInputStream in) throws IOException {
        int length = in.readInt() - 4;
        if (length < 0 || length > MESSAGE_MAX) {
            throw new IOException("no message has " + length + " bytes");
        }
        byte[] body = new byte[length];
        in.readFully(body);
        return body;
    }

    private static void send(DataOutputStream out, int type, byte[] body, DataInputStream in)
            throws IOException {
        out.writeByte(type);
        out.writeInt(body.length + 4);
        out.write(body);
        if (in.available() == 0) {
            out.flush();
        }
    }

    private static DataInputStream in(Socket socket) throws IOException {
        return new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
    }

    private static DataOutputStream out(Socket socket) throws IOException {
        return new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
    }
}

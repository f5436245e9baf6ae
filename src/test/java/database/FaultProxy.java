package database;

import database.Messages.Message;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Stands between a client and its database, understands their {@link Messages}, and cuts the
 * connection where it hurts most: when the client has asked for a commit. Can be silent too, as a
 * host that has vanished is: connections stay, nothing passes. Any thread.
 */
public final class FaultProxy implements AutoCloseable {

    /** What happens to a commit. */
    public enum Cut {
        /** It never reaches the database. */
        BEFORE,
        /** It is carried out, and its answer never reaches the client. */
        AFTER,
        /** The client is cut off at once, and it is carried out half a second later. */
        LATE
    }

    private static final long LATE_NANOS = 500_000_000L;

    private final ServerSocket listener;
    private final DatabaseServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "fault-proxy");
        thread.setDaemon(true);
        return thread;
    });
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final Map<Cut, AtomicInteger> wanted = counts();
    private final Map<Cut, AtomicInteger> done = counts();
    private final Object silence = new Object();
    private boolean isSilent;

    /** Listens on a free port of the loopback. */
    public FaultProxy(DatabaseServer server) {
        this(InetAddress.getLoopbackAddress(), server);
    }

    /** Listens on a free port of {@code address}. */
    public FaultProxy(InetAddress address, DatabaseServer server) {
        this.server = server;
        try {
            listener = new ServerSocket(0, 100, address);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.submit(this::accept);
    }

    /** The url of that database of the server, through this proxy. */
    public String url(String database) {
        return through(server.url(database));
    }

    /** The same for a whole url. */
    public String through(String url) {
        return url.replace("127.0.0.1:" + server.port() + "/",
            listener.getInetAddress().getHostAddress() + ":" + listener.getLocalPort() + "/");
    }

    /** Cuts the next commit of any connection that nobody else wants to cut. */
    public void cutNext(Cut how) {
        wanted.get(how).incrementAndGet();
    }

    /** Cuts that were asked for and have not come about yet. */
    public int open() {
        return wanted.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    public int done(Cut how) {
        return done.get(how).get();
    }

    /** Of all kinds. */
    public int done() {
        return done.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    /** From now on nothing passes in either direction, and nobody is told; or it passes again. */
    public void silent(boolean from) {
        synchronized (silence) {
            isSilent = from;
            silence.notifyAll();
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
                    upstream.connect(new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), server.port()), 2_000);
                } catch (IOException e) {
                    client.close();
                    continue;
                }
                client.setTcpNoDelay(true);
                upstream.setTcpNoDelay(true);
                Link link = new Link(client, upstream, Messages.of(server));
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

    /** Whether somebody wants such a cut; if so it has come about. */
    private boolean take(Cut how) {
        boolean taken = wanted.get(how).getAndUpdate(left -> Math.max(0, left - 1)) > 0;
        if (taken) {
            done.get(how).incrementAndGet();
        }
        return taken;
    }

    private static Map<Cut, AtomicInteger> counts() {
        return Stream.of(Cut.values())
            .collect(Collectors.toUnmodifiableMap(cut -> cut, cut -> new AtomicInteger()));
    }

    /** One client's connection. */
    private final class Link {

        private final Socket client;
        private final Socket upstream;
        private final Messages messages;
        private volatile boolean isDeaf;

        Link(Socket client, Socket upstream, Messages messages) {
            this.client = client;
            this.upstream = upstream;
            this.messages = messages;
        }

        void cut() {
            links.remove(this);
            reset(client);
            reset(upstream);
        }

        void toServer() {
            try (DataInputStream in = in(client); OutputStream out = out(upstream)) {
                while (true) {
                    Message message = messages.fromClient(in);
                    awaitSound();
                    if (message.commits() && take(Cut.BEFORE)) {
                        break;
                    }
                    if (message.commits() && take(Cut.LATE)) {
                        sendLate(message, in, out);
                        return;
                    }
                    send(message, in, out);
                }
            } catch (IOException | InterruptedException e) {
                // One of the two has gone.
            }
            cut();
        }

        void toClient() {
            try (DataInputStream in = in(upstream); OutputStream out = out(client)) {
                while (true) {
                    Message message = messages.fromServer(in);
                    awaitSound();
                    if (message.commits() && (isDeaf || take(Cut.AFTER))) {
                        break;
                    }
                    if (!isDeaf) {
                        send(message, in, out);
                    }
                }
            } catch (IOException | InterruptedException e) {
                // One of the two has gone.
            }
            cut();
        }

        /** The whole of a commit, when its client has gone; who hears the answer cuts the rest. */
        private void sendLate(Message first, DataInputStream in, OutputStream out)
                throws IOException {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            Message message = first;
            all.writeBytes(message.bytes());
            while (!message.ends()) {
                message = messages.fromClient(in);
                all.writeBytes(message.bytes());
            }
            isDeaf = true;
            reset(client);
            LockSupport.parkNanos(LATE_NANOS);
            out.write(all.toByteArray());
            out.flush();
            // The end of this method closes the way up; until the answer that would be too early.
            LockSupport.parkNanos(LATE_NANOS);
        }
    }

    private static void send(Message message, DataInputStream in, OutputStream out)
            throws IOException {
        out.write(message.bytes());
        if (in.available() == 0) {
            out.flush();
        }
    }

    /** A reset, not an orderly end. */
    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // It was closed already.
        }
    }

    private static DataInputStream in(Socket socket) throws IOException {
        return new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    }

    private static OutputStream out(Socket socket) throws IOException {
        return new BufferedOutputStream(socket.getOutputStream());
    }
}

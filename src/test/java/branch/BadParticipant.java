package branch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A participant on a raw socket that does to each path what it was told to, however wrong, and
 * remembers what it received. A thread for each connection.
 */
final class BadParticipant implements AutoCloseable {

    /** What is done once a request has been read. */
    @FunctionalInterface
    interface Behaviour {

        void reply(Visit visit) throws Exception;
    }

    static final String OK = answer(200, "{\"dtm_result\":\"SUCCESS\"}");

    private final ServerSocket server;
    private final Map<String, Behaviour> behaviours = new ConcurrentHashMap<>();
    private final Map<String, List<String>> received = new ConcurrentHashMap<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger mostOpen = new AtomicInteger();
    private final AtomicLong sent = new AtomicLong();
    private final CountDownLatch closed = new CountDownLatch(1);

    private BadParticipant(ServerSocket server) {
        this.server = server;
    }

    static BadParticipant start() {
        return startAt("127.0.0.1", 0);
    }

    /** At an address of the loopback network; {@code port} 0 for any. */
    static BadParticipant startAt(String address, int port) {
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(address), port), 256);
            return over(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** On a socket that is bound already. */
    static BadParticipant over(ServerSocket socket) {
        BadParticipant participant = new BadParticipant(socket);
        participant.inBackground(participant::accept);
        return participant;
    }

    /** A whole answer with a body and its length. */
    static String answer(int status, String body, String... headers) {
        StringBuilder text = new StringBuilder("HTTP/1.1 " + status + " X\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        return text.append("Content-Length: " + length + "\r\n\r\n").append(body).toString();
    }

    BadParticipant on(String path, Behaviour behaviour) {
        behaviours.put(path, behaviour);
        return this;
    }

    int port() {
        return server.getLocalPort();
    }

    String url(String path) {
        return "http://" + server.getInetAddress().getHostAddress() + ":" + port() + path;
    }

    /** The requests received on {@code path}, head and body as they came. */
    List<String> received(String path) {
        return received.getOrDefault(path, List.of());
    }

    /** Connections accepted so far. */
    int connections() {
        return connections.get();
    }

    int openNow() {
        return open.size();
    }

    int mostOpen() {
        return mostOpen.get();
    }

    long bytesSent() {
        return sent.get();
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    private void accept() throws IOException {
        while (!server.isClosed()) {
            Socket socket = server.accept();
            socket.setTcpNoDelay(true);
            connections.incrementAndGet();
            open.add(socket);
            mostOpen.accumulateAndGet(open.size(), Math::max);
            inBackground(() -> serve(socket));
        }
    }

    private void serve(Socket socket) throws Exception {
        try (socket) {
            Visit visit = new Visit(socket);
            while (visit.readRequest()) {
                received.computeIfAbsent(visit.path, path -> new CopyOnWriteArrayList<>())
                        .add(visit.request);
                behaviours.getOrDefault(visit.path, v -> v.send(OK)).reply(visit);
            }
        } finally {
            open.remove(socket);
        }
    }

    private interface Task {
        void run() throws Exception;
    }

    private void inBackground(Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (Exception e) {
                // The other side went away, or the test is over.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    /** One connection, after a request has been read from it. */
    final class Visit {

        final Socket socket;
        private final InputStream in;
        private final OutputStream out;
        private String path;
        private String request;

        Visit(Socket socket) throws IOException {
            this.socket = socket;
            this.in = socket.getInputStream();
            this.out = socket.getOutputStream();
        }

        String request() {
            return request;
        }

        void send(String latin) throws IOException {
            send(latin.getBytes(StandardCharsets.ISO_8859_1));
        }

        void send(byte[] bytes) throws IOException {
            out.write(bytes);
            out.flush();
            sent.addAndGet(bytes.length);
        }

        /** One byte at a time, until the other side has had enough. */
        void drip(String text, int pauseMillis) throws Exception {
            for (byte b : text.getBytes(StandardCharsets.ISO_8859_1)) {
                send(new byte[] {b});
                pause(pauseMillis);
            }
        }

        /** Waits, unless the test is over. */
        void pause(int millis) throws InterruptedException {
            closed.await(millis, TimeUnit.MILLISECONDS);
        }

        /** {@code chunk} again and again, until the other side has had enough. */
        void sendForEver(String chunk) throws IOException {
            byte[] bytes = chunk.repeat(Math.max(1, 16_384 / chunk.length()))
                    .getBytes(StandardCharsets.ISO_8859_1);
            while (closed.getCount() > 0) {
                send(bytes);
            }
        }

        /** Says nothing until the other side goes away or the test is over. */
        void hang() throws IOException {
            while (in.read() >= 0) {
                // Whatever it says, there is no answer.
            }
        }

        /** Closes so that the other side sees a reset and not an end. */
        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        private boolean readRequest() throws IOException {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = in.read();
                if (next < 0) {
                    return false;
                }
                head.append((char) next);
            }
            String target = head.substring(head.indexOf(" ") + 1, head.indexOf(" HTTP/"));
            path = target.replaceFirst("\\?.*", "");
            int length = 0;
            for (String line : head.toString().split("\r\n")) {
                if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                    length = Integer.parseInt(line.substring(15).strip());
                }
            }
            request = head + new String(in.readNBytes(length), StandardCharsets.UTF_8);
            return true;
        }
    }
}

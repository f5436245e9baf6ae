package branch;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersDecoder;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A participant that writes the frames of HTTP/2 by hand on a raw socket and does to each method
 * what it was told to, however wrong. A thread for each connection and for each call.
 */
final class BadGrpcParticipant implements AutoCloseable {

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int CONTINUATION = 9;

    static final int END_STREAM = 1;
    static final int ACK = 1;
    static final int END_HEADERS = 4;

    private static final int PREFACE_BYTES = 24;

    /** What is done once a whole request has been read. */
    @FunctionalInterface
    interface Behaviour {

        void reply(Visit visit) throws Exception;
    }

    private final ServerSocket server;
    private final Map<String, Behaviour> behaviours = new ConcurrentHashMap<>();
    private final Map<String, List<String>> received = new ConcurrentHashMap<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong sent = new AtomicLong();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile byte[] settings = {};

    private BadGrpcParticipant(int port) {
        try {
            server = new ServerSocket(port, 256, InetAddress.getByName("127.0.0.1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        inBackground(this::accept);
    }

    static BadGrpcParticipant start() {
        return new BadGrpcParticipant(0);
    }

    BadGrpcParticipant on(String method, Behaviour behaviour) {
        behaviours.put(method, behaviour);
        return this;
    }

    /** Sent in the first frame of each connection: pairs of a number and its value. */
    BadGrpcParticipant settings(int... numbersAndValues) {
        ByteBuffer bytes = ByteBuffer.allocate(numbersAndValues.length / 2 * 6);
        for (int i = 0; i < numbersAndValues.length; i += 2) {
            bytes.putShort((short) numbersAndValues[i]).putInt(numbersAndValues[i + 1]);
        }
        settings = bytes.array();
        return this;
    }

    String url(String method) {
        return "127.0.0.1:" + server.getLocalPort() + "/bad.Bad/" + method;
    }

    /** The operations that have called {@code method}, in the order of their arrival. */
    List<String> received(String method) {
        return received.getOrDefault(method, List.of());
    }

    int connections() {
        return connections.get();
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
            inBackground(() -> {
                try (socket) {
                    new Connection(socket).serve();
                } finally {
                    open.remove(socket);
                }
            });
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

    private final class Connection {

        private final Socket socket;
        private final DataInputStream in;
        private final OutputStream out;
        private final Http2HeadersDecoder hpack = new DefaultHttp2HeadersDecoder(false);
        private final Map<Integer, Visit> visits = new ConcurrentHashMap<>();

        Connection(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new DataInputStream(socket.getInputStream());
            this.out = socket.getOutputStream();
        }

        void serve() throws Exception {
            in.readNBytes(PREFACE_BYTES);
            write(frame(SETTINGS, 0, 0, settings));
            while (true) {
                int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
                int type = in.readUnsignedByte();
                int flags = in.readUnsignedByte();
                int stream = in.readInt();
                byte[] payload = in.readNBytes(length);
                if (payload.length < length) {
                    throw new EOFException();
                }
                read(type, flags, stream, payload);
            }
        }

        private void read(int type, int flags, int stream, byte[] payload) throws Exception {
            if ((type == SETTINGS || type == PING) && (flags & ACK) == 0) {
                write(frame(type, ACK, 0, type == PING ? payload : new byte[0]));
            }
            if (type == HEADERS) {
                ByteBuf block = Unpooled.wrappedBuffer(payload);
                Http2Headers headers = hpack.decodeHeaders(stream, block);
                visits.put(stream, new Visit(this, stream, headers));
            }
            boolean ends = (type == HEADERS || type == DATA) && (flags & END_STREAM) != 0;
            Visit visit = visits.get(stream);
            if (ends && visit != null) {
                String method = visit.headers.path().toString().replace("/bad.Bad/", "");
                received.computeIfAbsent(method, m -> new CopyOnWriteArrayList<>())
                        .add(visit.headers.get("dtm-op").toString());
                Behaviour behaviour = behaviours.getOrDefault(method, v -> v.answer("0", ""));
                inBackground(() -> behaviour.reply(visit));
            }
        }

        synchronized void write(byte[] bytes) throws IOException {
            out.write(bytes);
            out.flush();
            sent.addAndGet(bytes.length);
        }
    }

    /** One call, after all of it has been read. */
    final class Visit {

        final int stream;
        private final Connection connection;
        private final Http2Headers headers;

        Visit(Connection connection, int stream, Http2Headers headers) {
            this.connection = connection;
            this.stream = stream;
            this.headers = headers;
        }

        /** The whole of a usual answer: head, an empty message, status. */
        void answer(String status, String message) throws IOException {
            head();
            message(new byte[0]);
            trailers("grpc-status", status, "grpc-message", message);
        }

        void head() throws IOException {
            headers(0, ":status", "200", "content-type", "application/grpc");
        }

        /** The one frame of an answer that has only a status. */
        void only(String... more) throws IOException {
            byte[] first = block(":status", "200", "content-type", "application/grpc");
            send(HEADERS, END_HEADERS | END_STREAM, concat(first, block(more)));
        }

        void trailers(String... namesAndValues) throws IOException {
            headers(END_STREAM, namesAndValues);
        }

        void headers(int flags, String... namesAndValues) throws IOException {
            send(HEADERS, END_HEADERS | flags, block(namesAndValues));
        }

        /** Headers that end the call, in as many frames as they need. */
        void inParts(byte[] block) throws IOException {
            ByteArrayOutputStream frames = new ByteArrayOutputStream();
            for (int at = 0; at < block.length; at += 16_384) {
                int end = Math.min(block.length, at + 16_384);
                int flags = (at == 0 ? END_STREAM : 0) | (end == block.length ? END_HEADERS : 0);
                frames.writeBytes(frame(at == 0 ? HEADERS : CONTINUATION, flags, stream,
                        Arrays.copyOfRange(block, at, end)));
            }
            raw(frames.toByteArray());
        }

        void message(byte[] bytes) throws IOException {
            send(DATA, 0, prefixed(0, bytes.length, bytes));
        }

        void send(int type, int flags, byte[] payload) throws IOException {
            raw(frame(type, flags, stream, payload));
        }

        void rst(int code) throws IOException {
            send(RST_STREAM, 0, ByteBuffer.allocate(4).putInt(code).array());
        }

        /** No streams after {@code last} have been or will be looked at. */
        void goAway(int last, int code, String why) throws IOException {
            byte[] text = why.getBytes(StandardCharsets.US_ASCII);
            raw(frame(GOAWAY, 0, 0, ByteBuffer.allocate(8 + text.length)
                    .putInt(last).putInt(code).put(text).array()));
        }

        void raw(byte[] bytes) throws IOException {
            connection.write(bytes);
        }

        void raw(String latin) throws IOException {
            raw(latin.getBytes(StandardCharsets.ISO_8859_1));
        }

        /** One byte at a time, until the other side has had enough. */
        void drip(byte[] bytes, int pauseMillis) throws Exception {
            for (byte each : bytes) {
                raw(new byte[] {each});
                closed.await(pauseMillis, TimeUnit.MILLISECONDS);
            }
        }

        /** {@code bytes} again and again, until the other side has had enough. */
        void sendForEver(byte[] bytes) throws IOException {
            ByteArrayOutputStream many = new ByteArrayOutputStream();
            while (many.size() < 16_384) {
                many.writeBytes(bytes);
            }
            while (closed.getCount() > 0) {
                raw(many.toByteArray());
            }
        }

        /** Waits until so many calls of this method have been read, from all connections. */
        boolean hasCompany(int calls) throws InterruptedException {
            String method = headers.path().toString().replace("/bad.Bad/", "");
            for (int i = 0; i < 300 && received(method).size() < calls; i++) {
                closed.await(10, TimeUnit.MILLISECONDS);
            }
            return received(method).size() >= calls;
        }

        /** Whether its call was the first of this method on its connection. */
        boolean isFirst() {
            String method = headers.path().toString();
            return connection.visits.values().stream()
                    .filter(each -> each.headers.path().toString().equals(method))
                    .mapToInt(each -> each.stream).min().orElseThrow() == stream;
        }

        void end() throws IOException {
            connection.socket.close();
        }

        void writeNoMore() throws IOException {
            connection.socket.shutdownOutput();
        }

        /** Closes so that the other side sees a reset and not an end. */
        void reset() throws IOException {
            connection.socket.setSoLinger(true, 0);
            connection.socket.close();
        }
    }

    static byte[] frame(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >> 16)).putShort((short) payload.length)
                .put((byte) type).put((byte) flags).putInt(stream).put(payload).array();
    }

    /** A message as gRPC frames it; {@code length} may be a lie. */
    static byte[] prefixed(int compressed, int length, byte[] bytes) {
        return ByteBuffer.allocate(5 + bytes.length)
                .put((byte) compressed).putInt(length).put(bytes).array();
    }

    /** Names and values in HPACK: each literal, none remembered. */
    static byte[] block(String... namesAndValues) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int i = 0; i < namesAndValues.length; i++) {
            if (i % 2 == 0) {
                block.write(0);
            }
            byte[] text = namesAndValues[i].getBytes(StandardCharsets.ISO_8859_1);
            int left = text.length;
            block.write(Math.min(left, 127));
            if (left >= 127) {
                left -= 127;
                while (left >= 128) {
                    block.write(left % 128 + 128);
                    left /= 128;
                }
                block.write(left);
            }
            block.writeBytes(text);
        }
        return block.toByteArray();
    }

    static byte[] concat(byte[] one, byte[] other) {
        return ByteBuffer.allocate(one.length + other.length).put(one).put(other).array();
    }
}

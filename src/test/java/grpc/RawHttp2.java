package grpc;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;

/** A client of HTTP/2 that sends what it is told to, frame by frame, and reads only when asked. */
public final class RawHttp2 implements AutoCloseable {

    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int PRIORITY = 2;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;

    public static final int END_STREAM = 1;
    public static final int ACK = 1;
    public static final int END_HEADERS = 4;

    public static final int ENHANCE_YOUR_CALM = 11;
    public static final int REFUSED_STREAM = 7;

    public static final String SUBMIT = "/dtmgimp.Dtm/Submit";
    public static final String NEW_GID = "/dtmgimp.Dtm/NewGid";
    public static final String CHECK = "/grpc.health.v1.Health/Check";
    public static final String WATCH = "/grpc.health.v1.Health/Watch";

    /** A message of gRPC that is empty. */
    public static final byte[] EMPTY = new byte[5];

    private static final int PATIENCE_MILLIS = 30_000;

    private final Socket socket;
    private final OutputStream out;
    private final DataInputStream in;
    private final ByteArrayOutputStream batch = new ByteArrayOutputStream();
    private int nextStream = 1;

    /** One frame as it came. */
    public record Frame(int type, int flags, int stream, byte[] payload) {

        /** The error that a reset or a farewell gives. */
        public int error() {
            return ByteBuffer.wrap(payload).getInt(type == GOAWAY ? 4 : 0);
        }

        public boolean isEnd() {
            return type == RST_STREAM
                || (type == HEADERS || type == DATA) && (flags & END_STREAM) != 0;
        }
    }

    public RawHttp2(int port) {
        try {
            socket = new Socket("127.0.0.1", port);
            socket.setSoTimeout(PATIENCE_MILLIS);
            out = socket.getOutputStream();
            in = new DataInputStream(socket.getInputStream());
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    /** One that has introduced itself. */
    public static RawHttp2 open(int port) {
        return new RawHttp2(port).preface().frame(SETTINGS, 0, 0).flush();
    }

    public RawHttp2 preface() {
        batch.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return this;
    }

    public RawHttp2 frame(int type, int flags, int stream, byte... payload) {
        int length = payload.length;
        batch.write(length >> 16);
        batch.write(length >> 8);
        batch.write(length);
        batch.write(type);
        batch.write(flags);
        batch.writeBytes(ByteBuffer.allocate(4).putInt(stream).array());
        batch.writeBytes(payload);
        return this;
    }

    /** A setting, as in 4 for the window of new streams. */
    public RawHttp2 setting(int id, int value) {
        return frame(SETTINGS, 0, 0,
            ByteBuffer.allocate(6).putShort((short) id).putInt(value).array());
    }

    /** Begins a call. @return its stream */
    public int call(String path, int flags) {
        int stream = nextStream;
        nextStream += 2;
        frame(HEADERS, flags | END_HEADERS, stream, head(path));
        return stream;
    }

    /** A whole call. @return its stream */
    public int ask(String path, byte... message) {
        int stream = call(path, 0);
        frame(DATA, END_STREAM, stream, message);
        return stream;
    }

    public static byte[] head(String path) {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        literal(head, ":method", "POST");
        literal(head, ":scheme", "http");
        literal(head, ":path", path);
        literal(head, "te", "trailers");
        literal(head, "content-type", "application/grpc");
        return head.toByteArray();
    }

    /** Appends a name and a value, each shorter than 127 characters. */
    public static void literal(ByteArrayOutputStream head, String name, String value) {
        head.write(0);
        head.write(name.length());
        head.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
        head.write(value.length());
        head.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
    }

    /** Sends what has been gathered; whoever is cut off meanwhile finds out by reading. */
    public RawHttp2 flush() {
        try {
            out.write(batch.toByteArray());
            out.flush();
        } catch (SocketException cutOff) {
            // The rest of what was sent to us can be read all the same.
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        batch.reset();
        return this;
    }

    /** The next frame; null if the connection is closed. */
    public Frame read() {
        try {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int stream = in.readInt();
            byte[] payload = new byte[length];
            in.readFully(payload);
            return new Frame(type, flags, stream, payload);
        } catch (EOFException | SocketException closed) {
            return null;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The next frame that is such; null if the connection is closed first. */
    public Frame until(Predicate<Frame> wanted) {
        Frame frame = read();
        while (frame != null && !wanted.test(frame)) {
            frame = read();
        }
        return frame;
    }

    /** The frame that ends a call; null if the connection is closed first. */
    public Frame end(int stream) {
        return until(frame -> frame.stream() == stream && frame.isEnd());
    }

    /** Everything up to what answers to a ping that is sent now has been seen by the server. */
    public RawHttp2 seen() {
        frame(PING, 0, 0, new byte[8]).flush();
        until(frame -> frame.type() == PING && frame.flags() == ACK);
        return this;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}

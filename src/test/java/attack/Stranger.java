package attack;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A connection that somebody hostile opens. To be refused or cut off is no error to them. */
final class Stranger implements AutoCloseable {

    private static final int CONNECT_MILLIS = 5_000;

    private final Socket socket = new Socket();

    /** Connects to that port of this machine. */
    Stranger(int port) {
        try {
            // Small, so that an answer that is not read stays with the coordinator.
            socket.setReceiveBufferSize(4_096);
            // Closed by a reset: thousands of ports would wait for a minute otherwise.
            socket.setSoLinger(true, 0);
            socket.connect(new InetSocketAddress("127.0.0.1", port), CONNECT_MILLIS);
        } catch (IOException refused) {
            close();
        }
    }

    /** Sends Latin-1. Returns false if the connection is closed. */
    boolean send(String bytes) {
        try {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            return true;
        } catch (IOException closed) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException ignored) {
            // It is gone either way.
        }
    }
}

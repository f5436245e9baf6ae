package http;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A connection over which a test sends bytes of its own choice; they are written as Latin-1. */
final class RawConnection implements Closeable {

    /** Longer than the server takes for anything on a busy machine. */
    private static final int PATIENCE_MILLIS = 30_000;

    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: (\\d+)");

    private final Socket socket;

    RawConnection(int port) {
        this(() -> new Socket("127.0.0.1", port));
    }

    /** Over TLS, with those versions if any are given; the handshake is over. */
    RawConnection(int port, SSLContext tls, String... versions) {
        this(() -> {
            SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket("127.0.0.1", port);
            if (versions.length > 0) {
                socket.setEnabledProtocols(versions);
            }
            socket.startHandshake();
            return socket;
        });
    }

    private interface Opening {
        Socket open() throws IOException;
    }

    private RawConnection(Opening opening) {
        try {
            socket = opening.open();
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.setTcpNoDelay(true);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    Socket socket() {
        return socket;
    }

    RawConnection send(String bytes) {
        try {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            return this;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Returns false if the server has closed the connection. */
    boolean trySend(String bytes) {
        try {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            return true;
        } catch (IOException closed) {
            return false;
        }
    }

    /** The next answer; empty if the server has closed the connection. */
    String answer() {
        try {
            String head = "";
            while (!head.endsWith("\r\n\r\n")) {
                int next = socket.getInputStream().read();
                if (next < 0) {
                    return head;
                }
                head += (char) next;
            }
            Matcher length = LENGTH.matcher(head);
            return head + (length.find() ? new String(socket.getInputStream().readNBytes(
                Integer.parseInt(length.group(1))), StandardCharsets.UTF_8) : "");
        } catch (SocketException reset) {
            return "";
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** All that comes until the server closes the connection. */
    String untilClosed() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(all);
        } catch (SocketException reset) {
            // What had come before counts.
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}

package database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports for servers that are started a little later, or again. */
public final class Ports {

    /** Below those that the system gives to connections, or it might give ours away meanwhile. */
    private static final int FROM = 10_000;
    private static final int TO = 32_000;

    private Ports() {}

    /** One of the loopback address that nobody listens on. */
    public static int free() {
        for (int port = ThreadLocalRandom.current().nextInt(FROM, TO);; port++) {
            try (ServerSocket free =
                    new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return free.getLocalPort();
            } catch (BindException inUse) {
                if (port > TO) {
                    throw new UncheckedIOException(inUse);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}

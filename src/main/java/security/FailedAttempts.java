package security;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts wrong credentials by the address that they came from, and reports them, a line a minute
 * for each address. Thread-safe; its room is bounded.
 *
 * <p>It never keeps out a credential that is right: a token cannot be guessed, and whoever shares
 * an address with a stranger must not be shut out by him.
 */
final class FailedAttempts {

    /** In a minute from one address. A service that is set up wrongly shows by then. */
    static final int MOST = 10;

    /** Addresses that are remembered; the one that was quiet for longest makes room. */
    static final int ADDRESSES_MAX = 10_000;

    /** Of an IPv6 address: what one customer has. */
    private static final int NETWORK_BYTES = 8;

    private static final long WINDOW_NANOS = 60_000_000_000L;

    private static final Logger LOG = LoggerFactory.getLogger(FailedAttempts.class);

    private final LongSupplier nanoTime;
    private final Map<String, Window> windows = new LinkedHashMap<>(16, 0.75f, true) {

        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Window> eldest) {
            return size() > ADDRESSES_MAX;
        }
    };

    /** The attempts of one address since some moment. */
    private static final class Window {
        private long from;
        private int count;
    }

    FailedAttempts(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Notes one more. Returns whether there were fewer than {@link #MOST} in its minute. */
    boolean add(InetAddress address, String why) {
        long now = nanoTime.getAsLong();
        int before;
        boolean isFirst;
        synchronized (this) {
            Window window = windows.computeIfAbsent(network(address), key -> new Window());
            isFirst = window.count == 0 || now - window.from >= WINDOW_NANOS;
            before = isFirst ? window.count : 0;
            if (isFirst) {
                window.from = now;
                window.count = 0;
            }
            window.count++;
            if (!isFirst) {
                return window.count <= MOST;
            }
        }
        LOG.warn("a request from {} was refused: {} ({} more in the minutes before)",
            address.getHostAddress(), why, Math.max(0, before - 1));
        return true;
    }

    private static String network(InetAddress address) {
        byte[] bytes = address.getAddress();
        return Arrays.toString(bytes.length > Integer.BYTES
            ? Arrays.copyOf(bytes, NETWORK_BYTES) : bytes);
    }
}

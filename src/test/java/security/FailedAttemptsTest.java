package security;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How often an address may fail, and whose failures are counted together. */
class FailedAttemptsTest {

    private static final long MINUTE = 60_000_000_000L;

    private final AtomicLong now = new AtomicLong();
    private final FailedAttempts attempts = new FailedAttempts(now::get);

    private boolean add(String address) {
        try {
            return attempts.add(InetAddress.getByName(address), "because");
        } catch (UnknownHostException impossible) {
            throw new IllegalArgumentException(impossible);
        }
    }

    private void fill(String address) {
        for (int i = 0; i < FailedAttempts.MOST; i++) {
            assertTrue(add(address));
        }
        assertFalse(add(address));
    }

    @Test
    void aMinuteLaterItBeginsAnew() {
        fill("10.0.0.1");
        now.addAndGet(MINUTE - 1);
        assertFalse(add("10.0.0.1"));
        now.addAndGet(1);
        fill("10.0.0.1");
    }

    @Test
    void addressesOfOneCustomerCountTogether() {
        fill("2001:db8:0:1::1");
        assertFalse(add("2001:db8:0:1:ffff::2"));
        assertTrue(add("2001:db8:0:2::1"));
    }

    @Test
    void whoWasQuietForLongestMakesRoom() {
        fill("10.0.0.1");
        for (int i = 0; i < FailedAttempts.ADDRESSES_MAX - 1; i++) {
            add("10." + (1 + i / 65_536) + "." + i / 256 % 256 + "." + i % 256);
        }
        assertFalse(add("10.0.0.1"));
        for (int i = 0; i < FailedAttempts.ADDRESSES_MAX; i++) {
            add("10." + (1 + i / 65_536) + "." + i / 256 % 256 + "." + i % 256);
        }
        assertTrue(add("10.0.0.1"));
    }
}

package transaction;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes that many share. What is larger than all of them is let in alone, or it would never be.
 * Thread-safe.
 */
public final class ByteBudget {

    private final long most;
    private final AtomicLong held = new AtomicLong();

    /** @param most that may be taken at one time */
    public ByteBudget(long most) {
        this.most = most;
    }

    /** No bound. */
    public static ByteBudget unlimited() {
        return new ByteBudget(Long.MAX_VALUE);
    }

    /** @return whether there was room; then {@link #give} of as many is due */
    public boolean take(long bytes) {
        long now = held.addAndGet(bytes);
        if (now > most && now != bytes) {
            held.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    /** Gives back what was taken. */
    public void give(long bytes) {
        held.addAndGet(-bytes);
    }

    public long held() {
        return held.get();
    }

    public long most() {
        return most;
    }
}

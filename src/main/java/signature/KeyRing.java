package signature;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The keys of a running node, and which of them signs: the newest, once it has been published for
 * as long as other nodes take to publish it, too. Until then the former one does, unless it is
 * gone. Thread-safe.
 */
public final class KeyRing {

    private final Duration publishedBefore;
    private final LongSupplier nanoTime;
    private volatile State state;

    /**
     * @param now signs until {@code next} does, from that time on
     */
    private record State(SigningKeys keys, SigningKey now, SigningKey next, long from) {}

    /**
     * @param keys the newest signs at once
     * @param publishedBefore how long a newer one is published before it signs
     * @param nanoTime of a clock that only goes forward
     */
    public KeyRing(SigningKeys keys, Duration publishedBefore, LongSupplier nanoTime) {
        this.publishedBefore = publishedBefore;
        this.nanoTime = nanoTime;
        this.state = new State(keys, keys.newest(), keys.newest(), nanoTime.getAsLong());
    }

    /** Goes on with other keys. */
    public synchronized void take(SigningKeys keys) {
        State before = state;
        if (keys.equals(before.keys)) {
            return;
        }
        SigningKey signing = signing();
        SigningKey newest = keys.newest();
        if (newest.equals(signing) || !keys.all().contains(signing)) {
            state = new State(keys, newest, newest, nanoTime.getAsLong());
            return;
        }
        boolean isKnown = newest.equals(before.next);
        state = new State(keys, signing, newest,
            isKnown ? before.from : nanoTime.getAsLong() + publishedBefore.toNanos());
    }

    /** The one that signs. */
    public SigningKey signing() {
        State current = state;
        return nanoTime.getAsLong() - current.from >= 0 ? current.next : current.now;
    }

    /** All public parts, as they are published. */
    public byte[] published() {
        return state.keys.published();
    }
}

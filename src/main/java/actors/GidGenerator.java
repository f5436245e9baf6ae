package actors;

import java.security.SecureRandom;
import java.time.Clock;

/**
 * New ids of global transactions: 22 characters, the moment in milliseconds first and then 80
 * random bits, so that neighbours in time are neighbours in the index. Thread-safe.
 */
final class GidGenerator {

    /** No two of these look alike, in either case. */
    private static final char[] ALPHABET =
        "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".toCharArray();

    private static final int TIME_CHARS = 8;
    private static final int RANDOM_CHARS = 14;

    /** Enough to meet each shard, and few to make. */
    private static final int SIBLING_CHARS = 3;

    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    GidGenerator(Clock clock) {
        this.clock = clock;
    }

    String next() {
        char[] gid = new char[TIME_CHARS + RANDOM_CHARS];
        long time = clock.millis();
        for (int i = TIME_CHARS - 1; i >= 0; i--) {
            gid[i] = ALPHABET[(int) (time % ALPHABET.length)];
            time /= ALPHABET.length;
        }
        return random(gid, TIME_CHARS);
    }

    /** Another one, made of the same moment and most of the same random characters. */
    String sibling(String gid) {
        return random(gid.toCharArray(), gid.length() - SIBLING_CHARS);
    }

    private String random(char[] gid, int from) {
        for (int i = from; i < gid.length; i++) {
            gid[i] = ALPHABET[random.nextInt(ALPHABET.length)];
        }
        return new String(gid);
    }
}

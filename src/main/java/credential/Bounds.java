package credential;

import java.time.Duration;

/** How much there may be of credentials, and how long they are good for. */
final class Bounds {

    /** Of one file: a bundle of all public authorities has a quarter of it. */
    static final int FILE_BYTES = 1 << 20;

    /** Of one file with a secret. Tokens with many claims have some thousand characters. */
    static final int SECRET_CHARS = 16_384;

    /** In the file: far more than a coordinator has participants, and compared with each other. */
    static final int LINES = 1_000;

    /** A token whose server does not say how long it is good for; some say nothing, for an hour. */
    static final Duration LIFE_UNSAID = Duration.ofMinutes(5);

    /** Beyond it a number is a mistake, or another unit. */
    static final Duration LIFE_MAX = Duration.ofDays(7);

    /** So long before its end the next one is fetched; a quarter of its life if that is less. */
    static final Duration FETCHED_BEFORE_END = Duration.ofSeconds(60);

    /** So long before its end it is not sent any more, since calls take time and clocks differ. */
    static final Duration UNUSED_BEFORE_END = Duration.ofSeconds(10);

    /** After a fetch that failed there is none for this long, then twice as long, and so on. */
    static final Duration FETCH_PAUSE = Duration.ofMillis(500);

    /** The longest of those pauses: a server that is back is found soon. */
    static final Duration FETCH_PAUSE_MAX = Duration.ofSeconds(30);

    /**
     * A participant that refuses every token must not keep the token server busy: for this long a
     * token that was fetched because of a refusal is not replaced because of another.
     */
    static final Duration REFUSED_PAUSE = Duration.ofMinutes(1);

    private Bounds() {}
}

package pactor.doctor;

import java.time.Duration;
import store.DiskSpace;

/** From where on {@code pactor doctor} warns or fails, and how long it takes at most. */
public final class DoctorBounds {

    /** Between the clocks of this machine and the database. */
    static final Duration CLOCK_WARN = Duration.ofSeconds(1);
    static final Duration CLOCK_FAIL = Duration.ofSeconds(5);

    /** Free on the disk of an embedded database. */
    static final long DISK_WARN_BYTES = DiskSpace.LOW_BYTES;
    static final long DISK_FAIL_BYTES = 100L << 20;

    /** A round trip that makes every decision slow. */
    static final Duration ROUND_TRIP_WARN = Duration.ofMillis(50);

    /** A node that runs wakes what is due within seconds. */
    static final Duration OVERDUE = Duration.ofMinutes(1);

    /** Before the end of a certificate: two weeks are enough for most ways to a new one. */
    static final Duration CERTIFICATE_WARN = Duration.ofDays(14);

    /** For all that is asked of the database. */
    public static final Duration DATABASE_WITHIN = Duration.ofSeconds(15);

    /** For an answer of who has a port; the first one takes a busy machine some seconds. */
    static final Duration PORT_WITHIN = Duration.ofSeconds(10);

    /** For a file system that does not answer. */
    public static final Duration DISK_WITHIN = Duration.ofSeconds(3);

    private DoctorBounds() {}
}

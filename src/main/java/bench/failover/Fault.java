package bench.failover;

import java.util.Locale;

/** What happens while clients are at work. */
enum Fault {
    /** {@code kill -9} of one node. */
    KILL,
    /** SIGTERM to one node. */
    STOP,
    /** Nothing but that all nodes are started at once; there are no clients. */
    START,
    /** The database goes and comes back, by commands of the user. */
    DATABASE,
    /** Nothing. */
    NONE;

    /** Whether one node goes. */
    boolean hasVictim() {
        return this == KILL || this == STOP;
    }

    /** Its name on the command line. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}

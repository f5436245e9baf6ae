package bench.failover;

import java.time.Duration;

/**
 * What is to be played, checked.
 *
 * @param nodes how many
 * @param load what clients do meanwhile
 * @param waiting transactions that wait at the victim, each for its participant
 * @param retryInterval from one call of such a transaction to the next; in whole seconds
 * @param times how long each part takes
 */
record Scenario(
        Fault event,
        Victim victim,
        int nodes,
        Load load,
        int waiting,
        Duration retryInterval,
        Times times) {

    /** A machine that starts more processes than this measures how it starts them. */
    static final int NODES_MAX = 9;

    /** One thread makes the load; beyond this it is what is measured. */
    static final int CLIENTS_MAX = 1_024;

    static final int RATE_MAX = 5_000;

    /** What a node of 512 MiB can have in memory beside clients. */
    static final int WAITING_MAX = 50_000;

    /** A longer wait is written, and the transaction is then called when it is due, not at once. */
    static final Duration RETRY_MAX = Duration.ofSeconds(15);

    /** Records are kept in memory until the end. */
    static final Duration PART_MAX = Duration.ofMinutes(30);

    /** Which node goes. */
    enum Victim { YOUNGEST, OLDEST, RANDOM }

    /** Which nodes clients ask. */
    enum At {
        /** Those that do not go. */
        STAYING,
        /** All, so that some are asked who are not there any more. */
        ALL,
        /** One alone, which does not go. */
        ONE
    }

    /** Who makes the gids. */
    enum Ids {
        /** The clients. */
        OWN,
        /** The node that is asked then, by {@code newGid}. */
        NEW_GID
    }

    /**
     * Sagas of two branches, with {@code wait_result}. A client repeats with the same gid what was
     * answered with 503, 429 or 425, or not at all.
     *
     * @param clients each of which makes one after the other; 0 with a rate
     * @param rate sagas begun in a second whoever waits; 0 with clients
     * @param at whom they ask
     * @param ids who makes gids
     * @param repeatAfter how long a client waits before it repeats
     * @param patience after which a client gives a saga up
     */
    record Load(int clients, int rate, At at, Ids ids, Duration repeatAfter, Duration patience) {}

    /**
     * @param warmup of the load, before the event
     * @param rest so long no shard has moved when it happens
     * @param observe from the event on
     * @param outage from the end of the command that takes the database away to the beginning of
     *     the one that brings it back
     */
    record Times(Duration warmup, Duration rest, Duration observe, Duration outage) {}

    boolean hasLoad() {
        return load.clients() > 0 || load.rate() > 0;
    }

    /** In words, for the heading. */
    String title() {
        String what = switch (event) {
            case KILL -> "kill -9 of the " + word(victim) + " of " + nodes + " nodes";
            case STOP -> "SIGTERM to the " + word(victim) + " of " + nodes + " nodes";
            case START -> nodes + " nodes started at once";
            case DATABASE -> "the database away, " + nodes + (nodes == 1 ? " node" : " nodes");
            case NONE -> nodes + (nodes == 1 ? " node" : " nodes") + ", nothing happens";
        };
        String clients = load.clients() > 0 ? ", " + load.clients() + " clients" : "";
        String rate = load.rate() > 0 ? ", " + load.rate() + " sagas/s whoever waits" : "";
        String waiters = waiting > 0 ? ", " + waiting + " transactions that wait there" : "";
        return what + clients + rate + waiters;
    }

    private static String word(Enum<?> each) {
        return each.name().toLowerCase(java.util.Locale.ROOT);
    }
}

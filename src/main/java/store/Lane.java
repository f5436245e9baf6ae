package store;

/**
 * Who reads. Each lane has threads, connections and a queue of its own, so that what one lane has
 * to do delays no other.
 */
enum Lane {

    /** The rows of the nodes: who may work on this database. */
    FENCE("fence", 16),

    /** Histories, what is due, topics of a submission, the removal of old histories. */
    ENGINE("reader", Integer.MAX_VALUE),

    /** Lists, counts and scans for people, and changes of topics. */
    DESK("desk", 64),

    /** The audit log, without which operators can do nothing. */
    AUDIT("audit", 16);

    /** With fewer connections the desk has one, with as many or more it has two. */
    private static final int TWO_DESKS = 8;

    /** One connection for the writer and one for each lane. */
    static final int CONNECTIONS_MIN = 1 + values().length;

    private final String thread;
    private final int queueMax;

    Lane(String thread, int queueMax) {
        this.thread = thread;
        this.queueMax = queueMax;
    }

    /** What the names of its threads begin with. */
    String thread() {
        return "pactor-store-" + thread;
    }

    /** Its share of the connections; a thread each. Together with the writer's they are all. */
    int connections(StoreSettings settings) {
        int desk = settings.poolSize() < TWO_DESKS ? 1 : 2;
        return switch (this) {
            case FENCE, AUDIT -> 1;
            case DESK -> desk;
            case ENGINE -> settings.poolSize() - 3 - desk;
        };
    }

    /** Those that may wait for a thread; more are refused. */
    int queueMax(StoreSettings settings) {
        return Math.min(queueMax, settings.queueMax());
    }
}

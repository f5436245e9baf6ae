package actors;

import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.UniqueAddress;

/**
 * Whether the nodes of the cluster are changing, so that messages between them may be lost, or have
 * just changed. For one thread, which looks again and again.
 */
final class ClusterChanges {

    /** The shards of a node that is lost have a new home by then. */
    static final long TAKEN_OVER = Duration.ofSeconds(10).toNanos();

    /**
     * Shards have moved by then, to a node that has come, too: some of them each ten seconds. What
     * was on its way has arrived or is lost.
     */
    static final long SETTLED = Duration.ofSeconds(90).toNanos();

    /**
     * @param members all of them, with their status
     * @param isReachable whether this node can reach each of them
     */
    record View(Map<UniqueAddress, MemberStatus> members, boolean isReachable) {

        static final View ALONE = new View(Map.of(), true);
    }

    private final Supplier<View> source;
    private View seen;
    private boolean moving;
    private boolean lost;
    private long movedAt;
    private long lostAt;

    /** @param source the cluster as this node sees it now; must not block */
    ClusterChanges(Supplier<View> source) {
        this.source = source;
        this.seen = source.get();
    }

    /** To be called several times a second. */
    void look(long now) {
        View view = source.get();
        if (!view.isReachable) {
            lost = true;
            lostAt = now;
        }
        if (!view.isReachable || !view.members.equals(seen.members) && !isAlone(view)) {
            moving = true;
            movedAt = now;
        }
        seen = view;
    }

    /** A node that is alone loses nothing between nodes, though it joins itself. */
    private boolean isAlone(View view) {
        return view.members.size() < 2 && seen.members.size() < 2;
    }

    /** Whether a node has come, gone, or gone out of reach within {@link #SETTLED}. */
    boolean isMoving(long now) {
        moving &= now - movedAt < SETTLED;
        return moving;
    }

    /** Whether a node was out of reach within {@link #TAKEN_OVER}. */
    boolean isLost(long now) {
        lost &= now - lostAt < TAKEN_OVER;
        return lost;
    }
}

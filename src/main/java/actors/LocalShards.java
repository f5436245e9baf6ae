package actors;

import java.time.Duration;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.ShardRegion;

/**
 * The shards that live on this node, as it knew a moment ago. They may move at any time, so this
 * only saves the way to another node, and nothing depends on it. Any thread; nothing blocks.
 */
final class LocalShards {

    /** From one look to the next. A look asks each shard of this node, so it is a few messages. */
    static final Duration LOOK = Duration.ofSeconds(1);

    /** A new id is tried so often; with three nodes one try in three is a local one. */
    private static final int TRIES = 64;

    private enum Look { NOW }

    private final UnaryOperator<String> shardOf;
    private final int enough;
    private final BooleanSupplier hasPeers;
    private volatile Set<String> shards = Set.of();

    /**
     * @param shardOf the shard of a gid
     * @param count of all shards
     * @param hasPeers whether there are other nodes; without them all shards live here
     */
    LocalShards(UnaryOperator<String> shardOf, int count, BooleanSupplier hasPeers) {
        this.shardOf = shardOf;
        // Of fewer, as in a cluster that has just been formed, each would have too much to do.
        this.enough = Math.max(1, count / 16);
        this.hasPeers = hasPeers;
    }

    /** Looks again and again at what {@code region} has. */
    Behavior<Object> follow(ActorRef<?> region) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(Look.NOW, LOOK);
            return Behaviors.receive(Object.class)
                .onMessage(Look.class, look -> {
                    if (hasPeers.getAsBoolean()) {
                        Adapter.toClassic(region).tell(ShardRegion.getRegionStatsInstance(),
                            Adapter.toClassic(context.getSelf()));
                    }
                    return Behaviors.same();
                })
                .onMessage(ShardRegion.ShardRegionStats.class, stats -> {
                    seen(stats.getStats().keySet());
                    return Behaviors.same();
                })
                .build();
        }));
    }

    void seen(Set<String> local) {
        shards = Set.copyOf(local);
    }

    /** Whether the transaction of that gid lives on this node. */
    boolean holds(String gid) {
        return !hasPeers.getAsBoolean() || shards.contains(shardOf.apply(gid));
    }

    /** A new id, of a transaction that will live on this node if enough of the shards do. */
    String newGid(GidGenerator gids) {
        String gid = gids.next();
        if (shards.size() >= enough) {
            for (int i = 0; i < TRIES && !holds(gid); i++) {
                gid = gids.sibling(gid);
            }
        }
        return gid;
    }
}

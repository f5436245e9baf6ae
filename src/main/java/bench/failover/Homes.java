package bench.failover;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * At which node each transaction lives, as the nodes tell by {@code /cluster/shards} on their
 * management ports. Known for the shards of a cluster with the default {@code
 * pactor.coordinator.shards} only.
 */
final class Homes {

    static final Homes UNKNOWN = new Homes(Map.of());

    /** The default of {@code pactor.coordinator.shards}. */
    static final int SHARDS = 128;

    private final Map<String, Integer> nodes;

    private Homes(Map<String, Integer> nodes) {
        this.nodes = Map.copyOf(nodes);
    }

    /** @param shards of each node, in the order of the nodes */
    static Homes of(List<Set<String>> shards) {
        Map<String, Integer> nodes = new HashMap<>();
        for (int node = 0; node < shards.size(); node++) {
            for (String shard : shards.get(node)) {
                nodes.put(shard, node);
            }
        }
        return new Homes(nodes);
    }

    /** The node at which that transaction lives, or -1 if that is unknown. */
    int of(String gid) {
        return nodes.getOrDefault(shard(gid), -1);
    }

    /** As Pekko's {@code HashCodeMessageExtractor} tells. */
    static String shard(String gid) {
        return String.valueOf(Math.abs(gid.hashCode() % SHARDS));
    }

    /** A gid that begins so and lives in a shard that {@code wanted} has. */
    static String gidIn(Set<String> wanted, String prefix) {
        for (int i = 0;; i++) {
            String gid = prefix + "-" + i;
            if (wanted.contains(shard(gid))) {
                return gid;
            }
        }
    }

    boolean isWhole() {
        return nodes.size() == SHARDS;
    }

    /** How many shards a node has. */
    int count(int node) {
        return (int) nodes.values().stream().filter(each -> each == node).count();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Homes homes && homes.nodes.equals(nodes);
    }

    @Override
    public int hashCode() {
        return nodes.hashCode();
    }
}

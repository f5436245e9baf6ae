package pactor.cluster;

import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.JoinSeedNodes;

/**
 * Asks the nodes to join more often than Pekko does. Nodes that are started at once all ask before
 * the first of the list has formed the cluster, hear that it is too soon, and would ask again only
 * after five seconds ({@code seed-node-timeout}).
 *
 * <p>The first of the list does not ask more often: it forms a cluster when that time is over and
 * nobody has one, and it should not do so sooner.
 */
final class SeedNodes {

    /** Longer than a node that can be joined takes to answer; then it is asked a second time. */
    static final Duration AGAIN = Duration.ofMillis(500);

    private SeedNodes() {}

    /**
     * Asks until it is cancelled; once the node is a member that has no effect any more.
     *
     * @param seeds addresses as {@code pekko.cluster.seed-nodes} has them
     */
    static Cancellable askAgain(ActorSystem<?> system, List<String> seeds) {
        List<Address> addresses = seeds.stream().map(AddressFromURIString::parse).toList();
        Cluster cluster = Cluster.get(system);
        if (addresses.isEmpty() || addresses.get(0).equals(cluster.selfMember().address())) {
            return Cancellable.alreadyCancelled();
        }
        return system.scheduler().scheduleWithFixedDelay(AGAIN, AGAIN,
            () -> cluster.manager().tell(new JoinSeedNodes(addresses)), system.executionContext());
    }
}

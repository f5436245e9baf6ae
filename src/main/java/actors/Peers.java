package actors;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.UniqueAddress;
import org.apache.pekko.cluster.typed.Cluster;
import transaction.TransactionIndex.Share;

/** The nodes of the cluster as this one sees them now. Any thread; nothing blocks. */
final class Peers {

    private final Cluster cluster;

    Peers(ActorSystem<?> system) {
        this.cluster = Cluster.get(system);
    }

    /** Whether there is another node to which messages may go. */
    boolean any() {
        return cluster.state().members().size() > 1;
    }

    /** All members, whatever they are about to do. */
    ClusterChanges.View view() {
        ClusterEvent.CurrentClusterState state = cluster.state();
        Map<UniqueAddress, MemberStatus> members = new HashMap<>();
        state.getMembers().forEach(each -> members.put(each.uniqueAddress(), each.status()));
        return new ClusterChanges.View(members, state.getUnreachable().isEmpty());
    }

    /** Those at work and in reach, in an order that all nodes that see the same agree upon. */
    List<UniqueAddress> working() {
        ClusterEvent.CurrentClusterState state = cluster.state();
        Set<Member> away = state.getUnreachable();
        return StreamSupport.stream(state.getMembers().spliterator(), false)
            .filter(each -> each.status() == MemberStatus.up() && !away.contains(each))
            .map(Member::uniqueAddress).sorted().toList();
    }

    /**
     * Which part of the index this node looks after: as long as every node has seen the same, one
     * of as many as there are. While they differ each looks after everything, since to wake a
     * transaction twice does no harm.
     */
    Share share() {
        ClusterEvent.CurrentClusterState state = cluster.state();
        List<UniqueAddress> working = working();
        int rank = working.indexOf(cluster.selfMember().uniqueAddress());
        boolean agreed = state.getUnreachable().isEmpty()
            && StreamSupport.stream(state.getMembers().spliterator(), false)
                .map(Member::address).allMatch(state.getSeenBy()::contains);
        return rank >= 0 && agreed ? new Share(working.size(), rank) : Share.ALL;
    }
}

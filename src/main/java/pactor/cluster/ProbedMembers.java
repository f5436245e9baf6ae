package pactor.cluster;

import com.typesafe.config.Config;
import health.Guard;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.UniqueAddress;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;

/**
 * Has the other members of this node's cluster probed, and tells the failure detectors of this
 * actor system what is known of their processes. A member is probed until it is removed, also when
 * it is leaving or down: Pekko waits with the removal until it has left or is out of reach.
 */
final class ProbedMembers {

    private final UniqueAddress self;
    private final PeerProbe probe;
    private final Map<UniqueAddress, PeerProbe.Peer> peers = new HashMap<>();

    private ProbedMembers(UniqueAddress self, PeerProbe probe) {
        this.self = self;
        this.probe = probe;
    }

    /**
     * Whether it is of any use: nodes reach each other over TCP, and the failure detector hears
     * of what is found. Neither is so in a node that is alone.
     */
    static boolean areOfUse(Config config) {
        return config.getBoolean("pekko.remote.artery.enabled")
            && Set.of("tcp", "tls-tcp").contains(
                config.getString("pekko.remote.artery.transport"))
            && config.getString("pekko.cluster.failure-detector.implementation-class")
                .equals(ProcessFailureDetector.class.getName());
    }

    /** An actor that does so until it is stopped; what is known outlives that it is restarted. */
    static Behavior<Object> create(ActorSystem<?> system, Guard guard) {
        PeerProbe probe = new PeerProbe(
            guard, system.dispatchers().lookup(DispatcherSelector.blocking()));
        return Behaviors.setup(context -> {
            Cluster cluster = Cluster.get(system);
            var probed = new ProbedMembers(cluster.selfMember().uniqueAddress(), probe);
            ActorRef<Object> ear = context.getSelf();
            system.eventStream().tell(
                new EventStream.Subscribe<>(ProcessFailureDetector.class, ear.narrow()));
            cluster.subscriptions().tell(
                Subscribe.create(ear.narrow(), ClusterEvent.MemberEvent.class));
            return Behaviors.receive(Object.class)
                .onMessage(ProcessFailureDetector.class, asking -> {
                    asking.heed(probe::isDead);
                    return Behaviors.same();
                })
                .onMessage(ClusterEvent.MemberEvent.class, event -> {
                    probed.follow(event.member());
                    return Behaviors.same();
                })
                .onSignal(PostStop.class, signal -> {
                    probe.close();
                    return Behaviors.same();
                })
                .build();
        });
    }

    private void follow(Member member) {
        if (member.uniqueAddress().equals(self)) {
            return;
        }
        if (member.status().equals(MemberStatus.removed())) {
            peers.remove(member.uniqueAddress());
        } else {
            peers.put(member.uniqueAddress(), new PeerProbe.Peer(member.address().toString(),
                member.uniqueAddress().longUid(), member.address().getHost().orElse(""),
                member.address().getPort().orElse(0)));
        }
        probe.watch(Set.copyOf(peers.values()));
    }
}

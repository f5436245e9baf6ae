package pactor;

import address.Literal;
import egress.EgressGuard;
import egress.OwnPorts;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.typed.Cluster;
import pactor.settings.Settings;

/** Makes the guard of whom a coordinator may call; it keeps calls from the coordinator itself. */
final class CallGuard {

    private CallGuard() {}

    static EgressGuard of(ActorSystem<?> system, Supplier<Settings> settings, Host host) {
        Set<Integer> ports = new HashSet<>(host.ports());
        Settings first = settings.get();
        add(ports, first.cluster().managementPort());
        Cluster cluster = Cluster.get(system);
        cluster.selfMember().address().getPort().ifPresent(port -> add(ports, port));
        return new EgressGuard(() -> settings.get().egress(),
            new OwnPorts(ports, host.pinged(), address -> isNode(cluster, address)),
            first.calls()::seen);
    }

    /** Of nodes that are known by name nothing is told: a look-up would block. */
    private static boolean isNode(Cluster cluster, InetAddress address) {
        for (Member member : cluster.state().getMembers()) {
            boolean isThere = member.address().getHost()
                .flatMap(host -> Literal.of(host).address()).filter(address::equals).isPresent();
            if (isThere) {
                return true;
            }
        }
        return false;
    }

    private static void add(Set<Integer> ports, int port) {
        if (port > 0) {
            ports.add(port);
        }
    }
}

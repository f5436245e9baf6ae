package pactor;

import egress.EgressGuard;
import egress.OwnPorts;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.typed.Cluster;
import pactor.settings.Settings;

/** Makes the guard of whom a coordinator may call; it keeps calls from the coordinator itself. */
final class CallGuard {

    private CallGuard() {}

    static EgressGuard of(ActorSystem<?> system, Supplier<Settings> settings, Host host) {
        Set<Integer> ports = new HashSet<>(host.ports());
        Settings first = settings.get();
        add(ports, first.cluster().managementPort());
        Cluster.get(system).selfMember().address().getPort().ifPresent(port -> add(ports, port));
        return new EgressGuard(() -> settings.get().egress(), new OwnPorts(ports),
            first.calls()::seen);
    }

    private static void add(Set<Integer> ports, int port) {
        if (port > 0) {
            ports.add(port);
        }
    }
}

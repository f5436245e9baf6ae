package egress;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * Where this coordinator itself listens: these ports, at whatever address of this machine and of
 * the other nodes of its cluster, which usually listen on the same. Thread-safe; asks the operating
 * system only about one of these ports.
 */
public final class OwnPorts implements BiPredicate<InetAddress, Integer> {

    /** None are known. */
    public static final OwnPorts NONE = new OwnPorts(Set.of());

    private final Set<Integer> ports;
    private final Set<Integer> pinged;
    private final Predicate<InetAddress> isNode;

    /** Of one node that answers to pings at each. */
    public OwnPorts(Set<Integer> ports) {
        this(ports, address -> false);
    }

    /** Of nodes that answer to pings at each. */
    public OwnPorts(Set<Integer> ports, Predicate<InetAddress> isNode) {
        this(ports, ports, isNode);
    }

    /**
     * @param pinged those at which {@link Destination#PING} is served
     * @param isNode whether another node is at that address; must not block
     */
    public OwnPorts(Set<Integer> ports, Set<Integer> pinged, Predicate<InetAddress> isNode) {
        this.ports = Set.copyOf(ports);
        this.pinged = Set.copyOf(pinged);
        this.isNode = isNode;
    }

    @Override
    public boolean test(InetAddress address, Integer port) {
        return ports.contains(port) && (isOfThisMachine(address) || isNode.test(address));
    }

    /** {@code to}, which asks for a ping only where that is served: others may do otherwise. */
    Destination of(Destination to) {
        return to.isPing() && !pinged.contains(to.port())
            ? new Destination(to.scheme(), to.host(), to.port()) : to;
    }

    private static boolean isOfThisMachine(InetAddress address) {
        if (address.isLoopbackAddress() || address.isAnyLocalAddress()) {
            return true;
        }
        try {
            return NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            return true; // Nothing is known, so nothing is let pass.
        }
    }
}

package egress;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * Where this coordinator itself listens: these ports, at whatever address of this machine.
 * Thread-safe; asks the operating system only about one of these ports.
 */
public final class OwnPorts implements BiPredicate<InetAddress, Integer> {

    /** None are known. */
    public static final OwnPorts NONE = new OwnPorts(Set.of());

    private final Set<Integer> ports;

    public OwnPorts(Set<Integer> ports) {
        this.ports = Set.copyOf(ports);
    }

    @Override
    public boolean test(InetAddress address, Integer port) {
        return ports.contains(port) && isOfThisMachine(address);
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

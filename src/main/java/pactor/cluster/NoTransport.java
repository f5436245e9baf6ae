package pactor.cluster;

import com.typesafe.config.Config;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.remote.transport.AssociationHandle;
import org.apache.pekko.remote.transport.Transport;
import scala.Tuple2;
import scala.concurrent.Future;
import scala.concurrent.Future$;
import scala.concurrent.Promise;
import scala.concurrent.Promise$;

/**
 * The remoting of a node that is alone: it opens no port and reaches no other node. Pekko's cluster
 * needs some transport even for a cluster of one, and every other one listens. Found by its name in
 * Pekko's configuration.
 */
public final class NoTransport implements Transport {

    /**
     * The name of the machine and, since there is no port, the id of the process: nodes are told
     * apart by their addresses.
     */
    private final Address address;

    /** As Pekko calls it. */
    public NoTransport(ExtendedActorSystem system, Config config) {
        address = new Address(schemeIdentifier(), system.name(), machine(),
            Math.toIntExact(ProcessHandle.current().pid()));
    }

    private static String machine() {
        try {
            String name = InetAddress.getLocalHost().getHostName();
            return name.replaceAll("[^A-Za-z0-9.-]", "-");
        } catch (UnknownHostException nameless) {
            return "localhost";
        }
    }

    @Override
    public String schemeIdentifier() {
        return "tcp"; // A cluster takes members of the protocols it knows alone.
    }

    @Override
    public boolean isResponsibleFor(Address other) {
        return true;
    }

    @Override
    public int maximumPayloadBytes() {
        return 32_000; // The least that Pekko accepts.
    }

    @Override
    public Future<Tuple2<Address, Promise<Transport.AssociationEventListener>>> listen() {
        return Future$.MODULE$.successful(new Tuple2<>(address, Promise$.MODULE$.apply()));
    }

    @Override
    public Future<AssociationHandle> associate(Address other) {
        return Future$.MODULE$.failed(new Transport.InvalidAssociationException(
            "this node is alone and reaches no other: " + other, null));
    }

    @Override
    public Future<Object> shutdown() {
        return Future$.MODULE$.successful(true);
    }

    @Override
    public Future<Object> managementCommand(Object command) {
        return Future$.MODULE$.successful(false);
    }
}

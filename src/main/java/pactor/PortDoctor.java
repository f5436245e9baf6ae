package pactor;

import static pactor.Diagnosis.fail;
import static pactor.Diagnosis.ok;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The part of {@code pactor doctor} that looks at the ports: whether each is free, and if not, who
 * has it. Blocks, up to {@link DoctorBounds#PORT_WITHIN} for each.
 */
final class PortDoctor {

    private final Optional<Boolean> storeInUse;
    private final Consumer<Diagnosis> told;

    /**
     * A port of this configuration.
     *
     * @param name for the report
     * @param host to listen on; empty for this machine's address
     * @param key the setting that moves it
     * @param isOurs whether a Pactor answers there
     */
    private record Door(
            String name, String host, int port, String key, Predicate<Door> isOurs) {

        InetSocketAddress address() throws UnknownHostException {
            return new InetSocketAddress(host.isEmpty() ? InetAddress.getLocalHost()
                : InetAddress.getByName(host), port);
        }

        /** An address that can be called, where the one to listen on may be none. */
        String called() {
            try {
                InetAddress at = address().getAddress();
                String name = (at.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : at)
                    .getHostAddress();
                return (name.contains(":") ? "[" + name + "]" : name) + ":" + port;
            } catch (UnknownHostException gone) {
                return host + ":" + port;
            }
        }

        @Override
        public String toString() {
            return (host.isEmpty() ? "this machine" : host) + ":" + port;
        }
    }

    /** @param storeInUse whether a running process has the store; empty if that is not known */
    PortDoctor(Optional<Boolean> storeInUse, Consumer<Diagnosis> told) {
        this.storeInUse = storeInUse;
        this.told = told;
    }

    /** @param living the addresses of the nodes that live, by the database */
    void look(Settings settings, Set<String> living) {
        List<Door> doors = new ArrayList<>();
        doors.add(new Door("http", settings.http().host(), settings.http().port(),
            "--port", PortDoctor::isHttp));
        if (settings.grpc().enabled()) {
            doors.add(new Door("grpc", settings.grpc().listen().host(),
                settings.grpc().listen().port(), "--grpc-port", PortDoctor::isGrpc));
        }
        ClusterSettings cluster = settings.cluster();
        if (cluster.isOn()) {
            String bound = cluster.bindHost().isEmpty() ? cluster.host() : cluster.bindHost();
            doors.add(new Door("cluster", bound, cluster.port(), "--cluster-port",
                door -> living.stream().anyMatch(node -> node.endsWith(own(cluster)))));
        }
        if (cluster.managementPort() > 0) {
            String own = cluster.managementHost().isEmpty()
                ? cluster.host() : cluster.managementHost();
            doors.add(new Door("management", own, cluster.managementPort(),
                "pactor.cluster.management.port", PortDoctor::isManagement));
        }
        for (Door door : doors) {
            if (!Bounded.run(DoctorBounds.PORT_WITHIN, () -> told.accept(look(door)))) {
                told.accept(stranger(door, "something that does not answer"));
            }
        }
    }

    /** The end of the address under which this node is known. */
    private static String own(ClusterSettings cluster) {
        try {
            return "@" + (cluster.host().isEmpty() ? InetAddress.getLocalHost().getHostAddress()
                : cluster.host()) + ":" + cluster.port();
        } catch (UnknownHostException nameless) {
            return "@:" + cluster.port();
        }
    }

    private Diagnosis look(Door door) {
        if (door.port() == 0) {
            return ok(door.name(), "the operating system chooses the port");
        }
        try (ServerSocket socket = new ServerSocket()) {
            // As the servers do; a port that was just closed is free.
            socket.setReuseAddress(true);
            socket.bind(door.address());
            return ok(door.name(), "port " + door + " is free");
        } catch (BindException refused) {
            if (!String.valueOf(refused.getMessage()).toLowerCase(Locale.ROOT).contains("in use")) {
                return fail(door.name(), "cannot listen on " + door + ": " + refused.getMessage(),
                    "take another address or port (" + door.key() + ")");
            }
            return taken(door);
        } catch (UnknownHostException unknown) {
            return fail(door.name(), "there is no such address: " + door.host(),
                "take one of this machine's");
        } catch (IOException wrong) {
            return fail(door.name(), "cannot listen on " + door + ": " + wrong,
                "take another address or port (" + door.key() + ")");
        }
    }

    private Diagnosis taken(Door door) {
        if (!door.isOurs().test(door)) {
            return stranger(door, "a process that does not answer as Pactor does");
        }
        return storeInUse.orElse(true)
            ? ok(door.name(), "port " + door + " is taken by the running Pactor")
            : stranger(door, "a Pactor that stores elsewhere");
    }

    private static Diagnosis stranger(Door door, String who) {
        return fail(door.name(), "port " + door + " is taken by " + who,
            "stop it, or take another port with " + door.key());
    }

    private static boolean isHttp(Door door) {
        return body(door, "/api/dtmsvr/version").filter(said -> said.startsWith("{\"version\""))
            .isPresent() && body(door, "/api/health").filter(said -> said.contains("\"result\""))
            .isPresent();
    }

    private static boolean isManagement(Door door) {
        return body(door, "/cluster/members")
            .filter(said -> said.contains("pekko://" + ClusterSettings.SYSTEM + "@")).isPresent();
    }

    private static Optional<String> body(Door door, String path) {
        try {
            return Optional.of(HttpClient.newBuilder()
                .connectTimeout(DoctorBounds.PORT_WITHIN).build()
                .send(HttpRequest.newBuilder(URI.create("http://" + door.called() + path))
                    .timeout(DoctorBounds.PORT_WITHIN).build(), BodyHandlers.ofString()).body());
        } catch (IOException noHttp) {
            return Optional.empty();
        } catch (InterruptedException late) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** The standard health service knows the service of DTM by its name. */
    private static boolean isGrpc(Door door) {
        ManagedChannel channel =
            NettyChannelBuilder.forTarget(door.called()).usePlaintext().build();
        try {
            HealthGrpc.newBlockingStub(channel)
                .withDeadlineAfter(DoctorBounds.PORT_WITHIN.toMillis() / 2, TimeUnit.MILLISECONDS)
                .check(HealthCheckRequest.newBuilder().setService("dtmgimp.Dtm").build());
            return true;
        } catch (StatusRuntimeException other) {
            return false;
        } finally {
            channel.shutdownNow();
        }
    }
}

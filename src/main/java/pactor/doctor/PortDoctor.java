package pactor.doctor;

import static pactor.doctor.Diagnosis.fail;
import static pactor.doctor.Diagnosis.ok;
import static pactor.doctor.Diagnosis.warn;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import pactor.settings.ClusterSettings;
import pactor.settings.Settings;
import pactor.settings.TlsSettings;
import tls.Credentials;
import tls.TlsException;

/**
 * The part of {@code pactor doctor} that looks at the ports: whether each is free, and if not, who
 * has it. Blocks, up to twice {@link DoctorBounds#PORT_WITHIN} for each.
 */
public final class PortDoctor {

    private static final String REFUSAL = "\"dtm_result\":\"FAILURE\"";

    private final Optional<Boolean> storeInUse;
    private final Consumer<Diagnosis> told;

    /**
     * A port of this configuration.
     *
     * @param name for the report
     * @param host to listen on; empty for this machine's address
     * @param key the setting that moves it
     * @param who asks who answers there
     */
    private record Door(
            String name, String host, int port, String key, Function<Door, Who> who) {

        InetSocketAddress address() throws UnknownHostException {
            return new InetSocketAddress(host.isEmpty() ? InetAddress.getLocalHost()
                : InetAddress.getByName(host), port);
        }

        /** An address that can be called, where the one to listen on may be none. */
        InetSocketAddress reached() throws UnknownHostException {
            InetAddress at = address().getAddress();
            return new InetSocketAddress(
                at.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : at, port);
        }

        /** The same as a part of a url. */
        String called() {
            try {
                String name = reached().getAddress().getHostAddress();
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

    /** Who has a port. No answer in time is no proof of anything: a busy server gives none. */
    private enum Who {
        PACTOR,
        ANOTHER,
        SILENT
    }

    /** @param storeInUse whether a running process has the store; empty if that is not known */
    public PortDoctor(Optional<Boolean> storeInUse, Consumer<Diagnosis> told) {
        this.storeInUse = storeInUse;
        this.told = told;
    }

    /** @param living the addresses of the nodes that live, by the database */
    public void look(Settings settings, Set<String> living) {
        List<Door> doors = new ArrayList<>();
        doors.add(new Door("http", settings.http().host(), settings.http().port(),
            "--port", who(settings.tls().http(), PortDoctor::http)));
        if (settings.grpc().enabled()) {
            doors.add(new Door("grpc", settings.grpc().listen().host(),
                settings.grpc().listen().port(), "--grpc-port",
                who(settings.tls().grpc(), PortDoctor::grpc)));
        }
        ClusterSettings cluster = settings.cluster();
        if (cluster.isOn()) {
            String bound = cluster.bindHost().isEmpty() ? cluster.host() : cluster.bindHost();
            doors.add(new Door("cluster", bound, cluster.port(), "--cluster-port",
                door -> living.stream().anyMatch(node -> node.endsWith(own(cluster)))
                    ? Who.PACTOR : Who.ANOTHER));
        }
        if (cluster.managementPort() > 0) {
            String own = cluster.managementHost().isEmpty()
                ? cluster.host() : cluster.managementHost();
            doors.add(new Door("management", own, cluster.managementPort(),
                "pactor.cluster.management.port", PortDoctor::management));
        }
        for (Door door : doors) {
            AtomicReference<Diagnosis> found = new AtomicReference<>(silent(door));
            Bounded.run(DoctorBounds.PORT_WITHIN.multipliedBy(2), () -> found.set(look(door)));
            told.accept(found.get());
        }
    }

    /** Where TLS is spoken, who has our certificate is us; it may be nobody's business to ask. */
    private static Function<Door, Who> who(TlsSettings.Door tls, Function<Door, Who> plain) {
        return !tls.isOn() ? plain : door -> {
            try {
                PinnedServer ours =
                    new PinnedServer(Credentials.read(tls.files()).chain().get(0));
                return ours.isAt(door.reached(), DoctorBounds.PORT_WITHIN) ? Who.PACTOR
                    : Who.ANOTHER;
            } catch (SocketTimeoutException late) {
                return Who.SILENT;
            } catch (IOException | TlsException other) {
                return Who.ANOTHER;
            }
        };
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
        return switch (door.who().apply(door)) {
            case ANOTHER -> stranger(door, "a process that does not answer as Pactor does");
            case SILENT -> silent(door);
            case PACTOR -> storeInUse.orElse(true)
                ? ok(door.name(), "port " + door + " is taken by the running Pactor")
                : stranger(door, "a Pactor that stores elsewhere");
        };
    }

    private static Diagnosis stranger(Door door, String who) {
        return fail(door.name(), "port " + door + " is taken by " + who,
            "see who has it, or take another port with " + door.key());
    }

    private static Diagnosis silent(Door door) {
        return warn(door.name(), "port " + door + " is taken by a process that did not answer"
            + " within " + DoctorBounds.PORT_WITHIN.toSeconds() + " s",
            "if it is the running Pactor, it is busy; if not, take another port with "
                + door.key());
    }

    /** It shows no token, since it knows none; whoever asks for one in these words is Pactor. */
    private static Who http(Door door) {
        Answer version = body(door, "/api/dtmsvr/version");
        Answer health = body(door, "/api/health");
        return version.who(said ->
            (said.startsWith("{\"version\"") || said.contains(REFUSAL))
            && health.who(each -> each.contains("\"result\"")) != Who.ANOTHER);
    }

    private static Who management(Door door) {
        return body(door, "/cluster/members")
            .who(said -> said.contains("pekko://" + ClusterSettings.SYSTEM + "@"));
    }

    /** @param said null if there was no answer in time; empty if it was none of HTTP */
    private record Answer(String said) {

        Who who(Predicate<String> isOurs) {
            return said == null ? Who.SILENT : isOurs.test(said) ? Who.PACTOR : Who.ANOTHER;
        }
    }

    private static Answer body(Door door, String path) {
        try {
            return new Answer(HttpClient.newBuilder()
                .connectTimeout(DoctorBounds.PORT_WITHIN).build()
                .send(HttpRequest.newBuilder(URI.create("http://" + door.called() + path))
                    .timeout(DoctorBounds.PORT_WITHIN).build(), BodyHandlers.ofString()).body());
        } catch (HttpTimeoutException late) {
            return new Answer(null);
        } catch (IOException noHttp) {
            return new Answer("");
        } catch (InterruptedException late) {
            Thread.currentThread().interrupt();
            return new Answer(null);
        }
    }

    /** The standard health service knows the service of DTM by its name. */
    private static Who grpc(Door door) {
        ManagedChannel channel =
            NettyChannelBuilder.forTarget(door.called()).usePlaintext().build();
        try {
            HealthGrpc.newBlockingStub(channel)
                .withDeadlineAfter(DoctorBounds.PORT_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                .check(HealthCheckRequest.newBuilder().setService("dtmgimp.Dtm").build());
            return Who.PACTOR;
        } catch (StatusRuntimeException other) {
            return other.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED
                ? Who.SILENT : Who.ANOTHER;
        } finally {
            channel.shutdownNow();
        }
    }
}

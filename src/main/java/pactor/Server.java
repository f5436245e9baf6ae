package pactor;

import audit.Audit;
import com.typesafe.config.Config;
import grpc.GrpcServer;
import health.Guard;
import health.NodeFailure;
import http.HttpServer;
import http.HttpSettings;
import http.Ops;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import meter.Meter;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pactor.cli.Launcher;
import pactor.cluster.Node;
import pactor.settings.LiveSettings;
import pactor.settings.Settings;
import pactor.settings.StartFailure;
import pactor.settings.TlsSettings;
import pactor.settings.Version;
import store.StoreException;
import tls.LiveCredentials;
import tls.ServerTls;
import transaction.ByteBudget;
import transaction.Moment;

/** A coordinator in a process of its own: an actor system, the coordinator, and its servers. */
public final class Server implements Running {

    /** A cold start takes a few seconds; one that takes this long will not come. */
    private static final Duration START_MAX = Duration.ofSeconds(60);

    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    private final ActorSystem<Void> system;
    private final Pactor pactor;
    private final HttpServer http;
    private final Optional<GrpcServer> grpc;
    private final CompletionStage<?> end;

    private Server(
            ActorSystem<Void> system, Pactor pactor, Doors doors, CompletionStage<?> end) {
        this.system = system;
        this.pactor = pactor;
        this.http = doors.http;
        this.grpc = doors.grpc;
        this.end = end;
    }

    /** Where clients come in. */
    private record Doors(HttpServer http, Optional<GrpcServer> grpc) {}

    /** What clients are served with, where it is TLS; followed until the system ends. */
    private record Served(Optional<ServerTls> http, Optional<ServerTls> grpc) {

        static Served open(ActorSystem<Void> system, Settings all) {
            TlsSettings.Door http = all.tls().http();
            TlsSettings.Door grpc = all.tls().grpc();
            var ofHttp = follow(system, "pactor.http.tls", http, all);
            var ofGrpc = grpc.files().equals(http.files()) ? ofHttp
                : follow(system, "pactor.grpc.tls", grpc, all);
            return new Served(ofHttp.map(each -> new ServerTls(each, http.clientAuth())),
                ofGrpc.map(each -> new ServerTls(each, grpc.clientAuth())));
        }

        private static Optional<LiveCredentials> follow(
                ActorSystem<Void> system, String name, TlsSettings.Door door, Settings all) {
            if (!door.isOn()) {
                return Optional.empty();
            }
            var live = LiveCredentials.ofServer(name, door.files(), all.reloadInterval());
            system.getWhenTerminated().thenRun(live::close);
            return Optional.of(live);
        }
    }

    /** With a guard of its own. */
    static Server launch(Config config, LiveSettings live) {
        return launch(config, live, Guard.start());
    }

    /**
     * As {@link Launcher#launch}.
     *
     * @param config all of it, as an actor system takes it
     */
    public static Server launch(Config config, LiveSettings live, Guard guard) {
        return launch(config, live, guard, Meter.create(), Optional.empty());
    }

    /**
     * The same with counters elsewhere.
     *
     * @param ownTokenHash of the token of the application that it is part of
     */
    static Server launch(Config config, LiveSettings live, Guard guard, Meter meter,
            Optional<byte[]> ownTokenHash) {
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "pactor", config);
        Opened opened = new Opened();
        boolean launched = false;
        try {
            Served tls = Served.open(system, live.get());
            Node node = Node.join(system, live.get());
            // Now, so that probes hear of it while it waits for the database, and before it takes
            // the place that a process with the same port has there.
            HttpServer http =
                opened.add(within(HttpServer.open(system, settings(live.get(), tls.http)), guard),
                    server -> server.drain(Duration.ZERO));
            Optional<GrpcServer> grpc = opened.add(bind(system, live.get(), tls.grpc),
                server -> server.ifPresent(each -> each.drain(Duration.ZERO)));
            Duration drain = live.get().drain();
            drainWithSystem(system, "pactor-http", () -> http.drain(drain));
            grpc.ifPresent(server ->
                drainWithSystem(system, "pactor-grpc", () -> server.drain(drain)));
            Host host = new Host(meter, UnaryOperator.identity(), ports(http, grpc),
                Set.of(http.address().getPort()), Optional.empty());
            Pactor pactor =
                opened.add(Pactor.start(system, live, host, node, guard), Pactor::stop);
            within(pactor.ready(), guard);
            AuditTrail trail = AuditTrail.of(live.get(), pactor.database());
            Audit audit = trail.open(live.get(), system.executionContext());
            AccessControl control = opened.add(AccessControl.open(
                live.get(), pactor.database(), guard, trail.log(), audit, ownTokenHash),
                AccessControl::close);
            system.getWhenTerminated().thenRun(control::close);
            refuseToEnd(system);
            grpc.ifPresent(server -> server.serve(pactor.coordinator(), (method, code, took) ->
                pactor.meter().grpcRequest(new Meter.Grpc(method, code), took), control.access(),
                audit));
            http.serve(parts(pactor, control, audit, trail, live,
                new ServerView(system, config, pactor.database())));
            launched = true;
            return new Server(system, pactor, new Doors(http, grpc),
                end(system, pactor, node, guard));
        } catch (RuntimeException failed) {
            throw StartFailure.of(failed, live.get());
        } finally {
            if (!launched) {
                opened.close();
                system.terminate();
            }
        }
    }

    private static Set<Integer> ports(HttpServer http, Optional<GrpcServer> grpc) {
        Set<Integer> ports = new HashSet<>();
        ports.add(http.address().getPort());
        grpc.ifPresent(server -> ports.add(server.address().getPort()));
        return ports;
    }

    /** What is opened after the end has begun is closed by nobody. */
    private static void refuseToEnd(ActorSystem<Void> system) {
        if (CoordinatedShutdown.get(system).getShutdownReason().isPresent()) {
            throw new StartFailure("stopped while it started", null);
        }
    }

    ActorSystem<Void> system() {
        return system;
    }

    Pactor pactor() {
        return pactor;
    }

    /** Ends it in an orderly way; as {@link #terminated}. */
    CompletionStage<?> stop() {
        system.terminate();
        return terminated();
    }

    @Override
    public InetSocketAddress address() {
        return http.address();
    }

    @Override
    public Optional<InetSocketAddress> grpcAddress() {
        return grpc.map(GrpcServer::address);
    }

    @Override
    public String storing() {
        return pactor.storing();
    }

    @Override
    public String durability() {
        return pactor.durability();
    }

    @Override
    public CompletionStage<?> terminated() {
        return end;
    }

    /**
     * A node that the others went on without sends nothing more: nothing of it is waited for. One
     * of which a part has died ends in order first.
     */
    private static CompletionStage<?> end(
            ActorSystem<Void> system, Pactor pactor, Node node, Guard guard) {
        CompletableFuture<Object> end = new CompletableFuture<>();
        CompletableFuture<NodeFailure> failed = guard.failed().toCompletableFuture();
        failed.thenAccept(failure -> {
            LOG.error("ending: {}", failure.getMessage(), failure.getCause());
            CoordinatedShutdown.get(system).run(new PartFailed());
        });
        pactor.broken().thenAccept(end::completeExceptionally);
        pactor.lost().whenComplete((none, reason) -> end.completeExceptionally(reason));
        node.whenEnding(why -> why.ifPresent(
            reason -> end.completeExceptionally(new StoreException(reason))));
        system.getWhenTerminated().thenRun(() -> {
            NodeFailure failure = failed.getNow(null);
            if (failure == null) {
                end.complete(Done.done());
            } else {
                end.completeExceptionally(failure);
            }
        });
        return end;
    }

    private static HttpServer.Parts parts(
            Pactor pactor, AccessControl control, Audit audit, AuditTrail trail,
            LiveSettings live, ServerView view) {
        Settings settings = live.get();
        Meter meter = pactor.meter();
        Ops ops = new Ops(() -> "v" + Version.text(), pactor::durability,
            () -> Stream.concat(pactor.database().warnings().stream(),
                trail.warnings().stream()).toList(), meter::scrape,
            settings.isProduction() ? "production" : "development",
            () -> new Moment(pactor.clock().instant(), live.get().policy()), view,
            pactor::publishedKeys);
        return new HttpServer.Parts(pactor.coordinator(), ops,
            (route, method, status, took) ->
                meter.httpRequest(new Meter.Http(route, method, status), took),
            control.requests(), Optional.of(pactor.events()), pactor.tests(),
            new ByteBudget(settings.http().maxUnreadBytes()), audit, pactor.holds(),
            pactor.bulks());
    }

    private static HttpSettings settings(Settings all, Optional<ServerTls> tls) {
        Settings.Http http = all.http();
        return new HttpSettings(http.host(), http.port(), http.maxConnections(),
            http.maxBodyBytes(), http.maxBufferedBytes(), http.maxHeadBytes(),
            http.maxHeaderBytes(), http.maxHeaders(), http.idleTimeout(), http.headTimeout(),
            http.bodyTimeout(),
            all.coordinator().waitWithin().plus(Settings.LAST_WORD),
            all.policy().timeoutToFail().multipliedBy(3), tls);
    }

    /** Listens for gRPC, unless it is switched off. */
    private static Optional<GrpcServer> bind(
            ActorSystem<Void> system, Settings all, Optional<ServerTls> tls) {
        return all.grpc().enabled()
            ? Optional.of(GrpcServer.bind(system.executionContext(), all.grpc().listen(), tls))
            : Optional.empty();
    }

    private static void drainWithSystem(
            ActorSystem<Void> system, String name, Supplier<CompletionStage<Void>> drain) {
        CoordinatedShutdown.get(system).addTask(
            CoordinatedShutdown.PhaseServiceRequestsDone(), name,
            () -> drain.get().thenApply(drained -> Done.done()));
    }

    private static <T> T within(CompletionStage<T> stage, Guard guard) {
        CompletableFuture<T> future = stage.toCompletableFuture().copy();
        guard.failed().thenAccept(future::completeExceptionally);
        try {
            return future.get(START_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException known ? known
                : new IllegalStateException(failed.getCause());
        } catch (TimeoutException late) {
            throw new StartFailure(
                "not ready within " + START_MAX.toSeconds() + " s", late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StartFailure("interrupted while starting", interrupted);
        }
    }
}

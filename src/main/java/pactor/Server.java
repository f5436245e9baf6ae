package pactor;

import com.typesafe.config.Config;
import grpc.GrpcServer;
import http.HttpServer;
import http.HttpSettings;
import http.Ops;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import meter.Meter;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import store.StoreException;

/** A coordinator in a process of its own: an actor system, the coordinator, and its servers. */
final class Server implements Running {

    /** A cold start takes a few seconds; one that takes this long will not come. */
    private static final Duration START_MAX = Duration.ofSeconds(60);

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

    /**
     * As {@link Launcher#launch}.
     *
     * @param config all of it, as an actor system takes it
     */
    static Server launch(Config config, LiveSettings live) {
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "pactor", config);
        try {
            Node node = Node.join(system, live.get());
            // Now, so that probes hear of it while it waits for the database, and before it takes
            // the place that a process with the same port has there.
            HttpServer http = within(HttpServer.open(system, settings(live.get())));
            Duration drain = live.get().drain();
            drainWithSystem(system, "pactor-http", () -> http.drain(drain));
            Pactor pactor = Pactor.start(system, live, node);
            within(pactor.ready());
            http.serve(parts(pactor));
            Optional<GrpcServer> grpc = grpc(system, pactor, live.get());
            grpc.ifPresent(server ->
                drainWithSystem(system, "pactor-grpc", () -> server.drain(drain)));
            return new Server(system, pactor, new Doors(http, grpc), end(system, pactor, node));
        } catch (RuntimeException failed) {
            system.terminate();
            throw StartFailure.of(failed, live.get());
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

    /** A node that the others went on without sends nothing more: nothing of it is waited for. */
    private static CompletionStage<?> end(
            ActorSystem<Void> system, Pactor pactor, Node node) {
        CompletableFuture<Object> end = new CompletableFuture<>();
        pactor.broken().thenAccept(end::completeExceptionally);
        pactor.lost().whenComplete((none, reason) -> end.completeExceptionally(reason));
        node.whenEnding(why -> why.ifPresent(
            reason -> end.completeExceptionally(new StoreException(reason))));
        system.getWhenTerminated().thenAccept(end::complete);
        return end;
    }

    private static HttpServer.Parts parts(Pactor pactor) {
        Meter meter = pactor.meter();
        Ops ops = new Ops(() -> "v" + Version.text(), pactor::durability, meter::scrape);
        return new HttpServer.Parts(pactor.coordinator(), ops,
            (route, method, status, took) ->
                meter.httpRequest(new Meter.Http(route, method, status), took),
            Optional.of(pactor.events()), pactor.tests());
    }

    private static HttpSettings settings(Settings all) {
        Settings.Http http = all.http();
        return new HttpSettings(http.host(), http.port(), http.maxConnections(),
            http.maxBodyBytes(), http.maxBufferedBytes(), http.maxHeaderBytes(),
            http.maxHeaders(), http.idleTimeout(), http.bodyTimeout(),
            all.coordinator().waitWithin().plus(Settings.LAST_WORD),
            all.policy().timeoutToFail().multipliedBy(3));
    }

    /** Starts the gRPC server, unless it is switched off. */
    private static Optional<GrpcServer> grpc(
            ActorSystem<Void> system, Pactor pactor, Settings all) {
        if (!all.grpc().enabled()) {
            return Optional.empty();
        }
        Meter meter = pactor.meter();
        return Optional.of(GrpcServer.start(
            new GrpcServer.Parts(pactor.coordinator(),
                (method, code, took) -> meter.grpcRequest(new Meter.Grpc(method, code), took),
                system.executionContext()),
            all.grpc().listen()));
    }

    private static void drainWithSystem(
            ActorSystem<Void> system, String name, Supplier<CompletionStage<Void>> drain) {
        CoordinatedShutdown.get(system).addTask(
            CoordinatedShutdown.PhaseServiceRequestsDone(), name,
            () -> drain.get().thenApply(drained -> Done.done()));
    }

    private static <T> T within(CompletionStage<T> stage) {
        CompletableFuture<T> future = stage.toCompletableFuture();
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

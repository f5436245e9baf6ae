package http;

import audit.Audit;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.pekko.actor.ActorSystem;
import org.slf4j.LoggerFactory;
import transaction.ByteBudget;
import transaction.LiveEvents;
import transaction.Moment;
import transaction.Outcome;
import transaction.Policy;
import transaction.TestControls;

/** A started server with a {@link MemoryCoordinator} behind it, spoken to over its socket. */
final class Wire implements AutoCloseable {

    static final String API = WireClient.API;

    /** One for all tests: starting it is what takes long. */
    private static final ActorSystem SYSTEM = ActorSystem.create("http-test",
        ConfigFactory.parseString("""
            pekko.daemonic = on
            pekko.log-dead-letters = off
            pekko.loglevel = WARNING
            pekko.loggers = ["org.apache.pekko.event.slf4j.Slf4jLogger"]
            pekko.logging-filter = "org.apache.pekko.event.slf4j.Slf4jLoggingFilter"
            """).withFallback(ConfigFactory.defaultReference()));

    static {
        // Both are made to speak on purpose.
        for (String loud : List.of("http.ErrorResponses", "org.apache.pekko.io.TcpListener")) {
            ((Logger) LoggerFactory.getLogger(loud)).setLevel(Level.OFF);
        }
    }

    final MemoryCoordinator coordinator = new MemoryCoordinator();
    final RememberedBulks bulks = new RememberedBulks(coordinator.clock);
    final List<String> metered = new CopyOnWriteArrayList<>();
    final HttpServer server;

    /** Takes no readers. */
    final LiveEvents events =
        (after, filter) -> CompletableFuture.completedFuture(Optional.empty());
    final WireClient client;

    private Wire(HttpSettings settings, RequestGuard guard, TestControls controls,
            Audit audit) {
        Ops ops = new Ops(() -> "v0.1.0", () -> "survives a kill", List::of,
            () -> "pactor_up 1", "development",
            () -> new Moment(coordinator.clock.instant(), Policy.DEFAULT), ClusterView.NONE,
            Optional::empty);
        RouteMeter meter = (route, method, status, took) ->
            metered.add(route + " " + method + " " + status);
        server = await(HttpServer.start(SYSTEM,
            new HttpServer.Parts(coordinator, ops, meter, guard, Optional.of(events),
                Optional.ofNullable(controls), ByteBudget.unlimited(), audit,
                new RememberedHolds(), bulks),
            settings).toCompletableFuture());
        client = new WireClient(port());
    }

    static Wire start() {
        return start(HttpSettings.defaults());
    }

    static Wire start(HttpSettings settings) {
        return new Wire(settings.at("127.0.0.1", 0), RequestGuard.LOCAL, null, Audit.NONE);
    }

    /** With each route there is; what needs {@code controls} does what they do. */
    static Wire start(RequestGuard guard, TestControls controls) {
        return start(guard, controls, Audit.NONE);
    }

    static Wire start(RequestGuard guard, TestControls controls, Audit audit) {
        return new Wire(HttpSettings.defaults().at("127.0.0.1", 0), guard, controls, audit);
    }

    static ActorSystem system() {
        return SYSTEM;
    }

    Wire participant(String url, Outcome outcome) {
        coordinator.participant(url, outcome);
        return this;
    }

    int port() {
        return server.address().getPort();
    }

    /** POST to one of DTM's paths. */
    WireClient.Answer post(String name, String body) {
        return client.post(name, body);
    }

    /** GET of one of DTM's paths, with its query. */
    WireClient.Answer get(String name) {
        return client.get(name);
    }

    WireClient.Answer send(String method, String path, String body, String... headers) {
        return client.send(method, path, body, headers);
    }

    WireClient.Answer sendBytes(String path, byte[] body, String... headers) {
        return client.sendBytes(path, body, headers);
    }

    /** The same without waiting. */
    CompletableFuture<WireClient.Answer> sending(
            String method, String path, byte[] body, String... headers) {
        return client.sending(method, path, body, headers);
    }

    /** Sends these bytes and returns all that comes back until the server closes or is silent. */
    String raw(String request) {
        return client.raw(request);
    }

    String rawUntilClosed(String request) {
        return client.rawUntilClosed(request);
    }

    @Override
    public void close() {
        await(server.drain(Duration.ofMillis(10)).toCompletableFuture());
    }

    static <T> T await(CompletableFuture<T> future) {
        return WireClient.await(future);
    }
}

package http;

import audit.Audit;
import com.typesafe.config.ConfigFactory;
import console.ConsoleFiles;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import security.Peer;
import transaction.Bulks;
import transaction.ByteBudget;
import transaction.Coordinator;
import transaction.Holds;
import transaction.LiveEvents;
import transaction.TestControls;

/** The coordinator's HTTP server. Thread-safe; no method blocks. */
public final class HttpServer {

    private static final String STARTING = "starting";

    /** More than is read from a connection at one time, and so than a chunk has. */
    private static final int CHUNK_BYTES = 1 << 20;

    /** By how much an escaped byte is longer than the byte. */
    private static final int ESCAPED_TIMES = 3;

    private final ActorSystem system;
    private final HttpSettings settings;
    private final Materializer materializer;
    private final ByteBudget budget;
    private volatile Listener listener;
    private volatile Router router;

    private HttpServer(ActorSystem system, HttpSettings settings) {
        this.system = system;
        this.settings = settings;
        this.materializer = SystemMaterializer.get(system).materializer();
        this.budget = new ByteBudget(settings.buffered());
    }

    /**
     * What the server is made of.
     *
     * @param guard says which requests may be carried out
     * @param events what happens live; empty if that cannot be read here
     * @param tests the controls of the test mode; empty in production, and then the paths do not
     *     exist
     * @param answers has the room for answers that clients have not read yet
     * @param audit puts on record what operators do
     * @param holds which participants nobody calls for a while
     * @param bulks one action on many transactions
     */
    public record Parts(Coordinator coordinator, Ops ops, RouteMeter meter, RequestGuard guard,
            Optional<LiveEvents> events, Optional<TestControls> tests, ByteBudget answers,
            Audit audit, Holds holds, Bulks bulks) {

        /** Where no participant can be paused, and nothing done in bulk. */
        public Parts(Coordinator coordinator, Ops ops, RouteMeter meter, RequestGuard guard,
                Optional<LiveEvents> events, Optional<TestControls> tests, ByteBudget answers,
                Audit audit) {
            this(coordinator, ops, meter, guard, events, tests, answers, audit, Holds.NONE,
                Bulks.NONE);
        }

        public Parts(Coordinator coordinator, Ops ops, RouteMeter meter, RequestGuard guard,
                Optional<LiveEvents> events, Optional<TestControls> tests, ByteBudget answers) {
            this(coordinator, ops, meter, guard, events, tests, answers, Audit.NONE);
        }

        public Parts(Coordinator coordinator, Ops ops, RouteMeter meter) {
            this(coordinator, ops, meter, RequestGuard.LOCAL, Optional.empty(), Optional.empty(),
                ByteBudget.unlimited());
        }
    }

    /** {@link #open} and {@link #serve} in one. */
    public static CompletionStage<HttpServer> start(
            ClassicActorSystemProvider provider, Parts parts, HttpSettings settings) {
        return Continuations.then(open(provider, settings), server -> {
            server.serve(parts);
            return server;
        });
    }

    /**
     * Listens. Until it is told what to {@link #serve}, it says that the process lives, and that it
     * is not ready.
     *
     * @return the server once it takes requests; fails with {@link HttpBindException} if the
     *     address cannot be had
     */
    public static CompletionStage<HttpServer> open(
            ClassicActorSystemProvider provider, HttpSettings settings) {
        ActorSystem system = provider.classicSystem();
        HttpServer server = new HttpServer(system, settings);
        CompletableFuture<HttpServer> started = new CompletableFuture<>();
        Listener.bind(system, serverSettings(system, settings),
                new RequestBytes.Bounds(settings, server.budget),
                new Listener.Handlers(
                    new HttpConnection.Handlers(server::handle, server::unanswered),
                    new HttpConnection.Handlers(server::handleCrowded, server::unanswered)))
            .whenCompleteAsync((listener, thrown) -> {
                if (thrown == null) {
                    server.listener = listener;
                    started.complete(server);
                } else {
                    started.completeExceptionally(new HttpBindException(
                        settings.host(), settings.port(), Continuations.cause(thrown)));
                }
            }, system.dispatcher());
        return started;
    }

    /** Takes requests for {@code parts} from now on. */
    public void serve(Parts parts) {
        Executor executor = system.dispatcher();
        ErrorResponses troubles = new ErrorResponses();
        router = new Router(routes(parts, settings, troubles, executor),
            new Bodies(settings, budget, materializer, executor), outbox(parts, settings),
            materializer,
            new Router.Watch(parts.guard(), Recorded.of(parts.audit(), parts.coordinator()),
                parts.coordinator()::notReadyBecause, troubles, parts.meter(),
                settings.answerTimeout()));
    }

    /** Where it listens; the port is the one that the operating system gave. */
    public InetSocketAddress address() {
        return listener.address();
    }

    /**
     * Takes no more connections, finishes what is under way, answers what comes in on open
     * connections meanwhile with 503, and closes what is left after {@code within}.
     */
    public CompletionStage<Void> drain(Duration within) {
        return listener.drain(within);
    }

    private CompletionStage<HttpResponse> handle(HttpRequest request, Peer peer) {
        Router all = router;
        if (all != null) {
            return all.handle(request, peer);
        }
        request.discardEntityBytes(materializer);
        return Continuations.now(Responses.of(switch (request.getUri().path()) {
            case OpsRoutes.PING -> OpsRoutes.PONG;
            case OpsRoutes.HEALTH -> OpsRoutes.health(Optional.of(STARTING), "", List.of());
            default -> HttpAnswer.notReady(STARTING);
        }));
    }

    /** Beyond the connections that are allowed, only probes are answered. */
    private CompletionStage<HttpResponse> handleCrowded(HttpRequest request, Peer peer) {
        if (OpsRoutes.PROBES.contains(request.getUri().path())) {
            return handle(request, peer);
        }
        request.discardEntityBytes(materializer);
        return Continuations.now(Responses.of(HttpAnswer.unavailable(
            "too many connections; nothing was done, try again")));
    }

    private HttpAnswer unanswered(HttpRequest request) {
        Router all = router;
        return all == null ? HttpAnswer.UNREAD : all.unanswered(request);
    }

    /** Every path that is served. */
    static List<Route> routes(
            Parts parts, HttpSettings settings, ErrorResponses troubles, Executor renderer) {
        Coordinator coordinator = parts.coordinator();
        ApiRoutes api = new ApiRoutes(coordinator, settings.hurryHorizon(), renderer,
            outbox(parts, settings));
        List<Route> all = new ArrayList<>(api.routes());
        all.addAll(new TopicRoutes(coordinator, renderer).routes());
        all.addAll(new JsonRpcRoute(coordinator, api, troubles).routes());
        all.addAll(new OpsRoutes(coordinator, parts.ops()).routes());
        all.addAll(new ServerRoutes(coordinator.topics(), parts.ops()).routes());
        TransactionRoutes transactions = new TransactionRoutes(
            coordinator, renderer, outbox(parts, settings), parts.ops().moment());
        all.addAll(transactions.routes());
        all.addAll(new ExportRoutes(transactions, coordinator, renderer).routes());
        all.addAll(new DeskRoutes(coordinator, parts.ops()).routes());
        all.addAll(new PlanRoutes(
            coordinator, renderer, outbox(parts, settings), parts.ops().moment()).routes());
        all.addAll(new AttemptRoutes(coordinator).routes());
        all.addAll(
            new SessionRoutes(parts.guard().sessions(), settings.tls().isPresent()).routes());
        ConsoleFiles.read().ifPresent(
            files -> all.addAll(new ConsoleRoutes(files).routes()));
        all.addAll(new InterventionRoutes(coordinator, renderer).routes());
        all.addAll(new AgainRoutes(
            coordinator, renderer, outbox(parts, settings), parts.ops().moment()).routes());
        all.addAll(new HoldRoutes(parts.holds()).routes());
        all.addAll(
            new BulkRoutes(coordinator, parts.bulks(), parts.ops().moment()).routes());
        parts.events().ifPresent(
            events -> all.addAll(new EventRoutes(events, renderer).routes()));
        parts.tests().ifPresent(
            tests -> all.addAll(new TestRoutes(tests, renderer).routes()));
        return List.copyOf(all);
    }

    private static Outbox outbox(Parts parts, HttpSettings settings) {
        return new Outbox(parts.answers(), settings.idleTimeout());
    }

    private static ServerSettings serverSettings(ActorSystem system, HttpSettings settings) {
        return ServerSettings.create(ConfigFactory.parseMap(Map.ofEntries(
            entry("server-header", "pactor"),
            // For HTTP/1.0, as some load balancers still ask; HTTP/1.1 must name its host.
            entry("default-host-header", "pactor"),
            // Those who all come at once: beyond it they are not refused, but try for seconds.
            entry("backlog", settings.maxConnections()),
            entry("pipelining-limit", 1),
            entry("enable-http2", false),
            entry("transparent-head-requests", false),
            entry("verbose-error-messages", false),
            // Ours is in Router: this one would cut off clients that wait, and costs a timer each.
            entry("request-timeout", "infinite"),
            entry("parsing.max-content-length", settings.bodyBytes()),
            // What is too long is told by RequestHead; these bounds lie behind its own.
            entry("parsing.max-method-length", settings.headBytes()),
            entry("parsing.max-header-name-length", settings.headBytes()),
            entry("parsing.max-header-value-length", settings.headBytes()),
            entry("parsing.max-uri-length", ESCAPED_TIMES * settings.headBytes()),
            entry("parsing.max-header-count", settings.headerCount() + 2),
            entry("parsing.max-chunk-size", CHUNK_BYTES),
            entry("parsing.uri-parsing-mode", "relaxed"),
            // No header is read but one, and what strangers send must not fill the log.
            entry("parsing.modeled-header-parsing", false),
            entry("parsing.illegal-header-warnings", false),
            entry("parsing.error-logging-verbosity", "off"),
            entry("parsing.error-handler", ParsingErrors.class.getName())))
            .withFallback(system.settings().config()));
    }

    private static Map.Entry<String, Object> entry(String key, Object value) {
        return Map.entry("pekko.http.server." + key, value);
    }
}

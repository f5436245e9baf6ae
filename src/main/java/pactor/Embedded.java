package pactor;

import health.Guard;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import meter.Meter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pactor.settings.BadConfiguration;
import pactor.settings.Effective;
import pactor.settings.LiveSettings;
import pactor.settings.StartFailure;
import security.Token;
import transaction.TestControls;

/**
 * A server inside an application. It has its own actor system and threads, and clients reach it by
 * HTTP on loopback, at a port of the operating system's choosing. It installs no signal handler and
 * never ends the process. With a database that others can reach too, all that are started on it
 * form one cluster.
 *
 * <p>A server that cannot go on, because its database failed or the other nodes went on without it,
 * is started again at the same port, with growing pauses, until {@link #close}. Thread-safe.
 */
public final class Embedded implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Embedded.class);

    /** More than the time in which a server ends by itself. */
    private static final Duration STOP_MAX = Duration.ofSeconds(60);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LAST_PAUSE = Duration.ofSeconds(30);

    private final Map<String, String> settings;
    private final MeterRegistry registry;
    private final String token = Token.make();
    private Server server;
    private boolean isClosed;

    private Embedded(Map<String, String> settings, MeterRegistry registry) {
        this.settings = settings;
        this.registry = registry;
    }

    /** The same with counters that nobody reads. */
    public static Embedded start(Map<String, String> settings) {
        return start(settings, new SimpleMeterRegistry());
    }

    /**
     * Starts, and returns when requests are served. Blocks, for at most two minutes.
     *
     * @param settings keys of Pactor or Pekko with their values, as in {@code
     *     pactor.store.data-dir}; the environment and system properties are not read
     * @param registry where counters go; it stays the caller's
     * @throws BadConfiguration if a setting is wrong
     * @throws StartFailure if it cannot start; the message says why
     */
    public static Embedded start(Map<String, String> settings, MeterRegistry registry) {
        Embedded embedded = new Embedded(withDefaults(settings), registry);
        embedded.launch();
        return embedded;
    }

    /** Where clients in this process reach it, as in {@code http://127.0.0.1:40123}. */
    public synchronized String url() {
        return "http://" + settings.get("pactor.http.host") + ":" + server.address().getPort();
    }

    /**
     * The token of clients in this process, sent as {@code Authorization: Bearer}. It is made anew
     * for each object, has the role of a client, and is needed where requests need one at all.
     */
    public String token() {
        return token;
    }

    /** Time that can be skipped, and more for tests; empty unless the test mode is on. */
    public synchronized Optional<TestControls> tests() {
        return server.pactor().tests();
    }

    /** Where it stores, without any secret. */
    public synchronized String storing() {
        return server.storing();
    }

    /**
     * Stops in order: requests under way are finished, open transactions stay in the database for
     * the next start. Blocks, for a bounded time. A second call does nothing.
     */
    @Override
    public void close() {
        Server last;
        synchronized (this) {
            if (isClosed) {
                return;
            }
            isClosed = true;
            last = server;
        }
        stop(last);
    }

    synchronized Server server() {
        return server;
    }

    private static Map<String, String> withDefaults(Map<String, String> given) {
        Map<String, String> all = new HashMap<>(given);
        all.putIfAbsent("pactor.http.host", "127.0.0.1");
        all.putIfAbsent("pactor.http.port", "0");
        all.putIfAbsent("pactor.grpc.enabled", "off");
        String url = given.getOrDefault("pactor.store.jdbc-url", "");
        String driver = given.getOrDefault("pactor.store.driver", "h2");
        boolean isShared = url.isEmpty() ? !driver.equals("h2") : !url.startsWith("jdbc:h2:");
        if (isShared && !given.containsKey("pactor.cluster.join")) {
            all.putIfAbsent("pactor.cluster.discovery", "database");
            all.putIfAbsent("pactor.cluster.port", "0");
            if (all.get("pactor.http.host").equals("127.0.0.1")
                    && all.get("pactor.grpc.enabled").equals("off")
                    && !given.containsKey("pactor.cluster.tls.certificate")) {
                // Instances find each other without configuration; the page says who must not.
                all.putIfAbsent("pactor.security.allow-insecure", "on");
            }
        }
        return all;
    }

    private synchronized void launch() {
        if (isClosed) {
            return;
        }
        Effective effective = Effective.embedded(settings);
        effective.warnings().forEach(LOG::warn);
        Guard guard = Guard.start();
        try {
            server = Server.launch(effective.config(), LiveSettings.fixed(effective.settings()),
                guard, Meter.over(registry), Optional.of(Token.hash(token)));
        } catch (RuntimeException failed) {
            guard.close();
            throw failed;
        }
        settings.put("pactor.http.port", Integer.toString(server.address().getPort()));
        LOG.info("the coordinator inside this application serves at {} and stores in {}", url(),
            server.storing());
        Server started = server;
        started.terminated().whenComplete((ended, reason) ->
            after(Duration.ZERO).execute(() -> ended(started, reason)));
    }

    private void ended(Server gone, Throwable reason) {
        synchronized (this) {
            if (isClosed) {
                return;
            }
        }
        LOG.error("the coordinator inside this application has ended and is started again",
            reason instanceof CompletionException ? reason.getCause() : reason);
        stop(gone);
        startAgain(FIRST_PAUSE);
    }

    private void startAgain(Duration pause) {
        after(pause).execute(() -> {
            try {
                launch();
            } catch (RuntimeException failed) {
                Duration next = pause.multipliedBy(2);
                LOG.error("the coordinator inside this application cannot start", failed);
                startAgain(next.compareTo(LAST_PAUSE) > 0 ? LAST_PAUSE : next);
            }
        });
    }

    /** On a thread of its own, since starts and stops block. */
    private static Executor after(Duration pause) {
        return CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS, task -> {
            Thread thread = new Thread(task, "pactor-embedded");
            thread.setDaemon(true);
            thread.start();
        });
    }

    /** Its gauges would show what is gone, and keep those of the next start out of the registry. */
    private void stop(Server server) {
        server.system().terminate();
        try {
            server.system().getWhenTerminated().toCompletableFuture().copy()
                .orTimeout(STOP_MAX.toSeconds(), TimeUnit.SECONDS).join();
        } catch (CompletionException late) {
            LOG.warn("the coordinator inside this application did not end in time", late);
        }
        registry.getMeters().stream()
            .filter(each -> each instanceof Gauge && each.getId().getName().startsWith("pactor"))
            .forEach(registry::remove);
    }
}

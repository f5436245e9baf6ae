package branch;

import credential.ParticipantCredentials;
import egress.EgressGuard;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import tls.Credentials;
import tls.NettyTls;
import tls.TlsFiles;
import transaction.Limits;

/**
 * Carries requests to hosts and their answers back, over HTTP/1.1 with connections that are kept.
 *
 * <p>Each host has its own pool and its own queue, both bounded, and belongs to one of a few
 * threads that never block. What is sent is sent once: a request is never put on a second
 * connection, whatever becomes of the first. Redirects, cookies, compression and proxies are
 * unknown here.
 *
 * <p>Safe from any thread.
 */
final class HttpTransport implements AutoCloseable {

    private static final Duration QUIET_BEFORE_END = Duration.ofMillis(50);

    private static final Duration END_WITHIN = Duration.ofSeconds(2);

    /** Why a call did not leave though nothing is wrong with its participant. */
    static final String UNSURE = "not sent: this node has not heard from its database for a while, "
            + "and others may have taken up its transactions";

    /** The same when the process ends. */
    static final String STOPPED = "calls have been stopped";

    private final CallSettings settings;
    private final BooleanSupplier isSure;
    private final CallTls tls;
    private final AddressLookup lookup;
    private final Dials dials;
    private final ConnectionBudget budget;
    private final EventLoopGroup group;
    private final List<EventLoop> loops = new ArrayList<>();
    private final Map<Origin, HostConnections> hosts = new ConcurrentHashMap<>();
    private volatile boolean isClosed;
    private volatile boolean hasBeenLate;
    private volatile long lateAt;

    /** With the system's resolver. */
    HttpTransport(
            CallSettings settings, BooleanSupplier isSure, CallTls tls, Dials dials) {
        this(settings, isSure, tls, InetAddress::getAllByName, dials);
    }

    /** With the trust store of the JVM. */
    HttpTransport(CallSettings settings, BooleanSupplier isSure, Dials dials) {
        this(settings, isSure, CallTls.of(trustOfTheJvm(), ParticipantCredentials.none()), dials);
    }

    /** Calls whom the profile for development lets it call. */
    HttpTransport(CallSettings settings, BooleanSupplier isSure, SslContext tls,
            AddressLookup.Names names) {
        this(settings, isSure, CallTls.of(tls), names,
                new Dials(EgressGuard.DEVELOPMENT, rule -> { }));
    }

    /** @param isSure whether calls may leave; asked before each */
    HttpTransport(CallSettings settings, BooleanSupplier isSure, CallTls tls,
            AddressLookup.Names names, Dials dials) {
        this.settings = settings;
        this.isSure = isSure;
        this.tls = tls;
        this.dials = dials;
        this.lookup = new AddressLookup(names, settings.lookupThreads());
        this.budget = new ConnectionBudget(settings.maxConnections());
        this.group =
                new MultiThreadIoEventLoopGroup(
                        settings.ioThreads(),
                        new DefaultThreadFactory("pactor-calls", true),
                        NioIoHandler.newFactory());
        for (EventExecutor loop : group) {
            loops.add((EventLoop) loop);
        }
    }

    /**
     * Sends {@code request} once and tells {@code listener} how it ended, at the latest when its
     * time is up; that begins when it is sent, after waiting for a connection for at most as long.
     * Does not block and does not throw.
     */
    void send(Request request, Exchange.Listener listener) {
        Exchange exchange = new Exchange(request, listener);
        EventLoop loop = loopOf(request.origin());
        try {
            loop.execute(() -> start(exchange, loop));
        } catch (RejectedExecutionException e) {
            exchange.holdBack(STOPPED);
        }
    }

    /** Connections open now or being opened. */
    int connections() {
        return budget.inUse();
    }

    /** Hosts with a connection, a waiting exchange or a look-up under way. */
    int hosts() {
        return hosts.size();
    }

    /** Whether a call may leave now; to be asked as late as can be. */
    boolean mayCall() {
        return isSure.getAsBoolean();
    }

    /**
     * Ends all exchanges, those that were sent with a failure, and closes all connections. Does not
     * wait for it.
     */
    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        // What comes later is refused.
        onEachLoop(loop -> hosts.values().forEach(host -> host.stopOn(loop)));
        lookup.close();
        // With no quiet time at all a loop may end before it has closed its connections, and
        // whoever waits for an answer on one of them would wait for ever.
        group.shutdownGracefully(
                QUIET_BEFORE_END.toMillis(), END_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * An alarm of a call rang that much too late. Beyond {@link Limits#OWN_DELAY} this node was
     * busy or stood still, and says nothing about participants.
     */
    void rangLate(long nanos) {
        if (isLate(nanos)) {
            lateAt = System.nanoTime();
            hasBeenLate = true;
        }
    }

    /** Whether an alarm has rung too late since then, in the system's nanoseconds. */
    boolean wasLateSince(long nanos) {
        return hasBeenLate && lateAt - nanos >= 0;
    }

    static boolean isLate(long nanos) {
        return nanos > Limits.OWN_DELAY.toNanos();
    }

    /** For a reason; empty if this node was on time. */
    static String lateness(long nanos) {
        return isLate(nanos) ? " (this node itself was " + nanos / 1_000_000 + " ms late)" : "";
    }

    CallSettings settings() {
        return settings;
    }

    CallTls tls() {
        return tls;
    }

    AddressLookup lookup() {
        return lookup;
    }

    Dials dials() {
        return dials;
    }

    ConnectionBudget budget() {
        return budget;
    }

    /** Asks one host that has an unused connection to close it, so that another may open one. */
    void reclaimIdle() {
        for (HostConnections host : hosts.values()) {
            if (host.hasIdle()) {
                host.closeOneIdle();
                return;
            }
        }
    }

    /** {@code host} has nothing to do; called on its thread. */
    void forget(HostConnections host) {
        hosts.remove(host.origin(), host);
    }

    private void start(Exchange exchange, EventLoop loop) {
        if (isClosed) {
            exchange.holdBack(STOPPED);
            return;
        }
        try {
            Origin origin = exchange.request().origin();
            hosts.computeIfAbsent(origin, o -> new HostConnections(o, loop, this)).accept(exchange);
        } catch (Throwable e) {
            // Whatever it is: an exchange that nobody ends would be waited for for ever.
            exchange.fail("it could not be sent: " + e);
            throw e;
        }
    }

    /** Always the same for a target: its state is touched by this thread alone. */
    EventLoop loopOf(Object target) {
        return loops.get(Math.floorMod(target.hashCode(), loops.size()));
    }

    /** Runs {@code task} on each thread, behind what has been handed to that thread already. */
    void onEachLoop(Consumer<EventLoop> task) {
        for (EventLoop loop : loops) {
            loop.execute(() -> task.accept(loop));
        }
    }

    static Supplier<SSLContext> trustOfTheJvm() {
        SSLContext context = Credentials.read(TlsFiles.NONE).forClient();
        return () -> context;
    }

    /** TLS as it is spoken to participants; no other protocol is offered than HTTP/1.1. */
    static SslContext tls(Supplier<SSLContext> contexts) {
        return NettyTls.client(contexts, List.of());
    }
}

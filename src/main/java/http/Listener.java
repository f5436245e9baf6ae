package http;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.TLSProtocol.SslTlsInbound;
import org.apache.pekko.stream.TLSProtocol.SslTlsOutbound;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.TLSPlacebo;
import org.apache.pekko.stream.javadsl.Tcp;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import security.Peer;
import tls.ServerTls;

/**
 * Takes connections, and ends them so that no answer is lost. Thread-safe; no method blocks.
 *
 * <p>In place of pekko-http's {@code ServerBuilder.bind} and its {@code terminate}. The former
 * needs a turn on the dispatcher of all the work between two connections: of thousands that came to
 * a busy node at once it took 25 in a second. Here they are taken on threads that have little else
 * to do, and each is served where the work is. The latter breaks off a connection that is just
 * being written to; whoever lost an answer that way asks again, and hears that his transaction is
 * there already. And here the bytes pass through {@link RequestBytes} first.
 *
 * <p>Connections on which nothing happens do not keep others out: when almost all that are allowed
 * are open, those that have waited longest for their clients are closed. If there are none of that
 * kind, a few more are taken, each for one request, so that probes are still answered.
 */
final class Listener {

    /** Connections beyond the bound that are taken for probes. */
    static final int RESERVED = 32;

    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

    /** Where Pekko's own short work is done. */
    private static final String APART = "pekko.actor.internal-dispatcher";

    /** For what is being sent to arrive, and the longest that a stream of events goes on. */
    private static final Duration FLUSH = Duration.ofSeconds(1);

    /** The part of the connections that is kept free by closing those that wait: a sixteenth. */
    private static final int FREE_SHARE = 16;

    /**
     * Who answers.
     *
     * @param usual one request of a connection after the other
     * @param crowded the only request of a connection beyond those allowed
     */
    record Handlers(HttpConnection.Handlers usual, HttpConnection.Handlers crowded) {}

    private final Handlers handlers;
    private final RequestBytes.Bounds bounds;
    private final Attributes attributes;
    private final BidiFlow<HttpResponse, ByteString, ByteString, HttpRequest, NotUsed> http;
    private final Materializer materializer;
    private final Set<HttpConnection> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger staying = new AtomicInteger();
    private volatile Tcp.ServerBinding binding;
    private volatile boolean draining;

    private Listener(ActorSystem system, ServerSettings settings, RequestBytes.Bounds bounds,
            Handlers handlers) {
        this.handlers = handlers;
        this.bounds = bounds;
        // As bind does: time for an early answer to arrive before the connection is cut.
        this.attributes = Attributes.none().and(new Attributes.CancellationStrategy(
            Attributes.cancellationStrategyAfterDelay(settings.getStreamCancellationDelay(),
                Attributes.cancellationStrategyFailStage())));
        this.http = Http.get(system).serverLayer(settings)
            .atop(unencrypted())
            .atop(BidiFlow.<ByteString, ByteString>bidirectionalIdleTimeout(
                bounds.settings().idleTimeout()));
        this.materializer = SystemMaterializer.get(system).materializer();
    }

    /**
     * Listens where {@code bounds} say.
     *
     * @param settings for what is read as HTTP
     * @return fails as {@code bind} does if the address cannot be had
     */
    static CompletionStage<Listener> bind(ActorSystem system, ServerSettings settings,
            RequestBytes.Bounds bounds, Handlers handlers) {
        Listener listener = new Listener(system, settings, bounds, handlers);
        HttpSettings at = bounds.settings();
        CompletionStage<Tcp.ServerBinding> bound = Tcp.get(system)
            .bind(at.host(), at.port(), settings.getBacklog(), settings.getSocketOptions(), false,
                Optional.empty())
            .to(Sink.foreach(listener::take))
            .withAttributes(ActorAttributes.dispatcher(APART))
            .run(listener.materializer);
        return Continuations.then(bound, binding -> {
            listener.binding = binding;
            return listener;
        });
    }

    InetSocketAddress address() {
        return binding.localAddress();
    }

    /** As {@link HttpServer#drain}. */
    CompletionStage<Void> drain(Duration within) {
        draining = true;
        return binding.unbind().thenComposeAsync(unbound -> {
            after(FLUSH, HttpConnection::breakOff);
            after(within, HttpConnection::giveUp);
            open.forEach(HttpConnection::end);
            return CompletableFuture.allOf(open.stream()
                    .map(each -> each.ended().toCompletableFuture())
                    .toArray(CompletableFuture[]::new))
                .completeOnTimeout(
                    null, within.plus(FLUSH).toNanos(), TimeUnit.NANOSECONDS);
        }, Runnable::run);
    }

    private void after(Duration wait, Consumer<HttpConnection> order) {
        CompletableFuture.delayedExecutor(wait.toNanos(), TimeUnit.NANOSECONDS)
            .execute(() -> open.forEach(order));
    }

    private void take(Tcp.IncomingConnection client) {
        int most = bounds.settings().maxConnections();
        int free = Math.max(1, most / FREE_SHARE);
        int count = staying.get();
        if (count >= Math.max(1, most - free)) {
            makeRoom(free, count);
        }
        if (count >= most + RESERVED) {
            client.flow().runWith(Source.empty(), Sink.cancelled(), materializer);
        } else {
            serve(client, count >= most);
        }
    }

    /** Closes the {@code number} connections that have waited longest for their clients. */
    private void makeRoom(int number, int count) {
        List<HttpConnection> waiting = new ArrayList<>();
        for (HttpConnection each : open) {
            if (!each.isLeaving() && each.requests().isClientsTurn()) {
                waiting.add(each);
            }
        }
        long now = System.nanoTime();
        waiting.sort(Comparator.comparingLong(each -> each.requests().since() - now));
        List<HttpConnection> longest = waiting.subList(0, Math.min(number, waiting.size()));
        for (HttpConnection each : longest) {
            leave(each);
            each.makeRoom();
        }
        if (!longest.isEmpty()) {
            LOG.warn("{} connections are open; closing {} that wait for their clients", count,
                longest.size());
        }
    }

    private void serve(Tcp.IncomingConnection client, boolean isCrowded) {
        AtomicReference<Peer> peer =
            new AtomicReference<>(Peer.plain(client.remoteAddress().getAddress()));
        HttpConnection connection = new HttpConnection(
            isCrowded ? handlers.crowded : handlers.usual, bounds, peer::get, isCrowded);
        open.add(connection);
        staying.incrementAndGet();
        connection.ended().thenRunAsync(() -> {
            open.remove(connection);
            leave(connection);
        }, Runnable::run);
        Flow.fromGraph(connection)
            .join(http)
            .join(plain(client, peer).via(connection.bytes()))
            .addAttributes(attributes).run(materializer);
        if (draining) {
            connection.end();
        }
    }

    /** What is said in the clear, however it travels. */
    private Flow<ByteString, ByteString, ?> plain(
            Tcp.IncomingConnection client, AtomicReference<Peer> peer) {
        Optional<ServerTls> tls = bounds.settings().tls();
        return tls.isEmpty() ? client.flow() : BidiFlow.fromGraph(
            new TlsLayer(() -> tls.get().engine(TlsLayer.PROTOCOLS), session -> peer.set(
                new Peer(peer.get().address(), true, ServerTls.verified(session)))))
            .join(client.flow());
    }

    private void leave(HttpConnection connection) {
        if (connection.leave()) {
            staying.decrementAndGet();
        }
    }

    @SuppressWarnings("unchecked")
    private static BidiFlow<SslTlsOutbound, ByteString, ByteString, SslTlsInbound, NotUsed>
            unencrypted() {
        return (BidiFlow<SslTlsOutbound, ByteString, ByteString, SslTlsInbound, NotUsed>)
            (BidiFlow<?, ?, ?, ?, ?>) TLSPlacebo.getInstance();
    }
}

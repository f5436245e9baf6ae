package http;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.IncomingConnection;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;

/**
 * Takes connections, and ends them so that no answer is lost. Thread-safe; no method blocks.
 *
 * <p>In place of {@code ServerBuilder.bind} and its {@code terminate}. The former needs a turn on
 * the dispatcher of all the work between two connections: of thousands that came to a busy node at
 * once it took 25 in a second. Here they are taken on threads that have little else to do, and
 * each is served where the work is. The latter breaks off a connection that is just being written
 * to; whoever lost an answer that way asks again, and hears that his transaction is there already.
 */
final class Listener {

    /** Where Pekko's own short work is done. */
    private static final String APART = "pekko.actor.internal-dispatcher";

    /** For what is being sent to arrive, and the longest that a stream of events goes on. */
    private static final Duration FLUSH = Duration.ofSeconds(1);

    private final Function<HttpRequest, CompletionStage<HttpResponse>> handler;
    private final Attributes attributes;
    private final Materializer materializer;
    private final Set<Dialogue> open = ConcurrentHashMap.newKeySet();
    private volatile ServerBinding binding;
    private volatile boolean draining;

    private Listener(ActorSystem system, ServerSettings settings,
            Function<HttpRequest, CompletionStage<HttpResponse>> handler) {
        this.handler = handler;
        // As bind does: time for an early answer to arrive before the connection is cut.
        this.attributes = Attributes.none().and(new Attributes.CancellationStrategy(
            Attributes.cancellationStrategyAfterDelay(settings.getStreamCancellationDelay(),
                Attributes.cancellationStrategyFailStage())));
        this.materializer = SystemMaterializer.get(system).materializer();
    }

    /**
     * Listens.
     *
     * @param at where; the port may be 0
     * @param settings of which {@code max-connections} may be open at once; more wait until one is
     *     closed
     * @param handler is given one request of a connection after the other; never throws, and its
     *     stages never fail
     * @return fails as {@code bind} does if the address cannot be had
     */
    static CompletionStage<Listener> bind(ActorSystem system, InetSocketAddress at,
            ServerSettings settings, Function<HttpRequest, CompletionStage<HttpResponse>> handler) {
        Listener listener = new Listener(system, settings, handler);
        CompletionStage<ServerBinding> bound = Http.get(system)
            .newServerAt(at.getHostString(), at.getPort()).withSettings(settings)
            .connectionSource()
            .mapAsyncUnordered(settings.getMaxConnections(), listener::serve)
            .to(Sink.ignore())
            .withAttributes(ActorAttributes.dispatcher(APART))
            .run(listener.materializer);
        return Stages.then(bound, binding -> {
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
            after(FLUSH, Dialogue::breakOff);
            after(within, Dialogue::giveUp);
            open.forEach(Dialogue::end);
            return CompletableFuture.allOf(open.stream()
                    .map(each -> each.ended().toCompletableFuture())
                    .toArray(CompletableFuture[]::new))
                .completeOnTimeout(
                    null, within.plus(FLUSH).toNanos(), TimeUnit.NANOSECONDS);
        }, Runnable::run);
    }

    private void after(Duration wait, Consumer<Dialogue> order) {
        CompletableFuture.delayedExecutor(wait.toNanos(), TimeUnit.NANOSECONDS)
            .execute(() -> open.forEach(order));
    }

    private CompletionStage<Done> serve(IncomingConnection connection) {
        Dialogue dialogue = new Dialogue(handler);
        connection.flow().join(Flow.fromGraph(dialogue))
            .addAttributes(attributes).run(materializer);
        open.add(dialogue);
        CompletionStage<Done> gone = dialogue.ended().thenApplyAsync(done -> {
            open.remove(dialogue);
            return done;
        }, Runnable::run);
        if (draining) {
            dialogue.end();
        }
        return gone;
    }
}

package pactor.cluster;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import branch.Certificates;
import com.typesafe.config.ConfigFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.channels.Selector;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.event.Logging;
import org.apache.pekko.remote.artery.tcp.SSLEngineProvider;
import org.apache.pekko.remote.artery.tcp.SSLEngineProviderSetup;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import scala.Option;

/** Pekko's own port bears a connection on which nothing is sent, and says nothing about it. */
class ClusterPortTest {

    private static final int CONNECTIONS = 20;
    private static final long PAUSE_MILLIS = 10;

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "tls-tcp"})
    void aSilentConnectionIsNothingToIt(String transport) throws Exception {
        List<Object> complaints = new CopyOnWriteArrayList<>();
        ActorSystem system = start(transport);
        system.eventStream().subscribe(
            system.actorOf(Props.create(Ear.class, () -> new Ear(complaints))),
            Logging.Warning.class);
        system.eventStream().subscribe(
            system.actorOf(Props.create(Ear.class, () -> new Ear(complaints))),
            Logging.Error.class);
        Address address = Cluster.get(system).selfAddress();
        int port = address.getPort().orElseThrow();
        Set<String> dead = new HashSet<>();
        try (Selector selector = Selector.open()) {
            PeerConnection connection = new PeerConnection(
                new PeerProbe.Peer(address.toString(), 1, "127.0.0.1", port), selector,
                Runnable::run, dead);
            connection.goOn(System.nanoTime());
            while (connection.goOn(System.nanoTime()) < Long.MAX_VALUE) {
                selector.select(connection::ready);
            }
            for (int i = 0; i < CONNECTIONS; i++) {
                Socket silent = new Socket(InetAddress.getLoopbackAddress(), port);
                silent.setSoLinger(i % 2 == 0, 0);
                silent.close();
            }
            system.terminate();
            await().until(() -> {
                connection.goOn(System.nanoTime());
                selector.select(connection::ready, PAUSE_MILLIS);
                return !dead.isEmpty();
            });
            system.getWhenTerminated().toCompletableFuture().get(30, TimeUnit.SECONDS);
            connection.close();
            assertEquals(List.of(), complaints);
        }
    }

    private static ActorSystem start(String transport) throws Exception {
        var config = ConfigFactory.parseString("""
            pekko.remote.artery.transport = %s
            pekko.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
            pekko.coordinated-shutdown.exit-jvm = off
            """.formatted(transport))
            .withFallback(ConfigFactory.parseResources("application.conf"))
            .withFallback(ConfigFactory.defaultReferenceUnresolved()).resolve();
        SSLContext context = new Certificates().server(
            "localhost", Instant.now().plus(1, ChronoUnit.DAYS));
        return ActorSystem.create("pactor", ActorSystemSetup.create(
            BootstrapSetup.create(config),
            SSLEngineProviderSetup.create(ignored -> new Tls(context))));
    }

    private static final class Ear extends AbstractActor {

        private final List<Object> heard;

        Ear(List<Object> heard) {
            this.heard = heard;
        }

        @Override
        public Receive createReceive() {
            return receiveBuilder().matchAny(heard::add).build();
        }
    }

    private record Tls(SSLContext context) implements SSLEngineProvider {

        @Override
        public SSLEngine createServerSSLEngine(String host, int port) {
            return engine(false);
        }

        @Override
        public SSLEngine createClientSSLEngine(String host, int port) {
            return engine(true);
        }

        @Override
        public Option<Throwable> verifyClientSession(String host, SSLSession session) {
            return Option.empty();
        }

        @Override
        public Option<Throwable> verifyServerSession(String host, SSLSession session) {
            return Option.empty();
        }

        private SSLEngine engine(boolean isClient) {
            SSLEngine engine = context.createSSLEngine();
            engine.setUseClientMode(isClient);
            return engine;
        }
    }
}

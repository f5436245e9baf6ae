package pactor;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import transaction.Bytes;
import transaction.CallKey;
import transaction.Coordinator;
import transaction.Details;
import transaction.GlobalTransaction;
import transaction.Mode;
import transaction.Op;
import transaction.Options;
import transaction.Protocol;
import transaction.Reply;
import transaction.Status;
import transaction.Submission;

/** A job that takes longer than a call, and than a coordinator lives. */
class CallBackTest {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final CallKey ACTION = new CallKey("01", Op.ACTION);

    @TempDir
    Path dir;

    private final List<String> tokens = new CopyOnWriteArrayList<>();
    private HttpServer participant;

    @BeforeEach
    void listen() throws IOException {
        participant = HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        participant.createContext("/job", this::takeOn);
        participant.start();
    }

    @AfterEach
    void stop() {
        participant.stop(0);
    }

    private void takeOn(HttpExchange call) throws IOException {
        tokens.add(call.getRequestHeaders().getFirst("Pactor-Token"));
        call.getResponseHeaders().add("Pactor-Callback", "3600");
        call.sendResponseHeaders(425, -1);
        call.close();
    }

    @Test
    void itsParticipantCompletesItAfterARestartThoughItWasCalledOnce() throws Exception {
        String url = "http://127.0.0.1:" + participant.getAddress().getPort() + "/job";
        with(coordinator -> {
            assertEquals(Reply.DONE, get(coordinator.submit(new Submission("job", Mode.SAGA,
                List.of(new Submission.Step(url, "", Bytes.utf8("{}"))), "", Protocol.HTTP, "",
                Details.PLAIN, Options.NONE))));
            await().atMost(SOON).until(() ->
                found(coordinator).op(ACTION).orElseThrow().awaitedUntil() != null);
        });
        with(coordinator -> {
            String token = tokens.get(0);
            assertInstanceOf(Reply.Forbidden.class,
                get(coordinator.complete("other", ACTION, true, "", token)));
            assertInstanceOf(Reply.Forbidden.class,
                get(coordinator.complete("job", ACTION, true, "", token.toLowerCase())));
            assertEquals(Status.SUBMITTED, found(coordinator).status());

            assertEquals(Reply.DONE, get(coordinator.complete("job", ACTION, true, "", token)));

            assertEquals(Status.SUCCEED, found(coordinator).status());
            assertEquals(Reply.DONE, get(coordinator.complete("job", ACTION, true, "", token)));
            assertInstanceOf(Reply.Refused.class,
                get(coordinator.complete("job", ACTION, false, "", token)));
        });
        assertEquals(1, tokens.size());
    }

    private interface Work {
        void with(Coordinator coordinator) throws Exception;
    }

    private void with(Work work) throws Exception {
        Config config = ConfigFactory.parseString("""
            pekko.actor.provider = cluster
            pekko.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
            pekko.loglevel = ERROR
            pekko.coordinated-shutdown.run-by-jvm-shutdown-hook = off
            pactor.store.data-dir = "%s"
            """.formatted(dir)).withFallback(ConfigFactory.defaultReference());
        ActorSystem<Void> system =
            ActorSystem.create(Behaviors.empty(), "host", config.resolve());
        Cluster cluster = Cluster.get(system);
        cluster.manager().tell(Join.create(cluster.selfMember().address()));
        try {
            work.with(get(Pactor.start(system).ready()).coordinator());
        } finally {
            system.terminate();
            get(system.getWhenTerminated());
        }
    }

    private static GlobalTransaction found(Coordinator coordinator) throws Exception {
        return ((Reply.Found) get(coordinator.find("job"))).transaction();
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(SOON.toSeconds(), TimeUnit.SECONDS);
    }
}

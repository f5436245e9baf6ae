package pactor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import transaction.Bytes;
import transaction.Details;
import transaction.Mode;
import transaction.Options;
import transaction.Protocol;
import transaction.Reply;
import transaction.Status;
import transaction.Submission;

/** The example of docs/embedding.md: a coordinator inside somebody's own actor system. */
class EmbeddingTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    private Path dir;

    @Test
    void aCoordinatorRunsInsideAnActorSystemAndTheSystemOutlivesIt() throws Exception {
        ActorSystem<Void> system = system("cluster");
        try {
            Pactor pactor = Pactor.start(system);
            get(pactor.ready());
            Reply reply = get(pactor.coordinator().submit(saga("embedded-1")));
            assertEquals(Reply.DONE, reply);
            Reply found = get(pactor.coordinator().find("embedded-1"));
            assertEquals(Status.SUCCEED, ((Reply.Found) found).transaction().status());
            assertThrows(IllegalStateException.class, () -> Pactor.start(system));

            get(pactor.stop());

            assertTrue(pactor.coordinator().notReadyBecause().isPresent());
            assertTrue(!system.getWhenTerminated().toCompletableFuture().isDone());
        } finally {
            system.terminate();
            get(system.getWhenTerminated());
        }
    }

    @Test
    void whatOneSystemWroteTheNextOneKnows() throws Exception {
        for (int run = 0; run < 2; run++) {
            ActorSystem<Void> system = system("cluster");
            try {
                Pactor pactor = get(Pactor.start(system).ready());
                if (run == 0) {
                    get(pactor.coordinator().prepare(saga("kept")));
                } else {
                    Reply found = get(pactor.coordinator().find("kept"));
                    assertEquals(
                        Status.PREPARED, ((Reply.Found) found).transaction().status());
                }
            } finally {
                system.terminate();
                get(system.getWhenTerminated());
            }
        }
    }

    @Test
    void aSystemWithoutAClusterIsToldWhatItLacks() throws Exception {
        ActorSystem<Void> system = system("local");
        try {
            Exception refused =
                assertThrows(IllegalStateException.class, () -> Pactor.start(system));
            assertTrue(refused.getMessage().contains("pekko.actor.provider = cluster"));
        } finally {
            system.terminate();
            get(system.getWhenTerminated());
        }
    }

    @Test
    void aRequestThatMakesNoSenseChangesNothing() throws Exception {
        ActorSystem<Void> system = system("cluster");
        try {
            Pactor pactor = get(Pactor.start(system).ready());
            Reply reply = get(pactor.coordinator().submit(Submission.bare("none", Mode.SAGA)));
            assertInstanceOf(Reply.Invalid.class, reply);
            assertInstanceOf(Reply.Invalid.class, get(pactor.coordinator().submit(new Submission(
                "none", Mode.SAGA, List.of(new Submission.Step("http://:0/", "", Bytes.EMPTY)), "",
                Protocol.HTTP, "", Details.PLAIN, Options.NONE))));
            Reply found = get(pactor.coordinator().find("none"));
            assertTrue(((Reply.Found) found).transaction().isAbsent());
        } finally {
            system.terminate();
            get(system.getWhenTerminated());
        }
    }

    private static Submission saga(String gid) {
        Options wait = new Options(true, 0, 0, 0, 0, 0, Map.of(), false);
        return new Submission(gid, Mode.SAGA,
            List.of(new Submission.Step("", "", Bytes.utf8("{}"))),
            "", Protocol.HTTP, "", Details.PLAIN, wait);
    }

    private ActorSystem<Void> system(String provider) {
        Config config = ConfigFactory.parseString("""
            pekko.actor.provider = %s
            pekko.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
            pekko.loglevel = ERROR
            pekko.coordinated-shutdown.run-by-jvm-shutdown-hook = off
            pactor.store.data-dir = "%s"
            """.formatted(provider, dir)).withFallback(ConfigFactory.defaultReference());
        ActorSystem<Void> system =
            ActorSystem.create(Behaviors.empty(), "host", config.resolve());
        if (provider.equals("cluster")) {
            Cluster cluster = Cluster.get(system);
            cluster.manager().tell(Join.create(cluster.selfMember().address()));
        }
        return system;
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(SOON.toSeconds(), TimeUnit.SECONDS);
    }
}

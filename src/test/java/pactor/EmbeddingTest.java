package pactor;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import health.Guard;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import meter.Meter;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pactor.settings.LiveSettings;
import pactor.settings.Settings;
import store.Database;
import store.NodeTable;
import store.StoreException;
import store.StoreSettings;
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

    private static final String SHARED = "jdbc:h2:mem:refused";

    private final Set<Thread> before = Set.copyOf(Thread.getAllStackTraces().keySet());

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

    /** Its own node alone: the host's system and process go on, and the host is told why. */
    @Test
    void whenAPartFailsTheCoordinatorStopsAndTheHostIsTold() throws Exception {
        ActorSystem<Void> system = system("cluster");
        try {
            Guard guard = Guard.start();
            Pactor pactor = Pactor.start(
                system, LiveSettings.fixed(Settings.of(system.settings().config())),
                Host.plain(), guard);
            get(pactor.ready());
            assertEquals(Reply.DONE, get(pactor.coordinator().submit(saga("before"))));

            guard.fail("the thread of a test", new OutOfMemoryError("as told"));

            assertEquals("the thread of a test has failed: java.lang.OutOfMemoryError: as told",
                get(pactor.failed()).getMessage());
            assertTrue(pactor.coordinator().notReadyBecause().isPresent());
            await().atMost(SOON).until(() -> threads("pactor-journal-writer") == 0);
            assertFalse(system.getWhenTerminated().toCompletableFuture().isDone());
        } finally {
            system.terminate();
            get(system.getWhenTerminated());
        }
    }

    @Test
    void aRefusedStartLeavesNothingBehindAndCanBeRepeated() throws Exception {
        ActorSystem<Void> system = system("cluster");
        try {
            Path file = Files.writeString(dir.resolve("file"), "");
            Config config = system.settings().config();
            Settings wrong = Settings.of(ConfigFactory.parseString(
                "pactor.store.data-dir = \"" + file + "\"").withFallback(config));
            Settings other = Settings.of(ConfigFactory.parseString(
                "pactor.coordinator.shards = 9\npactor.store.jdbc-url = \"" + SHARED + "\"")
                .withFallback(config));
            assertThrows(RuntimeException.class,
                () -> Pactor.start(system, LiveSettings.fixed(wrong)));
            try (Database open = Database.open(StoreSettings.at(SHARED), Meter.create())) {
                stranger(open);
                for (int i = 0; i < 2; i++) {
                    StoreException refused = assertThrows(StoreException.class,
                        () -> Pactor.start(system, LiveSettings.fixed(other)));
                    assertTrue(refused.getMessage().contains("in use by"), refused.getMessage());
                }
                assertEquals(1, threads("pactor-journal-writer"), "that of the test");
                await().atMost(SOON).until(() -> threads("pactor-watchdog") == 0);
            }

            Pactor pactor = get(Pactor.start(system).ready());
            assertEquals(Reply.DONE, get(pactor.coordinator().submit(saga("at last"))));
        } finally {
            system.terminate();
            get(system.getWhenTerminated());
        }
    }

    /** A node of another cluster, which renews its row until the database is closed. */
    private static void stranger(Database open) {
        NodeTable table = new NodeTable(open);
        NodeTable.Node node = new NodeTable.Node("stranger", "1", true, 128, "dev");
        table.enter(node).toCompletableFuture().join();
        Thread renewing = new Thread(() -> {
            try {
                while (true) {
                    table.renew(node).toCompletableFuture().get(10, TimeUnit.SECONDS);
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
                }
            } catch (Exception closed) {
                // The test is over.
            }
        });
        renewing.setDaemon(true);
        renewing.start();
    }

    /** Those that have begun since the test did. */
    private long threads(String name) {
        return Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().equals(name) && !before.contains(thread)).count();
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

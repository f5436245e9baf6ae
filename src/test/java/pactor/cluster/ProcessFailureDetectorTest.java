package pactor.cluster;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node whose process is gone is out of reach at once, whatever its heartbeats told. */
class ProcessFailureDetectorTest {

    private static final String ADDRESS = "pekko://pactor@127.0.0.1:7355";

    private final ActorTestKit kit = ActorTestKit.create();
    private final ProcessFailureDetector detector = new ProcessFailureDetector(
        config().getConfig("pekko.cluster.failure-detector"),
        Adapter.toClassic(kit.system()).eventStream());

    @AfterEach
    void close() {
        kit.shutdownTestKit();
    }

    @Test
    void itAsksInItsActorSystemWhoKnows() {
        AtomicReference<ProcessFailureDetector> asking = new AtomicReference<>();
        ActorRef<ProcessFailureDetector> ear = kit.spawn(Behaviors.receiveMessage(each -> {
            asking.set(each);
            return Behaviors.same();
        }));
        kit.system().eventStream().tell(
            new EventStream.Subscribe<>(ProcessFailureDetector.class, ear));
        await().until(() -> detector.isAvailable() && asking.get() != null);
        assertSame(detector, asking.get());
    }

    @Test
    void aProcessThatIsGoneIsOutOfReachForAsLongAsItIs() {
        Set<String> gone = ConcurrentHashMap.newKeySet();
        detector.setAddress(ADDRESS);
        detector.heed(gone::contains);
        detector.heartbeat();
        assertTrue(detector.isAvailable());
        gone.add("pekko://pactor@127.0.0.1:7356");
        assertTrue(detector.isAvailable());
        gone.add(ADDRESS);
        assertFalse(detector.isAvailable());
        gone.clear();
        assertTrue(detector.isAvailable());
    }

    @Test
    void theServerIsToldToUseIt() {
        assertTrue(config().getString("pekko.cluster.failure-detector.implementation-class")
            .equals(ProcessFailureDetector.class.getName()));
        assertTrue(ProbedMembers.areOfUse(config()));
        assertFalse(ProbedMembers.areOfUse(ConfigFactory.parseString(
            "pekko.remote.artery.enabled = off").withFallback(config())));
        assertFalse(ProbedMembers.areOfUse(ConfigFactory.parseString(
            "pekko.remote.artery.transport = aeron-udp").withFallback(config())));
    }

    private static Config config() {
        return ConfigFactory.parseResources("application.conf")
            .withFallback(ConfigFactory.defaultReferenceUnresolved()).resolve();
    }
}

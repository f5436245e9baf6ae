package crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import client.LiveHeap;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Transactions that wait cost disk, not memory: half of them prepared, half of them messages that
 * are to be delivered in an hour. {@code -Dcrash.waiting=100000} is the full number; a build takes
 * a part of it.
 */
class WaitingMemoryIT {

    private static final int COUNT = Integer.getInteger("crash.waiting", 16_000);

    private static final int HEAP_MIB = 512;

    /** What is left on the heap after all rubbish is gone: half of it must stay free (H-03). */
    private static final long USED_MIB_MAX = HEAP_MIB / 2;


    @Test
    void theyWaitOnDisk(@TempDir Path home) throws Exception {
        Child.Setup setup = Child.Setup.withJvm("-Xmx" + HEAP_MIB + "m", "-XX:+UseSerialGC");
        try (BankParticipants bank = new BankParticipants(1);
                Child child = new Child(home, setup)) {
            Wire wire = new Wire(child.serving()::uri);
            long before = LiveHeap.mib(child.pid());
            Crowd crowd = new Crowd(wire, Duration.ofMinutes(8));
            Crowd.Pace prepared = crowd.send("prepare", COUNT / 2, i -> Wire.about(gid(i), "tcc")
                .put("timeout_to_fail", 3_600));
            Crowd.Pace submitted = crowd.send("submit", COUNT - COUNT / 2,
                i -> message(gid(COUNT / 2 + i), bank.url("/receipt")));
            Awaitility.await().atMost(Duration.ofSeconds(20)).pollDelay(Duration.ofSeconds(3))
                .until(() -> LiveHeap.mib(child.pid()) <= USED_MIB_MAX);
            long after = LiveHeap.mib(child.pid());

            assertEquals("prepared", wire.status(gid(0)));
            assertEquals("submitted", wire.status(gid(COUNT - 1)));
            ObjectNode one = Wire.about(gid(1), "tcc");
            assertTrue(wire.tell("submit", one).isAck());
            Awaitility.await().until(() -> wire.status(gid(1)).equals("succeed"));
            assertEquals(0, bank.calls());
            System.out.printf("%,d waiting: heap %d MiB before and %d MiB after, of %d;"
                + " prepare %s; submit %s%n", COUNT, before, after, HEAP_MIB, prepared, submitted);
        }
    }

    private static ObjectNode message(String gid, String url) {
        ObjectNode body = Crowd.saga(gid, 10, url);
        return body.put("trans_type", "msg").put("custom_data", "{\"delay\":3600}");
    }

    private static String gid(int number) {
        return "waiting-" + number;
    }
}

package attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All that strangers do, at one time, to a node with a small heap that serves honest clients. */
class AttackIT {

    private static final int HEAP_MIB = 512;

    private static final int ROUNDS = 10;

    private static final int SAGAS = 25;

    /** What loggers that are limited say at most, whatever is sent. */
    private static final int LOG_BYTES_MAX = 200_000;

    /** When strangers have left: transactions in memory, a quarter of the heap, and the process. */
    private static final int HEAP_MIB_AFTER = HEAP_MIB / 2;

    @Test
    void honestClientsAreServedBesideAllAttacks(@TempDir Path dir) throws Exception {
        try (Siege siege = new Siege(dir, "-Xmx" + HEAP_MIB + "m", "-XX:TieredStopAtLevel=1")) {
            Siege.Outcome outcome = siege.run(Duration.ZERO, round -> round < ROUNDS,
                saga -> saga < SAGAS, line -> { });

            String log = String.join("\n", siege.log());
            assertEquals(0, outcome.lost().size(), outcome.lost() + log);
            assertEquals(Clients.COUNT * SAGAS, outcome.clients().finished());
            assertTrue(outcome.rounds().values().stream().allMatch(each -> each == ROUNDS),
                outcome.rounds().toString());
            assertTrue(outcome.isWell(), log);
            assertTrue(outcome.logBytes() < LOG_BYTES_MAX, outcome.logBytes() + ": " + log);
            assertTrue(outcome.heapMib() < HEAP_MIB_AFTER, outcome.heapMib() + " MiB");
        }
    }
}

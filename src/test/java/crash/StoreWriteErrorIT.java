package crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import database.Databases;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A store that takes no more bytes, as on a full disk: the process may not let any file grow beyond
 * a size that the store soon reaches. It ends then; after somebody has cleaned up, a restart finds
 * all that was acknowledged.
 */
class StoreWriteErrorIT {

    /** How much the store may still grow, in bytes. */
    private static final int ROOM = 256 << 10;

    /** What the shell counts file sizes in. */
    private static final int SHELL_BLOCK = 512;

    private static final int TOO_MANY = 5_000;

    @Test
    @DisplayName("13. Store write error at any step is reported and safe (narayana#2331, dtm#278)")
    void itIsReportedAndSafe(@TempDir Path home) throws Exception {
        Databases.choose(Databases.H2, home.resolve("data"));
        try (BankParticipants bank = new BankParticipants(2); Child child = Child.in(home)) {
            Wire wire = new Wire(child.serving()::uri);
            child.kill();
            long size = Files.size(child.dataDir().resolve("pactor.mv.db"));
            child.launch("", Child.Setup.lean()
                .withShell("ulimit -S -f " + (size + ROOM) / SHELL_BLOCK));
            child.awaitServing();

            Set<String> acked = new LinkedHashSet<>();
            int asked = fill(wire, bank, acked);
            assertFalse(acked.isEmpty(), "there was room for some");

            assertEquals(1, child.awaitDeath(Duration.ofSeconds(40)), child::story);
            assertTrue(child.printed().contains("the store has failed: "), child::story);
            assertTrue(child.printed().contains("File too large"), child::story);

            // There is room again: what was not acknowledged is said again in the same words.
            child.serving();
            for (int i = 0; i < asked; i++) {
                ObjectNode saga = saga(bank, i);
                Wire.Answer answer = wire.tell("submit", saga);
                boolean done = answer.isRefusal() && wire.status(gid(i)).equals(Told.SUCCEED);
                assertTrue(answer.isAck() || done, saga + " was answered " + answer);
            }
            awaitEnds(wire, asked);
            for (String gid : acked) {
                assertFalse(bank.receipts(gid).isEmpty(), gid + " was never called");
            }
            System.out.println(acked.size() + " of " + asked + " were acknowledged at first");
        }
    }

    /** Submits until one was not acknowledged. @return how many were submitted */
    private static int fill(Wire wire, BankParticipants bank, Set<String> acked) {
        for (int i = 0; i < TOO_MANY; i++) {
            try {
                HttpResponse<String> answer = wire.post("submit", saga(bank, i).toString());
                if (answer.statusCode() != 200) {
                    assertEquals(503, answer.statusCode(), "neither yes nor no: " + answer.body());
                    return i + 1;
                }
                acked.add(gid(i));
            } catch (IOException ended) {
                // Cut off is neither yes nor no, too.
                return i + 1;
            }
        }
        throw new AssertionError("the store never was full");
    }

    private static void awaitEnds(Wire wire, int asked) {
        for (int i = 0; i < asked; i++) {
            String gid = gid(i);
            Awaitility.await(gid).atMost(Duration.ofSeconds(30)).ignoreExceptions()
                .until(() -> wire.status(gid).equals(Told.SUCCEED));
        }
    }

    private static ObjectNode saga(BankParticipants bank, int number) {
        ObjectNode saga = Crowd.saga(gid(number), 1, bank.url("/receipt"));
        saga.putArray("payloads").add("\"" + "x".repeat(2_000) + "\"");
        return saga;
    }

    private static String gid(int number) {
        return "full-" + number;
    }
}

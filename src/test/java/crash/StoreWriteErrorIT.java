package crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A store that takes no more bytes, as on a full disk: the process may not let any file grow beyond
 * a size that the store soon reaches.
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
        try (BankParticipants bank = new BankParticipants(2); Child child = Child.in(home)) {
            Wire wire = new Wire(child.serving()::uri);
            child.kill();
            long size = Files.size(child.dataDir().resolve("pactor.mv.db"));
            child.launch("", Child.Setup.lean()
                .withShell("ulimit -f " + (size + ROOM) / SHELL_BLOCK));
            child.awaitServing();

            List<String> acked = new ArrayList<>();
            HttpResponse<String> refused = fill(wire, bank, acked);
            System.out.println(acked.size() + " acknowledged, then " + (refused == null
                ? "the process was gone" : refused.statusCode() + " " + refused.body()));
            assertFalse(acked.isEmpty(), "there was room for some");
            assertTrue(refused == null || refused.statusCode() == 503,
                "not acknowledged, not denied");
            awaitReport(child, wire);

            child.kill();
            child.serving();
            for (String gid : acked) {
                Awaitility.await(gid).atMost(Duration.ofSeconds(30)).ignoreExceptions()
                    .until(() -> wire.status(gid).equals(Told.SUCCEED));
            }
            assertEquals(0, wire.unfinished());
            ObjectNode last = saga(bank, acked.size());
            assertTrue(wire.tell("submit", last).isAck(), "what was refused may be said again");
        }
    }

    /** Submits until one is not acknowledged. @return its answer; null if there was none */
    private static HttpResponse<String> fill(Wire wire, BankParticipants bank, List<String> acked) {
        for (int i = 0; i < TOO_MANY; i++) {
            ObjectNode saga = saga(bank, i);
            try {
                HttpResponse<String> answer = wire.post("submit", saga.toString());
                if (answer.statusCode() != 200) {
                    return answer;
                }
                acked.add(saga.path("gid").asText());
            } catch (IOException e) {
                return null;
            }
        }
        throw new AssertionError("the store never was full");
    }

    private static ObjectNode saga(BankParticipants bank, int number) {
        ObjectNode saga = Crowd.saga("full-" + number, 1, bank.url("/receipt"));
        saga.putArray("payloads").add("\"" + "x".repeat(2_000) + "\"");
        return saga;
    }

    /**
     * Either it says of itself that it cannot serve, or it has ended; and the log has the reason.
     */
    private static void awaitReport(Child child, Wire wire) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
            try {
                return !child.isAlive() || wire.get("/api/health").statusCode() == 503;
            } catch (IOException e) {
                return !child.isAlive();
            }
        });
        assertTrue(child.isAlive() || child.awaitDeath(Duration.ofSeconds(1)) != 0, child::story);
        assertTrue(child.printed().contains("File too large"), child::story);
    }
}

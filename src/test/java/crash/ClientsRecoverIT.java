package crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client with connections of its own outlives the coordinator that they led to. */
class ClientsRecoverIT {

    @Test
    @DisplayName("8. Coordinator restarted: clients recover without restart, calls fail closed"
        + " meanwhile (seata#7986, #2714, #5516)")
    void clientsRecover(@TempDir Path home) throws Exception {
        try (BankParticipants bank = new BankParticipants(2); Child child = Child.in(home)) {
            Wire wire = new Wire(child.serving()::uri);
            for (int round = 1; round <= 3; round++) {
                ObjectNode before = Crowd.saga("before-" + round, 1, bank.url("/receipt"))
                    .put("wait_result", true);
                Initiator.acked(wire.tell("submit", before), before);

                child.kill();
                ObjectNode meanwhile = Crowd.saga("meanwhile-" + round, 1, bank.url("/receipt"));
                assertThrows(IOException.class, () -> wire.post("submit", meanwhile.toString()));
                assertEquals(0, bank.receipts("meanwhile-" + round).size());

                child.launch("");
                // Nobody tells the client that it is back; whatever is answered before is no ack.
                Wire.Answer answer = wire.tell("submit", meanwhile);
                assertTrue(answer.isAck() && answer.attempts() > 1, answer.toString());
                String gid = "meanwhile-" + round;
                Awaitility.await().atMost(Duration.ofSeconds(20))
                    .until(() -> wire.status(gid).equals(Told.SUCCEED));
                assertEquals(Told.SUCCEED, wire.status("before-" + round));
                assertEquals(1, bank.receipts("before-" + round).size());
            }
        }
    }
}

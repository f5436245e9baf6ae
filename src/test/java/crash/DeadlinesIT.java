package crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is to happen at a certain time happens then, whoever died meanwhile. */
class DeadlinesIT {

    /** These deadlines pass while the coordinator is dead. */
    private static final int SOON = 3;

    /** These come after it has started again. */
    private static final int LATE = 16;

    /** The tolerance of L8 and M6, and some seconds for a machine that others use too. */
    private static final double LATE_BY_MAX = 6;

    /** What the first call after the deadline is, by the name of the transaction. */
    private static final Map<String, String> OPS = Map.of("saga", "compensate", "tcc", "cancel",
        "msg", "action", "asked", "msg");

    private final Map<String, Long> created = new TreeMap<>();

    @Test
    @DisplayName("14. Deadlines survive restart and still fire (narayana#1530, axon#861, pack#695)")
    void theyFireAfterARestart(@TempDir Path home) throws Exception {
        try (BankParticipants bank = new BankParticipants(2); Child child = Child.in(home)) {
            Wire wire = new Wire(child.serving()::uri);
            create(wire, bank, SOON);
            create(wire, bank, LATE);
            child.kill();
            LockSupport.parkNanos(Duration.ofSeconds(SOON + 1).toNanos());
            child.serving();
            long serving = System.nanoTime();

            for (String gid : created.keySet()) {
                Awaitility.await(gid).atMost(Duration.ofSeconds(LATE + 30)).ignoreExceptions()
                    .until(() -> List.of(Told.SUCCEED, Told.FAILED).contains(wire.status(gid)));
            }
            for (String gid : created.keySet()) {
                check(gid, wire, bank, serving);
            }
        }
    }

    private void create(Wire wire, BankParticipants bank, int seconds) {
        ObjectNode saga = Crowd.saga("saga-" + seconds, 1, bank.branchUrl())
            .put("timeout_to_fail", seconds);
        saga.withArray("steps").forEach(each ->
            ((ObjectNode) each).put("compensate", bank.branchUrl()));
        saga.putArray("payloads").add(BankParticipants.payload(0, 1, "ongoing").toString());
        say(wire, "submit", saga);

        ObjectNode tcc = Wire.about("tcc-" + seconds, "tcc").put("timeout_to_fail", seconds);
        say(wire, "prepare", tcc);
        say(wire, "registerBranch", Wire.about("tcc-" + seconds, "tcc").put("branch_id", "01")
            .put("data", "{}").put("confirm", bank.url("/receipt"))
            .put("cancel", bank.url("/receipt")));

        ObjectNode message = Crowd.saga("msg-" + seconds, 1, bank.url("/receipt"))
            .put("trans_type", "msg").put("custom_data", "{\"delay\":" + seconds + "}");
        say(wire, "submit", message);

        ObjectNode asked = Crowd.saga("asked-" + seconds, 1, bank.url("/receipt"))
            .put("trans_type", "msg").put("timeout_to_fail", seconds)
            .put("query_prepared", bank.url("/committed"));
        say(wire, "prepare", asked);
    }

    private void say(Wire wire, String verb, ObjectNode body) {
        created.putIfAbsent(body.path("gid").asText(), System.nanoTime());
        Initiator.acked(wire.tell(verb, body), body);
    }

    private void check(String gid, Wire wire, BankParticipants bank, long serving)
            throws Exception {
        String name = gid.substring(0, gid.indexOf('-'));
        int seconds = Integer.parseInt(gid.substring(gid.indexOf('-') + 1));
        assertEquals(name.equals("msg") ? Told.SUCCEED : Told.FAILED, wire.status(gid));
        Receipt fired = bank.receipts(gid).stream().filter(each -> each.op().equals(OPS.get(name)))
            .findFirst().orElseThrow();
        double after = (fired.nanos() - created.get(gid)) / 1e9;
        double lateBy = Math.min(after - seconds, (fired.nanos() - serving) / 1e9);
        System.out.printf("%s fired after %.1f s%n", gid, after);
        // The time is counted from when it was written down, which is after the request was sent.
        assertTrue(after >= seconds, gid + " fired after " + after + " s");
        assertTrue(lateBy <= LATE_BY_MAX, gid + " was late by " + lateBy + " s");
    }
}

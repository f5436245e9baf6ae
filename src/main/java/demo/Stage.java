package demo;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * What a story plays with.
 *
 * @param coordinator the coordinator's process; a story may kill it if it starts it again
 * @param initiator the application that opens the transactions
 * @param amber a bank
 * @param birch a bank
 * @param cedar a bank
 * @param timeline where all of them leave what they say
 */
record Stage(CoordinatorChild coordinator, DemoClient initiator, Bank amber, Bank birch, Bank cedar,
        Timeline timeline) {

    /** Far more than any story takes; only a coordinator that stands still uses it up. */
    private static final Duration END_MAX = Duration.ofSeconds(20);

    private static final Duration LOOK = Duration.ofMillis(20);

    List<Bank> banks() {
        return List.of(amber, birch, cedar);
    }

    /**
     * Waits until the transaction has ended.
     *
     * @return its status, {@code succeed} or {@code failed}
     * @throws IllegalStateException if it has not ended within {@link #END_MAX}
     */
    String awaitEnd(String gid) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + END_MAX.toNanos();
        while (true) {
            String status = initiator.query(gid).path("transaction").path("status").asText();
            if (status.equals("succeed") || status.equals("failed")) {
                return status;
            }
            check(System.nanoTime() < deadline,
                    gid + " ends within " + END_MAX.toSeconds() + " s, but it is " + status);
            timeline.awaitNews(LOOK);
        }
    }

    /**
     * One step of a saga or a message.
     *
     * @param url of the action; a saga's compensation has the same, with another op
     * @param cents what its payload says
     */
    record Step(String url, long cents) {}

    /** The plan as the wire has it: the steps, and beside them a list of their payloads. */
    static void plan(ObjectNode body, boolean compensated, List<Step> steps) {
        ArrayNode plan = body.putArray("steps");
        ArrayNode payloads = body.putArray("payloads");
        for (Step step : steps) {
            ObjectNode node = plan.addObject().put("action", step.url());
            if (compensated) {
                node.put("compensate", step.url());
            }
            payloads.add(DemoClient.payload(step.cents()));
        }
    }

    /** Fails the story unless {@code holds}. */
    static void check(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException("expected that " + what);
        }
    }
}

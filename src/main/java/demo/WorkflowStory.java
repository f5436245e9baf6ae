package demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import demo.Timeline.Entry;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Workflow: the initiator's own program takes the steps and puts each on record. Here the program
 * dies after its first step; the coordinator calls it back, and it goes on with the second.
 */
final class WorkflowStory implements Story {

    private static final String GID = "demo-workflow";
    private static final String NAME = "pay-cedar";
    private static final long CENTS = 700;

    private volatile Endpoint program;

    @Override
    public String title() {
        return "Workflow: 7.00 go from Birch to Cedar; the program dies after the first step";
    }

    @Override
    public Promise promise() {
        return Promise.of("succeed", 0, -700, 700);
    }

    @Override
    public String play(Stage stage) throws Exception {
        program = new Endpoint(request -> resume(stage, request));
        run(stage, true);
        stage.timeline().note("the initiator's program dies; one step of two is on record");
        return GID;
    }

    /** Closes the address at which the coordinator calls the program back. */
    @Override
    public void close() {
        if (program != null) {
            program.close();
        }
    }

    private Endpoint.Reply resume(Stage stage, Endpoint.Request request) {
        Entry entry = Entry.asked("coordinator", "initiator", "resume")
                .about(request.query().get("branch_id"), request.query().get("op"));
        stage.timeline().add(entry.answered("going on", true));
        try {
            run(stage, false);
            return Endpoint.Reply.success();
        } catch (Exception e) {
            return Endpoint.Reply.error(e.toString());
        }
    }

    /** The program itself: it may be run again and again, and takes each step once. */
    private synchronized void run(Stage stage, boolean dieAfterOne) throws Exception {
        DemoClient initiator = stage.initiator();
        JsonNode record =
                initiator.tell("prepareWorkflow", beginning(), "", "read the record");
        if (!record.path("transaction").path("status").asText().equals("prepared")) {
            return;
        }
        Set<String> done = new HashSet<>();
        record.path("progresses").forEach(step -> done.add(step.path("branch_id").asText()));
        step(stage, done, "01", stage.birch().withdrawUrl());
        if (dieAfterOne) {
            return;
        }
        step(stage, done, "02", stage.cedar().depositUrl());
        ObjectNode end = DemoClient.about(GID, "workflow");
        end.putObject("req_extra").put("status", "succeed").put("result", base64("paid"));
        initiator.tell("submit", end, "", "it succeeded");
    }

    private static void step(Stage stage, Set<String> done, String branchId, String url)
            throws Exception {
        if (done.contains(branchId)) {
            stage.timeline().note("step " + branchId + " is on record and is not taken again");
            return;
        }
        BranchInfo branch = new BranchInfo("workflow", GID, branchId, "action");
        stage.initiator().ask(url, branch, CENTS, Map.of());
        ObjectNode outcome = DemoClient.about(GID, "workflow").put("branch_id", branchId)
                .put("op", "action").put("status", "succeed").put("data", "done");
        stage.initiator().tell("registerBranch", outcome, branchId, "step done");
    }

    private ObjectNode beginning() {
        String custom = DemoClient.object().put("name", NAME)
                .put("data", base64(DemoClient.payload(CENTS))).toString();
        return DemoClient.about(GID, "workflow").put("query_prepared", program.url() + "/resume")
                .put("custom_data", custom).put("retry_interval", 2);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}

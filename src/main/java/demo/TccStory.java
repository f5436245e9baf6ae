package demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** TCC: the initiator tries each branch, the coordinator confirms them all. */
final class TccStory implements Story {

    private static final String GID = "demo-tcc";

    @Override
    public String title() {
        return "TCC: 12.00 are set aside at Amber, then paid to Cedar";
    }

    @Override
    public Promise promise() {
        return Promise.of("succeed", -1_200, 0, 1_200);
    }

    @Override
    public String play(Stage stage) throws Exception {
        stage.initiator().tell("prepare", DemoClient.about(GID, "tcc"), "", "tcc");
        tryBranch(stage, "01", stage.amber().withdrawUrl());
        tryBranch(stage, "02", stage.cedar().depositUrl());
        Stage.check(stage.amber().books().held() == 1_200, "Amber holds 12.00");
        stage.timeline().note("Amber holds 12.00 aside; no balance has changed yet");
        stage.initiator().tell("submit", DemoClient.about(GID, "tcc"), "", "confirm all");
        return GID;
    }

    /** Registers first, so that a try whose answer is lost is cancelled all the same. */
    private static void tryBranch(Stage stage, String branchId, String url) throws Exception {
        ObjectNode branch = DemoClient.about(GID, "tcc").put("branch_id", branchId)
                .put("data", DemoClient.payload(1_200)).put("confirm", url).put("cancel", url);
        stage.initiator().tell("registerBranch", branch, branchId, "confirm, cancel");
        stage.initiator().ask(url, new BranchInfo("tcc", GID, branchId, "try"), 1_200, Map.of());
    }
}

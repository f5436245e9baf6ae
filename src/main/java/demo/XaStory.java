package demo;

import java.util.Map;

/** XA: each bank's own database holds its half in doubt until the coordinator says commit. */
final class XaStory implements Story {

    private static final String GID = "demo-xa";

    @Override
    public String title() {
        return "XA: 8.00 go from Birch to Amber, held in doubt by both databases in between";
    }

    @Override
    public Promise promise() {
        return Promise.of("succeed", 800, -800, 0);
    }

    @Override
    public String play(Stage stage) throws Exception {
        long before = stage.birch().books().balance();
        stage.initiator().tell("prepare", DemoClient.about(GID, "xa"), "", "xa");
        act(stage, "01", stage.birch().withdrawUrl());
        act(stage, "02", stage.amber().depositUrl());
        Stage.check(stage.birch().books().inDoubt() == 1 && stage.amber().books().inDoubt() == 1,
                "each database reports one transaction in doubt");
        Stage.check(stage.birch().books().balance() == before, "no balance shows the change yet");
        stage.timeline().note("both databases report a transaction in doubt; no balance shows it");
        stage.initiator().tell("submit", DemoClient.about(GID, "xa"), "", "commit all");
        return GID;
    }

    private static void act(Stage stage, String branchId, String url) throws Exception {
        stage.initiator().ask(url, new BranchInfo("xa", GID, branchId, "action"), 800, Map.of(
                "dtm", stage.initiator().coordinator(), "phase2_url", url));
    }
}

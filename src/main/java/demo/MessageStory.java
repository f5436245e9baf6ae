package demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import demo.Stage.Step;
import java.util.List;

/**
 * Two-phase message: what follows a local transaction is delivered if, and only if, that
 * transaction committed. Here the initiator falls silent right after its commit, and the
 * coordinator asks back.
 */
final class MessageStory implements Story {

    private static final String GID = "demo-message";

    @Override
    public String title() {
        return "Two-phase message: Amber commits 9.00 locally, then crashes before it can say so";
    }

    @Override
    public Promise promise() {
        return Promise.of("succeed", -900, 400, 500);
    }

    @Override
    public String play(Stage stage) throws Exception {
        // The coordinator asks back when this time is over; Amber's commit takes far less.
        ObjectNode message = DemoClient.about(GID, "msg").put("timeout_to_fail", 2)
                .put("retry_interval", 1).put("query_prepared", stage.amber().committedUrl());
        Stage.plan(message, false, List.of(
                new Step(stage.birch().depositUrl(), 400),
                new Step(stage.cedar().depositUrl(), 500)));
        stage.initiator().tell("prepare", message, "", "message, 2 steps");
        stage.amber().withdrawLocally(GID, 900);
        stage.timeline().note("the initiator falls silent: it never says submit");
        return GID;
    }
}

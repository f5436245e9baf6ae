package demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import demo.Stage.Step;
import java.util.List;

/**
 * A saga whose last action is refused for lack of funds. The refused branch is compensated too,
 * since it may have done half its work; its barrier knows that it did nothing.
 */
final class RefusedSagaStory implements Story {

    @Override
    public String title() {
        return "Saga, rolled back: two banks have done their part when Cedar lacks the funds";
    }

    @Override
    public Promise promise() {
        return Promise.of("failed", 0, 0, 0);
    }

    @Override
    public String play(Stage stage) throws Exception {
        ObjectNode saga = DemoClient.about("demo-refused", "saga");
        Stage.plan(saga, true, List.of(
                new Step(stage.amber().withdrawUrl(), 1_500),
                new Step(stage.birch().depositUrl(), 91_500),
                new Step(stage.cedar().withdrawUrl(), 90_000)));
        stage.initiator().tell("submit", saga, "", "saga, 3 steps");
        return "demo-refused";
    }
}

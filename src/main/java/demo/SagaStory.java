package demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import demo.Stage.Step;
import java.util.List;

/** A saga whose three actions succeed. */
final class SagaStory implements Story {

    @Override
    public String title() {
        return "Saga: Amber pays 30.00, of which Birch gets 20.00 and Cedar 10.00";
    }

    @Override
    public Promise promise() {
        return Promise.of("succeed", -3_000, 2_000, 1_000);
    }

    @Override
    public String play(Stage stage) throws Exception {
        ObjectNode saga = DemoClient.about("demo-saga", "saga");
        Stage.plan(saga, true, List.of(
                new Step(stage.amber().withdrawUrl(), 3_000),
                new Step(stage.birch().depositUrl(), 2_000),
                new Step(stage.cedar().depositUrl(), 1_000)));
        stage.initiator().tell("submit", saga, "", "saga, 3 steps");
        return "demo-saga";
    }
}

package demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import demo.Stage.Step;
import demo.Timeline.Entry;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A saga in the middle of which the coordinator is killed: the second bank has done its work, its
 * answer finds nobody. Started again, the coordinator goes on from its journal.
 */
final class KillStory implements Story {

    private static final String GID = "demo-killed";
    private static final long BANK_SECONDS_MAX = 20;

    @Override
    public String title() {
        return "Saga, coordinator killed with kill -9 in the middle: Cedar pays 6.00";
    }

    @Override
    public Promise promise() {
        return Promise.of("succeed", 200, 400, -600);
    }

    @Override
    public String play(Stage stage) throws Exception {
        CountDownLatch worked = new CountDownLatch(1);
        CountDownLatch killed = new CountDownLatch(1);
        stage.birch().beforeAnswering(GID, "02", () -> {
            worked.countDown();
            await(killed);
        });
        ObjectNode saga = DemoClient.about(GID, "saga").put("retry_interval", 1);
        Stage.plan(saga, true, List.of(
                new Step(stage.cedar().withdrawUrl(), 600),
                new Step(stage.birch().depositUrl(), 400),
                new Step(stage.amber().depositUrl(), 200)));
        stage.initiator().tell("submit", saga, "", "saga, 3 steps");
        try {
            Stage.check(await(worked), "Birch is asked");
            stage.timeline().note("kill -9 " + stage.coordinator().pid()
                    + ": the coordinator dies while it waits for Birch");
            stage.coordinator().kill();
        } finally {
            killed.countDown();
        }
        long began = System.nanoTime();
        stage.coordinator().start();
        stage.timeline().note("started again after %.1f s as pid %d, on the same data and port"
                .formatted((System.nanoTime() - began) / 1e9, stage.coordinator().pid()));
        return GID;
    }

    @Override
    public void checkAfterwards(Stage stage) {
        List<String> answers = stage.timeline().entries().stream()
                .filter(entry -> entry.to().equals("Birch"))
                .map(Entry::answer)
                .toList();
        Stage.check(answers.contains(Barrier.Passage.REPEATED.words()),
                "Birch is asked again and its barrier stops the second deposit, not " + answers);
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(BANK_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}

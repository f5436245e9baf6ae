package simulation;

import java.util.HashMap;
import java.util.Map;
import transaction.BranchOp;
import transaction.BranchStatus;
import transaction.Command;
import transaction.Mode;
import transaction.Phrase;
import transaction.Reply;
import transaction.Submission;

/** Runs a workflow step by step, again and again until it is ended; may die and be called back. */
final class WorkflowInitiator extends Initiator {

    private final Submission asked;
    private final int steps;
    private int run;

    WorkflowInitiator(Simulator world) {
        super(world);
        this.steps = 1 + world.random.nextInt(3);
        this.asked = submission("workflow"
            + sometimes(5, "limit=" + (1 + world.random.nextInt(3)) + " park")
            + sometimes(6, "interval=" + (1 + world.random.nextInt(60))));
    }

    @Override
    Mode mode() {
        return Mode.WORKFLOW;
    }

    @Override
    void begin() {
        meddle(asked);
        start();
    }

    /** Called back: a new run, whatever became of the one before. */
    @Override
    void resumed() {
        if (world.random.nextInt(4) > 0 || world.isCalm()) {
            start();
        }
    }

    private void start() {
        int mine = ++run;
        insist(new Command.PrepareWorkflow(asked), reply -> {
            if (!(reply instanceof Reply.Found found) || found.transaction().isFinal()) {
                return;
            }
            Map<String, String> done = new HashMap<>();
            for (BranchOp op : found.transaction().ops()) {
                done.put(op.branchId(), op.status() == BranchStatus.FAILED ? "no"
                    : op.payload().toUtf8());
            }
            step(mine, 1, done);
        });
    }

    private void step(int mine, int number, Map<String, String> done) {
        if (number > steps) {
            boolean fails = done.containsValue("no");
            insist(Phrase.command(fails ? "finish failed \"no\""
                : "finish succeed \"run " + (world.isCalm() ? "" : mine) + "\""), reply -> { });
            return;
        }
        String id = "0" + number;
        if (done.containsKey(id)) {
            step(mine, done.get(id).equals("no") ? steps + 1 : number + 1, done);
            return;
        }
        boolean refused = world.happens(Rates::refusal);
        String result = refused ? "no" : "done in run " + mine;
        world.after(world.random.nextInt(8_000), () -> insist(
            Phrase.command("join workflow " + id + " action " + (refused ? "failed" : "succeed")
                + " \"" + result + "\""),
            reply -> {
                if (reply instanceof Reply.Done) {
                    done.put(id, result);
                    step(mine, refused ? steps + 1 : number + 1, done);
                }
            }));
    }
}

package simulation;

import java.util.List;
import transaction.Command;
import transaction.Details;
import transaction.Mode;
import transaction.Phrase;
import transaction.Reply;
import transaction.Submission;

/** Prepares a message, runs its local transaction, then submits, aborts or falls silent. */
final class MessageInitiator extends Initiator {

    private final Submission asked;

    MessageInitiator(Simulator world) {
        super(world);
        int steps = 1 + world.random.nextInt(3);
        this.asked = submission("msg steps=" + steps
            + sometimes(4, "topic=" + (1 + world.random.nextInt(3)))
            + sometimes(3, "atonce") + sometimes(3, "wait")
            + sometimes(5, "timeout=" + (5 + world.random.nextInt(60)))
            + sometimes(5, "limit=" + (1 + world.random.nextInt(3)) + " park")
            + sometimes(8, "interval=" + (1 + world.random.nextInt(90))));
    }

    @Override
    Mode mode() {
        return Mode.MSG;
    }

    @Override
    void begin() {
        meddle(asked);
        if (world.random.nextInt(5) == 0) {
            world.participants.open("00");
            world.participants.closeMessage(true);
            insist(new Command.Submit(asked), reply -> { });
            return;
        }
        insist(new Command.Prepare(asked), reply -> {
            if (reply instanceof Reply.Done) {
                local();
            }
        });
    }

    private void local() {
        world.participants.open("00");
        boolean commits = world.random.nextInt(4) > 0;
        world.after(world.random.nextInt(world.random.nextInt(4) == 0 ? 60_000 : 500), () -> {
            if (world.participants.closeMessage(commits)) {
                submit();
            } else {
                insist(Phrase.command("abort msg \"rolled back\""), reply -> { });
            }
        });
    }

    private void submit() {
        int delay = world.random.nextInt(4) == 0 ? 1 + world.random.nextInt(40) : 0;
        Submission later = delay == 0 ? asked : new Submission(asked.gid(), asked.mode(),
            asked.steps().stream().map(MessageInitiator::withNewSubscriber).toList(),
            asked.queryPrepared(), asked.protocol(), "said",
            new Details.Delay(delay), asked.options());
        insist(new Command.Submit(later), reply -> { });
    }

    /** Meanwhile somebody else has subscribed; too late for this message. */
    private static Submission.Step withNewSubscriber(Submission.Step step) {
        return step.isTopic() ? new Submission.Step(step.action(), step.compensate(),
            step.payload(), List.of("http://late/act")) : step;
    }
}

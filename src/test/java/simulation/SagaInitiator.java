package simulation;

import transaction.Command;
import transaction.Mode;
import transaction.Submission;

/** Submits a saga, often once, sometimes prepared first. */
final class SagaInitiator extends Initiator {

    private static final String[] ORDERS = {
        "concurrent", "after=2:1", "after=3:1+2", "after=2:1,3:1", "after=2:1,3:2",
        "after=1:3,2:3"};

    SagaInitiator(Simulator world) {
        super(world);
    }

    @Override
    Mode mode() {
        return Mode.SAGA;
    }

    @Override
    void begin() {
        boolean isConcurrent = world.random.nextInt(3) == 0;
        int steps = isConcurrent ? 3 : 1 + world.random.nextInt(4);
        Submission asked = submission("saga steps=" + steps
            + (isConcurrent ? " " + ORDERS[world.random.nextInt(ORDERS.length)] : "")
            + sometimes(8, "noundo") + sometimes(3, "wait")
            + sometimes(4, "timeout=" + (5 + world.random.nextInt(60)))
            + sometimes(4, "limit=" + (1 + world.random.nextInt(4)))
            + sometimes(5, "limit=" + (1 + world.random.nextInt(3)) + " park")
            + sometimes(8, "interval=" + (1 + world.random.nextInt(90))));
        for (int i = 1; i <= steps; i++) {
            if (world.happens(Rates::refusal)) {
                world.participants.refusesAlways("0" + i);
            }
        }
        if (world.random.nextInt(5) == 0) {
            insist(new Command.Prepare(asked), reply -> submit(asked));
        } else {
            submit(asked);
        }
    }

    private void submit(Submission asked) {
        insist(new Command.Submit(asked), reply -> { });
        meddle(asked);
    }
}

package simulation;

import transaction.Command;
import transaction.Mode;
import transaction.Phrase;
import transaction.Reply;
import transaction.Submission;

/** Prepares, registers and tries branch by branch, then submits or aborts; or dies on the way. */
final class TwoPhaseInitiator extends Initiator {

    private final Mode mode;
    private final Submission asked;
    private final int branches;

    TwoPhaseInitiator(Mode mode, Simulator world) {
        super(world);
        this.mode = mode;
        this.branches = world.random.nextInt(4);
        this.asked = submission(mode.wire() + sometimes(3, "wait")
            + sometimes(4, "timeout=" + (5 + world.random.nextInt(60)))
            + sometimes(5, "limit=" + (1 + world.random.nextInt(3)) + " park")
            + sometimes(8, "interval=" + (1 + world.random.nextInt(90))));
    }

    @Override
    Mode mode() {
        return mode;
    }

    @Override
    void begin() {
        meddle(asked);
        insist(new Command.Prepare(asked), reply -> {
            if (reply instanceof Reply.Done) {
                branch(1);
            }
        });
    }

    private void branch(int number) {
        String id = "0" + number;
        if (number > branches) {
            decide(true);
        } else if (world.happens(Rates::refusal)) {
            decide(false);
        } else if (mode == Mode.TCC) {
            insist(join(id), reply -> tryTcc(id, number, reply));
        } else if (!world.participants.startXa(id)) {
            decide(false);
        } else {
            // The participant itself registers, from inside its local transaction.
            world.ask(join(id), reply -> prepareXa(id, number, reply));
        }
    }

    private void tryTcc(String id, int number, Reply reply) {
        if (!(reply instanceof Reply.Done)) {
            decide(false);
            return;
        }
        world.checker.tries(id);
        boolean isLate = world.happens(Rates::late);
        world.after(isLate ? world.random.nextInt(60_000) : world.latency(), () -> {
            boolean done = world.participants.tries(id);
            if (!isLate) {
                goOn(done && !world.happens(Rates::answerLost), number);
            }
        });
        if (isLate) {
            decide(false);
        }
    }

    private void prepareXa(String id, int number, Reply reply) {
        boolean registered = reply instanceof Reply.Done;
        world.after(world.latency(), () -> {
            world.participants.closeXa(id, registered);
            goOn(registered && !world.happens(Rates::answerLost), number);
        });
    }

    private void goOn(boolean well, int number) {
        if (well) {
            branch(number + 1);
        } else {
            decide(false);
        }
    }

    private void decide(boolean forward) {
        Command decision = forward ? new Command.Submit(asked)
            : Phrase.command("abort " + mode.wire() + " \"no\"");
        insist(decision, reply -> { });
        if (world.happens(Rates::repeat)) {
            world.after(world.random.nextInt(50_000), this::comeLate);
        }
    }

    /** A branch that nobody waits for; nearly always too late. */
    private void comeLate() {
        if (mode == Mode.TCC || world.participants.startXa("09")) {
            world.ask(join("09"), reply -> {
                if (mode == Mode.XA) {
                    world.participants.closeXa("09", reply instanceof Reply.Done);
                }
            });
        }
    }

    private Command join(String id) {
        return Phrase.command("join " + mode.wire() + " " + id);
    }
}

package simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import transaction.Command;
import transaction.Mode;
import transaction.Phrase;
import transaction.Reply;
import transaction.Submission;

/** The client that begins a transaction, and others who meddle with it. */
abstract class Initiator {

    private static final int TRIES = 4;

    final Simulator world;
    private final List<Command> said = new ArrayList<>();

    Initiator(Simulator world) {
        this.world = world;
    }

    static Initiator of(Mode mode, Simulator world) {
        if (mode == Mode.SAGA) {
            return new SagaInitiator(world);
        }
        if (mode == Mode.MSG) {
            return new MessageInitiator(world);
        }
        return mode == Mode.WORKFLOW ? new WorkflowInitiator(world)
            : new TwoPhaseInitiator(mode, world);
    }

    abstract Mode mode();

    /** The first request, and all that follows from its answer. */
    abstract void begin();

    /** A workflow is called back. */
    void resumed() {}

    /** Says it until it is answered clearly; hears null if that never happens. */
    void insist(Command command, Consumer<Reply> then) {
        insist(command, TRIES, then);
    }

    private void insist(Command command, int tries, Consumer<Reply> then) {
        if (world.happens(Rates::initiatorDies)) {
            world.note("# the initiator dies");
            return;
        }
        said.add(command);
        world.ask(command, reply -> {
            boolean isClear = reply != null && !(reply instanceof Reply.Unclear);
            if (isClear || tries == 1) {
                then.accept(isClear ? reply : null);
            } else {
                world.after(world.random.nextInt(2_000), () -> insist(command, tries - 1, then));
            }
        });
    }

    /** What comes late, twice, from others or from an operator. */
    void meddle(Submission own) {
        if (world.happens(Rates::operating)) {
            new Operator(world).begin();
        }
        String gid = Phrase.GID;
        if (world.happens(Rates::repeat) && !said.isEmpty()) {
            later(said.get(world.random.nextInt(said.size())));
        }
        if (world.happens(Rates::other)) {
            later(new Command.Submit(otherThan(own)));
        }
        if (world.happens(Rates::meddling)) {
            later(world.random.nextBoolean() ? new Command.RetryNow(gid)
                : new Command.Look(gid));
            later(Phrase.command("abort " + Mode.ALL.get(world.random.nextInt(5)).wire()
                + " \"meddling\""));
            later(new Command.Prepare(own));
        }
        if (world.happens(Rates::stop)) {
            later(new Command.ForceStop(gid));
        }
    }

    private static Submission otherThan(Submission own) {
        boolean hasSteps = own.mode() == Mode.SAGA || own.mode() == Mode.MSG;
        return submission(hasSteps ? own.mode().wire() + " steps=2 other" : "saga steps=1");
    }

    private void later(Command command) {
        world.after(world.random.nextInt(60_000), () -> world.ask(command, reply -> { }));
    }

    static Submission submission(String words) {
        return Phrase.submission(List.of(("submit " + words.strip()).split(" +")));
    }

    /** @return {@code word} in one of {@code of} cases */
    String sometimes(int of, String word) {
        return world.random.nextInt(of) == 0 ? " " + word : "";
    }

}

package simulation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import transaction.Command;
import transaction.Entry;
import transaction.GlobalTransaction;

/**
 * The journal of one transaction and its row in the index. A number is written once; a write may
 * be refused, fail, fail although it was carried out, or be carried out long after it was given up.
 */
final class SimulatedJournal {

    /** How a write went, as its host sees it. */
    enum Result { WRITTEN, FAILED, TAKEN }

    private static final int PATIENCE = 5_000;

    private final Simulator world;
    private final List<Entry> entries = new ArrayList<>();
    private final List<GlobalTransaction> states = new ArrayList<>();

    SimulatedJournal(Simulator world) {
        this.world = world;
        states.add(GlobalTransaction.ABSENT);
    }

    /** @param number how many entries there are before this one, as the host believes */
    void append(int number, Entry entry, Command cause, Consumer<Result> then) {
        long wait = world.latency();
        if (world.happens(Rates::rejected)) {
            then.accept(Result.FAILED);
        } else if (world.happens(Rates::notWritten)) {
            world.after(wait, () -> then.accept(Result.FAILED));
        } else if (world.happens(Rates::writtenButError)) {
            world.after(wait, () -> write(number, entry, cause));
            world.after(wait, () -> then.accept(Result.FAILED));
        } else if (world.happens(Rates::slowWrite)) {
            world.after(PATIENCE, () -> then.accept(Result.FAILED));
            world.after(world.random.nextInt(8 * PATIENCE), () -> write(number, entry, cause));
        } else {
            world.after(wait, () -> then.accept(
                write(number, entry, cause) ? Result.WRITTEN : Result.TAKEN));
        }
    }

    private boolean write(int number, Entry entry, Command cause) {
        if (number != entries.size()) {
            return false;
        }
        GlobalTransaction before = state();
        GlobalTransaction after = world.checker.written(before, entry, cause);
        entries.add(entry);
        states.add(after);
        return true;
    }

    List<Entry> entries() {
        return entries;
    }

    int size() {
        return entries.size();
    }

    /** The transaction as all its entries make it. */
    GlobalTransaction state() {
        return states.get(entries.size());
    }

    /** The transaction as its first {@code size} entries make it. */
    GlobalTransaction state(int size) {
        return states.get(size);
    }

    /** The index row's; null if there is none. */
    Instant dueAt() {
        return entries.isEmpty() ? null : entries.get(entries.size() - 1).summary().dueAt();
    }
}

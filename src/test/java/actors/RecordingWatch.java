package actors;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntSupplier;
import transaction.Attempt;
import transaction.CallKey;
import transaction.Decision;
import transaction.GlobalTransaction;

/** A watch with a memory: what it saw in words, and how many entries were stored by then. */
final class RecordingWatch implements TransactionListener {

    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final IntSupplier stored;

    RecordingWatch(IntSupplier stored) {
        this.stored = stored;
    }

    List<String> seen() {
        return List.copyOf(seen);
    }

    @Override
    public void wrote(GlobalTransaction before, Decision decision) {
        seen.add("wrote " + stored.getAsInt());
    }

    @Override
    public void called(GlobalTransaction before, Attempt attempt, Instant at) {
        seen.add("called " + attempt.key().branchId() + " #" + attempt.number());
    }

    @Override
    public void paused(GlobalTransaction t, CallKey key, Instant until, Instant at) {
        seen.add("paused " + key.branchId());
    }

    @Override
    public void passed(GlobalTransaction t, Instant at) {
        seen.add("passed " + t.status().wire());
    }
}

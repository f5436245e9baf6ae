package security;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import transaction.TransactionIndex;

/** An index for callers: without what the coordinator alone asks. */
abstract class ReadIndex implements TransactionIndex {

    @Override
    public final CompletionStage<List<Due>> due(
            Instant until, Due after, int limit, Share share) {
        throw notForCallers();
    }

    @Override
    public final CompletionStage<List<Due>> dueAfter(String namespace, Instant from, int limit) {
        throw notForCallers();
    }

    @Override
    public final CompletionStage<Void> reschedule(String gid, long lastEntry, Instant dueAt) {
        throw notForCallers();
    }

    @Override
    public final CompletionStage<Quarantining> quarantine(String gid, String reason) {
        throw notForCallers();
    }

    @Override
    public final CompletionStage<Void> readAgain(String gid) {
        throw notForCallers();
    }

    @Override
    public final CompletionStage<Boolean> release(String gid) {
        throw notForCallers();
    }

    @Override
    public final CompletionStage<Boolean> endByForce(String gid, String reason, Instant now) {
        throw notForCallers();
    }

    @Override
    public final CompletionStage<List<Count>> unfinished() {
        throw notForCallers();
    }

    private static IllegalStateException notForCallers() {
        return new IllegalStateException("only the coordinator itself asks for this");
    }
}

package store;

import audit.Act;
import audit.AuditLog;
import audit.HeadNotes;
import audit.Row;
import audit.Seals;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import transaction.Busy;

/**
 * The audit log of a node: gathers what is to be written while the commit before it is under way.
 * Outside the database each row is announced before its commit, and noted before anybody is told
 * that it is durable. Thread-safe.
 */
public final class AuditWriter implements AuditLog {

    /** Acts that may wait; more are refused. In groups it is no second's work. */
    static final int WAITING_MAX = 256;

    /** Rows of one commit. */
    static final int GROUP_MAX = 64;

    private final Database database;
    private final AuditTable table;
    private final HeadNotes notes;
    private final List<Waiting> waiting = new ArrayList<>();
    private boolean isWriting;

    private record Waiting(Act act, CompletableFuture<Long> written) {}

    /** @param notes where the newest rows are noted outside the database */
    public AuditWriter(Database database, Seals seals, HeadNotes notes) {
        this.database = database;
        this.table = new AuditTable(database, seals);
        this.notes = notes;
    }

    @Override
    public CompletionStage<Long> write(Act act) {
        Waiting next = new Waiting(act, new CompletableFuture<>());
        synchronized (this) {
            if (waiting.size() >= WAITING_MAX) {
                return CompletableFuture.failedFuture(
                    new Busy("too much is waiting for the audit log"));
            }
            waiting.add(next);
            if (isWriting) {
                return next.written;
            }
            isWriting = true;
        }
        writeGroup();
        return next.written;
    }

    private void writeGroup() {
        List<Waiting> group;
        synchronized (this) {
            group = new ArrayList<>(waiting.subList(0, Math.min(GROUP_MAX, waiting.size())));
            waiting.subList(0, group.size()).clear();
            isWriting = !group.isEmpty();
        }
        if (!group.isEmpty()) {
            database.change(Lane.AUDIT, connection ->
                    table.append(connection, group.stream().map(Waiting::act).toList(),
                        notes::announce))
                .whenCompleteAsync((rows, failed) -> ended(group, rows, failed), Runnable::run);
        }
    }

    /** On the thread of the lane, or of whoever was refused by it. */
    private void ended(List<Waiting> group, List<Row> rows, Throwable failed) {
        try {
            if (failed == null) {
                notes.note(rows);
            }
        } finally {
            // Whatever became of the notes, nobody waits for ever.
            tell(group, rows, failed);
            writeGroup();
        }
    }

    private static void tell(List<Waiting> group, List<Row> rows, Throwable failed) {
        for (int i = 0; i < group.size(); i++) {
            CompletableFuture<Long> written = group.get(i).written;
            if (failed == null) {
                written.complete(rows.get(i).number());
            } else {
                written.completeExceptionally(failed);
            }
        }
    }
}

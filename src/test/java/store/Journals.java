package store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import transaction.Entry;

/** Writes and reads a database's journal as Pekko would, without Pekko. */
final class Journals {

    private Journals() {}

    /** One after the other, as a transaction writes: the next only when the last is durable. */
    static CompletableFuture<Void> append(Database database, String gid, List<Entry> entries) {
        CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
        for (int i = 0; i < entries.size(); i++) {
            int ordinal = i + 1;
            Entry entry = entries.get(i);
            last = last.thenCompose(done -> append(database, gid, ordinal, entry));
        }
        return last;
    }

    static CompletableFuture<Void> append(
            Database database, String gid, long ordinal, Entry entry) {
        return database.write(Append.of(gid, ordinal, List.of(entry),
            database.cipher().current().orElse(null))).toCompletableFuture();
    }

    /** Rows of all histories. */
    static long rows(Database database) {
        return database.read(connection -> {
            try (var statement = connection.createStatement();
                    var row = statement.executeQuery("SELECT COUNT(*) FROM pactor_journal")) {
                row.next();
                return row.getLong(1);
            }
        }).join();
    }

    static long lastOrdinal(Database database, String gid) {
        Replay replay = database.replay(gid);
        return database.read(replay::next).thenApply(page -> replay.to()).join();
    }

    /** All pages as one. */
    static Replay.Page read(Database database, String gid, long to) {
        Replay replay = database.replay(gid, 1, to);
        List<Entry> entries = new ArrayList<>();
        Replay.Page page;
        do {
            page = database.read(replay::next).join();
            entries.addAll(page.entries());
        } while (!page.isLast());
        return new Replay.Page(1, entries, page.broken(), true);
    }

    static Replay.Page read(Database database, String gid) {
        return read(database, gid, lastOrdinal(database, gid));
    }
}

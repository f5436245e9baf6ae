package store;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import transaction.BranchStatus;
import transaction.CallKey;
import transaction.Entry;
import transaction.Event;
import transaction.GlobalTransaction;
import transaction.Op;
import transaction.Status;

/** Fills a store in a directory with transactions, and looks into it, for tests elsewhere. */
public final class Histories {

    private Histories() {}

    /** Sagas of two steps that were opened then, and ended well a moment later. */
    public static void write(Path dir, Instant at, String... gids) {
        try (Database database = Database.open(H2Files.settings(dir), H2Files.meter())) {
            for (String gid : gids) {
                Journals.append(database, gid, saga(gid, at)).join();
            }
        }
    }

    /** A saga that was opened then, and nothing more. */
    public static void open(Path dir, Instant at, String gid) {
        try (Database database = Database.open(H2Files.settings(dir), H2Files.meter())) {
            Journals.append(database, gid, saga(gid, at).subList(0, 1)).join();
        }
    }

    /** Loses an event of it. */
    public static void damage(Path dir, String gid) {
        H2Files.execute(dir, "DELETE FROM pactor_journal WHERE ordinal = 2 AND transaction_id ="
            + " (SELECT id FROM pactor_transaction WHERE gid = ?)", gid);
    }

    /** Each row's gid and status. */
    public static Set<String> rows(Path dir) {
        return new TreeSet<>(
            H2Files.query(dir, "SELECT gid, status FROM pactor_transaction"));
    }

    /** Behind the store's back. */
    public static int execute(Path dir, String sql) {
        return H2Files.execute(dir, sql);
    }

    private static List<Entry> saga(String gid, Instant at) {
        List<Entry> entries = new ArrayList<>(
            List.of(Samples.opened(Samples.saga(gid), at)));
        GlobalTransaction t = entries.get(0).applyTo(GlobalTransaction.ABSENT);
        Instant later = at.plus(Duration.ofMillis(5));
        for (List<Event> events : List.of(List.of(done("01", later)),
                List.of(done("02", later), new Event.Ended(Status.SUCCEED, "", "", later)))) {
            t = new Entry(events, null).applyTo(t);
            entries.add(Samples.entry(events, t, t.isFinal() ? null : later));
        }
        return entries;
    }

    private static Event done(String branch, Instant at) {
        return new Event.OpSettled(
            new CallKey(branch, Op.ACTION), BranchStatus.SUCCEED, "", at);
    }
}

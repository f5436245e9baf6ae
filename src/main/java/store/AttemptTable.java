package store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import transaction.Attempt;
import transaction.Attempts;
import transaction.CallKey;
import transaction.Chars;
import transaction.Entry;
import transaction.Event;
import transaction.GlobalTransaction;
import transaction.InvalidRequest;
import transaction.Limits;
import transaction.Op;
import transaction.Outcome;
import transaction.CallRecord;

/**
 * What calls of branches brought. Those that settled an operation without a word are part of the
 * journal; all others are rows of a table of their own, of which some are deleted again.
 */
public final class AttemptTable implements Attempts {

    static final String COLUMNS =
        "transaction_id, branch_id, op, attempt, started_at, version, content";

    static final String DELETE = "DELETE FROM pactor_attempt WHERE transaction_id IN (%s)";

    private static final String OWNER =
        "SELECT id, opened_at, status FROM pactor_transaction WHERE gid = ?";

    private static final String COUNTS = "SELECT branch_id, op, COUNT(*), MAX(attempt)"
        + " FROM pactor_attempt WHERE transaction_id = ? GROUP BY branch_id, op";

    private static final String ROWS = "SELECT branch_id, op, attempt, started_at, version, content"
        + " FROM pactor_attempt WHERE transaction_id = ? AND started_at >= ?%s"
        + " ORDER BY started_at, branch_id, op, attempt LIMIT ?";

    /** Those that one transaction may have kept, far below what an integer holds. */
    private static final int SEEN_MAX =
        Limits.OPS * (Limits.ATTEMPTS_FIRST + Limits.ATTEMPTS_LAST);

    private static final Comparator<Kept> ORDER = Comparator.comparing(Kept::startedAt)
        .thenComparing(each -> each.key().branchId())
        .thenComparing(each -> each.key().op().wire()).thenComparing(Kept::number);

    private final Database database;

    public AttemptTable(Database database) {
        this.database = database;
    }

    @Override
    public void note(GlobalTransaction t, Attempt attempt, Instant at) {
        if (t.openedAt() != null) {
            database.note(AttemptRow.of(new PayloadCipher.Owner(t.gid(), Micros.of(t.openedAt())),
                attempt, at, database.cipher().current().orElse(null)));
        }
    }

    @Override
    public CompletionStage<Optional<Page>> list(
            String gid, Filter filter, String cursor, int limit) {
        Position from = Position.parse(cursor);
        Filter kept = new Filter(AttemptRow.storable(filter.branchId()), filter.op());
        return database.read(Lane.DESK,
            connection -> list(connection, gid, new Wanted(kept, from, limit)));
    }

    /**
     * Where a page begins.
     *
     * @param startedAt microseconds since 1970
     * @param seen how many that began in that moment were on the pages before
     */
    private record Position(long startedAt, int seen) {

        static Position parse(String text) {
            if (text.isEmpty()) {
                return new Position(Long.MIN_VALUE, 0);
            }
            String[] parts = text.split("\\.", 2);
            try {
                if (Chars.all(text, c -> c < 128 && c != '+' && c != '-')) {
                    int seen = Integer.parseInt(parts[1]);
                    if (seen <= SEEN_MAX) {
                        return new Position(Long.parseLong(parts[0]), seen);
                    }
                }
            } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
                // Told below, as whatever else is no position.
            }
            throw new InvalidRequest("no position of a list: " + Limits.cut(text, 100));
        }

        String text() {
            return startedAt + "." + seen;
        }
    }

    private record Wanted(Filter filter, Position from, int limit) {

        /** Enough to know whether there are more than are wanted. */
        int rows() {
            return from.seen + limit + 1;
        }
    }

    /** How many are kept in the table, and the number of the last one. */
    private record Count(int kept, int last) {}

    private Optional<Page> list(Connection connection, String gid, Wanted wanted)
            throws SQLException {
        long id;
        PayloadCipher.Owner owner;
        try (PreparedStatement select = prepared(connection, OWNER)) {
            select.setString(1, gid);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next() || row.getString(3).equals(Replay.REMOVED)) {
                    return Optional.empty();
                }
                id = row.getLong(1);
                owner = new PayloadCipher.Owner(gid, row.getLong(2));
            }
        }
        Map<CallKey, Count> counts = counts(connection, id);
        TreeSet<Kept> found = new TreeSet<>(ORDER);
        fromTable(connection, id, owner, wanted, found);
        fromJournal(connection, owner, wanted, counts, found);
        List<Skipped> skipped = new ArrayList<>();
        counts.forEach((key, count) -> {
            if (count.last > count.kept && wanted.filter.lets(key)) {
                skipped.add(new Skipped(key, count.last - count.kept));
            }
        });
        skipped.sort(Comparator.comparing((Skipped each) -> each.key().branchId())
            .thenComparing(each -> each.key().op().wire()));
        return Optional.of(page(found, skipped, wanted));
    }

    private static Page page(TreeSet<Kept> found, List<Skipped> skipped, Wanted wanted) {
        List<Kept> page = new ArrayList<>();
        int skip = wanted.from.seen;
        for (Kept each : found) {
            if (skip > 0) {
                skip--;
            } else if (page.size() < wanted.limit) {
                page.add(each);
            } else {
                long last = Micros.of(page.get(page.size() - 1).startedAt());
                int same = last == wanted.from.startedAt ? wanted.from.seen : 0;
                for (Kept before : page) {
                    same += Micros.of(before.startedAt()) == last ? 1 : 0;
                }
                return new Page(page, skipped, new Position(last, same).text());
            }
        }
        return new Page(page, skipped, "");
    }

    private Map<CallKey, Count> counts(Connection connection, long id) throws SQLException {
        Map<CallKey, Count> counts = new HashMap<>();
        try (PreparedStatement select = prepared(connection, COUNTS)) {
            select.setLong(1, id);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    counts.put(key(row), new Count(row.getInt(3), row.getInt(4)));
                }
            }
        }
        return counts;
    }

    private void fromTable(Connection connection, long id, PayloadCipher.Owner owner,
            Wanted wanted, TreeSet<Kept> found) throws SQLException {
        Filter filter = wanted.filter;
        String sql = String.format(ROWS, (filter.branchId().isEmpty() ? "" : " AND branch_id = ?")
            + (filter.op().isEmpty() ? "" : " AND op = ?"));
        try (PreparedStatement select = prepared(connection, sql)) {
            int at = 1;
            select.setLong(at++, id);
            select.setLong(at++, wanted.from.startedAt);
            if (!filter.branchId().isEmpty()) {
                select.setString(at++, filter.branchId());
            }
            if (!filter.op().isEmpty()) {
                select.setString(at++, filter.op());
            }
            select.setInt(at, wanted.rows());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(kept(row.getInt(3), new AttemptRow(owner, key(row), row.getLong(4),
                        row.getInt(5), row.getBytes(6))));
                }
            }
        }
    }

    private Kept kept(int number, AttemptRow row) {
        try {
            Attempt attempt = row.read(database.cipher());
            return new Kept(row.key(), number, Micros.toInstant(row.startedAt()),
                attempt.outcome().kind(), micros(attempt), attempt.outcome().record());
        } catch (RuntimeException unreadable) {
            return new Kept(row.key(), number, Micros.toInstant(row.startedAt()),
                Outcome.Kind.UNKNOWN, 0,
                error("what is kept of this call cannot be read: " + unreadable.getMessage()));
        }
    }

    /** What cannot be trusted there is told by others. */
    private void fromJournal(Connection connection, PayloadCipher.Owner owner, Wanted wanted,
            Map<CallKey, Count> counts, TreeSet<Kept> found) throws SQLException {
        Replay replay = database.replay(owner.gid());
        Replay.Page page;
        do {
            page = replay.next(connection);
            for (Entry entry : page.entries()) {
                Kept kept = kept(entry, counts);
                if (kept != null && wanted.filter.lets(kept.key())
                        && Micros.of(kept.startedAt()) >= wanted.from.startedAt) {
                    found.add(kept);
                    if (found.size() > wanted.rows()) {
                        found.pollLast();
                    }
                }
            }
        } while (!page.isLast() && page.broken() == null);
    }

    /** Null if the entry tells of no call, or of one that is a row. */
    private static Kept kept(Entry entry, Map<CallKey, Count> counts) {
        Event first = entry.events().get(0);
        Attempt attempt = entry.attempt();
        if (attempt != null) {
            Outcome outcome = attempt.outcome();
            CallKey key = AttemptRow.storable(attempt.key());
            Count before = counts.getOrDefault(key, new Count(0, 0));
            return new Kept(key, outcome.wasTried() ? before.last + 1 : 0,
                Micros.toInstant(AttemptRow.startedAt(attempt, first.at())), outcome.kind(),
                micros(attempt), first instanceof Event.Parked parked
                    ? error(parked.reason()) : outcome.record());
        }
        return first instanceof Event.RetryScheduled retry && retry.isPutOff()
            ? new Kept(AttemptRow.storable(retry.key()), 0, Micros.toInstant(Micros.of(retry.at())),
                Outcome.Kind.PUT_OFF, 0, error(retry.reason()))
            : null;
    }

    private static CallRecord error(String what) {
        return new CallRecord("", what, "", "");
    }

    private static long micros(Attempt attempt) {
        return attempt.took().toNanos() / 1_000;
    }

    private static CallKey key(ResultSet row) throws SQLException {
        String op = row.getString(2);
        return new CallKey(row.getString(1), Op.of(op).orElseThrow(
            () -> new SQLException("an unknown operation: " + op)));
    }

    private PreparedStatement prepared(Connection connection, String sql) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statement.setQueryTimeout(database.statementTimeoutSeconds());
        return statement;
    }
}

package store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import transaction.GrpcUrl;
import transaction.Hold;
import transaction.Holds;
import transaction.HttpUrl;
import transaction.InvalidRequest;
import transaction.Limits;
import transaction.Pause;

/**
 * Holds, a row each. Before a call they are read again if what was read is older than
 * {@link Limits#HOLD_FRESH}; if they cannot be read now, what was read last stays in force. They
 * are read on the lane of the fence, where no history is: else a node that has many to read back
 * would put off their calls. Thread-safe.
 */
public final class HoldTable implements Holds {

    static final String COLUMNS = "participant, until_at, reason, held_by, held_at";

    private static final String ALL =
        "SELECT " + COLUMNS + " FROM pactor_hold ORDER BY participant";

    private static final String DELETE = "DELETE FROM pactor_hold WHERE participant = ?";

    private static final String DELETE_OVER = "DELETE FROM pactor_hold WHERE until_at <= ?";

    private static final String INSERT =
        "INSERT INTO pactor_hold (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?)";

    /** Others may change the same row at the same time; each of them is through after one. */
    private static final int ATTEMPTS = 10;

    /** @param holds by their participants */
    private record Copy(Map<String, Hold> holds, long readAt) {}

    private final Database database;
    private final Clock clock;
    private final Duration within;
    private volatile Copy copy;
    private Reading reading;
    private int changes;

    /** With nothing read yet: until that is done, no call may be made. */
    HoldTable(Database database, Clock clock, Duration within) {
        this.database = database;
        this.clock = clock;
        this.within = within;
    }

    /**
     * Reads them for the first time, so that each call can be made or put off. Blocks.
     *
     * @param clock tells when a hold is over
     * @throws StoreException if they cannot be read
     */
    public static HoldTable open(Database database, Clock clock) {
        HoldTable table = new HoldTable(database, clock, Limits.HOLD_READ);
        try {
            table.readAgain().done.join();
            return table;
        } catch (CompletionException e) {
            throw new StoreException(
                "it cannot be read which participants are paused: " + e.getCause(), e.getCause());
        }
    }

    @Override
    public CompletionStage<Boolean> hold(
            String participant, Instant until, String reason, String by) {
        Hold hold = new Hold(participant, until, reason, by, clock.instant());
        Pause.requireEnd(until, hold.at());
        return changed(database.change(Lane.DESK, connection -> {
            connection.setAutoCommit(false);
            try {
                for (int attempt = 1;; attempt++) {
                    try {
                        boolean isNew = put(connection, hold);
                        connection.commit();
                        return isNew;
                    } catch (SQLException e) {
                        if (attempt == ATTEMPTS
                                || !database.isDuplicate(e) && !database.isTransient(e)) {
                            throw e;
                        }
                        connection.rollback();
                    }
                }
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }));
    }

    private boolean put(Connection connection, Hold hold) throws SQLException {
        try (PreparedStatement over = prepared(connection, DELETE_OVER)) {
            over.setLong(1, Micros.of(hold.at()));
            over.executeUpdate();
        }
        List<Hold> all = rows(connection);
        Optional<Hold> before = all.stream()
            .filter(each -> each.participant().equals(hold.participant())).findFirst();
        if (before.isEmpty() && all.size() >= Limits.HOLDS) {
            throw new TooMany();
        }
        delete(connection, hold.participant());
        try (PreparedStatement insert = prepared(connection, INSERT)) {
            insert.setString(1, hold.participant());
            if (hold.until() == null) {
                insert.setNull(2, Types.BIGINT);
            } else {
                insert.setLong(2, Micros.of(hold.until()));
            }
            insert.setString(3, database.storable(hold.reason()));
            insert.setString(4, database.storable(hold.by()));
            insert.setLong(5, Micros.of(hold.at()));
            insert.executeUpdate();
        }
        return before.filter(each -> Objects.equals(each.until(), hold.until())).isEmpty();
    }

    @Override
    public CompletionStage<Boolean> release(String participant) {
        return changed(database.change(
            Lane.DESK, connection -> delete(connection, participant)));
    }

    @Override
    public CompletionStage<List<Hold>> all() {
        return database.read(Lane.DESK, this::rows).thenApply(all -> all.stream()
            .filter(each -> !each.isOver(clock.instant())).toList());
    }

    @Override
    public CompletionStage<Optional<Hold>> of(String url) {
        Copy known = copy;
        if (known != null && System.nanoTime() - known.readAt < Limits.HOLD_FRESH.toNanos()) {
            return CompletableFuture.completedFuture(held(known, url));
        }
        return readAgain().inTime.handle((fresh, failed) -> {
            Copy last = failed == null ? fresh : copy;
            if (last == null) {
                throw new IllegalStateException("never read", failed);
            }
            return held(last, url);
        });
    }

    /** @param inTime the same, unless that takes longer than a call may wait */
    private record Reading(CompletableFuture<Copy> done, CompletableFuture<Copy> inTime) {

        static Reading of(CompletableFuture<Copy> done, Duration within) {
            return new Reading(done,
                done.copy().orTimeout(within.toMillis(), TimeUnit.MILLISECONDS));
        }
    }

    /** One read for all who wait, and no other one while it goes on, be it late. */
    private synchronized Reading readAgain() {
        if (reading == null) {
            long begun = System.nanoTime();
            int before = changes;
            CompletableFuture<Copy> mine = database.read(Lane.FENCE, this::rows)
                .thenApply(rows -> new Copy(rows.stream().collect(Collectors.toMap(
                    Hold::participant, Function.identity())), begun));
            Reading begunNow = Reading.of(mine, within);
            reading = begunNow;
            // It may be through already, and then there is none any more.
            mine.whenComplete((read, failed) -> done(read, before));
            return begunNow;
        }
        return reading;
    }

    private synchronized void done(Copy read, int before) {
        if (before == changes) {
            copy = read == null ? copy : read;
            reading = null;
        }
    }

    /** What was read, or is being read, may be from before the change. */
    private CompletionStage<Boolean> changed(CompletableFuture<Boolean> change) {
        return change.whenComplete((isNew, failed) -> {
            synchronized (this) {
                changes++;
                reading = null;
                copy = copy == null ? null
                    : new Copy(copy.holds, System.nanoTime() - 2 * Limits.HOLD_FRESH.toNanos());
            }
        });
    }

    private Optional<Hold> held(Copy known, String url) {
        if (known.holds.isEmpty()) {
            return Optional.empty();
        }
        return names(url).stream().map(known.holds::get).filter(Objects::nonNull)
            .filter(hold -> !hold.isOver(clock.instant())).findFirst();
    }

    /** What a hold may be called that keeps {@code url} from being called. */
    private static Set<String> names(String url) {
        Set<String> names = new TreeSet<>(Set.of(Hold.ALL));
        try {
            if (HttpUrl.isHttp(url)) {
                HttpUrl read = HttpUrl.parse(url);
                add(names, read.host(), read.port());
            } else {
                GrpcUrl.parse(url).addresses()
                    .forEach(each -> add(names, each.host(), each.port()));
            }
        } catch (InvalidRequest noUrl) {
            // Whoever calls it says so, and better.
        }
        return names;
    }

    private static void add(Set<String> names, String host, int port) {
        String name = host.toLowerCase(Locale.ROOT);
        names.add(name);
        names.add((name.indexOf(':') < 0 ? name : "[" + name + "]") + ":" + port);
    }

    private List<Hold> rows(Connection connection) throws SQLException {
        List<Hold> all = new ArrayList<>();
        try (PreparedStatement select = prepared(connection, ALL);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                long end = row.getLong(2);
                Instant until = row.wasNull() ? null : Micros.toInstant(end);
                all.add(new Hold(row.getString(1), until, row.getString(3), row.getString(4),
                    Micros.toInstant(row.getLong(5))));
            }
        }
        return List.copyOf(all);
    }

    private boolean delete(Connection connection, String participant) throws SQLException {
        try (PreparedStatement delete = prepared(connection, DELETE)) {
            delete.setString(1, participant);
            return delete.executeUpdate() > 0;
        }
    }

    private PreparedStatement prepared(Connection connection, String sql) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statement.setQueryTimeout(database.statementTimeoutSeconds());
        return statement;
    }
}

package store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import transaction.Mode;
import transaction.Status;

/**
 * A look at a database that changes nothing: one connection, and nothing is made, neither file nor
 * table. Methods block, no longer than the time-outs of the settings for each question, and throw
 * {@link StoreException} with a line for the operator.
 */
public final class Inspection implements AutoCloseable {

    private static final String H2_URL = "jdbc:h2:";
    private static final String FILE = "file:";
    private static final String HOME = "~/";

    /** Parameters of an H2 url without which the file cannot be read; none of them writes. */
    private static final Set<String> TO_READ =
        Set.of("CIPHER", "SCHEMA", "DATABASE_TO_UPPER", "DATABASE_TO_LOWER");

    /** Of so many questions the one that was answered soonest tells most. */
    private static final int ROUNDS = 5;

    static final String UNFINISHED = Stream.of(Status.values())
        .filter(status -> !status.isFinal()).map(status -> "'" + status.wire() + "'")
        .collect(Collectors.joining(", ", "(", ")"));

    static final String MODES = Mode.ALL.stream()
        .map(mode -> "'" + mode.wire() + "'").collect(Collectors.joining(", ", "(", ")"));

    private final StoreSettings settings;
    private final Dialect dialect;
    private final Connection connection;
    private String durability = "";

    private Inspection(StoreSettings settings, Dialect dialect, Connection connection) {
        this.settings = settings;
        this.dialect = dialect;
        this.connection = connection;
    }

    /**
     * The clock of the database against this machine's.
     *
     * @param ahead by how much the database's is ahead; negative if it is behind
     * @param give how far off that may be, because of the time that the question took
     * @param roundTrip from the question to its answer
     */
    public record Clock(Duration ahead, Duration give, Duration roundTrip) {

        /** How large the difference is at least. */
        public Duration apart() {
            Duration sure = ahead.abs().minus(give);
            return sure.isNegative() ? Duration.ZERO : sure;
        }
    }

    /**
     * What the index says.
     *
     * @param unfinished all that have not ended
     * @param overdue those of them whose time was over long ago, quarantine excepted
     * @param quarantined those of them that are in quarantine
     * @param forgotten rows that break the rule of the due time
     */
    public record Counts(long unfinished, long overdue, long quarantined, long forgotten) {}

    /** The file of an embedded database on disk, whether it is there or not. */
    public static Optional<Path> file(StoreSettings settings) {
        String url = settings.shownUrl();
        if (!url.startsWith(H2_URL) || isInMemory(settings)) {
            return Optional.empty();
        }
        String path = url.substring(H2_URL.length());
        path = path.startsWith(FILE) ? path.substring(FILE.length()) : path;
        if (path.startsWith(HOME)) {
            path = System.getProperty("user.home") + path.substring(1);
        }
        return Optional.of(Path.of(path + ".mv.db").toAbsolutePath().normalize());
    }

    /** Whether there is nothing that outlives the process. */
    public static boolean isInMemory(StoreSettings settings) {
        return settings.jdbcUrl().startsWith("jdbc:h2:mem:");
    }

    /**
     * Whether a process has that file of H2 open; one that only looks does not count.
     *
     * @throws StoreException if the file cannot be read
     */
    public static boolean isHeld(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true)) {
            return lock == null;
        } catch (OverlappingFileLockException own) {
            return true;
        } catch (IOException unreadable) {
            throw new StoreException("cannot read " + file + ": " + unreadable, unreadable);
        }
    }

    /**
     * Connects. A file of H2 must be there and not be held; it is opened for reading.
     *
     * @throws StoreException if that cannot be done with this url, user and password
     */
    public static Inspection open(StoreSettings settings) {
        Dialect dialect = Dialect.of(settings);
        StoreSettings once = settings.within(new StoreSettings.Timeouts(
            settings.timeouts().statement(), settings.timeouts().socket(), Duration.ZERO));
        try {
            // For what it refuses, also where the file is opened in another way.
            String whole = dialect.url(once);
            dialect.inspect(once);
            String url = file(settings).isPresent() ? toRead(settings) : whole;
            return new Inspection(once, dialect, Connections.first(url, dialect, once));
        } catch (SQLException e) {
            throw dialect.explained(e, settings);
        }
    }

    /**
     * Looks whether the database keeps what it is given.
     *
     * @return what a commit survives, in one sentence
     * @throws StoreException if it would not, or cannot be written
     */
    public String durability() {
        return told(() -> {
            Optional<Path> file = file(settings);
            if (file.isEmpty()) {
                dialect.check(connection, settings);
                String session = dialect.session(settings);
                if (session != null) {
                    run(session);
                }
                // From here on the database itself would refuse a change.
                connection.setReadOnly(true);
            } else if (!Files.isWritable(file.get())) {
                throw new StoreException("the store cannot be written: " + file.get());
            }
            durability = dialect.durability(settings);
            return durability;
        });
    }

    /** Whether a power cut loses commits, as the server is set. After {@link #durability}. */
    public boolean isCareless() {
        return dialect.isCareless();
    }

    /** Whether the database has a clock of its own, and may have several nodes. */
    public boolean isServer() {
        return !settings.jdbcUrl().startsWith(H2_URL);
    }

    /** Which one it is, and its version. */
    public String product() {
        return told(() -> {
            String name = connection.getMetaData().getDatabaseProductName();
            return name + " " + connection.getMetaData().getDatabaseProductVersion();
        });
    }

    /** How far the clocks are apart, by the best of a few questions. */
    public Clock clock() {
        return told(() -> {
            Clock best = null;
            for (int i = 0; i < ROUNDS; i++) {
                Instant asked = Instant.now();
                long start = System.nanoTime();
                long micros = Long.parseLong(
                    Dialect.ask(connection, "SELECT " + dialect.nowMicros()));
                Duration took = Duration.ofNanos(System.nanoTime() - start);
                Instant middle = asked.plus(took.dividedBy(2));
                Duration ahead = Duration.between(
                    middle, Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
                if (best == null || took.compareTo(best.roundTrip) < 0) {
                    best = new Clock(ahead, took.dividedBy(2), took);
                }
            }
            return best;
        });
    }

    /** What of it is damaged, in one line; empty for nothing. */
    public String damage() {
        return told(() -> dialect.damage(connection));
    }

    /** What is wrong with the tables, with the command that mends it; empty if they fit. */
    public Optional<String> schema() {
        return told(() -> Schema.check(connection, dialect));
    }

    /** The rows of all nodes; of a schema that fits. */
    public List<NodeTable.Row> nodes() {
        return told(() -> {
            try (PreparedStatement select =
                    prepared(NodeTable.listing(dialect.nowMicros()))) {
                return NodeTable.rows(select);
            }
        });
    }

    /** With which keys it was written, the last one first; of a schema that fits. */
    public List<UsedKey> keys() {
        return told(() -> UsedKeys.judge(connection, settings.encryption().keys()));
    }

    /**
     * Counts what has not ended, along the indexes; of a schema that fits.
     *
     * @param late for how long something must have been due to count as overdue
     */
    public Counts counts(Duration late) {
        String open = "SELECT COUNT(*), "
            + sum("quarantine = '' AND due_at < " + dialect.nowMicros() + " - ?") + ", "
            + sum("quarantine <> ''") + ", "
            + sum("quarantine = '' AND due_at IS NULL"
                + " AND COALESCE(waits_for, '') NOT IN ('parked', 'paused')")
            + " FROM pactor_transaction WHERE namespace IN (%s) AND mode IN " + MODES
            + " AND status IN " + UNFINISHED;
        String ended = "SELECT COUNT(*) FROM pactor_transaction WHERE due_at IS NOT NULL"
            + " AND quarantine = '' AND status NOT IN " + UNFINISHED;
        return told(() -> {
            List<String> namespaces = Namespaces.of(
                connection, dialect.queryTimeoutSeconds(settings));
            if (namespaces.isEmpty()) {
                return new Counts(0, 0, 0, 0);
            }
            try (PreparedStatement first =
                        prepared(String.format(open, Namespaces.marks(namespaces)));
                    PreparedStatement second = prepared(ended)) {
                first.setLong(1, late.toNanos() / 1_000);
                Namespaces.bind(first, 2, namespaces);
                try (ResultSet row = first.executeQuery(); ResultSet end = second.executeQuery()) {
                    row.next();
                    end.next();
                    return new Counts(row.getLong(1), row.getLong(2), row.getLong(3),
                        row.getLong(4) + end.getLong(1));
                }
            }
        });
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException gone) {
            // There is nothing that it could have kept.
        }
    }

    private interface Question<T> {
        T ask() throws SQLException;
    }

    private <T> T told(Question<T> question) {
        try {
            return question.ask();
        } catch (SQLException e) {
            if (dialect.isAway(e)) {
                throw dialect.explained(e, settings);
            }
            throw new StoreException("the store did not answer a question ("
                + settings.withoutSecrets(String.valueOf(e.getMessage())).lines().findFirst()
                    .orElse("").strip() + "): "
                + settings.shownUrl(), e);
        }
    }

    private static String sum(String condition) {
        return "COALESCE(SUM(CASE WHEN " + condition + " THEN 1 ELSE 0 END), 0)";
    }

    private PreparedStatement prepared(String sql) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statement.setQueryTimeout(dialect.queryTimeoutSeconds(settings));
        return statement;
    }

    private void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Not through {@link H2File}, which is there for writing. */
    private static String toRead(StoreSettings settings) {
        String kept = Stream.of(settings.jdbcUrl().split(";")).skip(1)
            .filter(each -> TO_READ.contains(
                each.split("=", 2)[0].strip().toUpperCase(Locale.ROOT)))
            .map(each -> ";" + each).collect(Collectors.joining());
        return settings.shownUrl() + kept
            + ";ACCESS_MODE_DATA=r;IFEXISTS=TRUE;TRACE_LEVEL_FILE=0;DB_CLOSE_ON_EXIT=FALSE";
    }
}

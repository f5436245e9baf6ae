package store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Map;
import org.h2.api.ErrorCode;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStoreException;

/**
 * H2, in a file or in memory, inside this process.
 *
 * <p>By default H2 writes a commit out half a second later and loses it if the process dies before.
 * With {@code WRITE_DELAY=0} it is handed to the operating system at once, which survives the death
 * of the process. What more is done is {@link H2Maintenance}'s.
 */
final class H2 implements Dialect {

    private static final String PREFIX = "jdbc:h2:";
    private static final String FILE = "file:";
    private static final int CAUSES_MAX = 20;

    private static final String DAMAGED =
        "the store is damaged and was left as it is; restore a backup";

    /**
     * Closed by us after the last group, not by a hook of H2's that races with it. Plans that do
     * not change with the statistics of the day. Free space is used at once; see {@link
     * H2Maintenance}. No file of its own for errors: they hold what clients sent, and are in our
     * log.
     */
    private static final Map<String, String> DEFAULTS = Map.of(
        "DB_CLOSE_ON_EXIT", "FALSE", "ANALYZE_AUTO", "0", "RETENTION_TIME", "0",
        "TRACE_LEVEL_FILE", "0");

    private H2Damage damage = H2Damage.NONE;

    H2() {}

    @Override
    public String name() {
        return "h2";
    }

    @Override
    public String url(StoreSettings settings) {
        String url = settings.jdbcUrl();
        if (url.startsWith("jdbc:h2:tcp:") || url.startsWith("jdbc:h2:ssl:")) {
            throw new StoreException("H2 as a server is not supported as a store, only within this "
                + "process: " + settings.shownUrl());
        }
        if (!isInMemory(url) && !says(url, "WRITE_DELAY", "0")) {
            throw new StoreException("the url of an H2 file must say WRITE_DELAY=0, or commits are "
                + "lost when the process dies: " + settings.shownUrl() + ";WRITE_DELAY=0");
        }
        StringBuilder whole = new StringBuilder(isInMemory(url) ? url : through(settings));
        DEFAULTS.forEach((name, value) -> {
            if (!mentions(url, name)) {
                whole.append(';').append(name).append('=').append(value);
            }
        });
        return whole.toString();
    }

    @Override
    public void inspect(StoreSettings settings) {
        String url = settings.jdbcUrl();
        // What is encrypted can only be checked by whoever decrypts it.
        if (!isInMemory(url) && !mentions(url, "CIPHER")) {
            String file = through(settings).substring(PREFIX.length()).split(";", 2)[0] + ".mv.db";
            damage = H2Damage.look(file, settings);
        }
    }

    @Override
    public void prepare(StoreSettings settings) {
        Inspection.file(settings).filter(file -> !file.toString().contains(":"))
            .ifPresent(PrivateFiles::prepare);
    }

    @Override
    public String damage(Connection connection) throws SQLException {
        return damage.told(connection);
    }

    @Override
    public boolean isDamage(SQLException failure) {
        Throwable each = failure;
        for (int depth = 0; each != null && depth < CAUSES_MAX; depth++) {
            if (each instanceof MVStoreException store
                    && (store.getErrorCode() == DataUtils.ERROR_FILE_CORRUPT
                        || store.getErrorCode() == DataUtils.ERROR_READING_FAILED)) {
                return true;
            }
            each = each.getCause();
        }
        return false;
    }

    /** The same file, through {@link H2File}. */
    private static String through(StoreSettings settings) {
        H2File.register();
        String path = settings.jdbcUrl().substring(PREFIX.length());
        return PREFIX + (settings.powerLossSafe() ? H2File.Forced.SCHEME : H2File.SCHEME) + ":"
            + (path.startsWith(FILE) ? path.substring(FILE.length()) : path);
    }

    @Override
    public String nowMicros() {
        return "DATEDIFF(MICROSECOND, TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00:00',"
            + " CURRENT_TIMESTAMP)";
    }

    /** A database in memory can be shared within one process: tests do so. */
    @Override
    public boolean isShared(StoreSettings settings) {
        return isInMemory(settings.jdbcUrl());
    }

    @Override
    public String durability(StoreSettings settings) {
        if (isInMemory(settings.jdbcUrl())) {
            return "none: in memory";
        }
        return settings.powerLossSafe()
            ? "survives a power cut (H2, forced to the disk after each group)"
            : "survives the death of the process (H2, WRITE_DELAY=0); not a power cut";
    }

    @Override
    public void check(Connection connection, StoreSettings settings) throws SQLException {
        if (connection.isReadOnly() || isReadOnly(connection)) {
            throw new StoreException("the store cannot be written: " + settings.shownUrl());
        }
        String delay = setting(connection, "WRITE_DELAY");
        if (!isInMemory(settings.jdbcUrl()) && !"0".equals(delay)) {
            throw new StoreException("H2 runs with WRITE_DELAY=" + delay
                + ", which loses commits when the process dies: " + settings.shownUrl());
        }
        damage.refuseOrRepair(connection, this);
    }

    @Override
    public int queryTimeoutSeconds(StoreSettings settings) {
        return (int) settings.timeouts().statement().toSeconds();
    }

    /** It is in this process: what it does not say is done is told to the next process. */
    @Override
    public boolean isDoubtful(SQLException failure) {
        return false;
    }

    @Override
    public String currentSchema() {
        return "CURRENT_SCHEMA";
    }

    @Override
    public StoreException explained(SQLException failure, StoreSettings settings) {
        String what = switch (failure.getErrorCode()) {
            case ErrorCode.DATABASE_ALREADY_OPEN_1 -> "the store is in use by another process";
            case ErrorCode.FILE_CORRUPTED_1 -> DAMAGED;
            case ErrorCode.FILE_VERSION_ERROR_1 ->
                "the store is no H2 database of a version that can be read";
            case ErrorCode.WRONG_USER_OR_PASSWORD ->
                "the store does not know this user with this password";
            case ErrorCode.DATABASE_IS_READ_ONLY -> "the store cannot be written";
            default -> isDamage(failure) || !damage.isNone()
                ? DAMAGED
                : "the store cannot be opened (" + failure.getMessage() + ")";
        };
        return new StoreException(settings.withoutSecrets(what) + ": " + settings.shownUrl(),
            settings.withoutSecrets(failure));
    }

    @Override
    public boolean isThereAlready(SQLException failure) {
        return Dialect.any(failure,
            each -> each.getErrorCode() == ErrorCode.DUPLICATE_COLUMN_NAME_1
                // A primary key that was dropped already.
                || each.getErrorCode() == ErrorCode.INDEX_NOT_FOUND_1);
    }

    @Override
    public Maintenance upkeep(Connection connection, StoreSettings settings) throws SQLException {
        return isInMemory(settings.jdbcUrl()) ? Maintenance.NONE
            : H2Maintenance.start(connection,
                new DiskSpace(Inspection.file(settings).orElseThrow()), damage.told(connection));
    }

    private static boolean isReadOnly(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("CALL READONLY()")) {
            return row.next() && row.getBoolean(1);
        }
    }

    private static String setting(Connection connection, String name) throws SQLException {
        try (var statement = connection.prepareStatement("SELECT setting_value "
                + "FROM information_schema.settings WHERE setting_name = ?")) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) : "";
            }
        }
    }

    private static boolean isInMemory(String url) {
        return url.startsWith("jdbc:h2:mem:");
    }

    private static boolean mentions(String url, String parameter) {
        return url.toUpperCase(Locale.ROOT).contains(";" + parameter + "=");
    }

    private static boolean says(String url, String parameter, String value) {
        String wanted = parameter + "=" + value;
        for (String part : url.split(";")) {
            if (part.strip().equalsIgnoreCase(wanted)) {
                return true;
            }
        }
        return false;
    }
}

package store;

import java.sql.SQLException;
import java.time.Duration;

/**
 * Where facts are kept, and how.
 *
 * @param jdbcUrl which database; one in a file must say {@code WRITE_DELAY=0}
 * @param user its user
 * @param password of that user
 * @param poolSize connections: one writes the journal, the others read, each for one {@link Lane};
 *     at least 5
 * @param powerLossSafe whether each group of writes is forced to the disk before it counts
 * @param groupRowsMax decisions written in one database transaction, at most
 * @param queueMax decisions, and apart from them reads, that may wait for their turn; more are
 *     refused
 * @param timeouts how long the database is waited for
 * @param acceptedVersion of a file that has gone back, the version to go on from; empty for none
 * @param encryption how payloads are encrypted
 */
public record StoreSettings(
        String jdbcUrl,
        String user,
        String password,
        int poolSize,
        boolean powerLossSafe,
        int groupRowsMax,
        int queueMax,
        Timeouts timeouts,
        String acceptedVersion,
        EncryptionSettings encryption) {

    /** In whole seconds; a url may say otherwise for connections. */
    private static final Timeouts DEFAULTS = new Timeouts(
        Duration.ofSeconds(5), Duration.ofSeconds(6), Duration.ofSeconds(30));

    /**
     * How long the database is waited for.
     *
     * @param statement after which the database gives up on one statement; at least 1 s
     * @param socket after which a connection without an answer is given up; longer
     * @param start how long a database that cannot be reached is waited for at the start
     */
    public record Timeouts(Duration statement, Duration socket, Duration start) {

        /** @throws StoreException if they are too short, or in the wrong order */
        public Timeouts {
            require(statement.toSeconds() >= 1,
                "the statement timeout is shorter than a second: " + statement);
            require(socket.compareTo(statement) > 0,
                "the socket timeout is not longer than that of a statement: " + socket);
        }
    }

    /** @throws StoreException if a number is out of bounds */
    public StoreSettings {
        require(poolSize >= Lane.CONNECTIONS_MIN,
            "the pool needs " + Lane.CONNECTIONS_MIN + " connections or more: " + poolSize);
        require(groupRowsMax >= 1, "a group needs room for a row: " + groupRowsMax);
        require(queueMax >= 1, "the queue needs room for a row: " + queueMax);
    }

    /** The same, accepting no file that has gone back, in the clear. */
    public StoreSettings(String jdbcUrl, String user, String password, int poolSize,
            boolean powerLossSafe, int groupRowsMax, int queueMax, Timeouts timeouts) {
        this(jdbcUrl, user, password, poolSize, powerLossSafe, groupRowsMax, queueMax, timeouts,
            "", EncryptionSettings.NONE);
    }

    /** With defaults for all but the place. */
    public static StoreSettings at(String jdbcUrl) {
        return new StoreSettings(jdbcUrl, "pactor", "", 7, false, 512, 20_000, DEFAULTS, "",
            EncryptionSettings.NONE);
    }

    /** The same, surviving a power cut. */
    public StoreSettings powerLossSafe(boolean safe) {
        return new StoreSettings(jdbcUrl, user, password, poolSize, safe, groupRowsMax, queueMax,
            timeouts, acceptedVersion, encryption);
    }

    /** The same for another user. */
    public StoreSettings as(String otherUser, String otherPassword) {
        return new StoreSettings(jdbcUrl, otherUser, otherPassword, poolSize, powerLossSafe,
            groupRowsMax, queueMax, timeouts, acceptedVersion, encryption);
    }

    /** The same with other time-outs. */
    public StoreSettings within(Timeouts other) {
        return new StoreSettings(jdbcUrl, user, password, poolSize, powerLossSafe, groupRowsMax,
            queueMax, other, acceptedVersion, encryption);
    }

    /** The same, going on from an older version of the file if that is the one that is there. */
    public StoreSettings accepting(String version) {
        return new StoreSettings(jdbcUrl, user, password, poolSize, powerLossSafe, groupRowsMax,
            queueMax, timeouts, version, encryption);
    }

    /** The same, with payloads encrypted like this. */
    public StoreSettings encrypting(EncryptionSettings other) {
        return new StoreSettings(jdbcUrl, user, password, poolSize, powerLossSafe, groupRowsMax,
            queueMax, timeouts, acceptedVersion, other);
    }

    /** Without the password, which may also stand in the url. */
    @Override
    public String toString() {
        return "StoreSettings[" + shownUrl() + "]";
    }

    /** The url without its parameters, fit for a log. */
    String shownUrl() {
        return JdbcUrl.shown(jdbcUrl);
    }

    /** {@code text}, which may be a driver's, without what only the url should hold. */
    String withoutSecrets(String text) {
        return JdbcUrl.withoutSecrets(text, jdbcUrl);
    }

    /** The same failure with such a text, if it has one. */
    SQLException withoutSecrets(SQLException failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            String said = String.valueOf(each.getMessage());
            if (!withoutSecrets(said).equals(said)) {
                return new SQLException(withoutSecrets(String.valueOf(failure.getMessage())),
                    failure.getSQLState(), failure.getErrorCode());
            }
        }
        return failure;
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new StoreException(message);
        }
    }
}

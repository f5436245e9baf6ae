package pactor.settings;

import encryption.Keyring;
import java.io.File;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import store.EncryptionSettings;
import store.StoreSettings;

/**
 * Where facts are kept.
 *
 * @param dataDir the directory of the embedded database
 * @param url the JDBC url of another one, given or put together; empty for the embedded one
 * @param user of the database
 * @param password of the database; may be empty
 * @param powerLossSafe whether each group of writes must survive a power cut
 * @param poolSize connections: one writes, one renews this node's row, one writes the audit log,
 *     one or two serve lists, the others read histories
 * @param timeouts how long is waited for it
 * @param groupMax writes that share one commit
 * @param queueMax writes, and apart from them reads, that may wait for their turn
 * @param acceptOlderVersion the version of an embedded file that has gone back, to go on from it
 * @param encryption how payloads are encrypted
 */
public record StoreConfig(
        Path dataDir,
        Secret url,
        String user,
        Secret password,
        boolean powerLossSafe,
        int poolSize,
        Timeouts timeouts,
        int groupMax,
        int queueMax,
        String acceptOlderVersion,
        EncryptionConfig encryption) {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);

    /** H2 takes what follows a semicolon for options, and a backslash for a slash. */
    private static final boolean BACKSLASH_IS_PLAIN = File.separatorChar != '\\';

    /** What can stand for one or several hosts in a url, and nothing that ends that part of it. */
    private static final Pattern HOSTS = Pattern.compile("[\\p{L}\\p{N}._:,\\[\\]-]+");

    /** A name that is one part of a url's path, as it stands. */
    private static final Pattern NAME = Pattern.compile("[^/?&#;%\\\\\\p{Cntrl}]+");

    /** Where the test mode stores unless it is told: nothing is left behind, nothing is found. */
    private static final String IN_MEMORY = "jdbc:h2:mem:pactor-test";

    private static final List<String> URLS =
        List.of("jdbc:h2:", "jdbc:postgresql:", "jdbc:mariadb:", "jdbc:mysql:");

    private static final String H2 = "h2";
    private static final List<String> DRIVERS =
        List.of(H2, "postgres", "postgresql", "mysql", "mariadb");

    /**
     * How long is waited for the database; each longer than the one before.
     *
     * @param statement after which the database gives up on one statement
     * @param socket after which a connection without an answer is given up
     * @param breaker after which the journal takes a write for failed
     * @param start how long a database that is away at the start is waited for; apart from these
     */
    public record Timeouts(
            Duration statement, Duration socket, Duration breaker, Duration start) {}

    static StoreConfig read(SettingsReader from) {
        Path dataDir = from.path("store.data-dir", "a path without \";\"" + (BACKSLASH_IS_PLAIN
            ? " and \"\\\"" : ""), path -> path.indexOf(';') < 0
                && !(BACKSLASH_IS_PLAIN && path.indexOf('\\') >= 0));
        Secret given = from.url("store.jdbc-url", URLS);
        String driver = from.word("store.driver", DRIVERS);
        Secret inPieces = ofServer(driver, from);
        Secret url = given.isEmpty() ? inPieces : given;
        boolean elsewhere = from.flag("test-mode") && url.isEmpty()
            && from.isDefault("store.data-dir");
        return new StoreConfig(
            dataDir,
            elsewhere ? Secret.url(IN_MEMORY) : url,
            from.nonEmpty("store.user"),
            from.secret("store.password"),
            from.flag("store.power-loss-safe"),
            from.integer("store.pool-size", 5, 1_000),
            new Timeouts(
                from.duration("store.statement-timeout", SECOND, MINUTE),
                from.duration("store.socket-timeout", SECOND, MINUTE),
                from.duration("store.breaker-timeout", SECOND, MINUTE),
                from.duration("store.start-within", Duration.ZERO, HOUR)),
            from.integer("store.group-max", 1, 10_000),
            from.integer("store.queue-max", 100, 1_000_000),
            from.text("store.accept-older-version"),
            EncryptionConfig.read(from));
    }

    /** The same as the store takes it. Reads the file of the encryption keys, if there is one. */
    public StoreSettings opened() {
        return opened(encryption.opened());
    }

    /** The same for who has a keyring of its own. */
    public StoreSettings opened(Keyring keys) {
        return opened(encryption.opened(keys));
    }

    /** The same for who neither reads nor writes transactions. */
    public StoreSettings withoutKeys() {
        return opened(EncryptionSettings.NOT_NEEDED);
    }

    private StoreSettings opened(EncryptionSettings keys) {
        String place = url.isEmpty()
            ? "jdbc:h2:file:" + dataDir.toAbsolutePath().normalize().resolve("pactor")
                + ";WRITE_DELAY=0"
            : url.reveal();
        return new StoreSettings(place, user, password.reveal(), poolSize, powerLossSafe,
            groupMax, queueMax, new StoreSettings.Timeouts(
                timeouts.statement, timeouts.socket, timeouts.start), acceptOlderVersion, keys);
    }

    /** Whoever waits longer must learn what the one before has found out. */
    void check(Duration answerWithin, SettingsReader at) {
        encryption.check(at);
        longer(timeouts.socket, "socket-timeout", timeouts.statement, "store.statement-timeout",
            at);
        longer(timeouts.breaker, "breaker-timeout", timeouts.socket, "store.socket-timeout", at);
        at.refuseIf(answerWithin.compareTo(timeouts.breaker) <= 0, "coordinator.answer-within",
            "must be longer than pactor.store.breaker-timeout (" + timeouts.breaker.toMillis()
                + " ms)");
    }

    private static void longer(Duration time, String key, Duration than, String thanKey,
            SettingsReader at) {
        at.refuseIf(time.compareTo(than) <= 0, "store." + key,
            "must be longer than pactor." + thanKey + " (" + than.toMillis() + " ms)");
    }

    /** What DTM's keys say in pieces, as one url; empty for the embedded database. */
    private static Secret ofServer(String driver, SettingsReader from) {
        String host = from.nonEmpty("store.host", "names or addresses of hosts",
            text -> HOSTS.matcher(text).matches());
        int port = from.integer("store.port", 0, 65_535);
        String database = from.nonEmpty("store.database", "a name without any of / ? & # ; % \\",
            text -> NAME.matcher(text).matches());
        String schema = from.text("store.schema");
        if (driver.equals(H2)) {
            return Secret.url("");
        }
        boolean postgresql = driver.startsWith("postgres");
        String place = (host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host)
            + (port == 0 ? "" : ":" + port) + "/";
        return Secret.url(!postgresql ? "jdbc:mariadb://" + place + database
            : "jdbc:postgresql://" + place + encoded(database) + (schema.isEmpty() ? ""
                : "?currentSchema=" + encoded(schema)));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}

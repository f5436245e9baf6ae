package database;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The database servers that the tests of this JVM share; each is started when it is first asked
 * for, and ends with the JVM. Any thread.
 *
 * <p>Where a machine lacks one, its tests are skipped, loudly; where {@code CI} is set in the
 * environment they fail.
 */
public final class Databases {

    public static final String H2 = "h2";
    public static final String POSTGRESQL = "postgresql";
    public static final String MARIADB = "mariadb";

    /** Which one the tests of the runnable jar use unless they say so themselves. */
    private static final String CHOSEN = System.getProperty("pactor.test.database", H2);

    private static final Map<String, DatabaseServer> SERVERS = new ConcurrentHashMap<>();
    private static final Map<Path, String> URLS = new ConcurrentHashMap<>();
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private Databases() {}

    /** Those that tests of all databases run on; {@code -Dpactor.test.databases=…} narrows it. */
    public static List<String> all() {
        return List.of(System.getProperty("pactor.test.databases",
            String.join(",", H2, POSTGRESQL, MARIADB)).split(","));
    }

    /** The shared server, running; the test is skipped if this machine has none. */
    public static DatabaseServer server(String name) {
        return SERVERS.computeIfAbsent(name, Databases::own);
    }

    /** The url of a new and empty database on the shared server. */
    public static String fresh(String name) {
        DatabaseServer server = server(name);
        String database = "pactor" + NUMBERS.incrementAndGet();
        server.create(database);
        return server.url(database);
    }

    /**
     * Arguments of {@code serve} for a coordinator with that data directory: none for H2, else
     * those that name a database of its own, the same each time.
     */
    public static List<String> arguments(String name, Path dataDir) {
        return name.equals(H2) ? List.of() : arguments(
            URLS.computeIfAbsent(dataDir.toAbsolutePath().normalize(), dir -> fresh(name)));
    }

    /** From now on a coordinator with that data directory stores there, in {@code name}. */
    public static void choose(String name, Path dataDir) {
        URLS.computeIfAbsent(dataDir.toAbsolutePath().normalize(),
            dir -> name.equals(H2) ? "" : fresh(name));
    }

    /** The same for the one chosen for it, or else {@code -Dpactor.test.database=…}. */
    public static List<String> arguments(Path dataDir) {
        String url = URLS.get(dataDir.toAbsolutePath().normalize());
        return url == null ? arguments(CHOSEN, dataDir) : arguments(url);
    }

    /** Arguments of {@code serve} for a database of the shared servers. */
    public static List<String> arguments(String url) {
        return url.isEmpty() ? List.of() : List.of("--set", "pactor.store.jdbc-url=" + url,
            "--set", "pactor.store.user=pactor", "--set", "pactor.store.password=pactor");
    }

    /** A server of the test's own, running; the caller closes it. Else as {@link #server}. */
    public static DatabaseServer own(String name) {
        return started(name, name.equals(POSTGRESQL));
    }

    /** Where no standby of PostgreSQL can be made, what needs one is skipped. */
    public static void assumeStandbys() {
        if (!PostgresServer.canFollow()) {
            skip("NOT TESTED WITH A STANDBY: install the package postgresql, as .ci/run does");
        }
    }

    private static void skip(String said) {
        System.err.println(said);
        if (System.getenv("CI") != null) {
            throw new AssertionError(said);
        }
        assumeTrue(false, said);
    }

    private static DatabaseServer started(String name, boolean postgresql) {
        if (!(postgresql ? PostgresServer.isHere() : MariadbServer.isHere())) {
            skip("NOT TESTED WITH " + name.toUpperCase(Locale.ROOT)
                + ": it is not on this machine; install the packages postgresql and mariadb-server,"
                + " as .ci/run does");
        }
        DatabaseServer server = postgresql ? new PostgresServer() : new MariadbServer();
        server.start();
        return server;
    }
}

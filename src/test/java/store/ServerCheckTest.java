package store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import database.DatabaseServer;
import database.Databases;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import store.StoreSettings.Timeouts;

/** What the store insists on before it serves from a database server. */
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {Databases.POSTGRESQL, Databases.MARIADB})
class ServerCheckTest {

    private static final Timeouts BRIEF =
        new Timeouts(Duration.ofSeconds(2), Duration.ofSeconds(3), Duration.ofSeconds(1));

    @Parameter
    String kind;

    private DatabaseServer server;
    private Place place;
    private StoreSettings settings;

    @BeforeEach
    void fresh() {
        server = Databases.server(kind);
        place = Place.fresh(kind, null);
        settings = place.settings();
    }

    @Test
    void it_says_what_a_confirmed_write_survives() {
        try (Database database = open(settings.powerLossSafe(true))) {
            assertTrue(database.durability().startsWith("survives a power cut of the database's"),
                database.durability());
        }
    }

    @Test
    void a_wrong_password_is_refused_and_not_told() {
        if (place.isMariadb()) {
            String said = assertRefused("the store does not know this user",
                settings.as("pactor", "canary"));
            assertFalse(said.contains("canary"));
        } else {
            // Every password is right to this test's server.
            assertRefused("the store does not know this user", settings.as("nobody", "canary"));
        }
    }

    @Test
    void a_database_that_is_not_there_is_refused() {
        StoreSettings nowhere = StoreSettings.at(server.url("nowhere")).as("pactor", "pactor");
        assertRefused("there is no such database", nowhere);
    }

    @Test
    void a_server_that_is_not_there_is_waited_for_and_then_refused() {
        StoreSettings away = StoreSettings
            .at(settings.jdbcUrl().replace(":" + server.port() + "/", ":1/")).within(BRIEF);
        long before = System.nanoTime();
        assertRefused("the store cannot be reached", away);
        assertTrue(System.nanoTime() - before >= BRIEF.start().toNanos() / 2);
    }

    @Test
    void one_that_takes_no_writes_is_refused() {
        if (place.isMariadb()) {
            try {
                server.execute(settings.jdbcUrl(), "SET GLOBAL read_only = 1");
                assertRefused("the store cannot be written", settings);
            } finally {
                server.execute(settings.jdbcUrl(), "SET GLOBAL read_only = 0");
            }
        } else {
            assertRefused("the store cannot be", new StoreSettings(settings.jdbcUrl()
                + "?options=-c%20default_transaction_read_only=on&targetServerType=any", "pactor",
                "", 5, false, 1, 1, BRIEF));
        }
    }

    @Test
    void weak_settings_are_told_set_right_or_refused() {
        if (place.isMariadb()) {
            try {
                server.execute(settings.jdbcUrl(), "SET GLOBAL innodb_flush_log_at_trx_commit = 2");
                try (Database database = open(settings)) {
                    assertTrue(database.durability().contains("NOT a power cut"));
                }
                assertRefused("pactor.store.power-loss-safe is on", settings.powerLossSafe(true));
                server.execute(settings.jdbcUrl(), "SET GLOBAL innodb_flush_log_at_trx_commit = 0");
                assertRefused("the database runs with innodb_flush_log_at_trx_commit = 0",
                    settings);
            } finally {
                server.execute(settings.jdbcUrl(), "SET GLOBAL innodb_flush_log_at_trx_commit = 1");
            }
        } else {
            place.execute("ALTER DATABASE " + settings.jdbcUrl().replaceAll(".*/", "")
                + " SET synchronous_commit = off");
            try (Database database = open(settings)) {
                assertEquals("on", database.read(connection ->
                    Dialect.ask(connection, "SHOW synchronous_commit")).join());
            }
        }
    }

    @Test
    void names_that_look_alike_are_kept_apart() {
        List<String> gids = List.of("gid", "GID", "gid ", "gíd", "gi\u0301d", "gid\u00a0");
        try (Database database = open(settings)) {
            gids.forEach(gid ->
                Journals.append(database, gid, 1, Samples.opened(gid)).join());
            gids.forEach(gid -> assertEquals(gid, new TransactionTable(database).find(gid)
                .toCompletableFuture().join().orElseThrow().submission().gid()));
            TopicTable topics = new TopicTable(database, Clock.systemUTC());
            gids.forEach(name -> topics.subscribe(name, "http://a/" + name.length(), "")
                .toCompletableFuture().join());
            assertEquals(gids.size(),
                topics.list("", 50).toCompletableFuture().join().rows().size());
        }
    }

    @Test
    void tables_of_the_first_release_are_refused_and_upgraded() {
        isUpgraded(1, "pactor_node", "pactor_lease");
    }

    @Test
    void tables_of_the_second_release_are_refused_and_upgraded() {
        isUpgraded(2, "pactor_lease");
    }

    /** @param later the tables that came after that version */
    private void isUpgraded(int version, String... later) {
        open(settings).close();
        place.execute("UPDATE pactor_schema SET version = ?", version);
        for (String table : later) {
            place.execute("DROP TABLE " + table);
        }
        String old = "the tables are of schema " + version;

        assertTrue(assertRefused(old, settings).contains("schema apply"));
        assertTrue(Schema.check(settings).orElseThrow().startsWith(old));
        assertEquals("schema " + version + " is now schema " + Schema.VERSION,
            Schema.apply(settings));
        assertTrue(Schema.check(settings).isEmpty());
        assertEquals("schema " + Schema.VERSION + " is there already", Schema.apply(settings));
        open(settings).close();
    }

    @Test
    void two_that_make_the_tables_at_once_do_not_collide() {
        List<Thread> both = List.of(new Thread(() -> open(settings).close()),
            new Thread(() -> open(settings).close()));
        both.forEach(Thread::start);
        both.forEach(thread -> {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        assertEquals(List.of(String.valueOf(Schema.VERSION)),
            place.query("SELECT version FROM pactor_schema"));
        assertTrue(Schema.check(settings).isEmpty());
    }

    private static Database open(StoreSettings settings) {
        return Database.open(settings, H2Files.meter());
    }

    private static String assertRefused(String message, StoreSettings settings) {
        String said = assertThrows(StoreException.class, () -> open(settings.within(
            new Timeouts(settings.timeouts().statement(), settings.timeouts().socket(),
                BRIEF.start()))).close()).getMessage();
        assertTrue(said.startsWith(message), said);
        return said;
    }
}

package store;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertFalse;

import database.Databases;
import database.PostgresServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import meter.Meter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A commit that waits for its synchronous standby is not taken for done because the wait ended. */
class StandbyWaitTest {

    private static final String WAITING = "pg_stat_activity WHERE wait_event = 'SyncRep'";

    private PostgresServer server;
    private Database database;

    @BeforeEach
    void open() {
        Databases.server(Databases.POSTGRESQL); // Skipped where there is none.
        server = new PostgresServer();
        server.start();
        server.create("standby");
        database = Database.open(
            StoreSettings.at(server.url("standby")).as(server.user(), server.user()),
            Meter.over(new SimpleMeterRegistry()));
    }

    @AfterEach
    void close() {
        database.close();
        server.close();
    }

    /** PostgreSQL tells success then, with a warning. Row B-12 of the failure model. */
    @Test
    void aWaitThatSomebodyCancelsIsWaitedForAgain() {
        standby("missing");
        CompletableFuture<Void> write = Journals.append(database, "g", 1, Samples.opened("g"));
        awaitWaiting();
        end("pg_cancel_backend");
        awaitWaiting();
        assertFalse(write.isDone());
        standby("");
        write.orTimeout(10, TimeUnit.SECONDS).join();
    }

    @Test
    void soIsOneWhoseConnectionIsTerminated() {
        standby("missing");
        CompletableFuture<Void> write = Journals.append(database, "g", 1, Samples.opened("g"));
        awaitWaiting();
        end("pg_terminate_backend");
        awaitWaiting();
        assertFalse(write.isDone());
        standby("");
        write.orTimeout(10, TimeUnit.SECONDS).join();
    }

    private void standby(String name) {
        server.execute(server.url("postgres"), "ALTER SYSTEM SET synchronous_standby_names = '"
            + name + "'", "SELECT pg_reload_conf()");
        await().until(() -> server.ask(server.url("postgres"),
            "SHOW synchronous_standby_names").equals(name));
    }

    private void awaitWaiting() {
        await().atMost(Duration.ofSeconds(5)).until(() -> !server.ask(server.url("postgres"),
            "SELECT count(*) FROM " + WAITING).equals("0"));
    }

    /** Returns when whoever waited does so no more. */
    private void end(String how) {
        String pid = server.ask(server.url("postgres"), "SELECT pid FROM " + WAITING);
        server.execute(server.url("postgres"), "SELECT " + how + "(" + pid + ")");
        await().until(() -> server.ask(server.url("postgres"), "SELECT count(*) FROM " + WAITING
            + " AND pid = " + pid).equals("0"));
    }
}

package crash;

import database.Databases;
import database.PostgresProxy;
import database.PostgresServer;
import java.net.InetAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import store.Unfinished;

/**
 * What can happen to a PostgreSQL under a coordinator at work: killed and started again, commits
 * whose answer is lost or that never arrive, back-ends that are terminated, a host that vanishes.
 * Rows B-02, B-07, B-08, B-09 of the failure model. The coordinator lives through all of it.
 */
class DatabaseFaults {

    private static final int SHUTDOWNS = 20;
    private static final int AMBIGUOUS = 100;
    private static final int LOST = 30;
    private static final int BACKENDS = 20;
    private static final Duration SILENCE = Duration.ofSeconds(12);

    /** L4: it writes again this soon after the database is back. */
    private static final Duration BACK_WITHIN = Duration.ofSeconds(10);

    private final long seed = Long.getLong("crash.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final RunRecord record = new RunRecord("database", seed)
        .plan("immediate shutdown", SHUTDOWNS).plan("ambiguous commit", AMBIGUOUS)
        .plan("lost commit", LOST).plan("terminated back-end", BACKENDS).plan("half-open", 1)
        .planTransactions(500).planAllRules();
    private PostgresServer server;
    private PostgresProxy proxy;
    private BankParticipants bank;
    private Child child;
    private BankLoad load;

    @BeforeEach
    void open(@TempDir Path home) throws Exception {
        Databases.server(Databases.POSTGRESQL); // Skipped where there is none.
        server = new PostgresServer();
        server.start();
        server.create("faults");
        proxy = new PostgresProxy(InetAddress.getLoopbackAddress(), server.port());
        bank = new BankParticipants(BankLoad.ACCOUNTS);
        String url = server.url("faults").replace(":" + server.port(), ":" + proxy.port());
        child = new Child(home, Child.Setup.lean()
            .withArguments(Databases.arguments(url).toArray(String[]::new)));
        load = new BankLoad(new Wire(child::uri), bank, seed);
    }

    @AfterEach
    void close() throws Exception {
        load.close();
        child.close();
        bank.close();
        proxy.close();
        server.close();
    }

    @Test
    void nothingAcknowledgedIsLostWhateverTheDatabaseDoes() throws Exception {
        child.serving();
        load.start();
        load.awaitSome(50, Duration.ofSeconds(20));

        cutCommits();
        terminateBackEnds();
        vanish();
        shutDown();

        load.finish();
        Unfinished.assertAllDue(this::connect);
        if (!child.isAlive()) {
            record.violated("the coordinator has ended; " + child.story());
        }
        record.judged(load.judge(), load.told());
        System.out.println(load);
        record.close();
    }

    private void cutCommits() {
        int before = 0;
        for (int cut = 0; cut < AMBIGUOUS + LOST; cut++) {
            if (random.nextInt(AMBIGUOUS + LOST - cut) < LOST - before) {
                before++;
                proxy.cutBeforeACommit();
            } else {
                proxy.cutAfterACommit();
            }
            awaitCut();
            LockSupport.parkNanos(random.nextInt(60) * 1_000_000L);
        }
        record.happened("ambiguous commit", proxy.doneAfter());
        record.happened("lost commit", proxy.doneBefore());
        awaitBack("ambiguous commit");
    }

    private void awaitCut() {
        long deadline = System.nanoTime() + BACK_WITHIN.toNanos();
        while (proxy.open() > 0 && System.nanoTime() < deadline) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private void terminateBackEnds() {
        for (int i = 0; i < BACKENDS; i++) {
            server.execute(server.url("postgres"), "SELECT pg_terminate_backend(pid)"
                + " FROM pg_stat_activity WHERE datname = 'faults'");
            record.happened("terminated back-end", 1);
            LockSupport.parkNanos(200_000_000L);
        }
        awaitBack("terminated back-end");
    }

    private void vanish() {
        proxy.silent(true);
        LockSupport.parkNanos(SILENCE.toNanos());
        proxy.silent(false);
        record.happened("half-open", 1);
        awaitBack("half-open");
    }

    private void shutDown() {
        for (int i = 0; i < SHUTDOWNS; i++) {
            server.kill();
            LockSupport.parkNanos(random.nextInt(i % 5 == 0 ? 4_000 : 300) * 1_000_000L);
            server.start();
            record.happened("immediate shutdown", 1);
            awaitBack("immediate shutdown");
            load.awaitSome(1 + random.nextInt(20), Duration.ofSeconds(2));
        }
    }

    /** Until an initiator gets through with something that it begins now, or had in hand. */
    private void awaitBack(String kind) {
        long from = System.nanoTime();
        long deadline = from + BACK_WITHIN.toNanos();
        while (load.lastTold() < from && System.nanoTime() < deadline) {
            LockSupport.parkNanos(2_000_000);
        }
        record.stoodStill(kind, (System.nanoTime() - from) / 1_000_000);
        if (load.lastTold() < from) {
            record.violated("L4 nothing was written within " + BACK_WITHIN + " after " + kind);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(server.url("faults"), server.user(), server.user());
    }
}

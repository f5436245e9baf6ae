package crash;

import database.DatabaseServer;
import database.Databases;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import store.Unfinished;

/**
 * One coordinator over a database to which things happen, with the bank's load on it, and the
 * record of what happened. For one thread.
 */
final class DatabaseScene implements AutoCloseable {

    static final String DATABASE = "faults";

    /** L4: it writes again this soon after the database is back. */
    private static final Duration BACK_WITHIN = Duration.ofSeconds(10);

    /** pactor.coordinator.answer-within, and a second for a busy machine. */
    private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(9);

    private final RunRecord record;
    private final BankParticipants bank;
    private final Child child;
    private final Wire wire;
    private final BankLoad load;
    private int probes;

    /**
     * @param url of the database that the coordinator is given
     * @param more arguments of {@code serve}
     */
    DatabaseScene(Path home, RunRecord record, String url, String... more) throws Exception {
        this(home, record, Child.Setup.lean().withArguments(arguments(url, more)));
    }

    DatabaseScene(Path home, RunRecord record, Child.Setup setup) throws Exception {
        this.record = record;
        bank = new BankParticipants(BankLoad.ACCOUNTS);
        child = new Child(home, setup);
        wire = new Wire(child::uri);
        load = new BankLoad(wire, bank, record.seed());
    }

    /** Starts the coordinator, puts the load on it, and waits until that flows. */
    void begin() {
        child.serving();
        load.start();
        load.awaitSome(50, Duration.ofSeconds(20));
    }

    BankLoad load() {
        return load;
    }

    Wire wire() {
        return wire;
    }

    /** A fault has come and is over: until an initiator gets through with something. */
    void happened(String kind) {
        record.happened(kind, 1);
        awaitBack(kind);
    }

    /** Until an initiator gets through with something that it begins now, or had in hand. */
    void awaitBack(String kind) {
        awaitBack(kind, BACK_WITHIN);
    }

    void awaitBack(String kind, Duration within) {
        long from = System.nanoTime();
        await(within, () -> load.lastTold() > from);
        record.stoodStill(kind, (System.nanoTime() - from) / 1_000_000);
        if (load.lastTold() < from) {
            record.violated("L4 nothing was written within " + within + " after " + kind);
        }
    }

    /**
     * While nothing can be written: what a client that submits now is told. It must be told in
     * time, and neither yes nor no; a yes is possible if the trouble ended before the answer.
     *
     * @return whether it was told to ask again
     */
    boolean submitMeanwhile(String kind) {
        String gid = "probe-" + ++probes;
        long from = System.nanoTime();
        try {
            HttpResponse<String> answer = wire.post("submit",
                Crowd.saga(gid, 1, bank.url("/receipt")).toString());
            long millis = (System.nanoTime() - from) / 1_000_000;
            if (answer.statusCode() == 503) {
                record.happened("answered 503", 1);
            } else if (answer.statusCode() != 200) {
                record.violated("C5 " + kind + " was told as " + answer.statusCode() + " "
                    + answer.body());
            }
            if (millis > ANSWERED_WITHIN.toMillis()) {
                record.violated(kind + ": an answer took " + millis + " ms");
            }
            return answer.statusCode() == 503;
        } catch (IOException e) {
            record.violated(kind + ": no answer, " + e);
            return false;
        }
    }

    /** Until {@code come}, or the time is over. */
    static boolean await(Duration atMost, BooleanSupplier come) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!come.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            LockSupport.parkNanos(2_000_000);
        }
        return true;
    }

    static void pause(long millis) {
        LockSupport.parkNanos(millis * 1_000_000);
    }

    /**
     * Lets all come to its end and judges it.
     *
     * @param server which holds the truth by now; null if the coordinator keeps it itself
     * @throws AssertionError if the run failed or is invalid
     */
    void judge(DatabaseServer server) throws Exception {
        load.finish();
        if (server != null) {
            Unfinished.assertAllDue(() -> connect(server));
        }
        if (!child.isAlive()) {
            record.violated("the coordinator has ended; " + child.story());
        }
        record.judged(load.judge(), load.told());
        System.out.println(load);
        record.close();
    }

    @Override
    public void close() {
        load.close();
        child.close();
        bank.close();
    }

    private static Connection connect(DatabaseServer server) throws SQLException {
        return DriverManager.getConnection(server.url(DATABASE), server.user(), server.user());
    }

    private static String[] arguments(String url, String... more) {
        return java.util.stream.Stream.concat(
            Databases.arguments(url).stream(), java.util.Arrays.stream(more))
            .toArray(String[]::new);
    }
}

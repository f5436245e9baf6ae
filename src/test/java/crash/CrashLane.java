package crash;

import crash.CrashCase.Repeats;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Crash cases one after another on one store, each with a process of its own: it recovers what the
 * one before it left, and dies in this case. Goes on after a failure.
 */
final class CrashLane implements AutoCloseable {

    private static final Duration DEATH = Duration.ofSeconds(30);
    private static final Duration END = Duration.ofSeconds(30);
    private static final int ACCOUNTS = 8;

    private final String name;
    private final List<CrashCase> cases = new ArrayList<>();
    private final Map<CrashCase, CompletableFuture<Void>> verdicts = new LinkedHashMap<>();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final BankParticipants bank;
    private final Child child;
    private final Wire wire;
    private final Initiator initiator;

    CrashLane(String name, Path home) throws IOException, SQLException {
        this.name = name;
        bank = new BankParticipants(ACCOUNTS);
        child = Child.in(home);
        wire = new Wire(child::uri);
        initiator = new Initiator(wire, bank);
    }

    /** Adds a case. @return when it is through; failed if anything was wrong */
    CompletableFuture<Void> add(CrashCase one) {
        cases.add(one);
        return verdicts.computeIfAbsent(one, each -> new CompletableFuture<>());
    }

    /** Begins with the first case, on a thread of its own. No case may be added any more. */
    void start() {
        threads.submit(() -> {
            for (int number = 0; number < cases.size(); number++) {
                CompletableFuture<Void> verdict = verdicts.get(cases.get(number));
                try {
                    die(number);
                    verdict.complete(null);
                } catch (Throwable e) {
                    verdict.completeExceptionally(e);
                }
            }
            try {
                nothingLeft();
                end.complete(null);
            } catch (Throwable e) {
                end.completeExceptionally(e);
            }
        });
    }

    /** When all are through and nothing is left over. */
    CompletableFuture<Void> end() {
        return end;
    }

    int kills() {
        return child.starts() - 1;
    }

    @Override
    public void close() {
        child.close();
        threads.shutdownNow();
        bank.close();
    }

    private void die(int number) throws Exception {
        CrashCase at = cases.get(number);
        if (number == 0 || !child.isAlive()) {
            child.servingUntil(placeOf(number));
        }
        Transfer transfer = transfer(number);
        Future<Told> told = threads.submit(() -> initiator.play(transfer));
        try {
            awaitDeathAt(at.point());
            if (!at.again().isEmpty()) {
                child.launch(at.again() + "@" + transfer.gid());
                awaitDeathAt(at.again().split(":")[0]);
            }
        } finally {
            child.kill();
            child.servingUntil(placeOf(number + 1));
        }
        Told known = told.get(60, TimeUnit.SECONDS);
        awaitEnd(transfer);
        Oracle oracle = new Oracle(wire, bank);
        oracle.judge(known);
        require(oracle.violations().isEmpty(), oracle.violations().toString());
        Repeats repeated = Repeats.of(bank.receipts(transfer.gid()));
        require(at.repeats().allows(repeated), repeated + " operations were called again, not "
            + at.repeats() + ": " + bank.receipts(transfer.gid()));
    }

    /** A case in which the process did not die there shows nothing. */
    private void awaitDeathAt(String point) {
        child.awaitDeath(DEATH);
        require(child.haltedAt(point), "did not halt at " + point + "; " + child.story());
    }

    private void awaitEnd(Transfer transfer) throws IOException {
        try {
            Awaitility.await().atMost(END).pollInterval(Duration.ofMillis(50)).ignoreExceptions()
                .until(() -> Set.of(Told.SUCCEED, Told.FAILED)
                    .contains(wire.status(transfer.gid())));
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(transfer + " does not end: " + wire.query(transfer.gid())
                + "; it was called " + bank.receipts(transfer.gid()) + "; " + child.story(), e);
        }
    }

    private void nothingLeft() throws Exception {
        require(wire.unfinished() == 0, wire.unfinished() + " transactions have not ended");
        Oracle oracle = new Oracle(wire, bank);
        oracle.judgeBank(initiator);
        require(oracle.violations().isEmpty(), oracle.violations().toString());
        long calls = bank.calls();
        child.kill();
        child.serving();
        require(wire.unfinished() == 0, wire.unfinished() + " transactions rose again");
        require(bank.calls() == calls, "a restart called for what has ended");
    }

    private Transfer transfer(int number) {
        return new Transfer(name + "-" + number, cases.get(number).plan(), number % ACCOUNTS,
            (number + 1) % ACCOUNTS, 100 + number);
    }

    private String placeOf(int number) {
        if (number >= cases.size()) {
            return "";
        }
        CrashCase at = cases.get(number);
        return HaltingFailpoints.place(at.point(), at.hit(), transfer(number).gid());
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}

package io.pactor.client.participant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/**
 * Random calls in parallel: repeats, undos early and late, refusals, crashes in the middle of the
 * work and before the answer. Each call is repeated until it has a verdict, as a coordinator does;
 * then what was done is compared with what must be.
 *
 * <p>{@code -Dpactor.seed=…} runs one seed, {@code -Dpactor.seeds=…} so many; a failure says which
 * it was. The seed makes the calls and their fates; which thread comes first is up to the machine.
 */
abstract class InterleavingContract {

    /** So many in the build, as each call opens a connection. */
    private static final int SEEDS = Integer.getInteger("pactor.seeds", 5);
    private static final int BRANCHES = 8;
    private static final int THREADS = 4;

    /** More than the fates and the deadlocks of one call can be. */
    private static final int ATTEMPTS_MAX = 200;

    private final DataSource database;
    private final JdbcBarrier barrier = JdbcBarrier.create();

    InterleavingContract(TestDatabase kind) {
        database = kind.shared();
    }

    /**
     * What befalls the attempts of a call, one after the other; the last is for all that follow.
     */
    private enum Fate {
        DONE, REFUSED, ONGOING, CRASHED_AT_WORK, CRASHED_BEFORE_ANSWER
    }

    /** One call as it is sent, with its repeats. */
    private record Sent(Branch branch, BranchCall call, List<Fate> fates) {}

    /** A branch, with what its calls have been answered. */
    private record Branch(Set<Reply> replies, Set<String> refusals, boolean refuses) {}

    private static final class Crash extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }

    @Test
    void theWorkIsDoneOnceAndUndoneIfItWasDone() {
        long given = Long.getLong("pactor.seed", 0);
        (given != 0 ? LongStream.of(given) : LongStream.rangeClosed(1, SEEDS)).forEach(this::run);
    }

    private void run(long seed) {
        Random random = new Random(seed);
        List<Sent> calls = new ArrayList<>();
        List<BranchCall> actions = new ArrayList<>();
        List<Branch> branches = new ArrayList<>();
        List<Boolean> undone = new ArrayList<>();
        for (int i = 0; i < BRANCHES; i++) {
            boolean isTcc = random.nextBoolean();
            BranchCall action = new BranchCall(TestDatabase.gid(), isTcc ? "tcc" : "saga", "01",
                isTcc ? "try" : "action");
            Branch branch = new Branch(ConcurrentHashMap.newKeySet(),
                ConcurrentHashMap.newKeySet(), random.nextInt(4) == 0);
            boolean isUndone = random.nextInt(3) > 0;
            // Only what is undone may never come.
            int actionsSent = (isUndone ? 0 : 1) + random.nextInt(4);
            for (int copy = 0; copy < actionsSent; copy++) {
                calls.add(new Sent(branch, action, fates(random, branch.refuses())));
            }
            int undosSent = isUndone ? 1 + random.nextInt(3) : 0;
            for (int copy = 0; copy < undosSent; copy++) {
                calls.add(new Sent(branch, action.withOp(isTcc ? "cancel" : "compensate"),
                    fates(random, false)));
            }
            actions.add(action);
            branches.add(branch);
            undone.add(isUndone);
        }
        Collections.shuffle(calls, random);
        send(calls, seed);
        for (int i = 0; i < BRANCHES; i++) {
            check(actions.get(i), branches.get(i), undone.get(i), "seed " + seed + ", the "
                + actions.get(i));
        }
    }

    private static List<Fate> fates(Random random, boolean refuses) {
        List<Fate> fates = new ArrayList<>();
        Fate[] before = {Fate.CRASHED_AT_WORK, Fate.CRASHED_BEFORE_ANSWER, Fate.ONGOING};
        for (int more = random.nextInt(3); more > 0; more--) {
            Fate fate = before[random.nextInt(before.length)];
            // What is committed before a crash is done, and what refuses is never done.
            fates.add(refuses && fate == Fate.CRASHED_BEFORE_ANSWER ? Fate.CRASHED_AT_WORK : fate);
        }
        fates.add(refuses ? Fate.REFUSED : Fate.DONE);
        return fates;
    }

    private void send(List<Sent> calls, long seed) {
        Queue<Sent> queue = new ConcurrentLinkedQueue<>(calls);
        List<CompletableFuture<Void>> threads = IntStream.range(0, THREADS)
            .mapToObj(each -> CompletableFuture.runAsync(() -> {
                for (Sent sent = queue.poll(); sent != null; sent = queue.poll()) {
                    untilVerdict(sent);
                }
            }, task -> new Thread(task, "sender-" + seed + "-" + each).start())).toList();
        try {
            threads.forEach(CompletableFuture::join);
        } catch (CompletionException e) {
            throw new AssertionError("seed " + seed + ": " + e.getCause(), e);
        }
    }

    private void untilVerdict(Sent sent) {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            Fate fate = sent.fates().get(Math.min(attempt, sent.fates().size() - 1));
            try {
                Reply reply = attempt % 2 == 0 ? run(sent, fate) : inOwnTransaction(sent, fate);
                if (fate != Fate.CRASHED_BEFORE_ANSWER) {
                    if (!sent.call().isUndo()) {
                        sent.branch().replies().add(reply);
                    }
                    return;
                }
            } catch (Refused refused) {
                sent.branch().refusals().add(refused.getMessage());
                return;
            } catch (Ongoing | Crash | BarrierException again) {
                // The coordinator calls again, also after a deadlock.
            }
        }
        throw new AssertionError(sent + " has no verdict after " + ATTEMPTS_MAX + " attempts");
    }

    private Reply run(Sent sent, Fate fate) {
        return barrier.run(database, sent.call(), inside -> work(inside, sent, fate));
    }

    /** As who has a transaction already. */
    private Reply inOwnTransaction(Sent sent, Fate fate) {
        return LocalTransaction.run(database, sent.call().toString(), inside -> {
            Passage passage = barrier.enter(inside, sent.call());
            if (passage.isOpen()) {
                Reply reply = work(inside, sent, fate);
                barrier.record(inside, sent.call(), reply);
                return reply;
            }
            if (passage instanceof Passage.UndoneBefore late) {
                throw late.refusal(sent.call());
            }
            return passage instanceof Passage.Repeated repeated ? repeated.reply() : Reply.EMPTY;
        });
    }

    private static Reply work(Connection connection, Sent sent, Fate fate) throws SQLException {
        CallContract.work(connection, sent.call());
        switch (fate) {
            case REFUSED -> throw new Refused("no");
            case ONGOING -> throw Ongoing.askAgainIn(Duration.ofSeconds(1));
            case CRASHED_AT_WORK -> {
                connection.abort(Runnable::run);
                throw new Crash();
            }
            case DONE, CRASHED_BEFORE_ANSWER -> { }
        }
        // Each attempt would answer something else.
        return Reply.json("\"" + UUID.randomUUID() + "\"");
    }

    private void check(BranchCall action, Branch branch, boolean isUndone, String what) {
        int done = count(action.gid(), action.op());
        int undone = count(action.gid(), action.op().equals("try") ? "cancel" : "compensate");
        boolean cameLate = branch.refusals().stream().anyMatch(each -> each.contains("Too late"));
        assertTrue(done <= 1, what + " was done " + done + " times");
        assertEquals(isUndone ? done : 0, undone, what + " was undone so many times");
        assertTrue(branch.replies().size() <= 1, what + " had replies " + branch.replies().size());
        if (!branch.replies().isEmpty()) {
            assertEquals(1, done, what + " was answered success");
        }
        if (branch.refuses()) {
            assertEquals(0, done, what + " refuses");
        } else if (!isUndone) {
            assertEquals(1, done, what + " was not undone");
        }
        assertTrue(!cameLate || isUndone && done == 0, what + " was too late");
    }

    private int count(String gid, String op) {
        return Integer.parseInt(TestDatabase.ask(database, "select count(*) from work where gid = '"
            + gid + "' and op = '" + op + "'"));
    }
}

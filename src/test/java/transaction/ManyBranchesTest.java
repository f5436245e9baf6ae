package transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.AbstractList;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the rules do for a transaction of many branches, counted: each look at an operation is
 * one visit. So many calls at once must not cost more than the same calls one after another.
 */
class ManyBranchesTest {

    private static final int MANY = 250;

    /** The most visits to each operation that one answer may cost. */
    private static final int VISITS_PER_OP = 16;

    private long visits;

    @Test
    void aConcurrentSagaCostsWhatASequentialOneCosts() {
        long sequential = run(Samples.saga(MANY), key -> Outcome.SUCCESS, Status.SUCCEED);
        long concurrent = run(Samples.saga(MANY, Map.of(), Options.NONE),
            key -> Outcome.SUCCESS, Status.SUCCEED);
        assertWithin(sequential, concurrent);
    }

    @Test
    void aConcurrentMessageCostsWhatASequentialOneCosts() {
        long sequential = run(Samples.msg(MANY, Options.NONE), key -> Outcome.SUCCESS,
            Status.SUCCEED);
        long concurrent = run(Samples.msg(MANY, Samples.concurrent()), key -> Outcome.SUCCESS,
            Status.SUCCEED);
        assertWithin(sequential, concurrent);
    }

    @Test
    void whoIsAtWorkOrInTroubleCostsNoMore() {
        Submission saga = Samples.saga(MANY, Map.of(), Options.NONE);
        run(saga, key -> Outcome.ongoing("at work"), Status.SUBMITTED);
        run(saga, key -> Outcome.unknown("connection refused"), Status.SUBMITTED);
    }

    @Test
    void manyThatAreUndoneAtOnceCostNoMore() {
        run(Samples.saga(MANY, Map.of(), Options.NONE),
            key -> key.op() == Op.ACTION ? Samples.FAILURE : Outcome.SUCCESS, Status.FAILED);
    }

    @Test
    void ordersInWhichEachWaitsForAllBeforeCostNoMore() {
        Map<Integer, List<Integer>> after = new HashMap<>();
        for (int i = 0; i < MANY; i++) {
            List<Integer> before = new ArrayList<>();
            for (int j = 0; j < i; j++) {
                before.add(j);
            }
            after.put(i, new Counting<>(before));
        }
        Submission saga = Samples.saga(MANY, after, Options.NONE);
        String last = BranchOp.idOf(MANY - 1);
        visits = 0;
        run(saga, key -> key.op() == Op.ACTION && key.branchId().equals(last)
            ? Samples.FAILURE : Outcome.SUCCESS, Status.FAILED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcc", "xa", "workflow"})
    void branchesThatJoinOneByOneCostNoMore(String name) {
        Mode mode = Mode.of(name).orElseThrow();
        GlobalTransaction t = Story.begin(Samples.prepare(mode)).t();
        for (int i = 0; i < MANY; i++) {
            visits = 0;
            t = Decider.decide(counted(t), Live.NONE, Samples.join(mode, "b" + i),
                new Moment(Story.NOON, Policy.DEFAULT)).after();
            assertTrue(visits <= (long) VISITS_PER_OP * (t.ops().size() + 1), visits + " visits");
        }
        assertTrue(t.ops().size() >= MANY);
    }

    /** Each wanted operation is looked at twice: to call it, and to know when to look again. */
    @Test
    void thePlanLooksAtEachWantedOperationTwiceHoweverManyAreRunning() {
        GlobalTransaction t = Story.begin(new Command.Submit(
            Samples.saga(MANY, Map.of(), Options.NONE))).t();
        List<BranchOp> actions = t.ops(Op.ACTION).toList();
        Live live = Live.NONE.started(actions.stream().map(BranchOp::key).skip(1).toList());
        visits = 0;

        Plan plan = new Plan(t, new Step.Call(new Counting<>(actions), Instant.MAX), live,
            new Moment(Story.NOON, Policy.DEFAULT));

        assertEquals(List.of(actions.get(0)), plan.ready());
        plan.lookAgainAt();
        assertEquals(2 * MANY, visits);
    }

    /** The visits of the whole life of a transaction, with a bound for each answer. */
    private long run(Submission asked, Function<CallKey, Outcome> answers, Status end) {
        Instant now = Story.NOON;
        Deque<CallKey> calls = new ArrayDeque<>();
        long all = 0;
        Decision last = Decider.decide(GlobalTransaction.ABSENT, Live.NONE,
            new Command.Submit(asked), new Moment(now, Policy.DEFAULT));
        last.calls().forEach(call -> calls.add(call.key()));
        while (!calls.isEmpty()) {
            CallKey key = calls.remove();
            now = now.plusMillis(1);
            visits = 0;
            last = Decider.decide(counted(last.after()), last.live(),
                new Command.BranchReturned(key, answers.apply(key)),
                new Moment(now, Policy.DEFAULT));
            Decider.summaryOf(last, Policy.DEFAULT);
            last.calls().forEach(call -> calls.add(call.key()));
            assertTrue(visits <= (long) VISITS_PER_OP * last.after().ops().size(),
                visits + " visits for the answer of " + key);
            all += visits;
        }
        assertEquals(end, last.after().status());
        return all;
    }

    private static void assertWithin(long sequential, long concurrent) {
        assertTrue(concurrent <= sequential * 3 / 2,
            concurrent + " visits at once, " + sequential + " one after another");
    }

    private GlobalTransaction counted(GlobalTransaction t) {
        return new GlobalTransaction(t.submission(), t.status(), new Counting<>(t.ops()),
            t.inquiry(), t.undo(), t.reason(), t.result(), t.openedAt(), t.submittedAt(),
            t.progressAt(), t.updatedAt(), t.quarantine());
    }

    private final class Counting<T> extends AbstractList<T> {

        private final List<T> list;

        Counting(List<T> list) {
            this.list = list instanceof Counting<T> counting ? counting.list : list;
        }

        @Override
        public T get(int index) {
            visits++;
            return list.get(index);
        }

        @Override
        public int size() {
            return list.size();
        }
    }
}

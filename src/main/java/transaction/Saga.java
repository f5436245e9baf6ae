package transaction;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A saga: actions forward; if one fails, compensations backward (Garcia-Molina and Salem, 1987).
 *
 * <p>A failed action is compensated too: it may have done half its work. An action that is ready
 * but without a verdict when the saga turns back may have been called, so it is compensated as
 * well; the participant's barrier makes that safe.
 */
final class Saga implements Mode {

    Saga() {}

    @Override
    public String wire() {
        return "saga";
    }

    @Override
    public void check(List<Submission.Step> steps, Details details, Protocol protocol) {
        for (Submission.Step step : steps) {
            InvalidRequest.require(!step.isTopic(), "a saga cannot call a topic");
            Urls.requireCallable("action", step.action(), protocol);
            Urls.requireCallable("compensate", step.compensate(), protocol);
        }
        if (details instanceof Details.Concurrent concurrent) {
            checkOrders(concurrent.after(), steps.size());
        }
    }

    @Override
    public void checkSubmit(Submission submission) {
        InvalidRequest.require(!submission.steps().isEmpty(), "a saga needs at least one step");
    }

    /** Two operations for each step, the compensation first, as clients expect them. */
    @Override
    public List<BranchOp> opsOf(Submission submission, Instant at) {
        List<BranchOp> ops = new ArrayList<>(2 * submission.steps().size());
        for (int i = 0; i < submission.steps().size(); i++) {
            Submission.Step step = submission.steps().get(i);
            String id = BranchOp.idOf(i);
            ops.add(BranchOp.pending(
                new CallKey(id, Op.COMPENSATE), step.compensate(), step.undoPayload(),
                step.compensateOptions(), at));
            ops.add(BranchOp.pending(
                new CallKey(id, Op.ACTION), step.action(), step.payload(),
                step.actionOptions(), at));
        }
        return List.copyOf(ops);
    }

    @Override
    public List<BranchOp> opsOf(BranchRegistration registration, Instant at) {
        throw new InvalidRequest("the branches of a saga are its steps; none can be registered");
    }

    @Override
    public Step next(GlobalTransaction t, Moment moment) {
        return switch (t.status()) {
            case SUBMITTED -> forward(t, moment.now());
            case ABORTING -> backward(t, moment.now());
            case PREPARED, SUCCEED, FAILED -> new Step.Rest(Instant.MAX);
        };
    }

    @Override
    public Verdict verdict(GlobalTransaction t, BranchOp op, Outcome outcome) {
        Verdict usual = Mode.super.verdict(t, op, outcome);
        if (op.op() != Op.ACTION || usual == Verdict.SUCCEEDED) {
            return usual;
        }
        if (outcome.kind() == Outcome.Kind.FAILURE) {
            return Verdict.FAILED;
        }
        if (t.retryLimit(op) == 0 || t.options().parksWhenExhausted()) {
            return usual;
        }
        // Counted one way or the other; what is at work counts too, as in DTM.
        return op.backoff().attempts() < Limits.TRIES_AT_ONCE ? Verdict.AGAIN_AT_ONCE
            : Verdict.AGAIN_SLOWER;
    }

    @Override
    public Ruling abort(GlobalTransaction t, Command.Abort abort, Moment moment) {
        return abort.refused(t);
    }

    @Override
    public Ruling rollBack(GlobalTransaction t, RollBack asked, Moment moment) {
        List<String> enabled = t.status() == Status.PREPARED ? List.of() : enabled(t);
        return Ruling.accept(
            new Event.TurnedBack(asked.text(), enabled, asked.by(), moment.now()));
    }

    @Override
    public Optional<List<Again.Part>> partsOf(GlobalTransaction ended) {
        Order order = Order.of(ended);
        Set<String> undone = new HashSet<>(ended.undo());
        List<Again.Part> parts = new ArrayList<>();
        for (int i = 0; i < order.size(); i++) {
            BranchOp action = order.action(i);
            BranchOp undo = order.compensation(i);
            boolean hasUndo = !undo.url().isEmpty();
            CallOptions undoOptions = ended.options().parksWhenExhausted()
                ? undo.options() : undo.options().withoutRetryLimit();
            parts.add(new Again.Part(action.branchId(),
                new Submission.Step(action.url(), undo.url(), action.payload(), List.of(),
                    action.options(), hasUndo ? undoOptions : CallOptions.NONE,
                    hasUndo ? undo.payload() : action.payload()),
                hasUndo && undone.contains(action.branchId()) ? standingOf(undo)
                    : standing(order, i)));
        }
        return Optional.of(parts);
    }

    /** Of what was to be undone. Whether it was, only the participant can say, and nobody else. */
    private static Again.Standing standingOf(BranchOp undo) {
        return undo.status() == BranchStatus.SUCCEED && undo.reason().isEmpty()
            ? Again.Standing.NOT_DONE : Again.Standing.UNKNOWN;
    }

    private static Again.Standing standing(Order order, int step) {
        return switch (order.action(step).status()) {
            case SUCCEED -> Again.Standing.DONE;
            case FAILED -> Again.Standing.NOT_DONE;
            case PREPARED -> order.isReady(step) ? Again.Standing.UNKNOWN
                : Again.Standing.NOT_DONE;
        };
    }

    @Override
    public boolean failsWhenTurningBack() {
        return true;
    }

    private static Step forward(GlobalTransaction t, Instant now) {
        var failed = t.first(Op.ACTION, BranchStatus.FAILED);
        if (failed.isPresent()) {
            return turnBack(t, failure(failed.get().reason()), now);
        }
        if (t.all(Op.ACTION, BranchStatus.SUCCEED)) {
            return new Step.Become(new Event.Ended(Status.SUCCEED, "", "", now));
        }
        int exceeded = exceededLimit(t);
        if (exceeded > 0) {
            return turnBack(t, tooOften(t, exceeded), now);
        }
        int timeout = t.options().timeoutToFailSeconds();
        Instant deadline = timeout > 0
            ? t.openedAt().plus(Duration.ofSeconds(timeout)) : Instant.MAX;
        if (!now.isBefore(deadline)) {
            return turnBack(t, "Timeout after " + timeout + " seconds", now);
        }
        Order order = Order.of(t);
        List<BranchOp> ready = new ArrayList<>();
        for (int i = 0; i < order.size(); i++) {
            if (order.isReady(i)) {
                ready.add(order.action(i));
            }
        }
        return new Step.Call(ready, deadline);
    }

    /** The retry limit that is exceeded: that of one action, or that of all others; 0 if none. */
    private static int exceededLimit(GlobalTransaction t) {
        if (t.options().parksWhenExhausted()) {
            return 0;
        }
        int limit = t.options().retryLimit();
        return t.ops(Op.ACTION).filter(BranchOp::isBeyondItsLimit).findFirst()
            .map(op -> op.options().retryLimit())
            .orElse(limit > 0 && t.actionsRetried() > limit ? limit : 0);
    }

    /** DTM's words, and who is to blame. */
    private static String tooOften(GlobalTransaction t, int limit) {
        String last = t.ops(Op.ACTION).filter(op -> !op.isSettled() && op.triedAt() != null)
            .max(Comparator.comparing(BranchOp::triedAt))
            .map(op -> "; " + op.branchId() + " " + op.op().wire() + ": " + op.reason())
            .orElse("");
        return Limits.cut("RetryCount is greater than RetryLimit, RetryLimit: " + limit + last,
            Limits.REASON_CHARS);
    }

    private static Step turnBack(GlobalTransaction t, String reason, Instant now) {
        return new Step.Become(new Event.TurnedBack(reason, enabled(t), now));
    }

    /** The branches whose action may have been called. */
    private static List<String> enabled(GlobalTransaction t) {
        Order order = Order.of(t);
        List<String> enabled = new ArrayList<>();
        for (int i = 0; i < order.size(); i++) {
            if (order.action(i).isSettled() || order.isReady(i)) {
                enabled.add(order.action(i).branchId());
            }
        }
        return enabled;
    }

    private static Step backward(GlobalTransaction t, Instant now) {
        List<BranchOp> due = Order.of(t).toUndo();
        return due.isEmpty() ? new Step.Become(new Event.Ended(Status.FAILED, "", "", now))
            : Step.call(due);
    }

    /** The reason as clients know it: it ends in the word they look for. */
    private static String failure(String reason) {
        String word = "FAILURE";
        return reason.endsWith(word) ? reason
            : Limits.cut(reason, Limits.REASON_CHARS - word.length() - 1) + " " + word;
    }

    /** @throws InvalidRequest if an index is out of range or the steps wait for each other */
    private static void checkOrders(Map<Integer, List<Integer>> after, int steps) {
        after.forEach((step, before) -> {
            InvalidRequest.require(step >= 0 && step < steps,
                "orders name step " + step + " of " + steps);
            for (int each : before) {
                InvalidRequest.require(each >= 0 && each < steps,
                    "orders name step " + each + " of " + steps);
            }
        });
        InvalidRequest.require(canAllStart(after, steps),
            "orders are cyclic: some steps would never start");
    }

    /** Lets each step go once all it waits for have gone; what is left waits in a circle. */
    private static boolean canAllStart(Map<Integer, List<Integer>> after, int steps) {
        int[] waitsFor = new int[steps];
        Map<Integer, List<Integer>> followers = new HashMap<>();
        after.forEach((step, before) -> {
            waitsFor[step] = before.size();
            before.forEach(
                each -> followers.computeIfAbsent(each, none -> new ArrayList<>()).add(step));
        });
        Deque<Integer> free = new ArrayDeque<>();
        for (int i = 0; i < steps; i++) {
            if (waitsFor[i] == 0) {
                free.add(i);
            }
        }
        int gone = 0;
        for (; !free.isEmpty(); gone++) {
            for (int follower : followers.getOrDefault(free.remove(), List.of())) {
                if (--waitsFor[follower] == 0) {
                    free.add(follower);
                }
            }
        }
        return gone == steps;
    }

    /** The steps of one saga; {@code orders} says what each waits for, null means "the last". */
    private record Order(GlobalTransaction t, Details.Concurrent orders, BitSet open) {

        static Order of(GlobalTransaction t) {
            if (!(t.submission().details() instanceof Details.Concurrent orders)) {
                return new Order(t, null, null);
            }
            BitSet open = new BitSet();
            for (int i = 0; i < t.ops().size() / 2; i++) {
                open.set(i, t.ops().get(2 * i + 1).status() != BranchStatus.SUCCEED);
            }
            return new Order(t, orders, open);
        }

        int size() {
            return t.ops().size() / 2;
        }

        BranchOp compensation(int step) {
            return t.ops().get(2 * step);
        }

        BranchOp action(int step) {
            return t.ops().get(2 * step + 1);
        }

        boolean isReady(int step) {
            if (action(step).isSettled()) {
                return false;
            }
            if (orders == null) {
                return step == 0 || action(step - 1).status() == BranchStatus.SUCCEED;
            }
            return !orders.waitsFor(step).intersects(open);
        }

        /** The compensations whose turn it is: whatever waited for a step is undone before it. */
        List<BranchOp> toUndo() {
            BitSet left = new BitSet();
            int enabled = 0;
            for (int i = 0; i < size() && enabled < t.undo().size(); i++) {
                if (t.undo().get(enabled).equals(action(i).branchId())) {
                    left.set(i, !compensation(i).isSettled());
                    enabled++;
                }
            }
            if (orders == null) {
                return left.isEmpty() ? List.of() : List.of(compensation(left.length() - 1));
            }
            BitSet stillNeeded = new BitSet();
            left.stream().forEach(later -> stillNeeded.or(orders.waitsFor(later)));
            left.andNot(stillNeeded);
            return left.stream().mapToObj(this::compensation).toList();
        }
    }
}

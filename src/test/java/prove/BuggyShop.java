package prove;

import static prove.Bug.*;

import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Takes pieces from a stock behind a barrier, and has one bug. Each synchronized block is a
 * transaction; a row of the barrier is kept with the answer to its call.
 */
final class BuggyShop implements Business {

    /** What a transaction takes that is checked and done in two. */
    private static final Duration BETWEEN = Duration.ofMillis(4);

    private final Bug bug;
    private final Map<String, Row> rows = new HashMap<>();
    private long stock = STOCK;
    private long sold;
    private int answers;

    private record Row(String reason, Outgoing answer, int peer) {}

    BuggyShop(Bug bug) {
        this.bug = bug;
    }

    @Override
    public synchronized String state() {
        return "{\"stock\":" + stock + ",\"sold\":" + sold + "}";
    }

    @Override
    public Outgoing serve(Incoming call) {
        boolean isUndo = call.isUndo();
        if (bug == LATE_ACTION_RUNS_A_LITTLE_LATER && !isUndo && isUndone(call)) {
            CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS)
                .execute(() -> work(call));
            return Outgoing.DONE;
        }
        if (isTorn(call)) {
            return inTwo(call);
        }
        Outgoing answer;
        synchronized (this) {
            answer = guarded(call);
        }
        if (bug == ANSWERS_TOO_LATE) {
            LockSupport.parkNanos(Duration.ofMillis(600).toNanos());
        }
        return answer.status() == 200 ? disguised(answer, isUndo) : answer;
    }

    private synchronized boolean isUndone(Incoming call) {
        Row row = rows.get(key(call));
        return row != null && !row.reason().equals(call.op());
    }

    private boolean isTorn(Incoming call) {
        return switch (bug) {
            case ACTION_CHECKS_THEN_ACTS, UNDO_OVERTAKES_AN_ACTION_IN_PROGRESS,
                PARALLEL_REPEAT_IS_REFUSED -> call.op().equals("action");
            case UNDO_CHECKS_THEN_ACTS -> call.isUndo();
            case CONFIRM_CHECKS_THEN_ACTS -> call.op().equals("confirm");
            default -> false;
        };
    }

    /** Looks into the barrier in one transaction, and works in another. */
    private Outgoing inTwo(Incoming call) {
        synchronized (this) {
            Row before = rows.get(key(call));
            if (before != null) {
                return before.answer() == null ? Outgoing.REFUSED : Outgoing.DONE;
            }
            if (call.isUndo() && !rows.containsKey(key(call.withOp(call.undone())))) {
                return guarded(call);
            }
            if (bug == PARALLEL_REPEAT_IS_REFUSED) {
                rows.put(key(call), new Row(call.op(), null, 0));
            }
        }
        LockSupport.parkNanos(BETWEEN.toNanos());
        synchronized (this) {
            Outgoing answer = work(call);
            rows.put(key(call), new Row(call.op(), answer, 0));
            return answer;
        }
    }

    private Outgoing guarded(Incoming call) {
        if (bug == NO_BARRIER) {
            return work(call);
        }
        boolean neverDone = false;
        if (call.isUndo() && bug != UNDO_NOT_IDEMPOTENT) {
            String origin = key(call.withOp(call.undone()));
            neverDone = !rows.containsKey(origin) && !foundOtherwise(call);
            if (neverDone && bug != LATE_ACTION_RUNS) {
                rows.put(origin, new Row(call.op(), Outgoing.DONE, 0));
            }
        }
        if (bug == UNDO_NOT_IDEMPOTENT && call.isUndo()
                && !rows.containsKey(key(call.withOp(call.undone())))) {
            rows.put(key(call.withOp(call.undone())), new Row(call.op(), Outgoing.DONE, 0));
            neverDone = true;
        }
        Row before = rows.get(key(call));
        if (before != null && !runsAgain(call, before)) {
            return repeated(call, before);
        }
        if (neverDone && bug != EMPTY_UNDO_RUNS) {
            return emptyUndo(call);
        }
        return worked(call);
    }

    private boolean foundOtherwise(Incoming call) {
        return bug == UNDO_FINDS_ANY_BRANCH_OF_ITS_GID
            && rows.keySet().stream().anyMatch(key -> key.startsWith(call.gid() + "|")
                && key.endsWith("|" + call.undone()));
    }

    private boolean runsAgain(Incoming call, Row before) {
        return switch (bug) {
            case UNDO_NOT_IDEMPOTENT -> call.isUndo()
                && rows.get(key(call.withOp(call.undone()))).reason().equals(call.undone());
            case CONFIRM_NOT_IDEMPOTENT -> call.op().equals("confirm");
            case REPEAT_AFTER_A_LOST_ANSWER_RUNS -> call.op().equals("action")
                && before.reason().equals("action") && before.peer() != call.peer()
                && !rows.containsKey(key(call.withOp("compensate")));
            default -> false;
        };
    }

    private Outgoing worked(Incoming call) {
        long stockBefore = stock;
        Outgoing answer = work(call);
        if (answer.status() == 409) {
            if (bug != REFUSES_AFTER_HALF_OF_THE_WORK) {
                stock = stockBefore;
            }
            switch (bug) {
                case ROW_COMMITTED_APART_FROM_THE_WORK, REFUSAL_BECOMES_SUCCESS_WHEN_REPEATED ->
                    rows.put(key(call), new Row(call.op(), Outgoing.DONE, 0));
                case COMPENSATION_OF_A_REFUSED_ACTION_RUNS_AS_IN_DTMCLI_JAVA ->
                    rows.put(key(call), new Row(call.op(), Outgoing.REFUSED, 0));
                default -> { }
            }
            return switch (bug) {
                case REFUSES_WITH_400 -> new Outgoing(400, "{\"error\":\"not so many\"}");
                case REFUSES_WITH_A_200 -> new Outgoing(200, "{\"error\":\"not so many\"}");
                default -> answer;
            };
        }
        rows.put(key(call), new Row(call.op(), answer, call.peer()));
        if (bug == ACTION_RUNS_AGAIN_AFTER_ITS_UNDO && call.isUndo()) {
            rows.remove(key(call.withOp(call.undone())));
        }
        return answer;
    }

    private synchronized Outgoing work(Incoming call) {
        boolean isTcc = call.mode().equals("tcc");
        switch (call.op()) {
            case "action", "try" -> {
                if (call.amount() > stock) {
                    stock -= bug == REFUSES_AFTER_HALF_OF_THE_WORK ? 1 : 0;
                    return Outgoing.REFUSED;
                }
                long taken = bug == ACTION_DOES_NOTHING ? 0 : call.amount();
                stock -= taken;
                sold += isTcc ? 0 : taken;
            }
            case "confirm" -> {
                // Without its confirm, what the try took is given back some day.
                sold += bug == CONFIRM_DOES_NOTHING ? 0 : call.amount();
                stock += bug == CONFIRM_DOES_NOTHING ? call.amount() : 0;
            }
            default -> {
                long back = bug == UNDO_DOES_NOTHING ? 0
                    : bug == UNDO_GIVES_BACK_ONE_PIECE ? 1 : call.amount();
                stock += back;
                sold -= isTcc ? 0 : back;
            }
        }
        return new Outgoing(200, "{\"number\":" + ++answers + "}");
    }

    private Outgoing repeated(Incoming call, Row before) {
        boolean isOwn = before.reason().equals(call.op());
        return switch (bug) {
            case REPEAT_GETS_AN_EMPTY_ANSWER -> Outgoing.DONE;
            case REPEAT_GETS_A_NUMBER_OF_ITS_OWN ->
                new Outgoing(200, "{\"number\":" + ++answers + "}");
            case UNDO_REPEAT_GETS_ANOTHER_ANSWER -> call.isUndo()
                ? new Outgoing(200, "{\"already\":true}") : before.answer();
            case REPEAT_OF_THE_ACTION_IS_REFUSED ->
                call.isUndo() ? before.answer() : Outgoing.REFUSED;
            case REPEAT_OF_THE_ACTION_IS_AN_ERROR ->
                call.isUndo() ? before.answer() : new Outgoing(500, "duplicate key");
            case REPEAT_OF_THE_UNDO_IS_REFUSED ->
                call.isUndo() ? Outgoing.REFUSED : before.answer();
            case REPEAT_OF_THE_UNDO_IS_404 ->
                call.isUndo() ? new Outgoing(404, "") : before.answer();
            case CONFIRM_IS_REFUSED_WHEN_REPEATED ->
                call.op().equals("confirm") ? Outgoing.REFUSED : before.answer();
            default -> isOwn ? before.answer() : Outgoing.DONE;
        };
    }

    private Outgoing emptyUndo(Incoming call) {
        Outgoing answer = switch (bug) {
            case EMPTY_UNDO_IS_REFUSED -> Outgoing.REFUSED;
            case EMPTY_UNDO_IS_404 -> new Outgoing(404, "no such order");
            case EMPTY_UNDO_IS_204 -> new Outgoing(204, "");
            default -> Outgoing.DONE;
        };
        rows.put(key(call), new Row(call.op(), answer, 0));
        return answer;
    }

    private Outgoing disguised(Outgoing answer, boolean isUndo) {
        return switch (bug) {
            case ANSWERS_201 -> new Outgoing(201, answer.body());
            case ANSWERS_204 -> new Outgoing(204, "");
            case ANSWERS_302 -> new Outgoing(302, "");
            case ANSWERS_500_AFTER_THE_COMMIT ->
                isUndo ? answer : new Outgoing(500, "cannot write the answer");
            case UNDO_ANSWERS_500_AFTER_THE_COMMIT ->
                isUndo ? new Outgoing(500, "cannot write the answer") : answer;
            case SAYS_FAILURE_IN_A_200 -> new Outgoing(200, "{\"failures\":\"FAILURE: none\"}");
            case SAYS_ONGOING_FOR_EVER -> new Outgoing(200, "{\"status\":\"ONGOING\"}");
            default -> answer;
        };
    }

    private String key(Incoming call) {
        String gid = switch (bug) {
            case KEY_WITHOUT_GID -> "";
            case KEY_IGNORES_CASE -> call.gid().toLowerCase(Locale.ROOT);
            case KEY_TRIMS_BLANKS -> call.gid().strip();
            case KEY_CUTS_THE_GID_AT_64 -> call.gid().substring(0, Math.min(64,
                call.gid().length()));
            default -> call.gid();
        };
        return gid + "|" + (bug == KEY_WITHOUT_BRANCH ? "" : call.branch()) + "|"
            + (bug == KEY_WITHOUT_OP ? "" : call.op());
    }
}

package transaction;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A transaction's next step against what is running already: what to start, when to look. */
record Plan(GlobalTransaction after, Step step, Live live, Moment moment) {

    /** The header, or the metadata, of a call that names the namespace. */
    private static final String NAMESPACE = "Pactor-Namespace";

    /**
     * The operations to call now. One that is running, or whose branch has another call on its
     * way, is left alone: its return makes us look again. So a compensation is sent only after the
     * action it undoes came back, and no call outlives its time-out.
     */
    List<BranchOp> ready() {
        List<BranchOp> ready = new ArrayList<>();
        for (BranchOp op : wanted()) {
            if (!live.isBusy(op.branchId()) && !waitsUntil(op).isAfter(moment.now())) {
                ready.add(op);
            }
        }
        return ready;
    }

    /** When to decide again if no call returns before. */
    Instant lookAgainAt() {
        if (after.isAbsent() || after.isFinal() || after.restsForGood()) {
            return null;
        }
        Instant look = moment.now().plus(Limits.IDLE_LOOK);
        for (BranchOp op : wanted()) {
            // What is not waiting is running, or will be looked at when its branch returns.
            Instant until = waitsUntil(op);
            look = until.isAfter(moment.now()) ? earlier(look, until) : look;
        }
        if (step instanceof Step.Call call) {
            look = earlier(look, call.lookAgainAt());
        }
        return step instanceof Step.Rest rest ? earlier(look, rest.lookAgainAt()) : look;
    }

    /** The transaction as it is shown: with what is known of its operations beyond the facts. */
    GlobalTransaction shown() {
        if (after.submission() == null) {
            return after;
        }
        Set<CallKey> wanted = new HashSet<>();
        wanted().forEach(op -> wanted.add(op.key()));
        return after.shown(op -> {
            boolean waits = wanted.contains(op.key()) && !live.isBusy(op.branchId());
            Instant until = waits ? waitsUntil(op) : Instant.EPOCH;
            return op.shown(live.tried(op.key()),
                until.isAfter(moment.now()) ? until : Instant.EPOCH);
        });
    }

    BranchCall callOf(BranchOp op) {
        Submission asked = after.submission();
        return new BranchCall(asked.gid(), asked.mode().wire(), op.branchId(),
            asked.mode().wireOp(after, op), op.key(), op.url(), op.payload(),
            headers(asked, op), asked.protocol(),
            after.requestTimeout(op, moment.policy()), asked.options().verdictMode(),
            op.backoff().attempts() > 0, op.options().method(), after.openedAt());
    }

    /** Nobody but us says whose transaction it is; that of {@code default} says nothing. */
    private static Map<String, String> headers(Submission asked, BranchOp op) {
        Map<String, String> said = op.options().over(asked.options().branchHeaders());
        String namespace = asked.context().namespace();
        boolean isDefault = namespace.equals(Context.DEFAULT_NAMESPACE);
        if (isDefault && said.keySet().stream().noneMatch(NAMESPACE::equalsIgnoreCase)) {
            return said;
        }
        Map<String, String> all = new LinkedHashMap<>(said);
        all.keySet().removeIf(NAMESPACE::equalsIgnoreCase);
        if (!isDefault) {
            all.put(NAMESPACE, namespace);
        }
        return all;
    }

    private List<BranchOp> wanted() {
        return step instanceof Step.Call call ? call.ops() : List.of();
    }

    /** A wait longer than any that is ever begun was begun by a clock that ran ahead: it ends. */
    private Instant waitsUntil(BranchOp op) {
        if (op.awaitedUntil() != null) {
            return op.awaitedUntil();
        }
        Instant paused = live.paused().getOrDefault(op.key(), Instant.EPOCH);
        Instant written = op.backoff().notBefore();
        Instant until = paused.isAfter(written) ? paused : written;
        Instant longest = moment.now().plus(after.longestWait(op, moment.policy()));
        return until.isAfter(longest) ? Instant.EPOCH : until;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}

package crash;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Judges, after all is quiet, what became of transactions: by the coordinator's answers, by the
 * receipts of the participants and by their accounts. Each rule bears its name in the failure model
 * of the project: C for all modes, S saga, T TCC, M message, X XA, W workflow.
 */
final class Oracle {

    private final Wire wire;
    private final BankParticipants bank;
    private final List<String> violations = new ArrayList<>();
    private final Map<String, Integer> exercised = new TreeMap<>();

    Oracle(Wire wire, BankParticipants bank) {
        this.wire = wire;
        this.bank = bank;
    }

    /** What is wrong; empty if nothing is. */
    List<String> violations() {
        return List.copyOf(violations);
    }

    /** How often each rule was asked. One that never was has shown nothing. */
    Map<String, Integer> exercised() {
        return Map.copyOf(exercised);
    }

    /** Takes over what was seen of one transaction on its way. */
    void judge(StatusPath path) {
        if (path.length() > 1) {
            exercised.merge("C3", 1, Integer::sum);
        }
        violations.addAll(path.violations());
    }

    /**
     * Judges one transaction; the coordinator must be there to answer. Shards may still be on their
     * way to a node that has just come, so it is asked as clients ask, until it answers.
     */
    void judge(Told told) throws SQLException {
        Transfer transfer = told.transfer();
        String status = wire.statusPatiently(transfer.gid());
        if (!told.acked() && status.isEmpty()) {
            demand(bank.receipts(transfer.gid()).isEmpty(), "C4", told, "called, but not known");
            return;
        }
        demand(!status.isEmpty(), "C1", told, "acknowledged, but not known");
        boolean succeeded = status.equals(Told.SUCCEED);
        demand(succeeded || status.equals(Told.FAILED), "S1", told, "has not ended: " + status);
        demand(told.end().isEmpty() || told.end().get().equals(status), "C2", told,
            "was to end as " + told.end() + ", but is " + status);
        money(told, succeeded);
        switch (transfer.mode()) {
            case "saga" -> saga(told, succeeded);
            case "tcc" -> decided(told, "confirm", "cancel", succeeded);
            case "xa" -> decided(told, "commit", "rollback", succeeded);
            case "msg" -> message(told, succeeded);
            default -> workflow(told, succeeded);
        }
    }

    /** Judges the bank as a whole, and what initiators have noticed. */
    void judgeBank(Initiator initiator) throws SQLException {
        violations.addAll(initiator.noticed());
        Ledger ledger = bank.ledger();
        demand(ledger.total() == ledger.totalAtFirst(), "S9",
            "money is not conserved: " + (ledger.total() - ledger.totalAtFirst()));
        demand(ledger.held() == 0, "T7", ledger.held() + " accounts have sums set aside");
        demand(ledger.inDoubt() == 0, "X5", ledger.inDoubt() + " XA branches are in doubt");
        demand(ledger.unexplained() == 0, "S9",
            ledger.unexplained() + " accounts hold what nobody booked");
    }

    private void money(Told told, boolean succeeded) throws SQLException {
        Transfer t = told.transfer();
        Map<Integer, Long> changes = bank.ledger().changes(t.gid());
        Map<Integer, Long> right = succeeded
            ? Map.of(t.from(), -t.cents(), t.to(), t.cents()) : Map.of();
        demand(changes.equals(right), "S9", told, "moved " + changes + ", not " + right);
    }

    private void saga(Told told, boolean succeeded) {
        if (succeeded) {
            demand(calls(told, "compensate").isEmpty(), "S2", told, "compensated, yet succeed");
            for (String branch : List.of("01", "02")) {
                demand(success(told, branch, "action"), "S2", told, branch + " did not succeed");
            }
            return;
        }
        boolean concurrent = told.transfer().plan() == Transfer.Plan.SAGA_CONCURRENT_REFUSED;
        for (String branch : List.of("01", "02")) {
            boolean called = first(told, branch, "action").isPresent();
            demand(!called || success(told, branch, "compensate"), "S4", told,
                branch + " may have acted and was not compensated");
        }
        if (!concurrent) {
            demand(inOrder(told, "01", "action", "02", "action"), "S6", told,
                "the second action came before the first succeeded");
            demand(inOrder(told, "02", "compensate", "01", "compensate"), "S6", told,
                "compensations are not in reverse");
        }
        // Side by side, one action may still be on its way when another is undone already.
        demand(calls(told, "compensate").stream().noneMatch(undone ->
            calls(told, "action").stream()
                .filter(action -> !concurrent || action.branch().equals(undone.branch()))
                .anyMatch(action -> action.nanos() > undone.nanos())), "S8", told,
            "an action came after a compensation");
    }

    private void decided(Told told, String forth, String back, boolean succeeded) {
        demand(calls(told, succeeded ? back : forth).isEmpty(), "T1", told, "called both ways");
        String op = succeeded ? forth : back;
        for (String branch : List.of("01", "02")) {
            boolean joined = first(told, branch, told.transfer().mode().equals("tcc")
                ? "try" : "action").filter(Receipt::succeeded).isPresent();
            demand(!joined || success(told, branch, op), "T3", told, branch + " got no " + op);
        }
        boolean reverse = told.transfer().mode().equals("tcc");
        demand(inOrder(told, reverse ? "02" : "01", op, reverse ? "01" : "02", op), "T4", told,
            op + " out of order");
    }

    private void message(Told told, boolean succeeded) {
        boolean committed = first(told, "00", "msg").isPresent()
            && bank.receipts(told.transfer().gid()).stream()
                .anyMatch(each -> each.op().equals("msg") && each.succeeded());
        demand(succeeded == committed, "M5", told, "local commit: " + committed);
        demand(succeeded == success(told, "01", "action"), "M3", told, "delivery is not the end");
        demand(succeeded || calls(told, "action").isEmpty(), "C12", told, "delivered, yet failed");
    }

    private void workflow(Told told, boolean succeeded) {
        demand(!succeeded || success(told, "01", "action") && success(told, "02", "action"), "W2",
            told, "succeed without its steps");
        demand(succeeded || success(told, "01", "rollback"), "W4", told, "not undone");
    }

    /** Whether every call of the second came only after a success of the first, if it came. */
    private boolean inOrder(
            Told told, String branch, String op, String laterBranch, String laterOp) {
        return first(told, laterBranch, laterOp).stream().allMatch(later ->
            of(told, branch, op).noneMatch(each -> true)
                || of(told, branch, op).anyMatch(each -> each.succeededBefore(later)));
    }

    private boolean success(Told told, String branch, String op) {
        return of(told, branch, op).anyMatch(Receipt::succeeded);
    }

    private Optional<Receipt> first(Told told, String branch, String op) {
        return of(told, branch, op).findFirst();
    }

    private Stream<Receipt> of(Told told, String branch, String op) {
        return bank.receipts(told.transfer().gid()).stream()
            .filter(each -> each.branch().equals(branch) && each.op().equals(op));
    }

    private List<Receipt> calls(Told told, String op) {
        return bank.receipts(told.transfer().gid()).stream()
            .filter(each -> each.op().equals(op)).toList();
    }

    private void demand(boolean holds, String rule, Told told, String otherwise) {
        demand(holds, rule, holds ? "" : told.transfer() + ": " + otherwise + "; it was called "
            + bank.receipts(told.transfer().gid()));
    }

    private void demand(boolean holds, String rule, String otherwise) {
        exercised.merge(rule, 1, Integer::sum);
        if (!holds) {
            violations.add(rule + " " + otherwise);
        }
    }
}

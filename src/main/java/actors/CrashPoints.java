package actors;

import transaction.Attempt;
import transaction.Decision;
import transaction.Failpoints;
import transaction.GlobalTransaction;
import transaction.Status;

/** Where a process may be ended by the crash tests around the write of a decision. */
final class CrashPoints {

    private CrashPoints() {}

    /** @param attempt what led to the decision; null if no call did */
    static void beforeWriting(
            GlobalTransaction t, Decision decision, Attempt attempt, String gid) {
        if (turnsBack(t, decision)) {
            Failpoints.hit(attempt == null ? "CP-09" : "CP-08", gid);
        }
    }

    /** @param request what led to the decision; null if no request did */
    static void afterWriting(GlobalTransaction t, Decision decision,
            TransactionActor.Request request, String gid) {
        if (decision.after().isFinal()) {
            Failpoints.hit("CP-17", gid);
        } else if (turnsBack(t, decision)) {
            Failpoints.hit("CP-10", gid);
        } else {
            Failpoints.hit(request == null ? "CP-07" : "CP-01", gid);
        }
    }

    private static boolean turnsBack(GlobalTransaction t, Decision decision) {
        return decision.after().status() == Status.ABORTING && t.status() != Status.ABORTING;
    }
}

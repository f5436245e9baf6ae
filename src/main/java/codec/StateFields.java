package codec;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import transaction.Backoff;
import transaction.BranchOp;
import transaction.BranchStatus;
import transaction.Bytes;
import transaction.CallKey;
import transaction.GlobalTransaction;
import transaction.Op;
import transaction.Parked;
import transaction.Paused;
import transaction.Status;
import transaction.Submission;
import transaction.Summary;
import transaction.Waiting;

/** A transaction and its operations, as they are. */
final class StateFields {

    private StateFields() {}

    static void transaction(FieldWriter to, GlobalTransaction t) {
        to.record(1, "submission", t.submission(), SubmissionFields::write)
            .text(2, "status", t.status() == null ? "" : t.status().wire());
        ops(to, 3, t.ops());
        to.record(4, "inquiry", t.inquiry(), StateFields::op)
            .texts(5, "undo", t.undo()).text(6, "reason", t.reason())
            .text(7, "result", t.result()).instant(8, "openedAt", t.openedAt())
            .instant(9, "submittedAt", t.submittedAt())
            .instant(10, "progressAt", t.progressAt()).instant(11, "updatedAt", t.updatedAt())
            .text(12, "quarantine", t.quarantine())
            .record(13, "parked", t.parked(), StateFields::parked)
            .record(14, "paused", t.paused(), StateFields::paused);
    }

    private static void paused(FieldWriter to, Paused paused) {
        to.instant(1, "until", paused.until()).text(2, "by", paused.by())
            .text(3, "reason", paused.reason()).instant(4, "at", paused.at());
    }

    private static void parked(FieldWriter to, Parked parked) {
        if (parked.key() != null) {
            key(to, 1, parked.key());
        }
        to.text(3, "reason", parked.reason()).instant(4, "at", parked.at())
            .text(5, "by", parked.by());
    }

    static GlobalTransaction transaction(FieldReader from) {
        return new GlobalTransaction(from.record(1, SubmissionFields::read),
            from.has(2) ? from.known(2, "status", Status::of) : null, ops(from, 3),
            from.record(4, each -> op(each, Bytes.EMPTY)), from.texts(5), from.text(6),
            from.text(7), from.instant(8), from.instant(9), from.instant(10), from.instant(11),
            from.text(12), from.record(13, each -> new Parked(
                each.has(1) ? key(each, 1) : null, each.text(3), each.text(5), each.instant(4))),
            from.record(14, each -> new Paused(
                each.instant(1), each.text(3), each.text(2), each.instant(4))));
    }

    /** Its submission is the transaction's own, and not told twice. */
    static void summary(FieldWriter to, Summary row) {
        to.text(1, "status", row.status().wire()).text(2, "reason", row.reason())
            .text(3, "result", row.result()).instant(4, "openedAt", row.openedAt())
            .instant(5, "updatedAt", row.updatedAt()).instant(6, "dueAt", row.dueAt())
            .duration(7, "retryInterval", row.retryInterval())
            .text(8, "quarantine", row.quarantine()).text(9, "waiting", row.waiting().wire());
    }

    static Summary summary(FieldReader from, Submission asked) {
        return new Summary(asked, from.known(1, "status", Status::of), from.text(2), from.text(3),
            from.instant(4), from.instant(5), from.instant(6), from.duration(7), from.text(8),
            from.known(9, "cause of waiting", Waiting::of));
    }

    /** The two operations of a branch often have one payload, which is told once. */
    static void ops(FieldWriter to, int number, List<BranchOp> ops) {
        Bytes before = Bytes.EMPTY;
        for (BranchOp op : ops) {
            boolean same = !before.isEmpty() && op.payload().equals(before);
            to.record(number, "ops", op, same ? StateFields::likeTheOneBefore : StateFields::op);
            before = op.payload();
        }
    }

    static List<BranchOp> ops(FieldReader from, int number) {
        List<BranchOp> ops = new ArrayList<>();
        from.records(number, each -> ops.add(
            op(each, ops.isEmpty() ? Bytes.EMPTY : ops.get(ops.size() - 1).payload())));
        return ops;
    }

    private static void op(FieldWriter to, BranchOp op) {
        allButThePayload(to, op);
        to.bytes(4, "payload", op.payload());
    }

    private static void likeTheOneBefore(FieldWriter to, BranchOp op) {
        allButThePayload(to, op);
        to.flag(12, "payloadAsBefore", true);
    }

    private static void allButThePayload(FieldWriter to, BranchOp op) {
        key(to, 1, op.key());
        to.text(3, "url", op.url())
            .text(5, "status", op.isSettled() ? op.status().wire() : "")
            .record(6, "backoff", op.backoff().equals(Backoff.NONE) ? null : op.backoff(),
                StateFields::backoff)
            .text(7, "reason", op.reason()).moment(8, "createdAt", op.createdAt())
            .moment(9, "updatedAt", op.updatedAt()).instant(10, "triedAt", op.triedAt())
            .number(11, "tries", op.tries());
        SubmissionFields.callOptions(to, 13, "callOptions", op.options());
        to.instant(14, "until", op.awaitedUntil());
    }

    private static BranchOp op(FieldReader from, Bytes before) {
        CallKey key = key(from, 1);
        return new BranchOp(key.branchId(), key.op(), from.text(3),
            from.flag(12) ? before : from.bytes(4),
            from.has(5) ? branchStatus(from, 5) : BranchStatus.PREPARED,
            from.has(6) ? from.record(6, StateFields::backoff) : Backoff.NONE,
            from.text(7), from.moment(8), from.moment(9), from.instant(10), from.integer(11),
            SubmissionFields.callOptions(from, 13), from.instant(14));
    }

    static BranchStatus branchStatus(FieldReader from, int number) {
        return from.known(number, "status of a branch", BranchStatus::of);
    }

    static void backoff(FieldWriter to, Backoff backoff) {
        to.duration(1, "interval", backoff.interval())
            .instant(2, "notBefore",
                backoff.notBefore().equals(Instant.EPOCH) ? null : backoff.notBefore())
            .number(3, "attempts", backoff.attempts());
    }

    static Backoff backoff(FieldReader from) {
        return new Backoff(from.duration(1), from.has(2) ? from.instant(2) : Instant.EPOCH,
            from.integer(3));
    }

    /** Two fields: the branch, and the operation. */
    static void key(FieldWriter to, int number, CallKey key) {
        to.text(number, "branch", key.branchId()).text(number + 1, "op", key.op().wire());
    }

    static CallKey key(FieldReader from, int number) {
        return new CallKey(from.text(number), from.known(number + 1, "operation", Op::of));
    }
}

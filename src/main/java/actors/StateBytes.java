package actors;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import transaction.Backoff;
import transaction.BranchOp;
import transaction.BranchStatus;
import transaction.Details;
import transaction.GlobalTransaction;
import transaction.Mode;
import transaction.Op;
import transaction.Options;
import transaction.Protocol;
import transaction.Status;
import transaction.Submission;
import transaction.Summary;
import transaction.VerdictMode;

/** What a transaction is made of, as numbered fields for the way between two nodes. */
final class StateBytes {

    private StateBytes() {}

    static void submission(FieldWriter to, Submission asked) {
        to.text(1, asked.gid()).text(2, asked.mode().wire())
            .records(3, asked.steps(), StateBytes::step)
            .text(4, asked.queryPrepared()).text(5, asked.protocol().wire())
            .text(6, asked.customData()).record(7, asked.details(), StateBytes::details)
            .record(8, asked.options(), StateBytes::options);
    }

    static Submission submission(FieldReader from) {
        return new Submission(from.text(1), from.known(2, Mode::of),
            from.records(3, StateBytes::step), from.text(4), from.known(5, Protocol::of),
            from.text(6), from.record(7, StateBytes::details),
            from.record(8, StateBytes::options));
    }

    private static void step(FieldWriter to, Submission.Step step) {
        to.text(1, step.action()).text(2, step.compensate()).bytes(3, step.payload())
            .texts(4, step.subscribers());
    }

    private static Submission.Step step(FieldReader from) {
        return new Submission.Step(from.text(1), from.text(2), from.bytes(3), from.texts(4));
    }

    private static void options(FieldWriter to, Options options) {
        to.flag(1, options.waitResult()).number(2, options.timeoutToFailSeconds())
            .number(3, options.requestTimeoutSeconds()).number(4, options.retryIntervalSeconds())
            .number(5, options.retryLimit()).number(6, options.retryCount())
            .records(7, options.branchHeaders().entrySet(),
                (each, header) -> each.text(1, header.getKey()).text(2, header.getValue()))
            .flag(8, options.concurrent()).text(9, options.verdictMode().wire());
    }

    private static Options options(FieldReader from) {
        Map<String, String> headers = new HashMap<>();
        from.records(7, each -> headers.put(each.text(1), each.text(2)));
        return new Options(from.flag(1), from.integer(2), from.integer(3), from.integer(4),
            from.integer(5), from.integer(6), headers, from.flag(8),
            VerdictMode.of(from.text(9)).orElse(VerdictMode.UNSAID));
    }

    private static void details(FieldWriter to, Details details) {
        if (details instanceof Details.Concurrent concurrent) {
            to.text(1, "concurrent");
            concurrent.after().forEach((step, before) -> to.record(2, before, (each, waits) -> {
                each.number(1, step);
                waits.forEach(other -> each.text(2, other.toString()));
            }));
        } else if (details instanceof Details.Delay delay) {
            to.text(1, "delay").number(3, delay.seconds());
        } else if (details instanceof Details.Named named) {
            to.text(1, "named").text(4, named.name()).bytes(5, named.data());
        }
    }

    private static Details details(FieldReader from) {
        return switch (from.text(1)) {
            case "" -> Details.PLAIN;
            case "concurrent" -> {
                Map<Integer, List<Integer>> after = new HashMap<>();
                from.records(2, each -> after.put(each.integer(1),
                    each.texts(2).stream().map(Integer::valueOf).toList()));
                yield new Details.Concurrent(after);
            }
            case "delay" -> new Details.Delay(from.integer(3));
            case "named" -> new Details.Named(from.text(4), from.bytes(5));
            default -> throw new IllegalArgumentException(
                "details of a kind that this release does not know: " + from.text(1));
        };
    }

    static void transaction(FieldWriter to, GlobalTransaction t) {
        to.record(1, t.submission(), StateBytes::submission)
            .text(2, t.status() == null ? "" : t.status().wire())
            .records(3, t.ops(), StateBytes::op).record(4, t.inquiry(), StateBytes::op)
            .texts(5, t.undo()).text(6, t.reason()).text(7, t.result())
            .instant(8, t.openedAt()).instant(9, t.submittedAt()).instant(10, t.progressAt())
            .instant(11, t.updatedAt()).text(12, t.quarantine());
    }

    static GlobalTransaction transaction(FieldReader from) {
        return new GlobalTransaction(from.record(1, StateBytes::submission),
            from.has(2) ? from.known(2, Status::of) : null,
            from.records(3, StateBytes::op), from.record(4, StateBytes::op),
            from.texts(5), from.text(6), from.text(7), from.instant(8), from.instant(9),
            from.instant(10), from.instant(11), from.text(12));
    }

    private static void op(FieldWriter to, BranchOp op) {
        to.text(1, op.branchId()).text(2, op.op().wire()).text(3, op.url())
            .bytes(4, op.payload()).text(5, op.status().wire())
            .record(6, op.backoff(), (each, backoff) -> each.duration(1, backoff.interval())
                .instant(2, backoff.notBefore()).number(3, backoff.attempts()))
            .text(7, op.reason()).instant(8, op.createdAt()).instant(9, op.updatedAt())
            .instant(10, op.triedAt()).number(11, op.tries());
    }

    private static BranchOp op(FieldReader from) {
        return new BranchOp(from.text(1), from.known(2, Op::of), from.text(3), from.bytes(4),
            from.known(5, BranchStatus::of),
            from.record(6, each -> new Backoff(
                each.duration(1), each.instant(2), each.integer(3))),
            from.text(7), from.instant(8), from.instant(9), from.instant(10),
            from.integer(11));
    }

    /** Its submission is the transaction's own, and not sent twice. */
    static void summary(FieldWriter to, Summary row) {
        to.text(1, row.status().wire()).text(2, row.reason()).text(3, row.result())
            .instant(4, row.openedAt()).instant(5, row.updatedAt()).instant(6, row.dueAt())
            .duration(7, row.retryInterval()).text(8, row.quarantine());
    }

    static Summary summary(FieldReader from, Submission asked) {
        return new Summary(asked, from.known(1, Status::of), from.text(2), from.text(3),
            from.instant(4), from.instant(5), from.instant(6), from.duration(7), from.text(8));
    }
}

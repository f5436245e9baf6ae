package store;

import java.sql.SQLException;
import java.time.Instant;
import java.util.stream.Collectors;
import transaction.Backoff;
import transaction.BranchOp;
import transaction.Entry;
import transaction.GlobalTransaction;

/**
 * A transaction as its journal has made it, in words that no release changes. Left out is what
 * later releases tell of a waiting operation from the same journal: its last try and their number.
 */
final class StateText {

    private StateText() {}

    interface Pages {
        Replay.Page next() throws SQLException;
    }

    static String of(String gid, Pages pages) throws SQLException {
        GlobalTransaction t = GlobalTransaction.ABSENT;
        for (boolean more = true; more;) {
            Replay.Page page = pages.next();
            for (Entry entry : page.entries()) {
                t = entry.applyTo(t);
            }
            if (page.broken() != null) {
                return gid + "\n  broken: " + page.broken() + '\n';
            }
            more = !page.isLast();
        }
        return t.isFinal() && t.submission() == null ? gid + "\n  removed\n" : text(t);
    }

    private static String text(GlobalTransaction t) {
        StringBuilder text = new StringBuilder(t.gid() + "\n");
        line(text, "is", t.mode().wire() + " " + t.status().wire() + " over "
            + t.submission().protocol().wire());
        line(text, "times", t.openedAt() + " " + t.submittedAt() + " " + t.progressAt() + " "
            + t.updatedAt());
        line(text, "reason", t.reason());
        line(text, "result", t.result());
        line(text, "query", t.submission().queryPrepared());
        line(text, "custom data", t.submission().customData());
        line(text, "undo", String.join(" ", t.undo()));
        line(text, "options", t.options().waitResult() + " " + t.options().timeoutToFailSeconds()
            + " " + t.options().requestTimeoutSeconds() + " "
            + t.options().retryIntervalSeconds() + " " + t.options().retryLimit() + " "
            + t.options().retryCount() + " " + t.options().concurrent());
        line(text, "headers", t.options().branchHeaders().entrySet().stream()
            .map(each -> each.getKey() + "=" + each.getValue()).sorted()
            .collect(Collectors.joining(" ")));
        line(text, "details", details(t));
        t.submission().steps().forEach(step -> line(text, "step", step.action() + " "
            + step.compensate() + " " + brief(step.payload().toUtf8()) + " "
            + step.subscribers()));
        t.ops().forEach(op -> line(text, "op", text(op)));
        if (t.inquiry() != null) {
            line(text, "inquiry", text(t.inquiry()));
        }
        return text.toString();
    }

    private static String details(GlobalTransaction t) {
        var details = t.submission().details();
        if (details instanceof transaction.Details.Concurrent concurrent) {
            return "after " + new java.util.TreeMap<>(concurrent.after());
        }
        if (details instanceof transaction.Details.Delay delay) {
            return "delay " + delay.seconds();
        }
        return details instanceof transaction.Details.Named named
            ? "named " + named.name() + " " + named.data().toBase64() : "";
    }

    private static String text(BranchOp op) {
        Backoff backoff = op.backoff();
        return op.branchId() + " " + op.op().wire() + " " + op.status().wire() + " " + op.url()
            + " " + brief(op.payload().toUtf8()) + " waits " + backoff.interval() + " "
            + (backoff.notBefore().equals(Instant.EPOCH) ? "-" : backoff.notBefore()) + " "
            + backoff.attempts() + " of " + op.createdAt() + " " + op.updatedAt() + " "
            + (op.isSettled() ? op.reason() : "");
    }

    private static String brief(String text) {
        return text.length() < 100 ? text.replaceAll("\\p{Cntrl}", "?")
            : text.length() + "#" + text.hashCode();
    }

    private static void line(StringBuilder text, String name, String value) {
        if (!value.isEmpty()) {
            text.append("  ").append(name).append(": ").append(value).append('\n');
        }
    }
}

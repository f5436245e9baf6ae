package transaction;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What comes of a command, in the words of a scenario. */
public final class Transcript {

    private Transcript() {}

    /** Writes, answer, calls, alerts; in the order in which a host does them. */
    public static List<String> lines(Decision decision, Command command, Instant now) {
        List<String> lines = new ArrayList<>();
        decision.events().forEach(event -> lines.add("write " + of(event)));
        boolean fromOutside = !(command instanceof Command.BranchReturned)
            && !(command instanceof Command.Resume);
        if (fromOutside) {
            lines.add("reply " + of(decision.reply()));
        }
        decision.calls().forEach(call -> lines.add("call  " + call.branchId() + " " + call.op()));
        decision.alerts().forEach(alert ->
            lines.add("alert " + alert.retryCount() + " " + alert.branchUrl()));
        Instant look = decision.lookAgainAt();
        boolean soon = look != null && look.isBefore(now.plus(Limits.IDLE_LOOK));
        if (soon || look != null && decision.live().isIdle()) {
            lines.add("look  in " + wait(now, look));
        }
        return lines;
    }

    static String of(Reply reply) {
        String reason = Replies.reasonOf(reply);
        return Replies.nameOf(reply) + (reason.isEmpty() ? "" : " " + Phrase.quoted(reason));
    }

    /** One fact in a line. */
    public static String of(Event event) {
        if (event instanceof Event.Opened opened) {
            return "opened " + opened.status().wire();
        }
        if (event instanceof Event.BranchesJoined joined) {
            return "joined " + joined.ops().stream()
                .map(op -> op.branchId() + " " + op.op().wire()
                    + (op.isSettled() ? " " + op.status().wire() : ""))
                .collect(Collectors.joining(", "));
        }
        if (event instanceof Event.OpSettled settled) {
            return "settled " + of(settled.key()) + " " + settled.status().wire();
        }
        if (event instanceof Event.RetryScheduled retry) {
            return "retry " + of(retry.key()) + " in "
                + wait(retry.at(), retry.backoff().notBefore()) + ", "
                + retry.backoff().attempts() + " gone wrong";
        }
        if (event instanceof Event.TurnedBack back) {
            return "turned back " + Phrase.quoted(back.reason()) + (back.enabled().isEmpty() ? ""
                : " undoing " + String.join(" ", back.enabled()));
        }
        if (event instanceof Event.Ended ended) {
            return "ended " + ended.status().wire()
                + (ended.reason().isEmpty() ? "" : " " + Phrase.quoted(ended.reason()))
                + (ended.result().isEmpty() ? "" : " " + Phrase.quoted(ended.result()));
        }
        String name = event.getClass().getSimpleName();
        return name.equals("ForceStopped") ? "stopped by force" : name.toLowerCase(
            java.util.Locale.ROOT);
    }

    private static String of(CallKey key) {
        return key.branchId() + " " + key.op().wire();
    }

    private static String wait(Instant from, Instant to) {
        Duration wait = Duration.between(from, to);
        return wait.toMillis() % 1_000 == 0 ? wait.toSeconds() + "s" : wait.toMillis() + "ms";
    }
}

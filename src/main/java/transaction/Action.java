package transaction;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What an operator can do to a transaction now. Whether it is allowed, the command itself says: it
 * is put to the rules, and what comes of it is thrown away.
 *
 * @param name as in the path that does it
 * @param key the operation that it is about; null if it is about all of them
 * @param allowed whether the rules allow it
 * @param effect what it would bring about; empty if it is not allowed
 * @param because why it is not allowed, in the words with which it is refused; empty if it is
 */
public record Action(String name, CallKey key, boolean allowed, String effect, String because) {

    /** Said where a command needs a reason, of those that are thrown away. */
    private static final String REASON = "asked about";

    /** What is put to the rules. */
    record Proposal(String name, CallKey key, Command command, String effect) {}

    static List<Action> all(GlobalTransaction t, Step step, Moment moment) {
        Live live = live(step, moment);
        List<Action> all = new ArrayList<>();
        for (Proposal each : proposals(t, step)) {
            all.add(each.command == null
                ? new Action(each.name, null, false, "", "it has no operation without a verdict")
                : ruled(t, live, each, moment));
        }
        all.add(again(t));
        return List.copyOf(all);
    }

    /** No command to this transaction: it is left as it is. */
    private static Action again(GlobalTransaction t) {
        Again again = Again.of(t, "", "");
        if (again.refusal() != null) {
            return new Action("again", null, false, "", refusal(again.refusal()));
        }
        String warnings = again.warnings().isEmpty() ? ""
            : " " + String.join("; ", again.warnings()) + ".";
        return new Action("again", null, true, "It is run again from " + again.from() + " on, as "
            + again.submission().gid() + "." + warnings, "");
    }

    static List<Proposal> proposals(GlobalTransaction t, Step step) {
        String gid = t.gid();
        List<Proposal> all = new ArrayList<>(List.of(
            new Proposal("retry", null, new Command.RetryNow(gid), t.isQuarantined()
                ? "Its history is read again." : "What waits is called at once."),
            new Proposal("pause", null, new Pause(gid, null, REASON, ""),
                "Nothing more is called until it is resumed; what is on its way counts."),
            new Proposal("resume", null, new Unpause(gid, ""), "It goes on where it stood."),
            new Proposal("park", null, new Park(gid, REASON, ""),
                "Nothing more is called until it is unparked."),
            new Proposal("unpark", null, new Unpark(gid),
                "It goes on at once, and what went wrong counts no more."),
            new Proposal("rollback", null, new RollBack(gid, REASON, ""),
                "What was done is undone, and it fails."),
            new Proposal("stop succeed", null, new Stop(gid, Status.SUCCEED, REASON, ""),
                "It ends as succeed; nobody is called, so what is not done stays undone."),
            new Proposal("stop failed", null, new Stop(gid, Status.FAILED, REASON, ""),
                "It ends as failed; nobody is called, so what was done stays done.")));
        Optional<BranchOp> found = operation(t, step);
        CallKey key = found.map(BranchOp::key).orElse(null);
        String name = found.map(op -> Explanation.name(t, op)).orElse("");
        all.add(about("skip", key, key == null ? null
            : new Settle(gid, key, BranchStatus.SUCCEED, true, REASON, ""),
            name + " is passed over: it counts as done, and is not called."));
        all.add(about("resolve success", key, key == null ? null
            : new Settle(gid, key, BranchStatus.SUCCEED, false, REASON, ""),
            name + " is taken as done."));
        all.add(about("resolve failure", key, key == null ? null
            : new Settle(gid, key, BranchStatus.FAILED, false, REASON, ""),
            name + " is taken as refused."));
        all.add(about("edit", key, found.map(op -> (Command) new Change(gid, key, "",
            Optional.empty(), op.options().requestTimeoutSeconds() == 1 ? 2 : 1, Change.AS_IT_IS,
            Change.AS_IT_IS, REASON, "")).orElse(null),
            name + " is called as is said from now on."));
        return all;
    }

    private static Proposal about(String name, CallKey key, Command command, String effect) {
        return new Proposal(name, key, command, effect);
    }

    private static Action ruled(GlobalTransaction t, Live live, Proposal asked, Moment moment) {
        if (Decider.isForQuarantine(t, asked.command)) {
            return new Action(asked.name, asked.key, true, asked.effect, "");
        }
        Decision decision = Decider.decide(t, live, asked.command, moment);
        String refusal = refusal(decision.reply());
        return !refusal.isEmpty() ? new Action(asked.name, asked.key, false, "", refusal)
            : new Action(asked.name, asked.key, true,
                decision.events().isEmpty() ? "Nothing changes." : asked.effect, "");
    }

    /** Why it is refused; empty if it is not. */
    private static String refusal(Reply reply) {
        if (reply instanceof Reply.Refused refused) {
            return refused.reason();
        }
        if (reply instanceof Reply.Ongoing ongoing) {
            return ongoing.reason();
        }
        if (reply instanceof Reply.Missing missing) {
            return missing.reason();
        }
        if (reply instanceof Reply.Invalid invalid) {
            return invalid.reason();
        }
        return reply instanceof Reply.Troubled troubled ? troubled.reason() : "";
    }

    /** The one whose turn it is, or the first without a verdict. */
    private static Optional<BranchOp> operation(GlobalTransaction t, Step step) {
        Stream<BranchOp> turn = step instanceof Step.Call call ? call.ops().stream()
            : Stream.empty();
        Stream<CallKey> parked = t.isParked() ? Stream.ofNullable(t.parked().key())
            : Stream.empty();
        return Stream.concat(Stream.concat(turn, parked.flatMap(key -> t.op(key).stream())),
            t.ops().stream()).filter(op -> !op.isSettled()).findFirst();
    }

    /** What is to be called and does not wait is on its way; while it is paused none is told. */
    private static Live live(Step step, Moment moment) {
        return !(step instanceof Step.Call call) ? Live.NONE
            : Live.NONE.started(call.ops().stream()
                .filter(op -> op.awaitedUntil() == null && !op.url().isEmpty()
                    && !op.backoff().notBefore().isAfter(moment.now()))
                .map(BranchOp::key).toList());
    }
}

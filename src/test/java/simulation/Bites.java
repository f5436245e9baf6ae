package simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import transaction.Backoff;
import transaction.BranchCall;
import transaction.BranchOp;
import transaction.BranchStatus;
import transaction.CallKey;
import transaction.Command;
import transaction.Decider;
import transaction.Decision;
import transaction.Details;
import transaction.Entry;
import transaction.Event;
import transaction.GlobalTransaction;
import transaction.Live;
import transaction.Mode;
import transaction.Moment;
import transaction.Op;
import transaction.Outcome;
import transaction.Reply;
import transaction.Settle;
import transaction.Status;
import transaction.Summary;

/** The rules with a bug in them: what each {@link Tooth} makes of a decision. */
final class Bites {

    private Bites() {}

    static Decision decide(
            Tooth tooth, GlobalTransaction t, Live live, Command command, Moment moment) {
        Decision right = Decider.decide(t, live, command, moment);
        if (tooth == Tooth.NONE || t.isAbsent()) {
            return right;
        }
        if (tooth == Tooth.UNKNOWN_IS_FAILURE && command instanceof Command.BranchReturned returned
                && returned.outcome().kind() == Outcome.Kind.UNKNOWN) {
            return Decider.decide(t, live, new Command.BranchReturned(
                returned.key(), Outcome.failure("no answer")), moment);
        }
        if (command instanceof Command.BranchReturned returned
                && returned.outcome().kind() == Outcome.Kind.FORBIDDEN) {
            Outcome wrong = tooth == Tooth.FORBIDDEN_IS_FAILURE ? Outcome.failure("forbidden")
                : tooth == Tooth.FORBIDDEN_IS_RETRIED ? Outcome.unknown("forbidden") : null;
            if (wrong != null) {
                return Decider.decide(
                    t, live, new Command.BranchReturned(returned.key(), wrong), moment);
            }
        }
        if (tooth == Tooth.SETTLED_IN_FLIGHT && command instanceof Settle
                && right.reply() instanceof Reply.Ongoing) {
            return goingOn(t, right,
                Decider.decide(t, Live.NONE, command, moment).events(), moment);
        }
        if (tooth == Tooth.SETTLED_OUT_OF_TURN && command instanceof Settle settle
                && right.reply() instanceof Reply.Ongoing
                && !live.running().stream().anyMatch(settle.key()::equals)) {
            return goingOn(t, right, List.of(new Event.Resolved(settle.key(), settle.verdict(),
                settle.reason(), settle.by(), moment.now())), moment);
        }
        List<Event> events = events(tooth, t, command, right, moment);
        Decision wrong = events.equals(right.events()) ? right
            : goingOn(t, right, events, moment);
        wrong = calling(wrong, calls(tooth, wrong));
        return isTakenIn(tooth, t, command, wrong.reply()) ? replying(wrong, Reply.DONE) : wrong;
    }

    /** What the right decision would have written, but for the bug. */
    private static List<Event> events(
            Tooth tooth, GlobalTransaction t, Command command, Decision right, Moment moment) {
        List<Event> events = new ArrayList<>(right.events());
        Instant now = moment.now();
        Outcome outcome = command instanceof Command.BranchReturned returned
            ? returned.outcome() : null;
        boolean isRefused = outcome != null && outcome.kind() == Outcome.Kind.FAILURE;
        if (tooth == Tooth.END_BEFORE_THE_LAST && right.after().status() == Status.SUBMITTED
                && events.stream().anyMatch(Event.OpSettled.class::isInstance)) {
            events.add(new Event.Ended(Status.SUCCEED, "", "", now));
        }
        if (tooth == Tooth.REFUSED_CONFIRM_ABORTS && t.mode() == Mode.TCC && isRefused
                && t.status() == Status.SUBMITTED) {
            events = List.of(new Event.TurnedBack("refused", List.of(), now));
        }
        if (tooth == Tooth.SILENCE_IS_NO && t.inquiry() != null && t.mode() == Mode.MSG
                && t.status() == Status.PREPARED && outcome != null
                && outcome.kind() == Outcome.Kind.UNKNOWN) {
            events = List.of(new Event.Ended(Status.FAILED, "no answer", "", now));
        }
        if (tooth == Tooth.PAUSE_WITHOUT_END) {
            events = events.stream().map(event -> event instanceof Event.Paused paused
                ? new Event.Paused(null, paused.reason(), paused.by(), paused.at()) : event)
                .toList();
        }
        boolean isDecided = t.status() == Status.SUBMITTED || t.status() == Status.ABORTING;
        if (tooth == Tooth.JOIN_AFTER_DECISION && isDecided
                && command instanceof Command.JoinBranch) {
            return Decider.decide(with(t, Status.PREPARED, t.updatedAt()), Live.NONE, command,
                moment).events().stream().filter(Event.BranchesJoined.class::isInstance).toList();
        }
        return events.stream().map(event -> bitten(tooth, t, event)).toList();
    }

    private static Event bitten(Tooth tooth, GlobalTransaction t, Event event) {
        if (event instanceof Event.TurnedBack back) {
            return new Event.TurnedBack(back.reason(), back.enabled().stream().filter(branch -> {
                BranchStatus status = t.op(new CallKey(branch, Op.ACTION))
                    .map(BranchOp::status).orElse(BranchStatus.PREPARED);
                // The failure itself may be in the same write, and so not in the state yet.
                boolean unsettled = status == BranchStatus.PREPARED;
                return !(tooth == Tooth.UNDO_ONLY_SUCCEEDED && unsettled)
                    && !(tooth == Tooth.SKIP_THE_FAILED && unsettled
                        && !back.reason().contains("Retry") && !back.reason().contains("Timeout"));
            }).toList(), back.at());
        }
        if (!(event instanceof Event.RetryScheduled retry)) {
            return event;
        }
        Backoff backoff = retry.backoff();
        Duration longer = backoff.interval().multipliedBy(7);
        return switch (tooth) {
            case NO_BACKOFF -> with(retry,
                new Backoff(backoff.interval(), retry.at(), backoff.attempts()));
            case NO_CAP -> with(retry,
                new Backoff(longer, retry.at().plus(longer), backoff.attempts()));
            case COUNT_NOT_KEPT -> with(retry,
                new Backoff(backoff.interval(), backoff.notBefore(), 0));
            case PUT_OFF_COUNTS -> retry.isPutOff() ? with(retry, new Backoff(
                backoff.interval(), backoff.notBefore(), backoff.attempts() + 1)) : retry;
            case PARKED_AT_ONCE -> t.options().parksWhenExhausted()
                ? new Event.Parked(retry.key(), retry.reason(), retry.at()) : retry;
            case UNDO_GIVEN_UP -> retry.key().op() == Op.COMPENSATE && backoff.attempts() > 1
                ? new Event.OpSettled(retry.key(), BranchStatus.SUCCEED, "", retry.at()) : retry;
            default -> retry;
        };
    }

    private static Event with(Event.RetryScheduled retry, Backoff backoff) {
        return new Event.RetryScheduled(retry.key(), backoff, retry.reason(), retry.at());
    }

    /** The decision that goes on from other events than the right ones. */
    private static Decision goingOn(
            GlobalTransaction t, Decision right, List<Event> events, Moment moment) {
        GlobalTransaction after = t;
        for (Event event : events) {
            after = event.applyTo(after);
        }
        Decision next = Decider.decide(
            after, calling(right, List.of()).live(), new Command.Resume(), moment);
        List<Event> all = new ArrayList<>(events);
        all.addAll(next.events());
        return new Decision(all, next.after(), next.live(), next.calls(), next.lookAgainAt(),
            next.dueAt(), right.reply(), right.awaits(), right.alerts());
    }

    /** The same decision with other calls. */
    private static Decision calling(Decision decision, List<BranchCall> calls) {
        if (calls.equals(decision.calls())) {
            return decision;
        }
        Live live = decision.live();
        for (BranchCall each : decision.calls()) {
            live = live.ended(each.key());
        }
        live = live.started(calls.stream().map(BranchCall::key).toList());
        return new Decision(decision.events(), decision.after(), live, calls,
            decision.lookAgainAt(), decision.dueAt(), decision.reply(), decision.awaits(),
            decision.alerts());
    }

    private static List<BranchCall> calls(Tooth tooth, Decision decision) {
        GlobalTransaction t = decision.after();
        List<BranchCall> calls = decision.calls();
        boolean isCalling = !calls.isEmpty();
        Op op = isCalling ? calls.get(0).key().op() : null;
        return switch (tooth) {
            case PAYLOAD_CHANGED -> calls.stream().map(Bites::reencoded).toList();
            case UNDO_FORWARD -> op == Op.COMPENSATE ? open(t, op, decision, true, 1) : calls;
            case CONFIRM_FORWARD -> op == Op.CONFIRM ? open(t, op, decision, true, 1) : calls;
            case MESSAGE_ORDER -> op == Op.ACTION && t.mode() == Mode.MSG
                ? open(t, op, decision, false, 1) : calls;
            case ORDERS_FORGOTTEN -> op == Op.COMPENSATE
                    && t.submission().details() instanceof Details.Concurrent
                ? open(t, op, decision, true, 9) : calls;
            case ACT_WHILE_ABORTING -> t.status() == Status.ABORTING && t.mode() == Mode.SAGA
                    && decision.live().isIdle()
                ? open(t, Op.ACTION, decision, true, 1) : calls;
            case DELAY_IGNORED -> t.status() == Status.SUBMITTED && decision.live().isIdle()
                    && t.submission().details() instanceof Details.Delay
                ? open(t, Op.ACTION, decision, true, 1) : calls;
            case PAUSED_GOES_ON -> t.isPaused() && t.status() == Status.SUBMITTED
                    && decision.live().isIdle() ? open(t, Op.ACTION, decision, true, 1) : calls;
            case PARKED_GOES_ON -> t.isParked() && decision.live().isIdle()
                ? t.op(t.parked().key()).map(each -> List.of(callOf(t, each))).orElse(calls)
                : calls;
            default -> calls;
        };
    }

    /** Calls to the first, or the last, of the open operations of that kind. */
    private static List<BranchCall> open(
            GlobalTransaction t, Op op, Decision decision, boolean first, int count) {
        Set<CallKey> running = new HashSet<>(decision.live().running());
        decision.calls().forEach(call -> running.remove(call.key()));
        List<BranchOp> open = t.ops().stream()
            .filter(each -> each.op() == op && !each.isSettled() && !each.url().isEmpty())
            .filter(each -> op != Op.COMPENSATE || t.undo().contains(each.branchId()))
            .filter(each -> running.stream()
                .noneMatch(key -> key.branchId().equals(each.branchId())))
            .toList();
        int size = open.size();
        List<BranchOp> chosen = first ? open.subList(0, Math.min(count, size))
            : open.subList(Math.max(0, size - count), size);
        return chosen.stream().map(each -> callOf(t, each)).toList();
    }

    private static BranchCall callOf(GlobalTransaction t, BranchOp op) {
        return new BranchCall(t.gid(), t.mode().wire(), op.branchId(), op.op().wire(), op.key(),
            op.url(), op.payload(), Map.of(), t.submission().protocol(),
            Simulator.POLICY.requestTimeout());
    }

    private static BranchCall reencoded(BranchCall call) {
        return new BranchCall(call.gid(), call.mode(), call.branchId(), call.op(), call.key(),
            call.url(), transaction.Bytes.utf8(call.payload().toUtf8() + " "), call.headers(),
            call.protocol(), call.timeout());
    }

    /** Whether the bug says yes where the rules say no. */
    private static boolean isTakenIn(
            Tooth tooth, GlobalTransaction t, Command command, Reply reply) {
        if (!(reply instanceof Reply.Refused)) {
            return false;
        }
        return switch (tooth) {
            case SUBMIT_AFTER_ABORT -> command instanceof Command.Submit submit
                && !AnswerOracle.isOther(submit.submission(), t);
            case OTHER_CONTENT -> command instanceof Command.Submit;
            case JOIN_AFTER_DECISION -> command instanceof Command.JoinBranch;
            case RESULT_OVERWRITTEN -> command instanceof Command.FinishWorkflow;
            default -> false;
        };
    }

    private static Decision replying(Decision decision, Reply reply) {
        return new Decision(decision.events(), decision.after(), decision.live(),
            decision.calls(), decision.lookAgainAt(), decision.dueAt(), reply, null,
            decision.alerts());
    }

    static Entry entry(Tooth tooth, Entry right, Decision decision) {
        if (tooth != Tooth.DUE_ROW_LOST || decision.after().status() != Status.ABORTING) {
            return right;
        }
        Summary row = right.summary();
        return new Entry(right.events(), new Summary(row.submission(), row.status(), row.reason(),
            row.result(), row.openedAt(), row.updatedAt(), null, row.retryInterval(),
            row.quarantine()));
    }

    /** A history read with a look at the clock. */
    static GlobalTransaction touchedAt(GlobalTransaction t, Instant now) {
        return with(t, t.status(), now);
    }

    private static GlobalTransaction with(GlobalTransaction t, Status status, Instant updated) {
        return new GlobalTransaction(t.submission(), status, t.ops(), t.inquiry(), t.undo(),
            t.reason(), t.result(), t.openedAt(), t.submittedAt(), t.progressAt(), updated,
            t.quarantine(), t.parked(), t.paused());
    }

    /** The calls that a replay with effects would make again. */
    static List<BranchCall> callsSettled(GlobalTransaction t) {
        return t.ops().stream().filter(op -> op.isSettled() && !op.url().isEmpty())
            .map(op -> callOf(t, op)).toList();
    }
}

package transaction;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Turns a command into what to write, what to answer and what should be running. */
public final class Decider {

    private Decider() {}

    /** Never throws on what a client or a participant did; an exception is a bug of ours. */
    public static Decision decide(
            GlobalTransaction before, Live live, Command command, Moment moment) {
        return decide(before, new Heard(command, live, true), moment);
    }

    /**
     * The same, but the command's own facts are all: the status does not move on by itself, and
     * nobody is called. Whatever would have been done now is due at once.
     */
    public static Decision note(
            GlobalTransaction before, Live live, Command command, Moment moment) {
        return decide(before, new Heard(command, live, false), moment);
    }

    /** @param goesOn whether what follows from it is done now */
    private record Heard(Command command, Live live, boolean goesOn) {}

    private static Decision decide(GlobalTransaction before, Heard heard, Moment moment) {
        Command command = heard.command;
        Live live = heard.live;
        if (before.isQuarantined()) {
            return quarantined(before, live, command, moment);
        }
        if (before.isRemoved()) {
            return removed(live, command);
        }
        Ruling ruling;
        try {
            ruling = command.rule(before, moment);
            if (!ruling.events().isEmpty() && command.quietBranch() != null
                    && live.isBusy(command.quietBranch())) {
                ruling = Ruling.refuse(new Reply.Ongoing("a call of branch "
                    + command.quietBranch() + " is on its way: try again when it is back"));
            }
        } catch (InvalidRequest invalid) {
            ruling = Ruling.refuse(new Reply.Invalid(invalid.getMessage()));
        }
        List<Event> events = new ArrayList<>(ruling.events());
        GlobalTransaction after = before;
        for (Event event : events) {
            after = event.applyTo(after);
        }
        Step step = nextStep(after, moment);
        // Statuses only move forward and operations settle once, so this ends.
        for (List<Event> turn = turn(step, moment.now()); heard.goesOn && !turn.isEmpty();
                turn = turn(step, moment.now())) {
            for (Event event : turn) {
                events.add(event);
                after = event.applyTo(after);
            }
            step = nextStep(after, moment);
        }
        // Who is refused changes nothing, not even how soon the next try is.
        Live known = ruling.isRefused() ? live : command.remember(live, before, moment);
        Plan plan = new Plan(after, step, known, moment);
        return heard.goesOn ? planned(plan, events, ruling, command)
            : noted(plan, events, ruling);
    }

    /**
     * What the index should say of {@code decision}'s transaction.
     *
     * @return null if there is no transaction
     */
    public static Summary summaryOf(Decision decision, Policy policy) {
        return decision.after().submission() == null ? null
            : Summary.of(decision.after(), decision.dueAt(), policy);
    }

    /** Whether {@code command} is about the quarantine itself; others are refused by the rules. */
    public static boolean isForQuarantine(GlobalTransaction t, Command command) {
        return t.isQuarantined()
            && (command instanceof Command.RetryNow || command instanceof Command.ForceStop
                || command instanceof Stop stop && stop.outcome() == Status.FAILED);
    }

    /** What {@code t} should do next. */
    static Step nextStep(GlobalTransaction t, Moment moment) {
        if (t.isAbsent() || t.isFinal()) {
            return new Step.Done();
        }
        if (t.isPaused() && t.paused().until() != null
                && !t.paused().until().isAfter(moment.now())) {
            return new Step.Become(new Event.Unpaused("", moment.now()));
        }
        if (t.restsForGood()) {
            return new Step.Rest(Instant.MAX);
        }
        return t.isPaused() ? new Step.Rest(t.paused().until())
            : unlessOverdue(t, t.mode().next(t, moment), moment);
    }

    /** Of what is to be called, what was waited for in vain is unknown now. */
    private static Step unlessOverdue(GlobalTransaction t, Step next, Moment moment) {
        if (!(next instanceof Step.Call call)) {
            return next;
        }
        return call.ops().stream().filter(op -> op.hasLapsed(moment.now())).findFirst()
            .<Step>map(op -> new Step.Become(BranchAnswer.lapsed(t, op, moment)))
            .orElseGet(() -> unlessExhausted(t, call, moment.now()));
    }

    /** What is not to be called any more parks all of it. */
    private static Step unlessExhausted(GlobalTransaction t, Step.Call call, Instant now) {
        return call.ops().stream().filter(t::isExhausted).findFirst().<Step>map(op ->
            new Step.Become(new Event.Parked(op.key(), op.reason(), now))).orElse(call);
    }

    /** The facts that need no call: a change of status, or an operation without a url. */
    private static List<Event> turn(Step step, Instant now) {
        if (step instanceof Step.Become become) {
            return List.of(become.event());
        }
        if (step instanceof Step.Call call) {
            return call.ops().stream().filter(op -> op.url().isEmpty())
                .<Event>map(op -> new Event.OpSettled(op.key(), BranchStatus.SUCCEED, "", now))
                .toList();
        }
        return List.of();
    }

    private static Decision noted(Plan plan, List<Event> events, Ruling ruling) {
        boolean now = !turn(plan.step(), plan.moment().now()).isEmpty()
            || !plan.ready().isEmpty();
        Instant look = now ? plan.moment().now() : plan.lookAgainAt();
        Instant due = look == null || plan.live().isIdle() ? look : plan.after().openedAt();
        return new Decision(List.copyOf(events), plan.after(), plan.live(), List.of(), look, due,
            replyOf(plan, due, ruling), ruling.awaits(), List.of());
    }

    private static Decision planned(
            Plan plan, List<Event> events, Ruling ruling, Command command) {
        List<BranchOp> ready = plan.ready();
        Set<CallKey> keys = new LinkedHashSet<>();
        List<BranchCall> calls = new ArrayList<>();
        for (BranchOp op : ready) {
            keys.add(op.key());
            calls.add(command instanceof Command.RetryNow ? plan.callOf(op).unbudgeted()
                : plan.callOf(op));
        }
        Live live = plan.live().started(keys);
        Instant look = plan.lookAgainAt();
        // At work means due all the time; a moment that stays the same spares the index a change.
        Instant due = look == null || live.isIdle() ? look : plan.after().openedAt();
        return new Decision(List.copyOf(events), plan.after(), live, calls, look, due,
            replyOf(plan, due, ruling), ruling.awaits(), alerts(plan, events, command));
    }

    /** Null if the client waits. */
    private static Reply replyOf(Plan plan, Instant due, Ruling ruling) {
        if (ruling.reply() != null || ruling.awaits() != null) {
            return ruling.reply();
        }
        return new Reply.Found(plan.shown(), plan.after().submission() == null ? null
            : Summary.of(plan.after(), due, plan.moment().policy()));
    }

    private static List<Alert> alerts(Plan plan, List<Event> events, Command command) {
        if (!(command instanceof Command.BranchReturned returned)
                || returned.outcome().kind() == Outcome.Kind.ONGOING
                || returned.outcome().kind() == Outcome.Kind.PUT_OFF
                || returned.outcome().kind() == Outcome.Kind.SUCCESS) {
            return List.of();
        }
        int threshold = plan.moment().policy().alertAttempts();
        GlobalTransaction t = plan.after();
        if (!events.isEmpty()
                && events.get(events.size() - 1) instanceof Event.Parked parked) {
            BranchOp op = t.op(parked.key()).orElseThrow();
            return List.of(new Alert(t.gid(), t.status().wire(), op.url(), t.parked().text(),
                op.backoff().attempts()));
        }
        return events.stream()
            .filter(Event.RetryScheduled.class::isInstance)
            .map(Event.RetryScheduled.class::cast)
            .filter(retry -> retry.backoff().attempts() >= threshold)
            .map(retry -> new Alert(t.gid(), t.status().wire(),
                t.op(retry.key()).map(BranchOp::url).orElse(""), retry.reason(),
                retry.backoff().attempts()))
            .toList();
    }

    /**
     * Asked about, it is not found, as in DTM; whatever would run it again is refused for good,
     * since how it ended is not known any more.
     */
    private static Decision removed(Live live, Command command) {
        String reason = "this gid was used by a transaction that has ended and was removed.";
        Reply reply = new Reply.Refused(reason);
        if (command instanceof Command.Look) {
            reply = new Reply.Found(GlobalTransaction.ABSENT, null);
        } else if (command instanceof Intervention || command instanceof Completion) {
            reply = new Reply.Missing(reason);
        }
        return untouched(GlobalTransaction.REMOVED, heard(live, command), reply);
    }

    private static Decision quarantined(
            GlobalTransaction t, Live live, Command command, Moment moment) {
        Reply reply = command instanceof Command.Look
            ? new Reply.Found(t, t.submission() == null ? null
                : Summary.of(t, null, moment.policy()))
            : new Reply.Troubled("this transaction is in quarantine: " + t.quarantine());
        return untouched(t, heard(live, command), reply);
    }

    private static Live heard(Live live, Command command) {
        return command instanceof Command.BranchReturned returned
            ? live.returned(returned.key(), returned.outcome()) : live;
    }

    private static Decision untouched(GlobalTransaction t, Live live, Reply reply) {
        return new Decision(List.of(), t, live, List.of(), null, null, reply, null, List.of());
    }
}

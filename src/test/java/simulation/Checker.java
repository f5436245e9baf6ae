package simulation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import transaction.BranchCall;
import transaction.CallKey;
import transaction.Command;
import transaction.Decider;
import transaction.Decision;
import transaction.Entry;
import transaction.Event;
import transaction.GlobalTransaction;
import transaction.Live;
import transaction.Moment;
import transaction.Reply;
import transaction.Status;
import transaction.Submission;

/**
 * The oracle: hears of everything that happens in one schedule and says what must not have. It
 * judges by the journal and by what reached the participants, never by what a host believes.
 */
final class Checker implements EndOracle.Evidence {

    private final Simulator world;
    private final Tally tally;
    private final WriteOracle writes;
    private final CallOracle calls;
    private final AnswerOracle answers;
    private final Map<CallKey, Integer> attempts = new HashMap<>();
    private final Map<CallKey, Integer> copies = new HashMap<>();
    private final Map<CallKey, Integer> receipts = new HashMap<>();
    private final Map<SimulatedHost, Set<String>> running = new IdentityHashMap<>();

    Checker(Simulator world, Tally tally) {
        this.world = world;
        this.tally = tally;
        this.writes = new WriteOracle(tally);
        this.calls = new CallOracle(tally);
        this.answers = new AnswerOracle(tally);
    }

    /** An entry gets into the journal; {@code cause} is what really happened. */
    GlobalTransaction written(GlobalTransaction before, Entry entry, Command cause) {
        return writes.written(before, entry, cause);
    }

    /** What a host that starts anew reads. */
    GlobalTransaction replayed() {
        GlobalTransaction replayed = GlobalTransaction.ABSENT;
        for (Entry entry : world.journal.entries()) {
            replayed = entry.applyTo(replayed);
        }
        tally.holds(Invariant.C8, replayed.equals(world.journal.state()), "replays differ");
        return replayed;
    }

    /** A host has decided, and nothing has happened yet. */
    void decided(SimulatedHost host, Command command, Decision decision, Moment moment) {
        GlobalTransaction t = host.state();
        GlobalTransaction folded = t;
        for (Event event : decision.events()) {
            folded = event.applyTo(folded);
        }
        tally.holds(Invariant.C8, folded.equals(decision.after()), command);
        if (command.quietBranch() != null && decision.events().stream().anyMatch(
                event -> event instanceof Event.Skipped || event instanceof Event.Resolved
                    || event instanceof Event.Changed)) {
            tally.holds(Invariant.O1, !running.getOrDefault(host, Set.of())
                .contains(command.quietBranch()), command);
        }
        if (command instanceof Command.BranchReturned returned) {
            running.getOrDefault(host, Set.of()).remove(returned.key().branchId());
        }
        if (command instanceof Command.Submit submit && !t.isAbsent()
                && !t.isQuarantined()) {
            submittedAgain(t, submit.submission(), decision, moment);
        }
    }

    private void submittedAgain(
            GlobalTransaction t, Submission again, Decision decision, Moment moment) {
        boolean denied = decision.reply() instanceof Reply.Refused
            || decision.reply() instanceof Reply.Invalid;
        List<Event> byItself =
            Decider.decide(t, Live.NONE, new Command.Resume(), moment).events();
        if (AnswerOracle.isOther(again, t)) {
            tally.holds(Invariant.C11, denied && decision.events().equals(byItself),
                decision.reply());
        } else if (t.status() == Status.SUBMITTED) {
            boolean changes = decision.events().stream()
                .anyMatch(event -> !(event instanceof Event.Hurried) && !byItself.contains(event));
            tally.holds(Invariant.C11, !denied && !changes, decision.reply());
        }
    }

    /** A host starts a call. */
    void calls(SimulatedHost host, BranchCall call) {
        attempts.merge(call.key(), 1, Integer::sum);
        int known = Math.min(host.known(), world.journal.size());
        GlobalTransaction t = world.journal.state(known);
        calls.started(t, call, world.now());
        tally.holds(Invariant.C8, host.isDead() || host.state().equals(t)
            || world.tooth == Tooth.CALL_BEFORE_WRITE, "a host lives in another history");
        Set<String> busy = running.computeIfAbsent(host, none -> new HashSet<>());
        tally.holds(Invariant.C14, busy.add(call.branchId()), call);
        if (CallOracle.isOneByOne(t)) {
            tally.holds(CallOracle.orderOf(t), busy.size() == 1, busy);
        }
        GlobalTransaction truth = world.journal.state();
        if (truth.isFinal() || truth.status() == Status.ABORTING) {
            boolean behind = known < world.journal.size();
            Invariant invariant = truth.isFinal() ? Invariant.C13 : Invariant.S8;
            boolean forward = CallOracle.isForward(call.key().op());
            tally.holds(invariant, behind || !truth.isFinal() && !forward, call);
        }
    }

    /** The network makes a second request of it. */
    void copied(BranchCall call) {
        copies.merge(call.key(), 1, Integer::sum);
    }

    /** A participant gets a call. */
    void receives(BranchCall call) {
        CallKey key = call.key();
        int receipt = receipts.merge(key, 1, Integer::sum);
        tally.holds(Invariant.C14,
            receipt <= attempts.getOrDefault(key, 0) + copies.getOrDefault(key, 0), call);
        calls.received(world.journal.state(), call);
    }

    /** A host answers a client. */
    void answers(SimulatedHost host, Command command, Reply reply) {
        boolean behind = host.known() < world.journal.size();
        // A branch joins what was prepared: to a gid it does not know, a host says no. That one of
        // two hosts may not know it yet is the price of the protocol's answer; it is an abort.
        boolean unknown = host.state().isAbsent() && command instanceof Command.JoinBranch;
        if (!unknown || !behind) {
            answers.answered(world.journal.state(), command, reply, !behind);
        }
    }

    /** The initiator of a TCC transaction tries a branch. */
    void tries(String branch) {
        tally.holds(Invariant.T5, world.journal.state().ops().stream()
            .anyMatch(op -> op.branchId().equals(branch)), branch);
    }

    /** Nothing more will happen. */
    void ended() {
        new EndOracle(world.journal.state(), world.participants, this, tally).judge();
    }

    @Override
    public int attempts(CallKey key) {
        return attempts.getOrDefault(key, 0);
    }

    @Override
    public int receipts(CallKey key) {
        return receipts.getOrDefault(key, 0);
    }

    @Override
    public boolean isByHand(String branch) {
        return world.journal.entries().stream().flatMap(entry -> entry.events().stream())
            .anyMatch(event -> event instanceof Event.Skipped skipped
                    && skipped.key().branchId().equals(branch)
                || event instanceof Event.Resolved resolved
                    && resolved.key().branchId().equals(branch));
    }

    @Override
    public boolean isSubmitAcknowledged() {
        return answers.isSubmitAcknowledged();
    }
}

package http;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import transaction.BranchCall;
import transaction.CallKey;
import transaction.CallTokens;
import transaction.Command;
import transaction.Completion;
import transaction.Coordinator;
import transaction.Decider;
import transaction.Decision;
import transaction.Entry;
import transaction.Event;
import transaction.GlobalTransaction;
import transaction.InvalidRequest;
import transaction.Live;
import transaction.MemoryAttempts;
import transaction.Moment;
import transaction.Outcome;
import transaction.Policy;
import transaction.Reply;
import transaction.Status;
import transaction.Submission;
import transaction.Summary;
import transaction.Topics;
import transaction.TransactionIndex;

/**
 * The rules hosted in memory, in the actor's order: decide, keep, answer, call. Participants answer
 * at once with what a test has scripted for their url (SUCCESS if nothing), or when it says so.
 */
public final class MemoryCoordinator implements Coordinator {

    /** A participant that leaves the call open until {@link #release}. */
    public static final Outcome LATER = Outcome.unknown("later");

    /** Under a key that everybody knows. */
    static final CallTokens TOKENS = new CallTokens(new byte[CallTokens.KEY_BYTES]);

    private record Waiter(CompletableFuture<Reply> future, Status hoped) {}

    private record Returned(String gid, CallKey key, Outcome outcome) {}

    private static final class Held {
        private GlobalTransaction state = GlobalTransaction.ABSENT;
        private Live live = Live.NONE;
        private Summary summary;
        private final List<Entry> entries = new ArrayList<>();
        private final List<Waiter> waiters = new ArrayList<>();
    }

    public final MovableClock clock = new MovableClock();
    private final MemoryAttempts attempts = new MemoryAttempts();
    public final MemoryTopics topics = new MemoryTopics(clock);
    public final MemoryIndex index = new MemoryIndex(this::rows, this::entries);

    private final Map<String, Held> all = new LinkedHashMap<>();
    private final Map<String, Outcome> script = new HashMap<>();
    private final Deque<Returned> returned = new ArrayDeque<>();
    private final List<BranchCall> calls = new ArrayList<>();
    private final List<BranchCall> open = new ArrayList<>();
    private Optional<String> notReady = Optional.empty();
    private Optional<Reply> refusal = Optional.empty();
    private CompletionStage<Reply> instead;
    private Command overtaking;
    private final Set<String> silent = new HashSet<>();
    private int gids;

    /** What the participant at {@code url} answers from now on. */
    public synchronized MemoryCoordinator participant(String url, Outcome outcome) {
        script.put(url, outcome);
        return this;
    }

    /** Every call that was made, in order. */
    public synchronized List<BranchCall> calls() {
        return List.copyOf(calls);
    }

    /** The open calls come back. */
    public synchronized void release(Outcome outcome) {
        for (BranchCall call : List.copyOf(open)) {
            open.remove(call);
            returned.add(new Returned(call.gid(), call.key(), outcome));
        }
        drain();
    }

    /** All unfinished transactions look again, as if their hour had come. */
    public synchronized void wakeAll() {
        List.copyOf(all.keySet()).forEach(gid -> carryOut(gid, new Command.Resume(), null));
        drain();
    }

    /** From now on every command is answered so; null ends it. */
    public synchronized void answerInstead(CompletionStage<Reply> answer) {
        instead = answer;
    }

    /** This comes in right before the next submit. */
    public synchronized void overtakeNextSubmit(Command first) {
        overtaking = first;
    }

    /** From now on no command to that one is answered, or heeded. */
    public synchronized void silence(String gid) {
        silent.add(gid);
    }

    public synchronized void refuse(Reply withThis) {
        refusal = Optional.ofNullable(withThis);
    }

    public synchronized void notReady(String reason) {
        notReady = Optional.ofNullable(reason);
    }

    public synchronized void quarantine(String gid, String reason) {
        Held held = all.computeIfAbsent(gid, id -> new Held());
        held.state = new Event.Quarantined(reason, clock.instant()).applyTo(held.state);
    }

    public synchronized GlobalTransaction state(String gid) {
        return all.containsKey(gid) ? all.get(gid).state : GlobalTransaction.ABSENT;
    }

    @Override
    public synchronized String newGid() {
        return "gid-" + ++gids;
    }

    @Override
    public synchronized CompletionStage<Reply> send(String gid, Command command) {
        if (instead != null) {
            return instead;
        }
        if (command instanceof Command.Submit && overtaking != null) {
            Command first = overtaking;
            overtaking = null;
            send(gid, first);
        }
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        if (silent.contains(gid)) {
            return reply;
        }
        try {
            command.check(gid);
            carryOut(gid, withTopics(command), reply);
            drain();
        } catch (InvalidRequest invalid) {
            reply.complete(new Reply.Invalid(invalid.getMessage()));
        }
        return reply;
    }

    @Override
    public CompletionStage<Reply> complete(
            String gid, CallKey operation, boolean succeeded, String reason, String token) {
        String id = CallTokens.idOf(token, gid);
        return TOKENS.openedAt(token, id, operation)
            .map(openedAt -> send(
                id, new Completion(id, operation, succeeded, reason, openedAt)))
            .orElseGet(() -> CompletableFuture.completedFuture(
                new Reply.Forbidden("the token belongs to another call")));
    }

    @Override
    public synchronized CompletionStage<Hurried> hurryAll(
            String namespace, Duration horizon, int limit) {
        List<String> due = rows().stream()
            .filter(row -> row.dueAt() != null
                && row.submission().context().namespace().equals(namespace)
                && row.dueAt().isAfter(clock.instant().plus(horizon)))
            .map(row -> row.submission().gid()).toList();
        due.stream().limit(limit).forEach(gid -> send(gid, new Command.RetryNow(gid)));
        return CompletableFuture.completedFuture(
            new Hurried(Math.min(limit, due.size()), due.size() > limit));
    }

    @Override
    public CompletionStage<Submission> planned(Submission asked) {
        try {
            return CompletableFuture.completedFuture(resolved(asked));
        } catch (InvalidRequest refused) {
            return CompletableFuture.failedFuture(refused);
        }
    }

    @Override
    public TransactionIndex index() {
        return index;
    }

    @Override
    public MemoryAttempts attempts() {
        return attempts;
    }

    @Override
    public MemoryTopics topics() {
        return topics;
    }

    @Override
    public synchronized Optional<String> notReadyBecause() {
        return notReady;
    }

    @Override
    public synchronized Optional<Reply> refusal() {
        return refusal;
    }

    private synchronized List<Summary> rows() {
        return all.values().stream().map(held -> held.summary)
            .filter(summary -> summary != null).toList();
    }

    private synchronized List<Entry> entries(String gid) {
        return all.containsKey(gid) ? List.copyOf(all.get(gid).entries) : List.of();
    }

    private Command withTopics(Command command) {
        if (command instanceof Command.Submit submit) {
            return new Command.Submit(resolved(submit.submission()));
        }
        return command instanceof Command.Prepare prepare
            ? new Command.Prepare(resolved(prepare.submission())) : command;
    }

    private Submission resolved(Submission asked) {
        Topics own = topics.in(asked.context().namespace());
        return asked.withTopics(name -> own.find(name).toCompletableFuture().join()
            .map(topic -> topic.urls()).orElse(List.of())).checked();
    }

    private void drain() {
        while (!returned.isEmpty()) {
            Returned each = returned.poll();
            carryOut(each.gid, new Command.BranchReturned(each.key, each.outcome), null);
        }
    }

    private void carryOut(String gid, Command command, CompletableFuture<Reply> reply) {
        Held held = all.getOrDefault(gid, new Held());
        Moment moment = new Moment(clock.instant(), Policy.DEFAULT);
        Decision decision = Decider.decide(held.state, held.live, command, moment);
        if (!decision.events().isEmpty()) {
            all.put(gid, held);
            held.summary = Decider.summaryOf(decision, moment.policy());
            held.entries.add(new Entry(decision.events(), held.summary));
        }
        held.state = decision.after();
        held.live = decision.live();
        if (reply != null && decision.reply() != null) {
            reply.complete(decision.reply());
        } else if (reply != null) {
            held.waiters.add(new Waiter(reply, decision.awaits()));
        }
        if (decision.endsPass()) {
            held.waiters.forEach(
                waiter -> waiter.future.complete(decision.replyTo(waiter.hoped)));
            held.waiters.clear();
        }
        for (BranchCall call : decision.calls()) {
            calls.add(call);
            Outcome outcome = script.getOrDefault(call.url(), Outcome.SUCCESS);
            if (outcome == LATER) {
                open.add(call);
            } else {
                returned.add(new Returned(gid, call.key(), outcome));
            }
        }
    }
}

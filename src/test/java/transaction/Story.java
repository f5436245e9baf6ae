package transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Plays one transaction through the rules the way its host does, with a clock that is moved by
 * hand, and checks at each step that replaying what was written gives what is living.
 */
final class Story {

    static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final List<Entry> entries = new ArrayList<>();
    private final Set<Transition> transitions = new LinkedHashSet<>();
    private Policy policy = Policy.DEFAULT;
    private GlobalTransaction t = GlobalTransaction.ABSENT;
    private Live live = Live.NONE;
    private Instant now = NOON;
    private Decision last;

    static Story begin(Command... commands) {
        Story story = new Story();
        for (Command command : commands) {
            story.say(command);
        }
        return story;
    }

    Story under(Policy other) {
        policy = other;
        return this;
    }

    /** Puts a command to the transaction, and writes what comes of it. */
    Decision say(Command command) {
        Decision decision = Decider.decide(t, live, command, moment());
        transitions.add(Transition.of(t, command, decision.after()));
        if (!decision.events().isEmpty()) {
            entries.add(new Entry(decision.events(), Decider.summaryOf(decision, policy)));
        }
        t = decision.after();
        live = decision.live();
        last = decision;
        assertEquals(t, replayed(), "what is written differs from what is living");
        return decision;
    }

    Decision returns(String branch, Op op, Outcome outcome) {
        return say(new Command.BranchReturned(new CallKey(branch, op), outcome));
    }

    Decision succeeds(String branch, Op op) {
        return returns(branch, op, Outcome.SUCCESS);
    }

    /** The host dies and comes back: what it knew is gone, what it wrote is not. */
    Decision crash() {
        t = replayed();
        live = Live.NONE;
        return say(new Command.Resume());
    }

    Story later(Duration wait) {
        now = now.plus(wait);
        return this;
    }

    Story later(long seconds) {
        return later(Duration.ofSeconds(seconds));
    }

    /** Waits as long as the transaction wants, then looks again. */
    Decision wake() {
        Instant at = last.lookAgainAt();
        now = at.isAfter(now) ? at : now;
        return say(new Command.Resume());
    }

    GlobalTransaction replayed() {
        GlobalTransaction again = GlobalTransaction.ABSENT;
        for (Entry entry : entries) {
            again = entry.applyTo(again);
        }
        return again;
    }

    /** The status of each operation, in the order clients see. */
    List<String> rows() {
        return t.ops().stream().map(op -> op.status().wire()).toList();
    }

    /** What a decision calls, as {@code 01 action}. */
    static List<String> calls(Decision decision) {
        return decision.calls().stream()
            .map(call -> call.branchId() + " " + call.op()).toList();
    }

    /** What is being called, as {@code 01 action}. */
    List<String> running() {
        return live.running().stream()
            .map(key -> key.branchId() + " " + key.op().wire()).sorted().toList();
    }

    Moment moment() {
        return new Moment(now, policy);
    }

    Instant now() {
        return now;
    }

    Policy policy() {
        return policy;
    }

    GlobalTransaction t() {
        return t;
    }

    Live live() {
        return live;
    }

    Decision last() {
        return last;
    }

    List<Entry> entries() {
        return List.copyOf(entries);
    }

    Set<Transition> transitions() {
        return transitions;
    }

    Status status() {
        return t.status();
    }
}

package prove;

import branch.PlainHttp;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import transaction.Limits;
import transaction.Outcome.Kind;

/** One check's way to the participant: makes calls, writes them down, and undoes what is left. */
final class Trial {

    /** How often an answer may be unknown in a row: a participant may be in trouble for a while. */
    private static final int UNKNOWN_MAX = 6;

    /** For a participant that works in the background and says so. */
    private static final Duration ONGOING_MAX = Duration.ofSeconds(10);

    private static final Duration BETWEEN_CALLS = Duration.ofMillis(25);

    /** After it, what a late action has set off should show. */
    private static final Duration LATER = Duration.ofMillis(150);

    /** A state may be shown a little late. */
    private static final int LOOKS = 5;

    private final ProveRun run;
    private final Random random;
    private final List<ProveStep> steps = new ArrayList<>();
    private final Set<Branch> open = new LinkedHashSet<>();
    private boolean isFinal;
    private int transactions;

    Trial(ProveRun run) {
        this.run = run;
        random = new Random(run.options().seed());
    }

    ProveOptions options() {
        return run.options();
    }

    Effect effect() {
        return run.effect();
    }

    List<ProveStep> steps() {
        return List.copyOf(steps);
    }

    /** Forgets the steps so far: what follows does not depend on them. */
    void fromHere() {
        steps.clear();
    }

    /** Some microseconds below {@code max}. */
    Duration delay(Duration max) {
        return Duration.ofNanos(random.nextLong(max.toNanos()));
    }

    boolean coin() {
        return random.nextBoolean();
    }

    /** A branch of a transaction that nobody has heard of. */
    Branch branch() {
        return new Branch(gid(), "01", false);
    }

    /** Another name of that kind. */
    String gid() {
        return run.gid() + "-" + ++transactions;
    }

    Branch refused() {
        return new Branch(gid(), "01", true);
    }

    /** A gid as long as may be, but for its last character. */
    String longGid() {
        String gid = gid() + "-";
        return gid + "x".repeat(Limits.GID_CHARS - 1 - gid.length());
    }

    /** One call, whatever it brings. */
    CallResult call(ProveOp act, Branch branch) throws InterruptedException {
        run.checkTime();
        note(act, branch);
        PlainHttp call = branch.call(act, options());
        CallResult reply = run.caller().call(call);
        steps.add(step(act, branch, call, reply.text(), false, ""));
        learn(act, branch, reply);
        return reply;
    }

    /** Calls until there is a verdict, as a coordinator does, though not for ever. */
    CallResult settle(ProveOp act, Branch branch) throws InterruptedException {
        return settle(act, branch, call(act, branch));
    }

    CallResult settle(ProveOp act, Branch branch, CallResult first) throws InterruptedException {
        CallResult reply = first;
        long until = System.nanoTime() + ONGOING_MAX.toNanos();
        int times = 1;
        for (int unknown = 0; !reply.is(Kind.SUCCESS) && !reply.is(Kind.FAILURE);) {
            unknown = reply.is(Kind.UNKNOWN) ? unknown + 1 : 0;
            if (unknown >= UNKNOWN_MAX || System.nanoTime() - until > 0) {
                break;
            }
            pause(BETWEEN_CALLS.multipliedBy(1 + unknown));
            String before = reply.text();
            reply = call(act, branch);
            times = reply.text().equals(before) ? times + 1 : 1;
            fold(times, reply);
        }
        return reply;
    }

    /** The last steps are the same: one is enough. */
    private void fold(int times, CallResult reply) {
        int last = steps.size() - 1;
        if (times > 1 && last > 0 && steps.get(last).did().equals(steps.get(last - 1).did())) {
            ProveStep step = steps.remove(last);
            steps.set(last - 1, new ProveStep(step.did(), reply.text() + ", " + times + " times",
                step.curl(), false));
        }
    }

    /** Calls until it is done; it may take more than one call, but not be refused. */
    CallResult succeed(ProveOp act, Branch branch) throws Broken, InterruptedException {
        return done(act, settle(act, branch));
    }

    private CallResult done(ProveOp act, CallResult reply) throws Broken {
        if (reply.is(Kind.SUCCESS)) {
            return reply;
        }
        String refused = act == ProveOp.ACTION || reply.status() != 409 ? Advice.forSuccess(reply)
            : "nothing but an action may be refused; the coordinator would call for ever";
        throw new Broken("the " + op(act) + " answers 200",
            "the last answer was " + Advice.with(reply, refused));
    }

    /** The first call of its kind, which nothing disturbs: its answer must fit what it has done. */
    CallResult plainly(ProveOp act, Branch branch, State before)
            throws Broken, InterruptedException {
        CallResult reply = call(act, branch);
        if (reply.is(Kind.UNKNOWN) && (reply.isLate() || reply.status() > 0)) {
            String advice = Advice.forSuccess(reply);
            boolean isDone = !before.isNone() && !state().shows(before);
            if (!advice.isEmpty() || isDone) {
                throw new Broken("the " + op(act) + " answers 200 (done) or 409 (refused)",
                    Advice.with(reply, advice)
                        + (isDone ? "; the state did change, to " + state().text() : ""));
            }
        }
        return settle(act, branch, reply);
    }

    /** The same, and it must be done. */
    void succeedPlainly(ProveOp act, Branch branch, State before)
            throws Broken, InterruptedException {
        done(act, plainly(act, branch, before));
    }

    /** So many of the same at the same time. */
    List<CallResult> together(int times, ProveOp act, Branch branch) throws InterruptedException {
        run.checkTime();
        note(act, branch);
        PlainHttp call = branch.call(act, options());
        List<CompletableFuture<CallResult>> started = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            started.add(run.caller().start(call));
        }
        List<CallResult> replies = new ArrayList<>();
        for (CompletableFuture<CallResult> each : started) {
            replies.add(ParticipantClient.await(each));
            CallResult reply = replies.get(replies.size() - 1);
            steps.add(step(act, branch, call, reply.text(), replies.size() < times, ""));
            learn(act, branch, reply);
        }
        return replies;
    }

    /** Two of one branch, the second that much later. */
    List<CallResult> race(ProveOp first, ProveOp second, Branch branch, Duration later)
            throws InterruptedException {
        run.checkTime();
        note(ProveOp.ACTION, branch);
        PlainHttp one = branch.call(first, options());
        PlainHttp other = branch.call(second, options());
        CompletableFuture<CallResult> started = run.caller().start(one);
        LockSupport.parkNanos(later.toNanos());
        CompletableFuture<CallResult> startedThen = run.caller().start(other);
        List<CallResult> replies =
            List.of(ParticipantClient.await(started), ParticipantClient.await(startedThen));
        steps.add(step(first, branch, one, replies.get(0).text(), true, ""));
        steps.add(step(second, branch, other, replies.get(1).text() + ", sent "
            + later.toNanos() / 1_000 + " µs later", false, ""));
        return replies;
    }

    /** A call whose connection is cut after that time. */
    void cut(ProveOp act, Branch branch, Duration after) throws InterruptedException {
        run.checkTime();
        note(act, branch);
        PlainHttp call = branch.call(act, options());
        String saw = "cut after " + after.toNanos() / 1_000 + " µs";
        try {
            run.caller().cut(call, after);
        } catch (IOException e) {
            saw = "cut by the participant: " + e.getMessage();
        }
        steps.add(step(act, branch, call, saw, false,
            " -m " + (1 + after.toMillis()) / 1_000.0));
    }

    /** A call whose answer is not read. */
    void leaveUnread(ProveOp act, Branch branch) throws InterruptedException {
        run.checkTime();
        note(act, branch);
        PlainHttp call = branch.call(act, options());
        String saw = "cut when the answer came";
        try {
            run.caller().leaveUnread(call);
        } catch (IOException e) {
            saw = "no answer: " + e.getMessage();
        }
        steps.add(step(act, branch, call, saw, false, " -o /dev/null"));
    }

    /** Has the participant end and start again. */
    void restart() {
        options().restart().orElseThrow().run();
        steps.add(new ProveStep("the participant ends and starts again", "", "", false));
    }

    State state() throws Broken, InterruptedException {
        run.checkTime();
        String url = run.stateUrl();
        if (url.isEmpty()) {
            return State.NONE;
        }
        State state = read(url);
        steps.add(new ProveStep("look at the state", state.text(),
            run.curl().ofState(url, options().headers()), false));
        return state;
    }

    private State read(String url) throws Broken, InterruptedException {
        try {
            return run.caller().state();
        } catch (IOException e) {
            throw new Broken("a GET of " + url + " answers 200 with the state", e.toString());
        }
    }

    /** The state must be that one. */
    void same(State expected, String rule) throws Broken, InterruptedException {
        State seen = state();
        for (int i = 1; !seen.shows(expected) && i < LOOKS; i++) {
            pause(BETWEEN_CALLS);
            seen = read(run.stateUrl());
        }
        if (!seen.shows(expected)) {
            throw new Broken(rule + ": the state stays or becomes " + expected.text(),
                "the state is " + seen.text());
        }
    }

    /** The same, and some time later too. */
    void sameLater(State expected, String rule) throws Broken, InterruptedException {
        same(expected, rule);
        pause(LATER);
        same(expected, rule);
    }

    /** One action has been called once since {@code before}: from that is learnt what it does. */
    State acted(State before) throws Broken, InterruptedException {
        State now = shown(before);
        effect().learn(before, now);
        return now;
    }

    /** One action has been done since {@code before}, no less and no more. */
    State actedOnce(State before) throws Broken, InterruptedException {
        State now = shown(before);
        if (!effect().allows(before, now)) {
            throw new Broken("the action is done once: the state becomes "
                + effect().after().text(), "the state is " + now.text());
        }
        return now;
    }

    private State shown(State before) throws Broken, InterruptedException {
        State now = state();
        boolean mustShow = options().mode().showsActions() || effect().isShown();
        for (int i = 1; mustShow && now.shows(before) && !now.isNone() && i < LOOKS; i++) {
            pause(BETWEEN_CALLS);
            now = read(run.stateUrl());
        }
        if (!now.isNone() && mustShow && now.shows(before)) {
            throw new Broken("the action changes the state",
                "the state is still " + now.text());
        }
        return now;
    }

    /** Not busy, and ends at once when the thread is interrupted. */
    static void pause(Duration time) throws InterruptedException {
        new CountDownLatch(1).await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Undoes what is open; then the state must be as at the beginning. */
    void finish(State before) throws Broken, InterruptedException {
        for (Branch branch : List.copyOf(open)) {
            succeed(ProveOp.UNDO, branch);
        }
        if (!isFinal) {
            same(before, "after the undo nothing is left of it");
        }
    }

    /** The same, as far as it goes. */
    void tidyUp() throws InterruptedException {
        for (Branch branch : List.copyOf(open)) {
            settle(ProveOp.UNDO, branch);
        }
    }

    /** Whether something was done that nothing undoes. */
    boolean isFinal() {
        return isFinal;
    }

    String op(ProveOp act) {
        return options().mode().op(act);
    }

    /** Before a call, since it may act and never answer. */
    private void note(ProveOp act, Branch branch) {
        if (act == ProveOp.ACTION) {
            open.add(branch);
        } else if (act == ProveOp.CONFIRM) {
            isFinal = true;
            open.remove(branch);
        }
    }

    private void learn(ProveOp act, Branch branch, CallResult reply) {
        run.notice(reply);
        if (act == ProveOp.UNDO && reply.is(Kind.SUCCESS)
                || act == ProveOp.ACTION && branch.isRefused() && reply.is(Kind.FAILURE)) {
            open.remove(branch);
        }
    }

    private ProveStep step(ProveOp act, Branch branch, PlainHttp call, String saw,
            boolean isTogether, String more) {
        return new ProveStep(op(act) + " of branch " + branch.id() + " of '" + branch.gid() + "'"
            + (branch.isRefused() ? ", which is to be refused" : ""), saw,
            run.curl().of(call, options().headers(), more), isTogether);
    }
}

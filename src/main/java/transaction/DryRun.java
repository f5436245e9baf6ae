package transaction;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * What a submission would do, played through the rules without a call: each participant is taken to
 * succeed, and then each of them in turn to fail.
 *
 * @param steps the calls in their order if all goes well
 * @param warnings what its initiator may not have meant, a sentence each
 */
public record DryRun(List<Planned> steps, List<String> warnings) {

    /** Steps that are played as refused; of more the same would be told over and over. */
    static final int FAILURES_PLAYED = 50;

    /**
     * A call, and the calls that follow it if its participant refuses it.
     *
     * @param thenIfFailed empty also if it would be called again until it succeeds, and from the
     *     call on that a warning names
     */
    public record Planned(CallKey key, String url, List<Planned> thenIfFailed) {}

    /**
     * Tells at most {@link Limits#PLAN_CALLS} calls; where what follows a refusal is left out, a
     * warning says so.
     *
     * @throws InvalidRequest if it would be refused
     */
    public static DryRun of(Submission asked, Moment moment) {
        List<Planned> calls = play(asked, null, Limits.PLAN_CALLS, moment).orElseThrow();
        List<Planned> steps = new ArrayList<>();
        List<String> warnings = warnings(asked, moment.policy());
        int room = Limits.PLAN_CALLS - calls.size();
        for (Planned each : calls) {
            Optional<List<Planned>> then = steps.size() < FAILURES_PLAYED
                ? play(asked, each.key, room, moment) : Optional.empty();
            if (then.isEmpty()) {
                warnings.add("what follows if " + each.key.branchId() + " " + each.key.op().wire()
                    + " or a later call is refused is left out: a plan tells "
                    + Limits.PLAN_CALLS + " calls in all, and " + FAILURES_PLAYED + " refusals");
                break;
            }
            room -= then.get().size();
            steps.add(new Planned(each.key, each.url, then.get()));
        }
        steps.addAll(calls.subList(steps.size(), calls.size()));
        return new DryRun(List.copyOf(steps), List.copyOf(warnings));
    }

    /**
     * @param failing whose participant refuses; then what follows is told. Null for none
     * @param most calls that may be told
     * @return empty if there are more
     */
    private static Optional<List<Planned>> play(
            Submission asked, CallKey failing, int most, Moment moment) {
        List<Planned> told = new ArrayList<>();
        Decision decision = Decider.decide(GlobalTransaction.ABSENT, Live.NONE,
            new Command.Submit(asked), moment);
        requireTaken(decision.reply());
        Moment now = moment;
        if (decision.calls().isEmpty() && decision.lookAgainAt() != null) {
            now = new Moment(decision.lookAgainAt(), moment.policy());
            decision = Decider.decide(
                decision.after(), decision.live(), new Command.Resume(), now);
        }
        Deque<BranchCall> open = new ArrayDeque<>(decision.calls());
        boolean hasFailed = false;
        while (!open.isEmpty()) {
            BranchCall call = open.poll();
            boolean fails = call.key().equals(failing);
            if (failing == null || hasFailed) {
                if (told.size() == most) {
                    return Optional.empty();
                }
                told.add(new Planned(call.key(), call.url(), List.of()));
            }
            hasFailed |= fails;
            decision = Decider.decide(decision.after(), decision.live(),
                new Command.BranchReturned(call.key(), fails ? Outcome.failure("refused")
                    : Outcome.SUCCESS), now);
            open.addAll(decision.calls());
        }
        return Optional.of(List.copyOf(told));
    }

    private static void requireTaken(Reply reply) {
        if (reply instanceof Reply.Invalid invalid) {
            throw new InvalidRequest(invalid.reason());
        }
        if (reply instanceof Reply.Refused refused) {
            throw new InvalidRequest(refused.reason());
        }
    }

    private static List<String> warnings(Submission asked, Policy policy) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < asked.steps().size(); i++) {
            Submission.Step step = asked.steps().get(i);
            if (asked.mode() == Mode.SAGA && step.compensate().isEmpty()
                    && !step.action().isEmpty()) {
                all.add("step " + BranchOp.idOf(i) + " has no compensation: if the saga is rolled"
                    + " back, it stays done");
            }
        }
        long timeout = asked.options().timeoutToFailSeconds();
        long retry = asked.options().retryIntervalSeconds() > 0
            ? asked.options().retryIntervalSeconds() : policy.retryInterval().toSeconds();
        if (asked.mode() == Mode.SAGA && timeout > 0 && timeout <= retry) {
            all.add("timeout_to_fail is " + timeout + " s, and the first retry comes after "
                + retry + " s: a call that goes wrong once rolls it back");
        }
        return all;
    }
}

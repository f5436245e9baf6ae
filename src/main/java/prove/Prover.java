package prove;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import prove.Finding.Verdict;

/**
 * Plays the coordinator against one running participant.
 *
 * <p>Blocks until all checks are made, or the time for everything is over; ends at once if its
 * thread is interrupted, and may then leave something undone. Nobody else should call the
 * participant meanwhile, or the state changes for no reason. One run at a time.
 */
public final class Prover {

    /** A run that is out of time still undoes what it has begun. */
    private static final Duration TO_TIDY_UP = Duration.ofSeconds(5);

    private static final Check END =
        new Check("end", "At the end everything is as it was.", (trial, before) -> { }, Need.STATE);

    private static final Check TIME =
        new Check("time", "The participant answers soon enough for all checks.",
            (trial, before) -> { });

    private final ProveOptions options;
    private final List<Finding> findings = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private boolean isOutOfTime;
    private boolean isFinal;

    private Prover(ProveOptions options) {
        this.options = options;
    }

    /** Makes all checks. */
    public static ProveReport prove(ProveOptions options) throws InterruptedException {
        return new Prover(options).run();
    }

    private ProveReport run() throws InterruptedException {
        long start = System.nanoTime();
        if (options.restart().isEmpty()) {
            notes.add("Not shown: what becomes of a kill between commit and answer. That cannot be"
                + " done from outside.");
        }
        try (ParticipantClient caller = new ParticipantClient(options)) {
            ProveRun run = new ProveRun(options, caller);
            State first = look(run);
            for (Check check : Check.all(options)) {
                Optional<String> missing = missing(check, run);
                findings.add(missing.isPresent() ? Finding.skipped(check, missing.get())
                    : make(check, run));
                if (check.name().equals(PlainChecks.STATE)
                        && findings.get(findings.size() - 1).verdict() == Verdict.BROKEN) {
                    run.forgetState();
                }
            }
            end(run, first);
            if (isOutOfTime) {
                Broken how = new Broken("all checks are made within "
                    + options.within().toMillis() + " ms", run.calls() + " calls were");
                findings.add(Finding.broken(TIME, how, List.of()));
            }
            if (run.late() > 0) {
                notes.add(run.late() + " of " + run.calls() + " calls brought no answer within "
                    + options.requestTimeout().toMillis() + " ms.");
            }
            return new ProveReport(findings, notes, run.calls(),
                Duration.ofNanos(System.nanoTime() - start));
        }
    }

    private static State look(ProveRun run) throws InterruptedException {
        try {
            return new Trial(run).state();
        } catch (Broken e) {
            return State.NONE;
        }
    }

    private Finding make(Check check, ProveRun run) throws InterruptedException {
        run.nextTrial();
        Trial trial = new Trial(run);
        State before = State.NONE;
        List<ProveStep> steps = List.of();
        try {
            before = trial.state();
            check.body().run(trial, before);
            if (check.needs().contains(Need.UNDO)) {
                trial.finish(before);
            } else {
                trial.tidyUp();
            }
            return Finding.passed(check);
        } catch (Broken e) {
            steps = trial.steps();
            tidyUp(check, trial, before);
            return Finding.broken(check, e, steps);
        } catch (OutOfTime e) {
            isOutOfTime = true;
            run.extend(TO_TIDY_UP);
            tidyUp(check, trial, before);
            return Finding.skipped(check, "the time for everything was over");
        } finally {
            isFinal |= trial.isFinal();
        }
    }

    private void tidyUp(Check check, Trial trial, State before) throws InterruptedException {
        try {
            trial.tidyUp();
            State after = trial.state();
            if (!trial.isFinal() && !after.shows(before)) {
                notes.add("Left behind by " + check.name() + ": the state was " + before.text()
                    + " and is " + after.text() + ".");
            }
        } catch (Broken | OutOfTime e) {
            notes.add("It is unknown what " + check.name() + " has left behind.");
        }
    }

    /** Why the check cannot be made. */
    private Optional<String> missing(Check check, ProveRun run) {
        if (isOutOfTime) {
            return Optional.of("the time for everything was over");
        }
        return check.needs().stream().sorted().map(need -> missing(need, run))
            .filter(why -> !why.isEmpty()).findFirst();
    }

    private String missing(Need need, ProveRun run) {
        return switch (need) {
            case STATE -> !run.stateUrl().isEmpty() ? ""
                : options.state().isEmpty() ? "needs --state" : "the state cannot be relied on";
            case ACTION -> passed(PlainChecks.ACTS) ? "" : "the action does not work yet";
            case UNDO -> passed(PlainChecks.UNDOES) ? "" : "the undo does not work yet";
            case CONFIRM -> options.confirm().isPresent() ? "" : "needs --confirm";
            case REFUSAL -> options.refusedPayload().isPresent() ? "" : "needs --refused-payload";
            case REPEATS -> options.mode().repeatsActions() ? ""
                : "nobody repeats the first phase of XA";
            case SHOWN -> run.effect().isShown() ? "" : "the state does not show the action alone";
        };
    }

    private boolean passed(String check) {
        return findings.stream().anyMatch(
            each -> each.check().equals(check) && each.verdict() == Verdict.PASSED);
    }

    private void end(ProveRun run, State first) throws InterruptedException {
        if (run.stateUrl().isEmpty() || isOutOfTime) {
            return;
        }
        Trial trial = new Trial(run);
        try {
            State last = trial.state();
            boolean isSame = last.shows(first);
            if (isSame || isFinal || !isClean()) {
                findings.add(isSame ? Finding.passed(END) : Finding.skipped(END, isFinal
                    ? "what was confirmed stays: the state was " + first.text() + " and is "
                    + last.text() : "what broke has left something behind: the state was "
                    + first.text() + " and is " + last.text()));
                return;
            }
            throw new Broken("the state is " + first.text(), "the state is " + last.text());
        } catch (Broken e) {
            findings.add(Finding.broken(END, e, trial.steps()));
        } catch (OutOfTime e) {
            isOutOfTime = true;
        }
    }

    private boolean isClean() {
        return findings.stream().noneMatch(each -> each.verdict() == Verdict.BROKEN);
    }
}

package transaction;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Why a transaction is where it is, in words for whoever has to decide what to do about it.
 *
 * @param summary all of it in one sentence
 * @param happened what is on record, a sentence each
 * @param waitsFor what it waits for; empty if it has ended
 * @param next what comes next by itself; null if nothing does, or it is not known
 * @param actions what an operator can do, and why not
 */
public record Explanation(String summary, List<String> happened, String waitsFor, Next next,
        List<Action> actions) {

    /** Sentences about single operations; beyond it they are counted. */
    static final int OPS_TOLD = 12;

    /** @param at when; null if that depends on an answer */
    public record Next(String what, Instant at) {}

    /**
     * Explains {@code t}.
     *
     * @param t as {@link Reply.Found} has it: with the waits that are in force
     */
    public static Explanation of(GlobalTransaction t, Moment moment) {
        Step step = Decider.nextStep(t, moment);
        Expected expected = t.isQuarantined() ? quarantined(t)
            : t.isFinal() ? new Expected("", null)
            : t.isParked() ? new Expected("for an operator: it is " + t.parked().text()
                + "; nothing is called until it is unparked", null)
            : t.isPaused() ? paused(t) : expected(t, step, moment);
        return new Explanation(summary(t, expected), happened(t), expected.waitsFor,
            expected.next, Action.all(t, step, moment));
    }

    private record Expected(String waitsFor, Next next) {}

    private static String summary(GlobalTransaction t, Expected expected) {
        String what = "This " + t.mode().wire() + " ";
        return what + switch (t.status()) {
            case SUCCEED -> "succeeded.";
            case FAILED -> "failed" + because(t.reason());
            case PREPARED -> "is prepared; it waits " + expected.waitsFor + ".";
            case SUBMITTED -> "goes forward; it waits " + expected.waitsFor + ".";
            case ABORTING -> "is being rolled back; it waits " + expected.waitsFor + ".";
        };
    }

    private static Expected quarantined(GlobalTransaction t) {
        return new Expected("for somebody to look at its history, which cannot be trusted: "
            + t.quarantine() + "; nothing is called", null);
    }

    private static Expected paused(GlobalTransaction t) {
        Instant until = t.paused().until();
        String why = t.paused().reason().isEmpty() ? "" : " (" + t.paused().reason() + ")";
        return until == null
            ? new Expected("for an operator: it is paused" + why + " until it is resumed", null)
            : new Expected("for the end of its pause" + why,
                new Next("it goes on where it stood", until));
    }

    private static Expected expected(GlobalTransaction t, Step step, Moment moment) {
        if (step instanceof Step.Rest rest) {
            return resting(t, rest.lookAgainAt());
        }
        if (step instanceof Step.Call call && !call.ops().isEmpty()) {
            BranchOp first = call.ops().stream().filter(op -> isWaiting(op, moment))
                .findFirst().orElse(call.ops().get(0));
            String more = call.ops().size() == 1 ? ""
                : ", and for " + (call.ops().size() - 1) + " more operations";
            Expected one = calling(t, first, moment);
            return new Expected(one.waitsFor + more + deadline(t, call), one.next);
        }
        return new Expected("for nothing: it goes on at once", null);
    }

    private static boolean isWaiting(BranchOp op, Moment moment) {
        return op.awaitedUntil() != null || op.backoff().notBefore().isAfter(moment.now());
    }

    private static Expected resting(GlobalTransaction t, Instant until) {
        Instant at = until.equals(Instant.MAX) ? null : until;
        if (t.mode() == Mode.WORKFLOW) {
            return new Expected("for its initiator, which drives it, to go on or to end it",
                at == null ? null : new Next("its initiator is called back at "
                    + participant(t.inquiry().url()) + " if it stays silent", at));
        }
        if (t.status() != Status.PREPARED) {
            return new Expected("for the end of the delay that its initiator asked for",
                new Next("it is delivered", at));
        }
        String what = t.mode() != Mode.MSG ? "it is given up and rolled back"
            : t.inquiry() == null ? "it is taken as submitted, since nobody can be asked"
            : "its initiator is asked at " + participant(t.inquiry().url())
                + " whether it was committed";
        return new Expected("for its initiator to submit or abort it",
            at == null ? null : new Next(what + " if it stays silent", at));
    }

    private static Expected calling(GlobalTransaction t, BranchOp op, Moment moment) {
        String name = name(t, op);
        String whom = participant(op.url());
        if (op.awaitedUntil() != null) {
            return new Expected("for " + whom + " to say by itself how " + name + " went",
                new Next(name + " counts as unanswered, and " + whom + " is called again",
                    op.awaitedUntil()));
        }
        if (op.backoff().notBefore().isAfter(moment.now())) {
            String why = op.reason().isEmpty() ? "" : ", because " + op.reason();
            return new Expected("to call " + whom + " again for " + name + why,
                new Next(name + " is called at " + whom + ", attempt " + (op.tries() + 1)
                    + limit(t, op), op.backoff().notBefore()));
        }
        return new Expected("for the answer of " + whom + " to " + name, new Next(
            "without an answer within " + words(t.requestTimeout(op, moment.policy()))
                + " it is called again later", null));
    }

    /** What happens if it goes wrong too often. */
    private static String limit(GlobalTransaction t, BranchOp op) {
        int limit = t.retryLimit(op);
        boolean counts = limit > 0 && (t.options().parksWhenExhausted()
            || t.mode() == Mode.SAGA && op.op() == Op.ACTION);
        if (!counts) {
            return "";
        }
        return "; after more than " + limit + " that went wrong it is "
            + (t.options().parksWhenExhausted() ? "parked" : "rolled back");
    }

    private static String deadline(GlobalTransaction t, Step.Call call) {
        return call.lookAgainAt().equals(Instant.MAX) || t.status() != Status.SUBMITTED ? ""
            : "; it is rolled back if it has not ended by " + time(call.lookAgainAt());
    }

    private static List<String> happened(GlobalTransaction t) {
        List<String> all = new ArrayList<>();
        all.add("It was opened at " + time(t.openedAt()) + (t.submittedAt() == null
            ? ", and has not been submitted." : t.submittedAt().equals(t.openedAt()) ? "."
            : ", and submitted at " + time(t.submittedAt()) + "."));
        String earlier = t.submission().context().attributes().get(Context.AGAIN_OF);
        if (earlier != null) {
            all.add("It is " + earlier + ", run again.");
        }
        List<BranchOp> told = Stream.concat(t.ops().stream(), Stream.ofNullable(t.inquiry()))
            .filter(op -> op.isSettled() || op.tries() > 0 || !op.reason().isEmpty()).toList();
        told.stream().limit(OPS_TOLD).forEach(op -> all.add(sentence(t, op)));
        if (told.size() > OPS_TOLD) {
            long succeeded = told.stream()
                .filter(op -> op.status() == BranchStatus.SUCCEED).count();
            all.add("Of " + t.ops().size() + " operations " + succeeded + " are done, and "
                + (told.size() - succeeded) + " went wrong or failed.");
        }
        if (!t.reason().isEmpty()) {
            all.add((t.status() == Status.FAILED ? "It failed" : "It turned back")
                + because(t.reason()));
        }
        if (t.isParked()) {
            all.add("It was parked at " + time(t.parked().at()) + ".");
        }
        if (t.isPaused()) {
            all.add("It was paused at " + time(t.paused().at())
                + (t.paused().by().isEmpty() ? "." : " by " + t.paused().by() + "."));
        }
        if (t.isFinal()) {
            all.add("It ended at " + time(t.updatedAt()) + ".");
        }
        return List.copyOf(all);
    }

    private static String sentence(GlobalTransaction t, BranchOp op) {
        String name = name(t, op);
        if (op.status() == BranchStatus.SUCCEED) {
            return name + (op.url().isEmpty() ? " is done." : " succeeded at "
                + participant(op.url()) + ".");
        }
        if (op.isSettled()) {
            return name + " failed at " + participant(op.url()) + because(op.reason());
        }
        String tries = op.tries() == 0 ? " was not called"
            : " was called " + op.tries() + (op.tries() == 1 ? " time" : " times")
                + " without success";
        return name + tries + (op.triedAt() == null ? "" : ", the last time until "
            + time(op.triedAt())) + because(op.reason());
    }

    /** The operation, as a sentence names it. */
    static String name(GlobalTransaction t, BranchOp op) {
        return op == t.inquiry() ? t.mode() == Mode.WORKFLOW ? "the call-back"
            : "the question whether it was committed" : op.branchId() + " " + op.op().wire();
    }

    private static String because(String reason) {
        return reason.isEmpty() ? "." : ": " + reason + ".";
    }

    private static String participant(String url) {
        String host = Trouble.participant(url);
        return host.isEmpty() ? "nobody" : host;
    }

    private static String time(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String words(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }
}

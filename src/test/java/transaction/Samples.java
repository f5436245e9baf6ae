package transaction;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Plain submissions, registrations and transactions for the tables. */
final class Samples {

    static final String GID = "g";
    static final String QUERY = "http://initiator/query";
    static final Outcome FAILURE = Outcome.failure("no funds");
    static final Outcome ONGOING = Outcome.ongoing("at work");
    static final Outcome UNKNOWN = Outcome.unknown("connection refused");

    private Samples() {}

    static Options options() {
        return Options.NONE;
    }

    static Options waiting() {
        return new Options(true, 0, 0, 0, 0, 0, Map.of(), false);
    }

    static Options timeout(int seconds) {
        return new Options(false, seconds, 0, 0, 0, 0, Map.of(), false);
    }

    static Options retryInterval(int seconds) {
        return new Options(false, 0, 0, seconds, 0, 0, Map.of(), false);
    }

    static Options retryLimit(int limit, int count) {
        return new Options(false, 0, 0, 0, limit, count, Map.of(), false);
    }

    static Options concurrent() {
        return new Options(false, 0, 0, 0, 0, 0, Map.of(), true);
    }

    static List<Submission.Step> steps(int count) {
        List<Submission.Step> steps = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            steps.add(new Submission.Step("http://p" + i + "/act", "http://p" + i + "/undo",
                Bytes.utf8("{\"amount\":" + i + "}")));
        }
        return steps;
    }

    static Submission saga(int steps, Options options) {
        return new Submission(GID, Mode.SAGA, steps(steps), "", Protocol.HTTP, "", Details.PLAIN,
            options);
    }

    static Submission saga(int steps) {
        return saga(steps, Options.NONE);
    }

    /** A saga whose steps run at once, but for what {@code after} says. */
    static Submission saga(int steps, Map<Integer, List<Integer>> after, Options options) {
        return new Submission(GID, Mode.SAGA, steps(steps), "", Protocol.HTTP,
            "{\"concurrent\":true}", new Details.Concurrent(after), options);
    }

    static Submission msg(int steps, Options options) {
        return msg(steps, "", Details.PLAIN, options);
    }

    static Submission msg(int steps, String customData, Details details, Options options) {
        List<Submission.Step> all = steps(steps).stream()
            .map(step -> new Submission.Step(step.action(), "", step.payload())).toList();
        return new Submission(GID, Mode.MSG, all, QUERY, Protocol.HTTP, customData, details,
            options);
    }

    static Submission workflow(Options options) {
        return new Submission(GID, Mode.WORKFLOW, List.of(), "http://initiator/resume",
            Protocol.HTTP, "{\"name\":\"order\"}",
            new Details.Named("order", Bytes.utf8("{\"sku\":7}")), options);
    }

    static Submission bare(Mode mode, Options options) {
        return new Submission(GID, mode, List.of(), "", Protocol.HTTP, "", Details.PLAIN, options);
    }

    /** What an initiator of that mode sends. */
    static Submission of(Mode mode) {
        if (mode == Mode.SAGA) {
            return saga(2);
        }
        if (mode == Mode.MSG) {
            return msg(2, Options.NONE);
        }
        return mode == Mode.WORKFLOW ? workflow(Options.NONE) : bare(mode, Options.NONE);
    }

    static BranchRegistration branch(Mode mode, String id) {
        Map<String, String> fields = Map.of(
            "confirm", "http://p/confirm", "cancel", "http://p/cancel", "url", "http://p/xa",
            "op", "action", "status", "succeed");
        return new BranchRegistration(GID, mode, id, fields, Bytes.utf8("{\"branch\":1}"));
    }

    static Command join(Mode mode, String id) {
        return new Command.JoinBranch(branch(mode, id));
    }

    static Command prepare(Mode mode) {
        return mode == Mode.WORKFLOW ? new Command.PrepareWorkflow(of(mode))
            : new Command.Prepare(of(mode));
    }

    static Command submit(Mode mode) {
        return new Command.Submit(of(mode));
    }

    static Command abort(Mode mode) {
        return new Command.Abort(GID, Optional.of(mode), "changed my mind");
    }

    static Command finish(Status status) {
        return status == Status.SUCCEED
            ? new Command.FinishWorkflow(GID, status, "", "cmVzdWx0")
            : new Command.FinishWorkflow(GID, status, "no stock", "");
    }

    /**
     * A transaction of that mode which came to that status by itself.
     *
     * @throws IllegalArgumentException if the mode has no way there
     */
    static Story in(Mode mode, Status status) {
        if (mode == Mode.WORKFLOW) {
            return workflowIn(status);
        }
        if (mode == Mode.SAGA) {
            return sagaIn(status);
        }
        return mode == Mode.MSG ? msgIn(status) : twoPhaseIn(mode, status);
    }

    private static Story sagaIn(Status status) {
        if (status == Status.PREPARED) {
            return Story.begin(prepare(Mode.SAGA));
        }
        Story story = Story.begin(submit(Mode.SAGA));
        switch (status) {
            case SUCCEED -> {
                story.succeeds("01", Op.ACTION);
                story.succeeds("02", Op.ACTION);
            }
            case ABORTING -> story.returns("01", Op.ACTION, FAILURE);
            case FAILED -> {
                story.returns("01", Op.ACTION, FAILURE);
                story.succeeds("01", Op.COMPENSATE);
            }
            default -> { }
        }
        return story;
    }

    private static Story msgIn(Status status) {
        Story story = Story.begin(prepare(Mode.MSG));
        switch (status) {
            case SUBMITTED -> story.say(submit(Mode.MSG));
            case SUCCEED -> {
                story.say(submit(Mode.MSG));
                story.succeeds("01", Op.ACTION);
                story.succeeds("02", Op.ACTION);
            }
            case FAILED -> story.say(abort(Mode.MSG));
            case ABORTING -> throw new IllegalArgumentException("a message never turns back");
            default -> { }
        }
        return story;
    }

    private static Story twoPhaseIn(Mode mode, Status status) {
        Op forth = mode == Mode.TCC ? Op.CONFIRM : Op.COMMIT;
        Op back = mode == Mode.TCC ? Op.CANCEL : Op.ROLLBACK;
        Story story = Story.begin(prepare(mode), join(mode, "01"));
        switch (status) {
            case SUBMITTED -> story.say(submit(mode));
            case SUCCEED -> {
                story.say(submit(mode));
                story.succeeds("01", forth);
            }
            case ABORTING -> story.say(abort(mode));
            case FAILED -> {
                story.say(abort(mode));
                story.succeeds("01", back);
            }
            default -> { }
        }
        return story;
    }

    private static Story workflowIn(Status status) {
        Story story = Story.begin(prepare(Mode.WORKFLOW), join(Mode.WORKFLOW, "01"));
        switch (status) {
            case SUCCEED, FAILED -> story.say(finish(status));
            case SUBMITTED, ABORTING -> throw new IllegalArgumentException(
                "only its initiator moves a workflow on");
            default -> { }
        }
        return story;
    }
}

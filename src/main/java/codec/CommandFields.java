package codec;

import java.util.Optional;
import transaction.BranchRegistration;
import transaction.Change;
import transaction.Command;
import transaction.Completion;
import transaction.Intervention;
import transaction.Mode;
import transaction.Park;
import transaction.Pause;
import transaction.RollBack;
import transaction.Settle;
import transaction.Status;
import transaction.Stop;
import transaction.Submission;
import transaction.Unpark;
import transaction.Unpause;

/** Commands on their way to the node where their transaction lives. */
public final class CommandFields {

    private static final int SUBMISSION = 2;
    private static final int REGISTRATION = 3;
    private static final int GID = 4;
    private static final int MODE = 5;
    private static final int REASON = 6;
    private static final int STATUS = 7;
    private static final int RESULT = 8;
    private static final int WAITS = 9;
    private static final int REPEAT = 10;
    private static final int BY = 11;
    private static final int BRANCH = 12;
    private static final int SUCCEEDED = 14;
    private static final int OPENED_AT = 15;
    private static final int UNTIL = 16;
    private static final int SKIP = 17;
    private static final int URL = 18;
    private static final int PAYLOAD = 19;
    private static final int REQUEST_TIMEOUT = 20;
    private static final int RETRY_LIMIT = 21;
    private static final int RETRY_INTERVAL = 22;

    /** What comes back from a call stays at its node. */
    static final Cases<Command> COMMANDS = new Cases<Command>("command for another node")
        .with(Command.Submit.class, "submit",
            (to, submit) -> submission(to, submit.submission())
                .flag(REPEAT, "repeat", submit.isRepeat()),
            from -> new Command.Submit(submission(from), from.flag(REPEAT)))
        .with(Command.Prepare.class, "prepare",
            (to, prepare) -> submission(to, prepare.submission()),
            from -> new Command.Prepare(submission(from)))
        .with(Command.PrepareWorkflow.class, "workflow",
            (to, prepare) -> submission(to, prepare.submission()),
            from -> new Command.PrepareWorkflow(submission(from)))
        .with(Command.JoinBranch.class, "join",
            (to, join) -> to.record(REGISTRATION, "registration", join.registration(),
                CommandFields::registration),
            from -> new Command.JoinBranch(
                from.record(REGISTRATION, CommandFields::registration)))
        .with(Command.Abort.class, "abort",
            (to, abort) -> gid(to, abort.gid())
                .text(MODE, "mode", abort.mode().map(Mode::wire).orElse(""))
                .text(REASON, "reason", abort.reason()),
            from -> new Command.Abort(from.text(GID), from.has(MODE)
                ? Optional.of(from.known(MODE, "mode", Mode::of)) : Optional.empty(),
                from.text(REASON)))
        .with(Command.FinishWorkflow.class, "finish",
            (to, finish) -> gid(to, finish.gid()).text(REASON, "reason", finish.reason())
                .text(STATUS, "status", finish.status().wire())
                .text(RESULT, "result", finish.result()),
            from -> new Command.FinishWorkflow(from.text(GID),
                from.known(STATUS, "status", Status::of), from.text(REASON), from.text(RESULT)))
        .with(Command.ForceStop.class, "stop",
            (to, stop) -> gid(to, stop.gid()).text(BY, "by", stop.by()),
            from -> new Command.ForceStop(from.text(GID), from.text(BY)))
        .with(Command.RetryNow.class, "retry",
            (to, retry) -> gid(to, retry.gid()).flag(WAITS, "waits", retry.waits())
                .text(BY, "by", retry.by()),
            from -> new Command.RetryNow(from.text(GID), from.flag(WAITS), from.text(BY)))
        .with(Unpark.class, "unpark",
            (to, unpark) -> gid(to, unpark.gid()).text(BY, "by", unpark.by()),
            from -> new Unpark(from.text(GID), from.text(BY)))
        .with(Pause.class, "pause",
            (to, pause) -> by(to, pause, pause.reason()).instant(UNTIL, "until", pause.until()),
            from -> new Pause(from.text(GID), from.instant(UNTIL), from.text(REASON),
                from.text(BY)))
        .with(Unpause.class, "unpause", (to, unpause) -> by(to, unpause, ""),
            from -> new Unpause(from.text(GID), from.text(BY)))
        .with(Park.class, "park", (to, park) -> by(to, park, park.reason()),
            from -> new Park(from.text(GID), from.text(REASON), from.text(BY)))
        .with(RollBack.class, "rollBack", (to, back) -> by(to, back, back.reason()),
            from -> new RollBack(from.text(GID), from.text(REASON), from.text(BY)))
        .with(Stop.class, "end",
            (to, stop) -> by(to, stop, stop.reason())
                .text(STATUS, "status", stop.outcome().wire()),
            from -> new Stop(from.text(GID), from.known(STATUS, "status", Status::of),
                from.text(REASON), from.text(BY)))
        .with(Settle.class, "settle",
            (to, settle) -> {
                StateFields.key(by(to, settle, settle.reason()), BRANCH, settle.key());
                to.text(STATUS, "status", settle.verdict().wire())
                    .flag(SKIP, "skip", settle.isSkip());
            },
            from -> new Settle(from.text(GID), StateFields.key(from, BRANCH),
                StateFields.branchStatus(from, STATUS), from.flag(SKIP), from.text(REASON),
                from.text(BY)))
        .with(Change.class, "change", CommandFields::change, CommandFields::change)
        .with(Completion.class, "complete",
            (to, completion) -> {
                StateFields.key(gid(to, completion.gid()), BRANCH, completion.key());
                to.flag(SUCCEEDED, "succeeded", completion.succeeded())
                    .text(REASON, "reason", completion.reason())
                    .instant(OPENED_AT, "openedAt", completion.openedAt());
            },
            from -> new Completion(from.text(GID), StateFields.key(from, BRANCH),
                from.flag(SUCCEEDED), from.text(REASON), from.instant(OPENED_AT)))
        .with(Command.Look.class, "look",
            (to, look) -> gid(to, look.gid()), from -> new Command.Look(from.text(GID)))
        .with(Command.Resume.class, "resume", new Command.Resume());

    private CommandFields() {}

    /** @throws IllegalArgumentException if it is not for another node */
    public static void write(FieldWriter to, Command command) {
        COMMANDS.write(to, command);
    }

    public static Command read(FieldReader from) {
        return COMMANDS.read(from);
    }

    private static FieldWriter gid(FieldWriter to, String gid) {
        return to.text(GID, "gid", gid);
    }

    private static FieldWriter by(FieldWriter to, Intervention act, String reason) {
        return gid(to, act.gid()).text(BY, "by", act.by()).text(REASON, "reason", reason);
    }

    private static void change(FieldWriter to, Change change) {
        StateFields.key(by(to, change, change.reason()), BRANCH, change.key());
        to.text(URL, "url", change.url())
            .record(PAYLOAD, "payload", change.payload().orElse(null),
                (each, payload) -> each.bytes(1, "payload", payload))
            .number(REQUEST_TIMEOUT, "requestTimeout", change.requestTimeoutSeconds())
            .number(RETRY_LIMIT, "retryLimit", change.retryLimit())
            .number(RETRY_INTERVAL, "retryInterval", change.retryIntervalSeconds());
    }

    private static Change change(FieldReader from) {
        return new Change(from.text(GID), StateFields.key(from, BRANCH), from.text(URL),
            from.has(PAYLOAD) ? Optional.of(from.record(PAYLOAD, each -> each.bytes(1)))
                : Optional.empty(),
            from.integer(REQUEST_TIMEOUT), from.integer(RETRY_LIMIT),
            from.integer(RETRY_INTERVAL), from.text(REASON), from.text(BY));
    }

    private static FieldWriter submission(FieldWriter to, Submission asked) {
        return to.record(SUBMISSION, "submission", asked, SubmissionFields::write);
    }

    private static Submission submission(FieldReader from) {
        return from.record(SUBMISSION, SubmissionFields::read);
    }

    private static void registration(FieldWriter to, BranchRegistration joining) {
        to.text(1, "gid", joining.gid()).text(2, "mode", joining.mode().wire())
            .text(3, "branch", joining.branchId()).map(4, "fields", joining.fields())
            .bytes(5, "data", joining.data());
    }

    private static BranchRegistration registration(FieldReader from) {
        return new BranchRegistration(from.text(1), from.known(2, "mode", Mode::of),
            from.text(3), from.map(4), from.bytes(5));
    }
}

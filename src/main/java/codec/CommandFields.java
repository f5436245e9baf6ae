package codec;

import java.util.Optional;
import transaction.BranchRegistration;
import transaction.Command;
import transaction.Completion;
import transaction.Mode;
import transaction.Status;
import transaction.Submission;
import transaction.Unpark;

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

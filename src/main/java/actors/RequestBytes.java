package actors;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import transaction.BranchRegistration;
import transaction.Command;
import transaction.Mode;
import transaction.Reply;
import transaction.Status;
import transaction.Submission;

/** {@link Command}s and {@link Reply}s as numbered fields for the way between two nodes. */
final class RequestBytes {

    /** In each command and reply: what kind it is. */
    private static final int KIND = 1;

    private RequestBytes() {}

    static void command(FieldWriter to, Command command) {
        if (command instanceof Command.Submit submit) {
            to.text(KIND, "submit").record(2, submit.submission(), StateBytes::submission)
                .flag(10, submit.isRepeat());
        } else if (command instanceof Command.Prepare prepare) {
            to.text(KIND, "prepare").record(2, prepare.submission(), StateBytes::submission);
        } else if (command instanceof Command.PrepareWorkflow prepare) {
            to.text(KIND, "workflow").record(2, prepare.submission(), StateBytes::submission);
        } else if (command instanceof Command.JoinBranch join) {
            to.text(KIND, "join").record(3, join.registration(), RequestBytes::registration);
        } else if (command instanceof Command.Abort abort) {
            to.text(KIND, "abort").text(4, abort.gid())
                .text(5, abort.mode().map(Mode::wire).orElse("")).text(6, abort.reason());
        } else if (command instanceof Command.FinishWorkflow finish) {
            to.text(KIND, "finish").text(4, finish.gid()).text(6, finish.reason())
                .text(7, finish.status().wire()).text(8, finish.result());
        } else if (command instanceof Command.ForceStop stop) {
            to.text(KIND, "stop").text(4, stop.gid());
        } else if (command instanceof Command.RetryNow retry) {
            to.text(KIND, "retry").text(4, retry.gid()).flag(9, retry.waits());
        } else if (command instanceof Command.Look look) {
            to.text(KIND, "look").text(4, look.gid());
        } else if (command instanceof Command.Resume) {
            to.text(KIND, "resume");
        } else {
            throw new IllegalArgumentException("not for another node: " + command.getClass());
        }
    }

    static Command command(FieldReader from) {
        return switch (from.text(KIND)) {
            case "submit" -> new Command.Submit(submission(from), from.flag(10));
            case "prepare" -> new Command.Prepare(submission(from));
            case "workflow" -> new Command.PrepareWorkflow(submission(from));
            case "join" -> new Command.JoinBranch(from.record(3, RequestBytes::registration));
            case "abort" -> new Command.Abort(from.text(4),
                from.has(5) ? Optional.of(from.known(5, Mode::of)) : Optional.empty(),
                from.text(6));
            case "finish" -> new Command.FinishWorkflow(
                from.text(4), from.known(7, Status::of), from.text(6), from.text(8));
            case "stop" -> new Command.ForceStop(from.text(4));
            case "retry" -> new Command.RetryNow(from.text(4), from.flag(9));
            case "look" -> new Command.Look(from.text(4));
            case "resume" -> new Command.Resume();
            default -> throw new IllegalArgumentException(
                "a command that this release does not know: " + from.text(KIND));
        };
    }

    private static Submission submission(FieldReader from) {
        return from.record(2, StateBytes::submission);
    }

    private static void registration(FieldWriter to, BranchRegistration joining) {
        to.text(1, joining.gid()).text(2, joining.mode().wire()).text(3, joining.branchId())
            .records(4, joining.fields().entrySet(),
                (each, field) -> each.text(1, field.getKey()).text(2, field.getValue()))
            .bytes(5, joining.data());
    }

    private static BranchRegistration registration(FieldReader from) {
        Map<String, String> fields = new HashMap<>();
        from.records(4, each -> fields.put(each.text(1), each.text(2)));
        return new BranchRegistration(
            from.text(1), from.known(2, Mode::of), from.text(3), fields, from.bytes(5));
    }

    static void reply(FieldWriter to, Reply reply) {
        if (reply instanceof Reply.Done) {
            to.text(KIND, "done");
        } else if (reply instanceof Reply.Written) {
            to.text(KIND, "written");
        } else if (reply instanceof Reply.Pending) {
            to.text(KIND, "pending");
        } else if (reply instanceof Reply.UnknownRequest) {
            to.text(KIND, "unknown-request");
        } else if (reply instanceof Reply.Found found) {
            to.text(KIND, "found").record(2, found.transaction(), StateBytes::transaction)
                .record(3, found.summary(), StateBytes::summary).text(5, found.node());
        } else if (reply instanceof Reply.Refused refused) {
            to.text(KIND, "refused").text(4, refused.reason());
        } else if (reply instanceof Reply.Ongoing ongoing) {
            to.text(KIND, "ongoing").text(4, ongoing.reason());
        } else if (reply instanceof Reply.Troubled troubled) {
            to.text(KIND, "troubled").text(4, troubled.reason());
        } else if (reply instanceof Reply.Missing missing) {
            to.text(KIND, "missing").text(4, missing.reason());
        } else if (reply instanceof Reply.Invalid invalid) {
            to.text(KIND, "invalid").text(4, invalid.reason());
        } else if (reply instanceof Reply.Overloaded overloaded) {
            to.text(KIND, "overloaded").text(4, overloaded.reason());
        } else if (reply instanceof Reply.Full full) {
            to.text(KIND, "full").text(4, full.reason());
        } else if (reply instanceof Reply.Unclear unclear) {
            to.text(KIND, "unclear").text(4, unclear.reason());
        } else {
            throw new IllegalArgumentException("not for another node: " + reply.getClass());
        }
    }

    /** A kind that this release does not know says nothing about what happened. */
    static Reply reply(FieldReader from) {
        String reason = from.text(4);
        return switch (from.text(KIND)) {
            case "done" -> Reply.DONE;
            case "written" -> Reply.WRITTEN;
            case "pending" -> Reply.PENDING;
            case "unknown-request" -> Reply.UNKNOWN_REQUEST;
            case "found" -> {
                var transaction = from.record(2, StateBytes::transaction);
                yield new Reply.Found(transaction, from.record(3,
                    each -> StateBytes.summary(each, transaction.submission())), from.text(5));
            }
            case "refused" -> new Reply.Refused(reason);
            case "ongoing" -> new Reply.Ongoing(reason);
            case "troubled" -> new Reply.Troubled(reason);
            case "missing" -> new Reply.Missing(reason);
            case "invalid" -> new Reply.Invalid(reason);
            case "overloaded" -> new Reply.Overloaded(reason);
            case "full" -> new Reply.Full(reason);
            default -> new Reply.Unclear(
                reason.isEmpty() ? "the answer came in words of a later release" : reason);
        };
    }
}

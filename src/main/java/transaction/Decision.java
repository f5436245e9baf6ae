package transaction;

import java.time.Instant;
import java.util.List;

/**
 * What to do about a command, in this order: write, then answer, call, and look again later.
 *
 * @param events facts to be written in one piece; empty if nothing was decided
 * @param after the transaction once they are written
 * @param live what the host then knows; it takes the place of what it knew
 * @param calls to be started now, each once
 * @param lookAgainAt when to decide again if nothing happens before; null if it has ended, is
 *     parked, or is paused without an end
 * @param dueAt what the index should say of that: while something runs it is long past, so that a
 *     crash is noticed at once; null if it has ended, is parked, or is paused without
 *     an end
 * @param reply the client's answer; null if it waits for the end of the pass
 * @param awaits what a client that waits hopes for; null if none waits
 * @param alerts what the operator should hear of
 */
public record Decision(
        List<Event> events,
        GlobalTransaction after,
        Live live,
        List<BranchCall> calls,
        Instant lookAgainAt,
        Instant dueAt,
        Reply reply,
        Status awaits,
        List<Alert> alerts) {

    /** Whether nothing is running any more, so that those who wait can be answered. */
    public boolean endsPass() {
        return live.isIdle();
    }

    /**
     * What a client hears at the end of a pass (protocol section 1.6). A refusal is only told when
     * it is a fact; whatever is still being tried is told as such.
     */
    public Reply replyTo(Status hoped) {
        if (after.status() == hoped) {
            return Reply.DONE;
        }
        boolean turnedBack = after.status() == Status.ABORTING && hoped == Status.SUCCEED;
        if (after.isFinal() || turnedBack && after.mode().failsWhenTurningBack()) {
            return new Reply.Refused(after.reason());
        }
        if (after.isHeld()) {
            return Reply.stillUnderWay(
                after.isParked() ? after.parked().text() : after.paused().text());
        }
        Outcome trouble = live.trouble() == null ? Outcome.SUCCESS : live.trouble().outcome();
        boolean broken = trouble.kind() == Outcome.Kind.FAILURE
            || trouble.kind() == Outcome.Kind.UNKNOWN;
        if (broken && !after.mode().failsWhenTurningBack()) {
            return new Reply.Troubled("your http/grpc result should be specified as in: "
                + "200 done, 409 failed, 425 at work. Got: " + trouble.reason()
                + ". It is being tried again.");
        }
        return Reply.stillUnderWay(why());
    }

    /** Why it has not come to its end yet; empty if nothing is known. */
    private String why() {
        if (live.trouble() != null) {
            CallKey key = live.trouble().key();
            return key.branchId() + " " + key.op().wire() + ": "
                + live.trouble().outcome().reason();
        }
        return after.submission().details() instanceof Details.Delay delay
            ? "delivered " + delay.seconds() + " seconds after the submit" : "";
    }
}

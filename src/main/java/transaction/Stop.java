package transaction;

/**
 * An operator ends a transaction one way or the other, whatever its branches have done; to make
 * them agree with that is up to the operator. Unlike {@link Command.ForceStop}, which is DTM's, it
 * may be said twice.
 *
 * @param outcome SUCCEED or FAILED
 * @param by who; empty if that is not known
 */
public record Stop(String gid, Status outcome, String reason, String by)
        implements Command, Intervention {

    public Stop {
        reason = Limits.cut(reason, Limits.REASON_CHARS);
        by = Limits.cut(by, Limits.CALLER_CHARS);
    }

    @Override
    public void check(String gid) {
        TransactionId.check(gid);
        InvalidRequest.require(outcome.isFinal(),
            "a forced end is succeed or failed, not " + outcome.wire());
    }

    @Override
    public Ruling rule(GlobalTransaction t, Moment moment) {
        if (t.isAbsent()) {
            return Ruling.refuse(Command.missing(gid));
        }
        if (t.isFinal()) {
            return t.status() == outcome ? Ruling.accept() : Intervention.hasEnded(t, "stop");
        }
        // What it had done may be undone already: it must not be told as done.
        return outcome.mayFollow(t.status())
            ? Ruling.accept(new Event.ForceStopped(outcome, reason, by, moment.now()))
            : Ruling.refuse("current status '" + t.status().wire() + "', it is being undone:"
                + " it can only be stopped as failed.");
    }
}

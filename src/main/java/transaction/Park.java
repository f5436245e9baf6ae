package transaction;

/**
 * An operator has a transaction do nothing until an operator says {@link Unpark}, as if one of its
 * operations had gone wrong too often. Of one that is parked it asks nothing.
 *
 * @param by who; empty if that is not known
 */
public record Park(String gid, String reason, String by) implements Command, Intervention {

    public Park {
        reason = Limits.cut(reason, Limits.REASON_CHARS);
        by = Limits.cut(by, Limits.CALLER_CHARS);
    }

    @Override
    public Ruling rule(GlobalTransaction t, Moment moment) {
        if (t.isAbsent()) {
            return Ruling.refuse(Command.missing(gid));
        }
        if (t.isFinal()) {
            return Intervention.hasEnded(t, "park");
        }
        return t.isParked() ? Ruling.accept()
            : Ruling.accept(new Event.Parked(null, reason, by, moment.now()));
    }
}

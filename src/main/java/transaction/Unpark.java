package transaction;

/**
 * An operator has a parked transaction go on: what went wrong counts no more, and it is tried at
 * once. Of one that is not parked it asks nothing, so that it may be said twice.
 *
 * @param by who; empty if that is not known
 */
public record Unpark(String gid, String by) implements Command, Intervention {

    public Unpark {
        by = Limits.cut(by, Limits.CALLER_CHARS);
    }

    public Unpark(String gid) {
        this(gid, "");
    }

    @Override
    public boolean setsOff() {
        return true;
    }

    @Override
    public Ruling rule(GlobalTransaction t, Moment moment) {
        if (t.isAbsent()) {
            return Ruling.refuse(Command.missing(gid));
        }
        return t.isParked() ? Ruling.accept(new Event.Unparked(by, moment.now()))
            : Ruling.accept();
    }

    @Override
    public Live remember(Live live, GlobalTransaction t, Moment moment) {
        return live.forNextPass(moment.now()).hurried();
    }
}

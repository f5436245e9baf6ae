package transaction;

/**
 * An operator has a paused transaction go on where it stood: what was due meanwhile is due at once.
 * Of one that is not paused it asks nothing, so that it may be said twice.
 *
 * @param by who; empty if that is not known
 */
public record Unpause(String gid, String by) implements Command, Intervention {

    public Unpause {
        by = Limits.cut(by, Limits.CALLER_CHARS);
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
        return t.isPaused() ? Ruling.accept(new Event.Unpaused(by, moment.now()))
            : Ruling.accept();
    }
}

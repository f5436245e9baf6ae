package transaction;

import java.util.ArrayList;
import java.util.List;

/**
 * An operator has a transaction that goes forward turn back, where its mode can undo what was done.
 * Of one that is on its way back, or has failed, it asks nothing.
 *
 * @param by who; empty if that is not known
 */
public record RollBack(String gid, String reason, String by) implements Command, Intervention {

    static final String BY_HAND = "rolled back by an operator";

    public RollBack {
        reason = Limits.cut(reason, Limits.REASON_CHARS);
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
        return switch (t.status()) {
            case PREPARED, SUBMITTED -> unparked(t, t.mode().rollBack(t, this, moment), moment);
            case ABORTING, FAILED -> Ruling.accept();
            case SUCCEED -> Intervention.hasEnded(t, "roll back");
        };
    }

    /** What it was parked for is to be undone. */
    private Ruling unparked(GlobalTransaction t, Ruling ruling, Moment moment) {
        if (!t.isParked() || ruling.events().isEmpty()) {
            return ruling;
        }
        List<Event> events = new ArrayList<>(ruling.events());
        events.add(new Event.Unparked(by, moment.now()));
        return Ruling.accept(events.toArray(new Event[0]));
    }

    @Override
    public Live remember(Live live, GlobalTransaction t, Moment moment) {
        return live.forNextPass(moment.now()).hurried();
    }

    /** Why it turned back, as its clients read it. */
    String text() {
        return Intervention.text(BY_HAND, reason);
    }
}

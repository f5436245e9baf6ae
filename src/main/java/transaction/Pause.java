package transaction;

import java.time.Instant;
import java.util.Objects;

/**
 * An operator has nothing called on behalf of a transaction for a while. What is on its way comes
 * back and counts; what its initiator says is written down; its time-outs take effect when it goes
 * on. Said again it sets another end.
 *
 * @param until when it goes on by itself; null if somebody is to say so
 * @param by who; empty if that is not known
 */
public record Pause(String gid, Instant until, String reason, String by)
        implements Command, Intervention {

    public Pause {
        reason = Limits.cut(reason, Limits.REASON_CHARS);
        by = Limits.cut(by, Limits.CALLER_CHARS);
    }

    @Override
    public Ruling rule(GlobalTransaction t, Moment moment) {
        if (t.isAbsent()) {
            return Ruling.refuse(Command.missing(gid));
        }
        if (t.isFinal()) {
            return Intervention.hasEnded(t, "pause");
        }
        requireEnd(until, moment.now());
        return t.isPaused() && Objects.equals(t.paused().until(), until)
            ? Ruling.accept()
            : Ruling.accept(new Event.Paused(until, reason, by, moment.now()));
    }

    /** @throws InvalidRequest if a pause that begins {@code now} cannot end then */
    public static void requireEnd(Instant until, Instant now) {
        InvalidRequest.require(until == null || until.isAfter(now),
            "a pause must end in the future, not at " + until);
        InvalidRequest.require(until == null || !until.isAfter(now.plus(Limits.PAUSE_MAX)),
            "a pause must end within " + Limits.PAUSE_MAX.toDays()
                + " days; without an end it lasts until somebody ends it");
    }
}

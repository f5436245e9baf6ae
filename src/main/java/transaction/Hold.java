package transaction;

import java.time.Instant;
import java.util.Locale;

/**
 * An operator has nobody call a participant for a while: its calls are put off.
 *
 * @param participant its host, as in urls, with or without a port; or {@link #ALL}
 * @param until when it is called again by itself; null if somebody is to say so
 * @param reason why, as the operator said; may be empty
 * @param by who; empty if that is not known
 * @param at since when
 */
public record Hold(String participant, Instant until, String reason, String by, Instant at) {

    /** In place of a participant: all of them. */
    public static final String ALL = "*";

    /** Longer than any name of a host with its port. */
    private static final int CHARS = 300;

    public Hold {
        reason = Limits.cut(reason, Limits.REASON_CHARS);
        by = Limits.cut(by, Limits.CALLER_CHARS);
    }

    /**
     * @return {@code host} or {@code host:port} as this coordinator writes them
     * @throws InvalidRequest if no participant can be called so
     */
    public static String participant(String text) {
        String name = text.toLowerCase(Locale.ROOT);
        InvalidRequest.require(!name.isEmpty() && name.length() <= CHARS
                && Chars.all(name, c -> c > ' ' && c < 127 && "/?#@*".indexOf(c) < 0),
            "a participant is a host, or a host and a port, not " + Limits.cut(text, 100));
        return name;
    }

    public boolean isOver(Instant now) {
        return until != null && !until.isAfter(now);
    }

    /** In one line, for people. */
    public String text() {
        String who = participant.equals(ALL) ? "all calls are" : participant + " is";
        return Intervention.text(
            who + " paused" + (until == null ? "" : " until " + until), reason);
    }
}

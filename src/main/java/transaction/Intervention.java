package transaction;

/** What an operator does by hand to one transaction, whoever began it. */
public interface Intervention {

    String gid();

    /** Who it is; empty if that is not known. */
    String by();

    /** What every one of these answers that comes too late. */
    static Ruling hasEnded(GlobalTransaction t, String what) {
        return Ruling.refuse(
            "current status '" + t.status().wire() + "', it has ended: cannot " + what + ".");
    }

    /** In one line, for people: {@code what} was done, and why if that was said. */
    static String text(String what, String reason) {
        return Limits.cut(reason.isEmpty() ? what : what + ": " + reason, Limits.REASON_CHARS);
    }
}

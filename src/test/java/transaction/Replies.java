package transaction;

/** Answers in short, for tables and stories. */
final class Replies {

    private Replies() {}

    static String nameOf(Reply reply) {
        if (reply == null) {
            return "waits";
        }
        return reply instanceof Reply.Found ? "shown"
            : reply.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
    }

    /** The words that go with it; empty if there are none. */
    static String reasonOf(Reply reply) {
        if (reply instanceof Reply.Refused refused) {
            return refused.reason();
        }
        if (reply instanceof Reply.Ongoing ongoing) {
            return ongoing.reason();
        }
        if (reply instanceof Reply.Troubled troubled) {
            return troubled.reason();
        }
        if (reply instanceof Reply.Missing missing) {
            return missing.reason();
        }
        return reply instanceof Reply.Invalid invalid ? invalid.reason() : "";
    }
}

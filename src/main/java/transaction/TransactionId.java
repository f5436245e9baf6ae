package transaction;

/**
 * What a transaction is known by inside, and in the journal: its namespace and its gid as one text.
 * In the namespace {@code default} that is the gid alone, so ids from before there were namespaces
 * are as they were; in another one the two stand with a tab between them, which no gid may have.
 *
 * @param namespace whose it is
 * @param gid as its client wrote it; unique within the namespace
 */
public record TransactionId(String namespace, String gid) {

    /** Stands in no gid, since it cannot be printed: see {@link Submission#checkGid}. */
    public static final char SEPARATOR = '\t';

    /** The longest, in characters. */
    public static final int CHARS = Limits.NAMESPACE_CHARS + 1 + Limits.GID_CHARS;

    /** The id that {@code text} is. */
    public static TransactionId parse(String text) {
        int separator = text.indexOf(SEPARATOR);
        return separator < 0 ? new TransactionId(Context.DEFAULT_NAMESPACE, text)
            : new TransactionId(text.substring(0, separator), text.substring(separator + 1));
    }

    /** The gid of the id that {@code text} is, as its client wrote it. */
    public static String gidOf(String text) {
        return text.substring(text.indexOf(SEPARATOR) + 1);
    }

    /** The namespace of the id that {@code text} is. */
    public static String namespaceOf(String text) {
        int separator = text.indexOf(SEPARATOR);
        return separator < 0 ? Context.DEFAULT_NAMESPACE : text.substring(0, separator);
    }

    /** This as one text. */
    public String text() {
        return namespace.equals(Context.DEFAULT_NAMESPACE) ? gid : namespace + SEPARATOR + gid;
    }

    /** @throws InvalidRequest if no transaction can have the id that {@code text} is */
    static void check(String text) {
        TransactionId id = parse(text);
        Context.checkNamespace(id.namespace);
        Submission.checkGid(id.gid);
    }
}

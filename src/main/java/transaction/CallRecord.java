package transaction;

/**
 * What went over the wire in one call, as far as it is kept, for people. What nobody may see is
 * masked already.
 *
 * @param statusLine how the participant answered, such as {@code 503 Service Unavailable}; empty if
 *     it did not
 * @param error what went wrong besides what the answer says; empty if nothing did
 * @param request what was sent, or its beginning; empty if it is not kept
 * @param answer the body of the answer, or its beginning; empty if it is not kept
 */
public record CallRecord(String statusLine, String error, String request, String answer) {

    /** Nothing is known. */
    public static final CallRecord NONE = new CallRecord("", "", "", "");
}

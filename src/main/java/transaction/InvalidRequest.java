package transaction;

/**
 * What the client sent can never be carried out as it stands. Thrown while a request is read,
 * before anything is written; the message is meant for the client.
 */
public final class InvalidRequest extends IllegalArgumentException {

    public InvalidRequest(String message) {
        super(message);
    }

    /** @throws InvalidRequest with that message unless it {@code holds} */
    public static void require(boolean holds, String message) {
        if (!holds) {
            throw new InvalidRequest(message);
        }
    }

    public static void atMost(String what, String text, int chars) {
        require(text.length() <= chars,
            what + " is longer than " + chars + " characters: " + text.length());
    }
}

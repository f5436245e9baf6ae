package encryption;

/** What was encrypted cannot be decrypted. The message says why, and nothing of the content. */
public class Undecipherable extends RuntimeException {

    private static final long serialVersionUID = 1;

    Undecipherable(String message) {
        super(message);
    }
}

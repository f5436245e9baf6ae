package console;

/**
 * One file of the console.
 *
 * @param kind what it is
 * @param content its bytes; not to be changed
 * @param tag changes with the content: an entity tag, quoted
 */
public record ConsoleFile(Kind kind, byte[] content, String tag) {

    /** What a browser takes it for. */
    public enum Kind { PAGE, STYLE, SCRIPT, PICTURE }
}

package sbom;

/** A file does not say what it should. The message names the file, and what is wrong. */
public final class MalformedFile extends Exception {

    private static final long serialVersionUID = 1;

    MalformedFile(String message) {
        super(message);
    }

    /** The same, said of a file. */
    MalformedFile in(String file) {
        return new MalformedFile(file + ": " + getMessage());
    }
}

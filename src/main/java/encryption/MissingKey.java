package encryption;

/** What was encrypted cannot be decrypted until its key is there. */
public final class MissingKey extends Undecipherable {

    private static final long serialVersionUID = 1;

    private final String name;

    MissingKey(String name) {
        super("encrypted with key " + name
            + ", which is not among the keys (pactor.store.encryption.keys-file)");
        this.name = name;
    }

    /** Of the key, as the envelope has it; whoever wrote that may have made it up. */
    public String name() {
        return name;
    }
}

package encryption;

import java.util.Optional;

/**
 * Where keys come from: a file, or a key management service that a host asks. What is written is
 * encrypted with one of them; what is read names the one that it needs. Thread-safe.
 *
 * <p>A key that was ever the current one must be found for as long as something that it encrypted
 * is to be read. A name stands for the same bytes for ever.
 */
public interface Keyring {

    /** Has none: what is written is in the clear. */
    Keyring NONE = new Keyring() {
        @Override
        public Optional<Key> current() {
            return Optional.empty();
        }

        @Override
        public Optional<Key> find(String name) {
            return Optional.empty();
        }
    };

    /**
     * The key for what is written from now on; empty if that shall be in the clear. It may block:
     * it is asked at the start, and then every {@code pactor.reload.interval} by a thread of its
     * own. If it throws,
     * the key before stays.
     */
    Optional<Key> current();

    /**
     * The key of that name; empty if it is not there. Asked for each thing that is read, so it
     * answers from memory whenever it can.
     */
    Optional<Key> find(String name);
}

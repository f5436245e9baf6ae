package store;

import encryption.Envelope;
import encryption.Key;
import encryption.Keyring;
import encryption.Undecipherable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * With which keys this database was ever written, among its secrets, of which these are none: for
 * each key since when it was last the current one, and nothing, encrypted with it, by which it is
 * told from another of its name. Noted before the first use.
 */
final class UsedKeys {

    private static final String PREFIX = "encryption-key/";

    private static final Logger LOG = LoggerFactory.getLogger(UsedKeys.class);

    private UsedKeys() {}

    /** @param since when it was last made the current one */
    record Used(String name, Instant since, byte[] proof) {}

    /** The one that was used last comes first. */
    static List<Used> list(Connection connection) throws SQLException {
        List<Used> used = new ArrayList<>();
        for (SecretTable.Secret each : SecretTable.list(connection, PREFIX)) {
            ByteBuffer content = ByteBuffer.wrap(each.content());
            Instant since = Micros.toInstant(content.getLong());
            byte[] proof = new byte[content.remaining()];
            content.get(proof);
            used.add(new Used(each.name().substring(PREFIX.length()), since, proof));
        }
        used.sort(Comparator.comparing(Used::since).reversed());
        return used;
    }

    /** Whether a key of that name was used here, and has not been given up. */
    static boolean isNoted(Connection connection, String name) throws SQLException {
        return SecretTable.find(connection, PREFIX + name) != null;
    }

    /** Whether {@code keys} has what was used; changes nothing. The one used last comes first. */
    static List<UsedKey> judge(Connection connection, Keyring keys) throws SQLException {
        List<UsedKey> judged = new ArrayList<>();
        for (Used used : list(connection)) {
            Optional<Key> key = keys.find(used.name);
            judged.add(new UsedKey(used.name, used.since, key.isPresent(),
                key.isEmpty() || isSame(key.get(), used)));
        }
        return judged;
    }

    /**
     * Looks whether {@code keys} can read what is there.
     *
     * @param accepted a key that may be missing although it is needed; it is forgotten here
     * @throws StoreException if the key that was used last is missing, or one is not the one that
     *     was used under its name
     */
    static void require(Connection connection, Keyring keys, String accepted)
            throws SQLException {
        boolean isNewest = true;
        boolean isAccepted = false;
        for (UsedKey used : judge(connection, keys)) {
            if (!used.isSame()) {
                throw another(used.name());
            }
            if (used.isThere()) {
                LOG.debug("key {} is there", used.name());
            } else if (used.name().equals(accepted) || isAccepted) {
                // Older ones that are missing too would otherwise be asked for at the next start.
                isAccepted |= isNewest;
                SecretTable.delete(connection, PREFIX + used.name());
                LOG.warn("key {} is missing, and that was accepted: what it encrypted cannot be"
                    + " read", used.name());
            } else if (isNewest) {
                throw new StoreException("this store was last written with encryption key "
                    + used.name() + ", which is not among the keys of"
                    + " pactor.store.encryption.keys-file; put it back, or start once with"
                    + " pactor.store.encryption.accept-missing-key = \"" + used.name()
                    + "\" and do without all that it encrypted");
            } else {
                LOG.warn("key {}, used until a later one took its place, is missing: what it"
                    + " encrypted and is still there cannot be read", used.name());
            }
            isNewest = false;
        }
    }

    /**
     * Notes, before {@code key} is used, that it is the current one.
     *
     * @param connection commits each statement
     * @throws StoreException if another key was used under its name
     */
    static void note(Connection connection, Dialect dialect, Key key, Instant now)
            throws SQLException {
        byte[] proof = Envelope.seal(key, new byte[0], place(key.name()));
        byte[] content = ByteBuffer.allocate(Long.BYTES + proof.length)
            .putLong(Micros.of(now)).put(proof).array();
        SecretTable.getOrPut(connection, dialect, PREFIX + key.name(), content);
        for (Used used : list(connection)) {
            if (used.name.equals(key.name()) && !isSame(key, used)) {
                throw another(key.name());
            }
        }
        SecretTable.replace(connection, PREFIX + key.name(), content);
    }

    private static boolean isSame(Key key, Used used) {
        try {
            Envelope.open(new Only(key), used.proof, place(key.name()));
            return true;
        } catch (Undecipherable other) {
            return false;
        }
    }

    private static StoreException another(String name) {
        return new StoreException("key " + name + " is not the one with which this store was"
            + " written under that name; put that one back, and give the new one a new name"
            + " (pactor.store.encryption.keys-file)");
    }

    private static byte[] place(String name) {
        return (PREFIX + name).getBytes(StandardCharsets.US_ASCII);
    }

    private record Only(Key key) implements Keyring {

        @Override
        public Optional<Key> current() {
            return Optional.of(key);
        }

        @Override
        public Optional<Key> find(String name) {
            return current();
        }
    }
}

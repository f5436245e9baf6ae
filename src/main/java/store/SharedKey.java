package store;

import encryption.Envelope;
import encryption.Key;
import encryption.Keyring;
import encryption.MissingKey;
import encryption.Undecipherable;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A key that all nodes over a database share, among its secrets. It is encrypted while payloads
 * are, since who reads it can do what it is for; it stays the same whatever encrypts it, so that
 * what was made with it goes on counting.
 */
public enum SharedKey {

    /** Of {@link transaction.CallTokens}: who has it can settle open calls. */
    CALL_TOKENS("call-token"),

    /** Of the console's sessions: who has it can be anybody there. */
    CONSOLE_SESSIONS("console-session");

    /** Of each of them. */
    public static final int BYTES = 32;

    /** Each time that another process was faster one of them has come to an end. */
    private static final int TRIES = 100;

    private static final Logger LOG = LoggerFactory.getLogger(SharedKey.class);

    private final String row;

    SharedKey(String row) {
        this.row = row;
    }

    /**
     * Looks whether those that are there can be had. Changes nothing.
     *
     * @throws StoreException if one is encrypted with a key that is missing and was not given up,
     *     or is not what was written
     */
    static void require(Connection connection, Keyring keys) throws SQLException {
        for (SharedKey each : values()) {
            byte[] held = SecretTable.find(connection, each.row);
            if (held != null) {
                each.opened(connection, keys, held);
            }
        }
    }

    /**
     * From now on those that are there are encrypted with {@code current}, or in the clear if that
     * is empty; but not one that is lost.
     *
     * @param connection commits each statement
     * @throws StoreException as {@link #require} does
     */
    static void keep(Connection connection, Keyring keys, Optional<Key> current)
            throws SQLException {
        for (SharedKey each : values()) {
            byte[] held = SecretTable.find(connection, each.row);
            if (held != null && !isKeptBy(current, held)) {
                Optional<byte[]> known = each.opened(connection, keys, held);
                if (known.isPresent()) {
                    SecretTable.replace(
                        connection, each.row, held, each.kept(current, known.get()));
                }
            }
        }
    }

    /**
     * This key, as whoever asked first has made it; a new one if that which encrypted it is lost.
     * From then on it is kept as {@link #keep} does.
     *
     * @param connection commits each statement
     * @throws StoreException as {@link #require} does
     */
    byte[] get(Connection connection, Dialect dialect, Keyring keys, Optional<Key> current)
            throws SQLException {
        for (int i = 0; i < TRIES; i++) {
            byte[] held = SecretTable.find(connection, row);
            Optional<byte[]> known =
                held == null ? Optional.empty() : opened(connection, keys, held);
            if (known.isPresent() && isKeptBy(current, held)) {
                return known.get();
            }
            byte[] kept = kept(current, known.orElseGet(SharedKey::random));
            if (held == null) {
                SecretTable.getOrPut(connection, dialect, row, kept);
            } else if (SecretTable.replace(connection, row, held, kept) && known.isEmpty()) {
                LOG.warn("the shared key {} was lost with the key that encrypted it, and there is"
                    + " a new one: what was made with the former one does not count", row);
            }
        }
        throw new StoreException("the shared key " + row + " is changed all the time");
    }

    /** Empty if it is lost for good. */
    private Optional<byte[]> opened(Connection connection, Keyring keys, byte[] held)
            throws SQLException {
        if (isClear(held)) {
            return Optional.of(held);
        }
        try {
            return Optional.of(Envelope.open(keys, held, place()));
        } catch (MissingKey missing) {
            if (!UsedKeys.isNoted(connection, missing.name())) {
                return Optional.empty();
            }
            throw new StoreException("the shared key " + row + " is " + missing.getMessage()
                + "; put it back, or start once with pactor.store.encryption.accept-missing-key ="
                + " \"" + missing.name() + "\" and do without all that it encrypted");
        } catch (Undecipherable changed) {
            throw new StoreException("the shared key " + row + " is " + changed.getMessage()
                + "; to have a new one, delete the row " + row + " of pactor_secret: what was made"
                + " with the former one does not count then");
        }
    }

    private static boolean isKeptBy(Optional<Key> current, byte[] held) {
        return current.map(key -> !isClear(held) && Envelope.keyName(held).equals(key.name()))
            .orElse(isClear(held));
    }

    private byte[] kept(Optional<Key> current, byte[] secret) {
        return current.map(key -> Envelope.seal(key, secret, place())).orElse(secret);
    }

    private byte[] place() {
        return row.getBytes(StandardCharsets.US_ASCII);
    }

    /** What is encrypted is longer. */
    private static boolean isClear(byte[] held) {
        return held.length == BYTES;
    }

    private static byte[] random() {
        byte[] made = new byte[BYTES];
        new SecureRandom().nextBytes(made);
        return made;
    }
}

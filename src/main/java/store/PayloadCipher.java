package store;

import encryption.Envelope;
import encryption.Key;
import encryption.Keyring;
import encryption.Undecipherable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import transaction.CallKey;

/**
 * Encrypts what rows hold of clients and participants, each part for its place: nothing that is
 * moved to another row, another transaction or another column can be decrypted there. What was
 * written in the clear is read as it is. Thread-safe.
 */
final class PayloadCipher {

    /** In the clear. */
    static final PayloadCipher NONE = new PayloadCipher(Keyring.NONE);

    /** Before an encrypted text; a text that begins so itself has it twice. */
    static final String MARK = "\u0001";

    private static final byte ENTRY = 1;
    private static final byte TEXT = 2;
    private static final byte CALL = 3;

    private final Keyring keys;
    private final Set<String> missing = ConcurrentHashMap.newKeySet();
    private volatile Key current;

    PayloadCipher(Keyring keys) {
        this.keys = keys;
    }

    /** Columns of the index that may hold what clients or participants sent; the order stays. */
    enum Column { CUSTOM_DATA, OPTIONS, REASON, RESULT }

    /**
     * A transaction, and no other that ever had its id.
     *
     * @param openedAt microseconds since 1970
     */
    record Owner(String gid, long openedAt) {}

    /** From now on with {@code key}; in the clear if it is null. */
    void use(Key key) {
        current = key;
    }

    /** Empty if what is written is in the clear. */
    Optional<Key> current() {
        return Optional.ofNullable(current);
    }

    /**
     * Where an entry, or a piece of one, is kept.
     *
     * @param pieces how many there are of the entry; 0 if it is not in pieces
     */
    static byte[] place(Owner owner, long ordinal, int version, int piece, int pieces) {
        byte[] gid = owner.gid.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(1 + 2 * Long.BYTES + 3 * Integer.BYTES + gid.length)
            .put(ENTRY).putLong(owner.openedAt).putLong(ordinal).putInt(version).putInt(piece)
            .putInt(pieces).put(gid).array();
    }

    /** Where a call is kept that began at {@code startedAt}. */
    static byte[] place(Owner owner, CallKey key, long startedAt) {
        byte[] gid = owner.gid.getBytes(StandardCharsets.UTF_8);
        byte[] branch = key.branchId().getBytes(StandardCharsets.UTF_8);
        byte[] op = key.op().wire().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(
                1 + 2 * Long.BYTES + 2 * Integer.BYTES + gid.length + branch.length + op.length)
            .put(CALL).putLong(owner.openedAt).putLong(startedAt).putInt(branch.length).put(branch)
            .putInt(op.length).put(op).put(gid).array();
    }

    private static byte[] place(Owner owner, Column column) {
        byte[] gid = owner.gid.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(2 + Long.BYTES + gid.length).put(TEXT)
            .put((byte) column.ordinal()).putLong(owner.openedAt).put(gid).array();
    }

    /** @throws Undecipherable if the key is not there, or this is not what was written */
    byte[] decrypt(byte[] sealed, byte[] place) {
        byte[] content = Envelope.open(keys, sealed, place);
        if (!missing.isEmpty()) {
            missing.remove(Envelope.keyName(sealed));
        }
        return content;
    }

    /** What waits for this key, which was used here, could not be read. */
    void misses(String name) {
        missing.add(name);
    }

    /** Looks whether keys that were missed are there by now. May block as the keyring does. */
    void lookForMissing() {
        missing.removeIf(name -> keys.find(name).isPresent());
    }

    /** Names of keys that were missed, and are not there as far as is known. Does not block. */
    List<String> missing() {
        return missing.stream().sorted().toList();
    }

    /** {@code text} as its column holds it. */
    String text(Owner owner, Column column, String text) {
        Key key = current;
        if (key == null || text.isEmpty()) {
            return text.startsWith(MARK) ? MARK + text : text;
        }
        return MARK + Base64.getEncoder().encodeToString(
            Envelope.seal(key, text.getBytes(StandardCharsets.UTF_8), place(owner, column)));
    }

    /**
     * The text that a column holds.
     *
     * @throws Undecipherable if the key is not there, or this is not what was written
     */
    String textOf(Owner owner, Column column, String held) {
        if (!held.startsWith(MARK)) {
            return held;
        }
        if (held.startsWith(MARK, 1)) {
            return held.substring(1);
        }
        byte[] sealed;
        try {
            sealed = Base64.getDecoder().decode(held.substring(MARK.length()));
        } catch (IllegalArgumentException noBase64) {
            sealed = new byte[0];
        }
        return new String(decrypt(sealed, place(owner, column)), StandardCharsets.UTF_8);
    }
}

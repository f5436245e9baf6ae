package store;

import encryption.MissingKey;
import encryption.Undecipherable;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import transaction.Entry;
import transaction.Event;
import transaction.InvalidRequest;
import transaction.Status;
import transaction.Submission;

/**
 * Reads the journal of one transaction and checks it on the way: the ordinals run without a gap up
 * to the one that the index knows, and each row is what was written in its place. Of a transaction
 * that was removed it reads {@link Event.Removed} and nothing else.
 *
 * <p>Not for two threads at once.
 */
final class Replay {

    /** Rows of one page: most transactions have fewer than ten. */
    private static final int PAGE_ROWS = 500;

    /** The status of a row that stands for a transaction that was removed. */
    static final String REMOVED = "removed";

    private static final Entry GONE =
        new Entry(List.of(new Event.Removed(Instant.EPOCH)), null);

    private static final String STATUS =
        "SELECT status, reason, mode, opened_at, updated_at FROM pactor_transaction WHERE gid = ?";

    /** With what the index knew at the same moment: never less than what is there. */
    private static final String ROWS = "SELECT t.ordinal, j.ordinal, j.version, j.checksum,"
        + " j.payload, t.quarantine, t.id, t.opened_at FROM pactor_transaction t"
        + " LEFT JOIN pactor_journal j ON j.transaction_id = t.id AND j.ordinal >= ?"
        + " WHERE t.gid = ? ORDER BY j.transaction_id, j.ordinal LIMIT ?";

    private static final String PIECES = "SELECT payload FROM pactor_journal_piece"
        + " WHERE transaction_id = ? AND ordinal = ? ORDER BY piece";

    /** Why a transaction is in quarantine whose rows cannot be read. */
    static final String UNREADABLE = "its rows lie where the database is damaged";

    /**
     * What the reason begins with if the history can be read once a key is there that this store
     * was written with; a key that was given up is not waited for.
     */
    static final String KEY_MISSING = "its key is missing: ";

    private static final long UNKNOWN = Long.MAX_VALUE;

    private final Dialect dialect;
    private final PayloadCipher cipher;
    private final String gid;
    private final Consumer<String> quarantined;
    private final long from;
    private Stop stop;
    private long to;
    private long expected;
    private long known;
    private boolean cut;

    /** What tells damage from other failures, and what decrypts. */
    record Source(Dialect dialect, PayloadCipher cipher) {}

    /** All of it, as far as the index knows; 0 if there is no such transaction. */
    Replay(Source source, String gid, Consumer<String> quarantined) {
        this(source, gid, 1, UNKNOWN, quarantined);
    }

    /** From that ordinal on, as far as the index knows. */
    Replay(Source source, String gid, long from, Consumer<String> quarantined) {
        this(source, gid, from, UNKNOWN, quarantined);
    }

    /** A history that is known to be empty; it is not to be read. */
    static Replay none(String gid) {
        return new Replay(new Source(null, PayloadCipher.NONE), gid, 1, 0, ignored -> { });
    }

    /**
     * @param from the first ordinal wanted
     * @param to the last one, which the index knows of
     * @param quarantined hears the gid if its row is in quarantine
     */
    Replay(Source source, String gid, long from, long to, Consumer<String> quarantined) {
        this.dialect = source.dialect;
        this.cipher = source.cipher;
        this.gid = gid;
        this.quarantined = quarantined;
        this.from = from;
        this.to = to;
        this.expected = from;
    }

    /**
     * @param firstOrdinal of the first of {@code entries}; the others follow it
     * @param entries those that can be trusted
     * @param broken why what follows them cannot be; null if it can, or if nothing follows
     * @param isLast whether no page follows
     */
    record Page(long firstOrdinal, List<Entry> entries, String broken, boolean isLast) {}

    /** The last ordinal wanted; if it was not said, known after the first page. */
    long to() {
        return to;
    }

    /**
     * That somebody ended the transaction by force since its history is broken.
     *
     * @param opened stands for the first event if that cannot be read; null if it could not even be
     *     made up
     */
    record Stop(Event opened, Event.Ended ended) {}

    /** Of a history that is broken; null if nobody has ended the transaction. */
    Stop stop() {
        return stop;
    }

    /** Whether nothing else is wanted than these. */
    boolean is(long first, long last) {
        return from == first && to == last;
    }

    /** Blocks. */
    Page next(Connection connection) throws SQLException {
        long first = expected;
        List<Entry> entries = new ArrayList<>();
        try {
            return next(connection, first, entries);
        } catch (SQLException e) {
            if (!dialect.isDamage(e)) {
                throw e;
            }
            if (to == UNKNOWN) {
                to = Math.max(1, Math.max(known, expected));
            }
            noteStop(connection);
            return new Page(first, withinWanted(first, entries, UNREADABLE), UNREADABLE, true);
        }
    }

    private Page next(Connection connection, long first, List<Entry> entries)
            throws SQLException {
        List<String> broken = new ArrayList<>(1);
        int rows = 0;
        try (PreparedStatement select = connection.prepareStatement(ROWS)) {
            select.setLong(1, expected);
            select.setString(2, gid);
            select.setInt(3, PAGE_ROWS);
            try (ResultSet row = select.executeQuery()) {
                while (broken.isEmpty() && !cut && row.next()) {
                    known = row.getLong(1);
                    if (!row.getString(6).isEmpty()) {
                        quarantined.accept(gid);
                    }
                    row.getLong(2);
                    if (!row.wasNull()) {
                        rows++;
                        take(connection, row, entries, broken);
                    }
                }
            }
        }
        if (to == UNKNOWN) {
            to = known;
        }
        boolean isLast = cut || rows < PAGE_ROWS;
        if (broken.isEmpty() && isLast) {
            String status = expected <= to ? status(connection) : "";
            if (REMOVED.equals(status)) {
                return new Page(to, List.of(GONE), null, true);
            }
            if (status != null) {
                checkEnd(broken);
            }
        }
        String reason = broken.isEmpty() ? null : broken.get(0);
        if (reason != null) {
            noteStop(connection);
        }
        return new Page(first, withinWanted(first, entries, reason), reason,
            isLast || reason != null || expected > to);
    }

    private void noteStop(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(STATUS)) {
            select.setString(1, gid);
            try (ResultSet row = select.executeQuery()) {
                if (row.next() && row.getString(2).startsWith(Quarantine.STOPPED)) {
                    stop = new Stop(opened(row), new Event.Ended(Status.FAILED,
                        row.getString(2), "", Micros.toInstant(row.getLong(5))));
                }
            }
        } catch (SQLException e) {
            if (!dialect.isDamage(e)) {
                throw e;
            }
        }
    }

    private Event opened(ResultSet row) throws SQLException {
        try {
            return new Event.Opened(Submission.bare(gid, TransactionRow.mode(row.getString(3))),
                Status.SUBMITTED, Micros.toInstant(row.getLong(4)));
        } catch (InvalidRequest needsMore) {
            return null;
        }
    }

    /** Null if the row has gone since its ordinal was read: the id is forgotten. */
    private String status(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(STATUS)) {
            select.setString(1, gid);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }

    private void take(Connection connection, ResultSet row, List<Entry> entries,
            List<String> broken) throws SQLException {
        long ordinal = row.getLong(2);
        if (ordinal != expected) {
            broken.add("entry " + expected + " is missing; the next one is " + ordinal);
            return;
        }
        int version = row.getInt(3);
        byte[] payload = row.getBytes(5);
        List<byte[]> content = new ArrayList<>(List.of(payload));
        if (EventCodec.isInPieces(version)) {
            content = pieces(connection, row.getLong(7), ordinal);
            if (content.size() < count(payload)) {
                // Removed since its row was read, or lost: what the index says now tells which.
                cut = true;
                return;
            }
        }
        if (Append.checksum(gid, ordinal, version, content) != row.getInt(4)) {
            broken.add("entry " + ordinal + " is not what was written");
            return;
        }
        try {
            if (EventCodec.isEncrypted(version)) {
                decrypt(content, ordinal, version, row.getLong(8));
            }
            entries.add(EventCodec.isInPieces(version) ? EventCodec.decode(content)
                : EventCodec.decode(version, content.get(0)));
            expected++;
        } catch (MissingKey e) {
            boolean mayCome = UsedKeys.isNoted(connection, e.name());
            if (mayCome) {
                cipher.misses(e.name());
            }
            broken.add((mayCome ? KEY_MISSING : "") + "entry " + ordinal + " is "
                + e.getMessage());
        } catch (Undecipherable e) {
            broken.add("entry " + ordinal + " is " + e.getMessage());
        } catch (RuntimeException e) {
            // The message may quote the content, which stays secret if it was encrypted.
            broken.add("entry " + ordinal + " cannot be understood"
                + (EventCodec.isEncrypted(version) ? "" : ": " + e.getMessage()));
        }
    }

    private void decrypt(List<byte[]> content, long ordinal, int version, long openedAt) {
        var owner = new PayloadCipher.Owner(gid, openedAt);
        int pieces = EventCodec.isInPieces(version) ? content.size() : 0;
        for (int i = 0; i < content.size(); i++) {
            content.set(i, cipher.decrypt(content.get(i),
                PayloadCipher.place(owner, ordinal, version, i, pieces)));
        }
    }

    private static long count(byte[] payload) {
        return payload.length == 0 ? 0 : new BigInteger(payload).longValue();
    }

    private static List<byte[]> pieces(Connection connection, long id, long ordinal)
            throws SQLException {
        List<byte[]> pieces = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(PIECES)) {
            select.setLong(1, id);
            select.setLong(2, ordinal);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    pieces.add(row.getBytes(1));
                }
            }
        }
        return pieces;
    }

    private void checkEnd(List<String> broken) {
        if (expected <= to) {
            broken.add("entries " + expected + " to " + to + " are missing");
        } else if (expected - 1 > known) {
            broken.add("entry " + (expected - 1) + " is there, but the index ends before it");
        }
    }

    /** Not those after {@code to}; if it is broken not {@code to} either, whose place is needed. */
    private List<Entry> withinWanted(long first, List<Entry> entries, String broken) {
        long end = broken == null ? to : to - 1;
        long wanted = Math.max(0, Math.min(entries.size(), end - first + 1));
        return List.copyOf(entries.subList(0, (int) wanted));
    }
}

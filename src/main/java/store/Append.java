package store;

import codec.ByteFields;
import encryption.Envelope;
import encryption.Key;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32C;
import transaction.Entry;
import transaction.Event;
import transaction.Outcome;
import transaction.Summary;

/**
 * What one transaction adds to its journal in one piece, encoded, with its index row.
 *
 * @param gid whose
 * @param rows consecutive, at least one
 * @param summary how the index shows it afterwards
 * @param refined whether the index has to take over what a submit changed in the request
 * @param attributed whether something is said anew of what the transaction is found by
 * @param attempts calls that this follows from, as far as they are not in {@code rows}
 * @param written completes when it is durable, or with what went wrong; by the writer's thread
 */
record Append(
        String gid,
        List<Row> rows,
        Summary summary,
        boolean refined,
        boolean attributed,
        List<AttemptRow> attempts,
        CompletableFuture<Void> written) {

    /** Of no call. */
    Append(String gid, List<Row> rows, Summary summary, boolean refined, boolean attributed,
            CompletableFuture<Void> written) {
        this(gid, rows, summary, refined, attributed, List.of(), written);
    }

    /**
     * @param checksum over the gid, the ordinal, the version and the content
     * @param payload the content; of what is longer than a piece, how many pieces there are
     * @param pieces the content if it is longer than a piece
     */
    record Row(long ordinal, int version, int checksum, byte[] payload, List<byte[]> pieces) {

        private static Row of(PayloadCipher.Owner owner, long ordinal, ByteFields content,
                Key key) {
            boolean isShort = content.size() <= EventCodec.PIECE_BYTES;
            int version = key == null
                ? isShort ? EventCodec.VERSION : EventCodec.IN_PIECES
                : isShort ? EventCodec.ENCRYPTED : EventCodec.ENCRYPTED_IN_PIECES;
            if (isShort) {
                byte[] clear = content.toBytes();
                byte[] payload = key == null ? clear : Envelope.seal(key, clear,
                    PayloadCipher.place(owner, ordinal, version, 0, 0));
                return new Row(ordinal, version,
                    Append.checksum(owner.gid(), ordinal, version, List.of(payload)), payload,
                    List.of());
            }
            List<byte[]> pieces = content.toPieces(EventCodec.PIECE_BYTES);
            int count = pieces.size();
            for (int i = 0; key != null && i < count; i++) {
                pieces.set(i, Envelope.seal(key, pieces.get(i),
                    PayloadCipher.place(owner, ordinal, version, i, count)));
            }
            return new Row(ordinal, version,
                Append.checksum(owner.gid(), ordinal, version, pieces),
                BigInteger.valueOf(count).toByteArray(), pieces);
        }

        private int bytes() {
            int sum = payload.length;
            for (byte[] piece : pieces) {
                sum += piece.length;
            }
            return sum;
        }
    }

    /**
     * @param key encrypts the content; null if it is in the clear
     * @throws IllegalArgumentException if an entry cannot be written: it has no summary, or stands
     *     in for what could not be read
     */
    static Append of(String gid, long firstOrdinal, List<Entry> entries, Key key) {
        Summary summary = entries.get(entries.size() - 1).summary();
        if (summary == null) {
            throw new IllegalArgumentException("an entry without its index row: " + gid);
        }
        PayloadCipher.Owner owner =
            new PayloadCipher.Owner(gid, Micros.of(summary.openedAt()));
        List<Row> rows = new ArrayList<>(entries.size());
        List<AttemptRow> attempts = new ArrayList<>(0);
        boolean refined = false;
        boolean attributed = false;
        long ordinal = firstOrdinal;
        for (Entry entry : entries) {
            for (var event : entry.events()) {
                if (event instanceof Event.Quarantined || event instanceof Event.Removed) {
                    throw new IllegalArgumentException("never written: " + event + " of " + gid);
                }
                refined |= event instanceof Event.Submitted;
                attributed |= attributes(event);
            }
            boolean beside = entry.attempt() != null && !isWithin(entry);
            if (beside && entry.attempt().outcome().wasTried()) {
                attempts.add(
                    AttemptRow.of(owner, entry.attempt(), entry.events().get(0).at(), key));
            }
            rows.add(Row.of(owner, ordinal, EventCodec.fields(
                beside ? new Entry(entry.events(), null) : entry), key));
            ordinal++;
        }
        return new Append(
            gid, rows, TroubleTable.noting(entries, summary), refined, attributed, attempts,
            new CompletableFuture<>());
    }

    /**
     * Whether the call is part of its entry, which costs a few bytes and no statement. The others
     * may be many, and are not all kept.
     */
    private static boolean isWithin(Entry entry) {
        Event first = entry.events().get(0);
        return entry.attempt().outcome().kind() == Outcome.Kind.FORBIDDEN
            || entry.attempt().isPlainSuccess()
                && !(first instanceof Event.RetryScheduled) && !(first instanceof Event.Awaited);
    }

    private static boolean attributes(Event event) {
        return event instanceof Event.Submitted submitted && !submitted.attributes().isEmpty()
            || event instanceof Event.Opened opened
                && !opened.submission().context().attributes().isEmpty();
    }

    /** For the place of what is encrypted. */
    PayloadCipher.Owner owner() {
        return new PayloadCipher.Owner(gid, Micros.of(summary.openedAt()));
    }

    long firstOrdinal() {
        return rows.get(0).ordinal();
    }

    long lastOrdinal() {
        return rows.get(rows.size() - 1).ordinal();
    }

    int bytes() {
        int sum = 0;
        for (Row row : rows) {
            sum += row.bytes();
        }
        return sum;
    }

    /** Of the calls beside it. */
    int attemptBytes() {
        int sum = 0;
        for (AttemptRow row : attempts) {
            sum += row.bytes();
        }
        return sum;
    }

    Instant at() {
        return summary.updatedAt();
    }

    /** Covers whose and which entry it is, so that rows put in another's place are noticed. */
    static int checksum(String gid, long ordinal, int version, List<byte[]> content) {
        CRC32C sum = new CRC32C();
        sum.update(gid.getBytes(StandardCharsets.UTF_8));
        for (int shift = 56; shift >= 0; shift -= 8) {
            sum.update((int) (ordinal >>> shift));
        }
        sum.update(version);
        content.forEach(sum::update);
        return (int) sum.getValue();
    }
}

package store;

import codec.ByteFields;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32C;
import transaction.Entry;
import transaction.Event;
import transaction.Summary;

/**
 * What one transaction adds to its journal in one piece, encoded, with its index row.
 *
 * @param gid whose
 * @param rows consecutive, at least one
 * @param summary how the index shows it afterwards
 * @param refined whether the index has to take over what a submit changed in the request
 * @param attributed whether something is said anew of what the transaction is found by
 * @param written completes when it is durable, or with what went wrong; by the writer's thread
 */
record Append(
        String gid,
        List<Row> rows,
        Summary summary,
        boolean refined,
        boolean attributed,
        CompletableFuture<Void> written) {

    /**
     * @param checksum over the gid, the ordinal, the version and the content
     * @param payload the content; of what is longer than a piece, how many pieces there are
     * @param pieces the content if it is longer than a piece
     */
    record Row(long ordinal, int version, int checksum, byte[] payload, List<byte[]> pieces) {

        private static Row of(String gid, long ordinal, ByteFields content) {
            if (content.size() <= EventCodec.PIECE_BYTES) {
                byte[] payload = content.toBytes();
                return new Row(ordinal, EventCodec.VERSION,
                    Append.checksum(gid, ordinal, EventCodec.VERSION, List.of(payload)), payload,
                    List.of());
            }
            List<byte[]> pieces = content.toPieces(EventCodec.PIECE_BYTES);
            return new Row(ordinal, EventCodec.IN_PIECES,
                Append.checksum(gid, ordinal, EventCodec.IN_PIECES, pieces),
                BigInteger.valueOf(pieces.size()).toByteArray(), pieces);
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
     * @throws IllegalArgumentException if an entry cannot be written: it has no summary, or stands
     *     in for what could not be read
     */
    static Append of(String gid, long firstOrdinal, List<Entry> entries) {
        List<Row> rows = new ArrayList<>(entries.size());
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
            rows.add(Row.of(gid, ordinal, EventCodec.fields(entry)));
            ordinal++;
        }
        Summary summary = entries.get(entries.size() - 1).summary();
        if (summary == null) {
            throw new IllegalArgumentException("an entry without its index row: " + gid);
        }
        return new Append(
            gid, rows, summary, refined, attributed, new CompletableFuture<>());
    }

    private static boolean attributes(Event event) {
        return event instanceof Event.Submitted submitted && !submitted.attributes().isEmpty()
            || event instanceof Event.Opened opened
                && !opened.submission().context().attributes().isEmpty();
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

package store;

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
 * @param written completes when it is durable, or with what went wrong; by the writer's thread
 */
record Append(
        String gid,
        List<Row> rows,
        Summary summary,
        boolean refined,
        CompletableFuture<Void> written) {

    /** @param checksum over the gid, the ordinal, the version and the payload */
    record Row(long ordinal, int version, int checksum, byte[] payload) {}

    /**
     * @throws IllegalArgumentException if an entry cannot be written: it has no summary, or stands
     *     in for what could not be read
     */
    static Append of(String gid, long firstOrdinal, List<Entry> entries) {
        List<Row> rows = new ArrayList<>(entries.size());
        boolean refined = false;
        long ordinal = firstOrdinal;
        for (Entry entry : entries) {
            for (var event : entry.events()) {
                if (event instanceof Event.Quarantined || event instanceof Event.Removed) {
                    throw new IllegalArgumentException("never written: " + event + " of " + gid);
                }
                refined |= event instanceof transaction.Event.Submitted;
            }
            byte[] payload = EventCodec.encode(entry);
            rows.add(new Row(ordinal, EventCodec.VERSION,
                checksum(gid, ordinal, EventCodec.VERSION, payload), payload));
            ordinal++;
        }
        Summary summary = entries.get(entries.size() - 1).summary();
        if (summary == null) {
            throw new IllegalArgumentException("an entry without its index row: " + gid);
        }
        return new Append(gid, rows, summary, refined, new CompletableFuture<>());
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
            sum += row.payload().length;
        }
        return sum;
    }

    Instant at() {
        return summary.updatedAt();
    }

    /** Covers whose and which entry it is, so that rows put in another's place are noticed. */
    static int checksum(String gid, long ordinal, int version, byte[] payload) {
        CRC32C sum = new CRC32C();
        sum.update(gid.getBytes(StandardCharsets.UTF_8));
        for (int shift = 56; shift >= 0; shift -= 8) {
            sum.update((int) (ordinal >>> shift));
        }
        sum.update(version);
        sum.update(payload);
        return (int) sum.getValue();
    }
}

package store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import transaction.Attempt;
import transaction.CallKey;
import transaction.Limits;
import transaction.Op;
import transaction.Outcome;
import transaction.Protocol;

/** Rows that could not be written are not tried again and again. */
class AttemptNotesTest {

    private static final AttemptRow ROW = AttemptRow.of(new PayloadCipher.Owner("g", 1),
        new Attempt(new CallKey("01", Op.ACTION), "http://a/x", Protocol.HTTP,
            Outcome.unknown("down"), Duration.ofMillis(5), 1), Instant.EPOCH, null);

    private long now = Long.MAX_VALUE - 1;
    private final AttemptNotes notes = new AttemptNotes(() -> now);

    @Test
    void afterAFailureNoneIsWrittenForAMinute() {
        notes.offer(ROW);
        assertEquals(List.of(ROW), notes.take());
        assertEquals(List.of(ROW), notes.writable(List.of(ROW)));
        assertEquals(0, notes.lost());

        notes.failed(3, "locked");
        notes.offer(ROW);

        assertEquals(List.of(), notes.take(), "it does not wait for the end of the minute");
        assertEquals(List.of(), notes.writable(List.of(ROW, ROW)));
        assertEquals(6, notes.lost());
        now += Limits.ATTEMPTS_PAUSE.toNanos() - 1;
        assertEquals(List.of(), notes.writable(List.of(ROW)));
        now++;
        assertEquals(List.of(ROW), notes.writable(List.of(ROW)));
        notes.offer(ROW);
        assertEquals(List.of(ROW), notes.take());
        assertEquals(7, notes.lost());
    }

    @Test
    void whatFindsNoRoomIsCounted() {
        Stream.generate(() -> ROW).limit(Limits.ATTEMPTS_WAITING).forEach(notes::offer);
        assertEquals(0, notes.lost());
        notes.offer(ROW);
        assertEquals(1, notes.lost());
    }
}

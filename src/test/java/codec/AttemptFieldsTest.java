package codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import transaction.Attempt;
import transaction.BranchStatus;
import transaction.Bytes;
import transaction.CallKey;
import transaction.CallRecord;
import transaction.Entry;
import transaction.Event;
import transaction.Op;
import transaction.Outcome;
import transaction.Protocol;
import transaction.Status;

/** Calls as they are kept: in the entry that follows from them, and by themselves. */
class AttemptFieldsTest {

    /** Files there are what some release wrote; they are added, never edited. */
    private static final Path GOLDEN = Path.of("src/test/resources/golden/attempts");

    private static final CallKey KEY = new CallKey("02", Op.ACTION);
    private static final Instant AT = Instant.parse("2026-03-01T10:00:00.123456789Z");

    private static final Attempt SUCCESS = attempt(Protocol.HTTP,
        Outcome.SUCCESS.with(new CallRecord("200 OK", "", "", "")));

    private static final Attempt FAILURE = attempt(Protocol.GRPC, Outcome.failure("no").with(
        new CallRecord("grpc-status 10 ABORTED", "cut off", "POST /in ü", "no")));

    private static Attempt attempt(Protocol protocol, Outcome outcome) {
        return new Attempt(KEY, "http://a/x", protocol, outcome, Duration.ofNanos(1_234_567), 7);
    }

    @Test
    void inItsEntryAnOperationThatIsDoneTakesSomeTwentyBytes() {
        Entry plain = new Entry(List.of(settled()), null);
        Entry entry = new Entry(List.of(settled()), null, SUCCESS);
        byte[] bytes = ByteFields.of(entry, EventFields::write);

        assertEquals(17, bytes.length - ByteFields.of(plain, EventFields::write).length);
        Entry read = EventFields.read(new FieldReader(bytes));
        assertEquals(entry.events(), read.events());
        assertSame(SUCCESS, read.attempt());
    }

    @Test
    void inAnotherEntryItSaysWhatWasCalled() {
        Entry entry = new Entry(
            List.of(new Event.Ended(Status.SUCCEED, "", "", AT)), null, FAILURE);

        assertSame(FAILURE, EventFields.read(
            new FieldReader(ByteFields.of(entry, EventFields::write))).attempt());
    }

    /** Nothing depends on it, and the transaction must not go into quarantine for it. */
    @Test
    void whatCannotBeUnderstoodOfItIsLeftOutOfTheEntry() {
        for (byte[] inner : List.of(ByteFields.of("LATER", (to, word) -> to.text(5, "", word)),
                new byte[] {1}, ByteFields.of(1, (to, one) -> to.number(8, "", 1)))) {
            ByteFields to = new ByteFields();
            EventFields.write(to, new Entry(List.of(settled()), null));
            to.bytes(3, "", Bytes.of(inner));

            Entry read = EventFields.read(new FieldReader(to.toBytes()));

            assertEquals(List.of(settled()), read.events());
            assertNull(read.attempt());
        }
        ByteFields to = new ByteFields();
        EventFields.write(to, new Entry(List.of(settled()), null));
        to.number(3, "", 1);
        assertNull(EventFields.read(new FieldReader(to.toBytes())).attempt());
    }

    @Test
    void byItselfItIsWhatItWas() {
        for (Attempt each : List.of(SUCCESS, FAILURE)) {
            byte[] bytes = ByteFields.of(each, AttemptFields::kept);

            assertSame(each, AttemptFields.kept(new FieldReader(bytes), KEY));
        }
    }

    @Test
    void goldenFilesAreReadAndWrittenAlike() throws IOException {
        byte[] golden = HexFormat.of().parseHex(
            Files.readString(GOLDEN.resolve("1-failure.hex")).strip());

        assertSame(FAILURE, AttemptFields.kept(new FieldReader(golden), KEY));
        assertEquals(HexFormat.of().formatHex(golden),
            HexFormat.of().formatHex(ByteFields.of(FAILURE, AttemptFields::kept)));
    }

    @Test
    void watchersAreNotToldWhatWentOverTheWire() {
        byte[] bytes = ByteFields.of(FAILURE, AttemptFields::live);

        assertTrue(AttemptFields.live(new FieldReader(bytes)).outcome().record()
            .equals(CallRecord.NONE));
    }

    private static Event.OpSettled settled() {
        return new Event.OpSettled(KEY, BranchStatus.SUCCEED, "", AT);
    }

    private static void assertSame(Attempt written, Attempt read) {
        assertEquals(written.key(), read.key());
        assertEquals(written.protocol(), read.protocol());
        assertEquals(written.outcome().kind(), read.outcome().kind());
        assertEquals(written.took(), read.took());
        assertEquals(written.outcome().record(), read.outcome().record());
    }
}

package store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import transaction.Bytes;
import transaction.Details;
import transaction.Entry;
import transaction.Event;
import transaction.GlobalTransaction;
import transaction.History;
import transaction.Limits;
import transaction.Mode;
import transaction.Options;
import transaction.Protocol;
import transaction.Status;
import transaction.Submission;

/** K10: entries that are longer than a piece, and at its bounds. */
@ParameterizedClass(name = "{0}")
@MethodSource("database.Databases#all")
class LargeEntriesTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    private Path dir;

    @Parameter
    private String kind;

    private Place place;
    private Database database;

    @BeforeEach
    void open() {
        place = Place.fresh(kind, dir);
        database = Database.open(place.settings(), H2Files.meter());
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void whatIsLongerThanAPieceGoesInPieces() {
        int most = EventCodec.PIECE_BYTES - 500;
        while (size("g", most) < EventCodec.PIECE_BYTES) {
            most++;
        }
        assertEquals(EventCodec.PIECE_BYTES, size("g", most));
        write("g", most);
        write("h", most + 1);
        write("i", most + EventCodec.PIECE_BYTES);

        assertEquals(List.of("g 2 " + EventCodec.PIECE_BYTES + " 0", "h 3 1 2", "i 3 1 2"),
            pieces());
        for (String gid : List.of("g", "h", "i")) {
            assertEquals(List.of(entry(gid, gid.equals("g") ? most : gid.equals("h") ? most + 1
                : most + EventCodec.PIECE_BYTES).events()), read(gid));
        }
    }

    @Test
    void theLargestComesBackAndIsWeighed() {
        Submission asked = Samples.large("large", Limits.TRANSACTION_BYTES);
        Entry entry = Samples.opened(asked, NOON);
        Journals.append(database, "large", 1, entry).join();

        assertEquals(List.of(entry.events()), read("large"));
        long bytes = new TransactionTable(database).bytes("large").toCompletableFuture().join();
        assertTrue(bytes > Limits.TRANSACTION_BYTES, bytes + " bytes");
        place.execute("UPDATE pactor_transaction SET size_bytes = NULL");
        assertEquals(bytes,
            new TransactionTable(database).bytes("large").toCompletableFuture().join());
    }

    @Test
    void aPieceThatIsAnotherOneOrIsGoneIsNoticed() {
        write("g", 3 * EventCodec.PIECE_BYTES);
        place.execute("UPDATE pactor_journal_piece SET payload = ? WHERE piece = 1",
            new byte[EventCodec.PIECE_BYTES]);
        assertEquals("entry 1 is not what was written", Journals.read(database, "g").broken());

        place.execute("DELETE FROM pactor_journal_piece WHERE piece = 1");
        assertEquals("entries 1 to 1 are missing", Journals.read(database, "g").broken());

        place.execute("UPDATE pactor_journal SET payload = ?", new byte[0]);
        assertEquals("entry 1 is not what was written", Journals.read(database, "g").broken());
    }

    @Test
    void itsPiecesGoWithIt() {
        for (String gid : List.of("gone", "stays")) {
            Submission asked = asked(gid, 2 * EventCodec.PIECE_BYTES);
            Event opened = new Event.Opened(asked, Status.SUBMITTED, NOON);
            Event ended = new Event.Ended(Status.SUCCEED, "", "", NOON);
            GlobalTransaction after = ended.applyTo(opened.applyTo(GlobalTransaction.ABSENT));
            Journals.append(database, gid, 1,
                Samples.entry(List.of(opened, ended), after, null)).join();
        }
        HistoryTable history = new HistoryTable(database);
        List<History.Finished> all = history.finished(
            new History.Walk(Mode.SAGA, Status.SUCCEED), Instant.MAX, null, 10)
            .toCompletableFuture().join();
        history.remove(all.stream().filter(each -> each.gid().equals("gone")).toList(), NOON)
            .toCompletableFuture().join();

        assertEquals(List.of("stays"), place.query("SELECT DISTINCT t.gid FROM pactor_transaction t"
            + " JOIN pactor_journal_piece p ON p.transaction_id = t.id"));
        assertTrue(Journals.read(database, "gone").entries().get(0).events().get(0)
            instanceof Event.Removed);
    }

    /** Nothing of a group is there if its end is not: pieces neither. */
    @Test
    void whatCannotBeWrittenLeavesNothing() {
        write("g", 40 * EventCodec.PIECE_BYTES);
        List<String> before = pieces();

        assertTrue(Journals.append(database, "g", 1, entry("g", 50 * EventCodec.PIECE_BYTES))
            .handle((written, refused) -> refused != null).join());

        assertEquals(before, pieces());
    }

    private List<String> pieces() {
        return place.query("SELECT t.gid, j.version, OCTET_LENGTH(j.payload), COUNT(p.piece)"
            + " FROM pactor_transaction t JOIN pactor_journal j ON j.transaction_id = t.id"
            + " LEFT JOIN pactor_journal_piece p ON p.transaction_id = t.id"
            + " AND p.ordinal = j.ordinal"
            + " GROUP BY t.gid, j.version, OCTET_LENGTH(j.payload) ORDER BY t.gid");
    }

    private List<List<Event>> read(String gid) {
        return Journals.read(database, gid).entries().stream().map(Entry::events).toList();
    }

    private void write(String gid, int payload) {
        Journals.append(database, gid, 1, entry(gid, payload)).join();
    }

    private static Entry entry(String gid, int payload) {
        return Samples.opened(asked(gid, payload), NOON);
    }

    private static int size(String gid, int payload) {
        return EventCodec.encode(entry(gid, payload)).length;
    }

    /** With payloads that nothing makes smaller, none of them beyond what a step may have. */
    private static Submission asked(String gid, int payload) {
        List<Submission.Step> steps = IntStream.iterate(payload, left -> left > 0,
                left -> left - Limits.PAYLOAD_BYTES)
            .mapToObj(left -> {
                byte[] bytes = new byte[Math.min(left, Limits.PAYLOAD_BYTES)];
                new SplittableRandom(left).nextBytes(bytes);
                return new Submission.Step("http://a/", "", Bytes.of(bytes));
            }).toList();
        return new Submission(gid, Mode.SAGA, steps, "", Protocol.HTTP, "", Details.PLAIN,
            Options.NONE);
    }
}

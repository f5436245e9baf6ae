package store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import transaction.Bytes;
import transaction.Details;
import transaction.Entry;
import transaction.Event;
import transaction.GlobalTransaction;
import transaction.InvalidRequest;
import transaction.Mode;
import transaction.Options;
import transaction.Protocol;
import transaction.Status;
import transaction.Submission;
import transaction.TransactionIndex;

/** The rules for what clients send become stricter, and what was accepted once stays. */
class FormerRulesTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private static final Options OPTIONS = new Options(false, -1, Integer.MAX_VALUE, 0, 0, 0,
        Map.of("Host", "x", "x y", "a\nb"), false);

    private static final Submission FORMER = new Submission("g", Mode.SAGA,
        List.of(new Submission.Step("discovery:///x/p.S/M", "ftp://h", Bytes.EMPTY)),
        "http://:0/", Protocol.HTTP, "", new Details.Delay(-5), OPTIONS);

    @TempDir
    private Path dir;

    @Test
    void todayItIsRefused() {
        assertThrows(InvalidRequest.class, FORMER::checked);
    }

    @Test
    void anEntryOfTheJournalIsRead() {
        Entry entry = new Entry(
            List.of(new Event.Opened(FORMER, Status.PREPARED, NOON), new Event.Submitted(
                OPTIONS, "", new Details.Delay(Integer.MAX_VALUE), NOON)), null);

        assertEquals(entry.events(),
            EventCodec.decode(EventCodec.VERSION, EventCodec.encode(entry)).events());
    }

    @Test
    void aRowOfTheIndexIsReadAndHidesNoOther() {
        try (Database database = Database.open(H2Files.settings(dir), H2Files.meter())) {
            write(database, FORMER);
            write(database, Samples.saga("other"));
            TransactionIndex index = new TransactionTable(database);

            assertEquals(2, index.list(TransactionIndex.Filter.ALL, "", 10)
                .toCompletableFuture().join().rows().size());
            assertEquals(OPTIONS, index.find("g").toCompletableFuture().join().orElseThrow()
                .submission().options());
        }
    }

    private static void write(Database database, Submission asked) {
        Event opened = new Event.Opened(asked, Status.SUBMITTED, NOON);
        GlobalTransaction after = opened.applyTo(GlobalTransaction.ABSENT);
        Journals.append(database, asked.gid(), 1, Samples.entry(List.of(opened), after, NOON))
            .join();
    }
}

package store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import transaction.Event;
import transaction.GlobalTransaction;
import transaction.InvalidRequest;
import transaction.Mode;
import transaction.Status;
import transaction.Submission;
import transaction.TransactionIndex;

/** What the index tells of one transaction's entries, and what it is told besides them. */
@ParameterizedClass(name = "{0}")
@MethodSource("database.Databases#all")
class TransactionHistoryTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    Path dir;

    @Parameter
    String kind;

    private Database database;
    private TransactionTable index;

    @BeforeEach
    void open() {
        database = Database.open(Place.fresh(kind, dir).settings(), H2Files.meter());
        index = new TransactionTable(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    /** Whoever has not heard of the last entry, or of the end, changes nothing. */
    @Test
    void a_row_is_rescheduled_by_whoever_knows_its_last_entry() {
        Submission asked = Submission.bare("t", Mode.TCC);
        write(asked, Status.PREPARED, NOON, NOON);

        get(index.reschedule("t", 1, NOON.plusSeconds(10)));
        assertEquals(NOON.plusSeconds(10), get(index.find("t")).orElseThrow().dueAt());
        get(index.reschedule("t", 2, NOON.plusSeconds(20)));
        get(index.reschedule("nobody", 1, NOON.plusSeconds(20)));
        assertEquals(NOON.plusSeconds(10), get(index.find("t")).orElseThrow().dueAt());

        write(Submission.bare("gone", Mode.TCC), Status.SUCCEED, NOON, null);
        get(index.reschedule("gone", 1, NOON.plusSeconds(20)));
        assertNull(get(index.find("gone")).orElseThrow().dueAt());
    }

    @Test
    void a_history_is_read_page_by_page() {
        Submission asked = Submission.bare("h", Mode.TCC);
        write(asked, Status.PREPARED, NOON, NOON);
        GlobalTransaction t = new Event.Opened(asked, Status.PREPARED, NOON)
            .applyTo(GlobalTransaction.ABSENT);
        for (int i = 2; i <= 4; i++) {
            Event hurried = new Event.Hurried(NOON.plusSeconds(i));
            Journals.append(database, "h", i, Samples.entry(
                List.of(hurried), hurried.applyTo(t), NOON)).join();
        }

        assertEquals("1 [opened] more", told(index.history("h", 0, 1)));
        assertEquals("2 [hurried, hurried] more", told(index.history("h", 1, 2)));
        assertEquals("2 [hurried, hurried, hurried]", told(index.history("h", 1, 3)));
        assertEquals("5 []", told(index.history("h", 4, 500)));
        assertEquals("6 []", told(index.history("h", 5, 500)));
        assertEquals("1 []", told(index.history("nobody", 0, 500)));
        assertThrows(InvalidRequest.class, () -> index.history("h", 0, 501));
        assertThrows(InvalidRequest.class, () -> index.history("h", 0, 0));
    }

    private static String told(CompletionStage<TransactionIndex.Entries> read) {
        TransactionIndex.Entries page = get(read);
        return page.first() + " " + page.entries().stream()
            .flatMap(entry -> entry.events().stream())
            .map(event -> event.getClass().getSimpleName().toLowerCase(Locale.ROOT)).toList()
            + (page.more() ? " more" : "") + page.broken();
    }

    private void write(Submission asked, Status status, Instant at, Instant dueAt) {
        Event opened = new Event.Opened(asked, status, at);
        Journals.append(database, asked.gid(), 1, Samples.entry(List.of(opened),
            opened.applyTo(GlobalTransaction.ABSENT), dueAt)).join();
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}

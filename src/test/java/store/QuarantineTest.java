package store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import transaction.Event;
import transaction.GlobalTransaction;
import transaction.Mode;
import transaction.Status;
import transaction.Submission;
import transaction.Summary;
import transaction.TransactionIndex.Count;
import transaction.TransactionIndex.Filter;
import transaction.TransactionIndex.Quarantining;

/** Rows and histories that cannot be read, and what can be done with them. */
@ParameterizedClass(name = "{0}")
@MethodSource("database.Databases#all")
class QuarantineTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    Path dir;

    @Parameter
    String kind;

    private Place place;
    private Database database;
    private TransactionTable index;

    @BeforeEach
    void open() {
        place = Place.fresh(kind, dir);
        database = Database.open(place.settings(), H2Files.meter());
        index = new TransactionTable(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void those_in_quarantine_are_counted_and_listed_apart() {
        write(Submission.bare("sick", Mode.TCC), Status.PREPARED, NOON, NOON);
        write(Submission.bare("well", Mode.TCC), Status.PREPARED, NOON.plusSeconds(1), NOON);
        write(Submission.bare("alone", Mode.XA), Status.PREPARED, NOON, NOON);
        assertEquals(Quarantining.BEGINS, get(index.quarantine("sick", "entry 2 is missing")));
        assertEquals(Quarantining.LASTS, get(index.quarantine("sick", "entry 3 is missing")));
        get(index.quarantine("alone", "entry 2 is missing"));

        assertEquals(List.of(new Count(Mode.TCC, Status.PREPARED, 1, NOON.plusSeconds(1), 1),
            new Count(Mode.XA, Status.PREPARED, 0, null, 1)), get(index.unfinished()).stream()
                .sorted(Comparator.comparing(each -> each.mode().wire())).toList());
        assertEquals(List.of("alone", "sick"), get(index.list(new Filter(Optional.empty(),
            Optional.empty(), Optional.empty(), Optional.empty(), true, false,
            Map.of()), "", 10)).rows().stream()
            .map(row -> row.submission().gid()).sorted().toList());
    }

    @Test
    void one_in_quarantine_is_read_again_when_asked_for_and_is_due_once_it_reads() {
        write(Submission.bare("sick", Mode.TCC), Status.PREPARED, NOON, NOON);
        get(index.quarantine("sick", "entry 2 is missing"));
        assertEquals(List.of(), get(index.due(NOON.plusSeconds(99), null, 10)));

        get(index.readAgain("sick"));
        assertEquals(1, get(index.due(NOON.plusSeconds(99), null, 10)).size());
        get(index.quarantine("sick", "entry 2 is missing"));
        assertEquals(List.of(), get(index.due(NOON.plusSeconds(99), null, 10)));

        // Only whoever has read a history whose row was in quarantine asks the database.
        assertEquals(false, get(index.release("sick")));
        assertEquals(1, Journals.lastOrdinal(database, "sick"));
        assertEquals(true, get(index.release("sick")));
        assertEquals("", get(index.find("sick")).orElseThrow().quarantine());
        assertEquals(1, get(index.due(NOON.plusSeconds(99), null, 10)).size());
    }

    @Test
    void one_in_quarantine_that_is_ended_by_force_is_never_gone_on_with() {
        write(Submission.bare("sick", Mode.TCC), Status.PREPARED, NOON, NOON);
        get(index.quarantine("sick", "entry 2 is missing"));

        assertEquals(true, get(index.endByForce("sick", "entry 2 is missing",
            NOON.plusSeconds(5))));
        assertEquals(false, get(index.endByForce("sick", "again", NOON.plusSeconds(9))));

        Summary row = get(index.find("sick")).orElseThrow();
        assertEquals(Status.FAILED, row.status());
        assertEquals("stopped by force; its history could not be read: entry 2 is missing",
            row.reason());
        assertEquals(NOON.plusSeconds(5), row.updatedAt());
        assertEquals(null, row.dueAt());
        assertEquals(List.of(), get(index.unfinished()));
        Replay replay = database.replay("sick");
        assertEquals("entries 2 to 2 are missing", database.read(replay::next).join().broken());
        assertEquals(NOON.plusSeconds(5), replay.stop().ended().at());
        get(index.quarantine("sick", "entries 2 to 2 are missing"));
        assertEquals("", get(index.find("sick")).orElseThrow().quarantine());
    }

    /** As an older release may have taken them, or a newer one may write them. */
    @Test
    void a_row_that_this_release_refuses_hides_no_other() {
        for (String gid : List.of("a", "b", "c", "d")) {
            write(Submission.bare(gid, Mode.TCC), Status.PREPARED, NOON, NOON);
        }
        place.execute("UPDATE pactor_transaction SET query_prepared = 'no url at all'"
            + " WHERE gid = 'b'");
        place.execute("UPDATE pactor_transaction SET options = '{' WHERE gid = 'c'");
        place.execute("UPDATE pactor_transaction SET protocol = 'telex' WHERE gid = 'd'");

        Map<String, Summary> rows = get(index.list(Filter.ALL, "", 10)).rows().stream()
            .collect(Collectors.toMap(row -> row.submission().gid(), row -> row));

        // What today's rules would refuse of a request is shown as it is.
        assertEquals("no url at all", rows.get("b").submission().queryPrepared());
        assertEquals("", rows.get("a").quarantine());
        for (String gid : List.of("c", "d")) {
            assertTrue(rows.get(gid).quarantine().startsWith("this row cannot be read: "), gid);
            assertEquals(Status.PREPARED, rows.get(gid).status());
            assertEquals(rows.get(gid), get(index.find(gid)).orElseThrow());
        }
        assertEquals(4, get(index.due(NOON.plusSeconds(1), null, 10)).size());
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

package store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import transaction.BranchStatus;
import transaction.CallKey;
import transaction.Entry;
import transaction.Event;
import transaction.GlobalTransaction;
import transaction.InvalidRequest;
import transaction.Op;
import transaction.Status;
import transaction.Submission;
import transaction.TransactionIndex.Filter;
import transaction.TransactionIndex.Group;
import transaction.TransactionIndex.Page;
import transaction.TransactionIndex.Search;
import transaction.Trouble;

/** Which transactions are in trouble, of what kind, and lists of those. */
@ParameterizedClass(name = "{0}")
@MethodSource("database.Databases#all")
class TroubleTableTest {

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

    /** The search that a test asks for. */
    private record Asked(String gid, String cause, String participant, String error, String is,
            int attempts) {

        Filter filter() {
            return of(new Search(
                true, false, Optional.empty(), gid, cause, participant, error, is, attempts,
                Optional.empty(), false));
        }
    }

    @Test
    void those_in_trouble_are_found_by_each_part_of_it() {
        write("a", 0, new Trouble("retry", "stock:80", "return code 500", 3));
        write("b", 1, new Trouble("retry", "stock:8080", "return code 5001", 7));
        write("c", 2, new Trouble("callback", "bank:80", "return ongoing", 1));
        write("d", 3, Trouble.NONE);

        assertEquals(List.of("c", "b", "a"), gids(new Asked("", "", "", "", "", 1)));
        assertEquals(List.of("b", "a"), gids(new Asked("", "retry", "", "", "", 0)));
        assertEquals(List.of("b", "a"), gids(new Asked("", "", "stock", "", "", 0)));
        assertEquals(List.of("a"), gids(new Asked("", "", "stock:80", "", "", 0)));
        assertEquals(List.of("b", "a"), gids(new Asked("", "", "", "CODE 500", "", 0)));
        assertEquals(List.of("a"), gids(new Asked("", "", "", "", "return code 500", 0)));
        assertEquals(List.of(), gids(new Asked("", "", "", "%", "", 0)));
        assertEquals(List.of("b"), gids(new Asked("", "", "", "", "", 4)));
        assertEquals(List.of("b"), gids(new Asked("b", "", "", "", "", 4)));
        assertEquals(new Trouble("retry", "stock:8080", "return code 5001", 7),
            list(new Asked("b", "", "", "", "", 0).filter(), "", 9).rows().get(0).trouble());
    }

    @Test
    void groups_have_as_many_as_their_lists() {
        for (int i = 0; i < 30; i++) {
            write("g" + i, i, new Trouble(
                i % 2 == 0 ? "retry" : "put-off", "host" + i % 3 + ":80", "e" + i % 5, i));
        }
        var all = get(index.troubles("default", 100));
        for (Group group : all.groups()) {
            Trouble what = group.trouble();
            List<String> listed = gids(
                new Asked("", what.cause(), what.participant(), "", what.error(), 0));
            assertEquals(group.count(), listed.size(), what.toString());
            assertEquals(group.oldest(), get(index.find(listed.get(listed.size() - 1)))
                .orElseThrow().openedAt());
        }
        assertEquals(30, all.groups().stream().mapToLong(Group::count).sum());
        assertEquals(true, all.complete());
        assertEquals(false, get(index.troubles("default", 3)).complete());
        assertEquals(3, get(index.troubles("default", 3)).groups().size());
    }

    @Test
    void one_that_goes_on_is_in_none_any_more() {
        GlobalTransaction t = write("g", 0, new Trouble("retry", "stock:80", "down", 1));
        Event settled = new Event.OpSettled(
            new CallKey("01", Op.ACTION), BranchStatus.SUCCEED, "", NOON);
        t = append(t, 2, settled, Trouble.OVER);

        assertEquals(List.of("0"), rows());
        append(t, 3, new Event.Hurried(NOON), new Trouble("retry", "stock:80", "down", 2));
        assertEquals(List.of("1"), rows());
    }

    /** What led out of it may have left no trace but its event. */
    @Test
    void an_end_by_force_ends_it() {
        GlobalTransaction t = write("g", 0, new Trouble("parked", "stock:80", "down", 0));
        append(t, 2, new Event.ForceStopped("", NOON), Trouble.NONE);

        assertEquals(List.of("0"), rows());
    }

    @Test
    void quarantine_is_a_trouble_too() {
        write("g", 0, Trouble.NONE);
        get(index.quarantine("g", "entry 2 is missing"));
        get(index.quarantine("g", "entry 2 is missing"));
        get(index.quarantine("nobody", "entry 2 is missing"));

        assertEquals(List.of(new Trouble("quarantined", "", "entry 2 is missing", 0)),
            get(index.troubles("default", 9)).groups().stream().map(Group::trouble).toList());
        assertEquals(List.of("g"), gids(new Filter(Optional.empty(), Optional.empty(),
            Optional.empty(), Optional.empty(), true, false, Map.of()), 9));
        get(index.endByForce("g", "why", NOON));
        assertEquals(List.of("0"), rows());
    }

    @Test
    void gids_that_begin_alike_come_in_their_order() {
        for (String gid : List.of("order-2", "order-10", "order_1", "Order-1", "orde%r", "other")) {
            write(gid, 0, Trouble.NONE);
        }
        assertEquals(List.of("order-10", "order-2", "order_1"), gids(prefix("order"), 2));
        assertEquals(List.of("order_1"), gids(prefix("order_"), 2));
        assertEquals(List.of("orde%r"), gids(prefix("orde%"), 2));
        assertThrows(InvalidRequest.class, () -> list(prefix("order"), "1a.2b", 9));
    }

    @Test
    void the_oldest_may_come_first() {
        for (int i = 0; i < 7; i++) {
            write("g" + i, i % 5, Trouble.NONE);
        }
        assertEquals(List.of("g0", "g5", "g1", "g6", "g2", "g3", "g4"), gids(
            of(oldestFirst(Optional.empty())), 2));
        assertEquals(List.of("g0", "g5", "g1", "g6"), gids(
            of(oldestFirst(Optional.of(NOON.plusSeconds(2)))), 9));
    }

    private static Filter prefix(String gid) {
        return of(new Search(false, false, Optional.empty(), gid, "", "", "", "", 0,
            Optional.empty(), false));
    }

    private static Search oldestFirst(Optional<Instant> updatedBefore) {
        return new Search(
            false, false, Optional.empty(), "", "", "", "", "", 0, updatedBefore, true);
    }

    private static Filter of(Search search) {
        return new Filter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
            false, false, Map.of(), search);
    }

    private List<String> gids(Asked asked) {
        return gids(asked.filter(), 100);
    }

    /** All of them, in pages. */
    private List<String> gids(Filter filter, int limit) {
        List<String> all = new ArrayList<>();
        String cursor = "";
        do {
            Page page = list(filter, cursor, limit);
            page.rows().forEach(row -> all.add(row.submission().gid()));
            cursor = page.next();
        } while (!cursor.isEmpty());
        return all;
    }

    private Page list(Filter filter, String cursor, int limit) {
        return get(index.list(filter, cursor, limit));
    }

    private List<String> rows() {
        return place.query("SELECT COUNT(*) FROM pactor_trouble");
    }

    private GlobalTransaction write(String gid, int second, Trouble trouble) {
        Submission asked = Samples.saga(gid);
        return append(GlobalTransaction.ABSENT, 1,
            new Event.Opened(asked, Status.SUBMITTED, NOON.plusSeconds(second)), trouble);
    }

    private GlobalTransaction append(GlobalTransaction t, int number, Event event, Trouble now) {
        GlobalTransaction after = event.applyTo(t);
        Entry entry = Samples.entry(List.of(event), after, after.isFinal() ? null : NOON);
        Journals.append(database, after.gid(), number,
            new Entry(entry.events(), entry.summary().in(now))).join();
        return after;
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}

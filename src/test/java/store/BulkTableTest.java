package store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import transaction.Bulk;
import transaction.BulkAction;
import transaction.Bulks;
import transaction.CallKey;
import transaction.InvalidRequest;
import transaction.Limits;
import transaction.Op;
import transaction.Reply;

/** Bulk operations, and what has become of each of their transactions. */
@ParameterizedClass(name = "{0}")
@MethodSource("database.Databases#all")
class BulkTableTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private static final BulkAction RETRY =
        new BulkAction(BulkAction.Kind.RETRY, null, "", null, "it is up again", "ada");

    private static final BulkAction RESOLVE = new BulkAction(BulkAction.Kind.RESOLVE,
        new CallKey("01", Op.ACTION), "failure", null, "seen at the bank", "bob");

    @TempDir
    Path dir;

    @Parameter
    String kind;

    private Place place;
    private Database database;
    private Instant now = NOON;
    private final InstantSource source = () -> now;
    private BulkTable bulks;

    @BeforeEach
    void open() {
        place = Place.fresh(kind, dir);
        reopen();
    }

    private void reopen() {
        database = Database.open(place.settings(), H2Files.meter());
        bulks = new BulkTable(database, source.withZone(ZoneOffset.UTC));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void what_began_is_there_after_a_restart_and_goes_on_where_it_was() {
        BulkAction pause = new BulkAction(
            BulkAction.Kind.PAUSE, null, "", NOON.plusSeconds(60), "", "");
        Bulk first = begin("default", "first", RESOLVE, "a", "b", "c");
        now = now.plusSeconds(1);
        begin("default", "second", pause, "d");
        note(first, 2, Reply.DONE);
        database.close();
        reopen();

        assertEquals(pause, find("second").action());
        assertEquals(RESOLVE, find("first").action());
        assertEquals(new Bulk.Progress(3, 1, 0, 0), find("first").progress());
        assertEquals(List.of("a", "c"), batch("first", 9));
        assertEquals(List.of("pending", "succeeded", "pending"), items("first", Optional.empty())
            .stream().map(each -> each.result().wire()).toList());
    }

    @Test
    void said_again_in_the_same_words_it_is_the_same() {
        Bulk begun = begin("default", "one", RETRY, "a", "b");
        assertEquals(begun, begin("default", "one", RETRY, "c"));
        assertEquals(2, items("one", Optional.empty()).size());
        assertConflict("another bulk operation has the id one",
            bulks.begin(bulk("default", "one", RESOLVE, 1), List.of("a")));
        begin("team", "one", RESOLVE, "x");
        assertEquals(RETRY, find("one").action());
    }

    @Test
    void said_again_by_somebody_else_in_words_that_no_row_has_it_is_the_same() {
        Bulk begun = begin("default", "one", new BulkAction(
            BulkAction.Kind.RETRY, null, "", null, "up\0again", "ada"), "a");
        assertEquals(begun, begin("default", "one", new BulkAction(
            BulkAction.Kind.RETRY, null, "", null, "up\0again", "bob"), "a"));
        assertConflict("another bulk operation has the id one",
            bulks.begin(bulk("default", "one", RETRY, 1), List.of("a")));
    }

    @Test
    void those_that_are_held_up_are_passed_over() {
        Bulk first = begin("default", "first", RETRY, "a");
        now = now.plusSeconds(1);
        Bulk other = begin("team", "first", RETRY, "b");
        assertEquals(first, get(bulks.next(9, List.of())).orElseThrow().bulk());
        assertEquals(other, get(bulks.next(9, List.of(first))).orElseThrow().bulk());
        assertEquals(Optional.empty(), get(bulks.next(9, List.of(other, first))));
    }

    @Test
    void a_result_is_counted_once_and_the_last_one_ends_it() {
        Bulk bulk = begin("default", "one", RETRY, "a", "b", "c");
        note(bulk, 1, Reply.DONE);
        note(bulk, 1, new Reply.Refused("too late"));
        note(bulk, 2, new Reply.Refused("it has ended"));
        note(bulk, 3, new Reply.Unclear("no answer"));
        assertEquals(new Bulk.Progress(3, 1, 1, 0), find("one").progress());
        assertEquals(Bulk.State.RUNNING, find("one").state());

        now = now.plusSeconds(5);
        note(bulk, 3, Reply.DONE);
        assertEquals(Bulk.State.FINISHED, find("one").state());
        assertEquals(now, find("one").endedAt());
        assertEquals(new Bulk.Progress(3, 2, 1, 0), find("one").progress());
        assertEquals(List.of("b it has ended"),
            items("one", Optional.of(Bulk.Result.REFUSED)).stream()
                .map(each -> each.gid() + " " + each.detail()).toList());
        assertEquals(Optional.empty(), get(bulks.next(9, List.of())));
    }

    @Test
    void those_that_were_put_off_come_last_and_fail_in_the_end() {
        Bulk bulk = begin("default", "one", RETRY, "a", "b");
        for (int i = 1; i < Limits.BULK_TRIES; i++) {
            note(bulk, 1, new Reply.Full("no room"));
        }
        assertEquals(List.of("b", "a"), batch("one", 9));
        assertEquals(List.of("b"), batch("one", 1));
        note(bulk, 1, new Reply.Full("no room"));
        assertEquals(List.of("b"), batch("one", 9));
        assertEquals(new Bulk.Progress(2, 0, 0, 1), find("one").progress());
    }

    @Test
    void they_take_turns_and_those_that_are_held_have_none() {
        Bulk first = begin("default", "first", RETRY, "a", "b");
        now = now.plusSeconds(1);
        Bulk second = begin("team", "second", RETRY, "c", "d");
        assertEquals(List.of("a", "b"), batch("first", 9));
        now = now.plusSeconds(1);
        note(first, 1, Reply.DONE);
        assertEquals(List.of("c", "d"), batch("second", 9));
        now = now.plusSeconds(1);
        note(second, 1, Reply.DONE);
        assertEquals(List.of("b"), batch("first", 9));

        assertEquals(Bulk.State.PAUSED, order("first", Bulk.Order.PAUSE).state());
        assertEquals(List.of("d"), batch("second", 9));
        get(bulks.order("team", "second", Bulk.Order.CANCEL, "eve"));
        assertEquals(Optional.empty(), get(bulks.next(9, List.of())));
        assertEquals(Bulk.State.RUNNING, order("first", Bulk.Order.RESUME).state());
        assertEquals(List.of("b"), batch("first", 9));
    }

    @Test
    void an_order_may_be_said_twice_and_comes_too_late_after_the_end() {
        Bulk bulk = begin("default", "one", RETRY, "a", "b");
        assertEquals("eve", order("one", Bulk.Order.PAUSE).changedBy());
        assertEquals(find("one"), order("one", Bulk.Order.PAUSE));
        note(bulk, 1, Reply.DONE);
        assertEquals(Bulk.State.PAUSED, find("one").state());
        order("one", Bulk.Order.RESUME);
        note(bulk, 2, Reply.DONE);
        assertEquals(Bulk.State.FINISHED, find("one").state());
        assertConflict("it is finished: cannot cancel it",
            bulks.order("default", "one", Bulk.Order.CANCEL, "eve"));
        assertEquals(Optional.empty(),
            get(bulks.order("team", "one", Bulk.Order.CANCEL, "eve")));
    }

    @Test
    void a_paused_one_ends_with_its_last_result() {
        Bulk bulk = begin("default", "one", RETRY, "a", "b");
        note(bulk, 1, Reply.DONE);
        order("one", Bulk.Order.PAUSE);
        now = now.plusSeconds(5);
        note(bulk, 2, Reply.DONE);
        assertEquals(Bulk.State.FINISHED, find("one").state());
        assertEquals(now, find("one").endedAt());
    }

    @Test
    void as_many_are_open_and_kept_as_may_be() {
        for (int i = 0; i < Limits.BULKS_OPEN; i++) {
            begin("default", "open" + i, RETRY, "a");
        }
        assertConflict("10 bulk operations have not ended, as many as may be: cancel one, or wait",
            bulks.begin(bulk("default", "more", RETRY, 1), List.of("a")));
        begin("team", "more", RETRY, "a");
        order("open0", Bulk.Order.CANCEL);
        for (int i = 0; i <= Limits.BULKS_KEPT - Limits.BULKS_OPEN; i++) {
            now = now.plusSeconds(1);
            begin("default", "ended" + i, RETRY, "a");
            order("ended" + i, Bulk.Order.CANCEL);
        }
        assertEquals(Limits.BULKS_KEPT, ids().size());
        assertTrue(get(bulks.find("default", "open0")).isEmpty());
        assertTrue(get(bulks.find("default", "ended0")).isPresent());
        assertEquals(List.of(), place.query(
            "SELECT gid FROM pactor_bulk_item WHERE bulk_id = 'open0'"));
    }

    @Test
    void the_largest_one_is_there_to_its_last_item() {
        List<String> gids =
            IntStream.rangeClosed(1, Limits.BULK_ITEMS).mapToObj(i -> "g" + i).toList();
        get(bulks.begin(bulk("default", "large", RETRY, gids.size()), gids));
        assertEquals(gids.subList(0, Limits.BULK_BATCH), batch("large", Limits.BULK_BATCH));
        Bulks.Items last = get(bulks.items(
            "default", "large", Optional.empty(), Limits.BULK_ITEMS - 1, 2));
        assertEquals("g" + Limits.BULK_ITEMS, last.items().get(0).gid());
        order("large", Bulk.Order.CANCEL);
        assertEquals(1, get(bulks.forget(NOON.plusSeconds(1))));
        assertEquals(List.of("0"), place.query("SELECT COUNT(*) FROM pactor_bulk_item"));
    }

    @Test
    void the_list_is_newest_first_page_by_page() {
        IntStream.range(0, 5).forEach(i -> {
            now = NOON.plusSeconds(i / 2);
            begin("default", "b" + i, RETRY, "a");
        });
        assertEquals(List.of("b4", "b3", "b2", "b1", "b0"), ids());
        for (String wrong : List.of("x", ".b1", "+1.b", "1", "zz.b1", "\u0661.b")) {
            assertThrows(InvalidRequest.class, () -> bulks.list("default", wrong, 2), wrong);
        }
        Bulks.Items page = get(bulks.items("default", "b1", Optional.empty(), 0, 1));
        assertEquals(0, page.next());
    }

    @Test
    void what_ended_long_ago_is_forgotten() {
        begin("default", "old", RETRY, "a");
        begin("default", "open", RETRY, "a");
        order("old", Bulk.Order.CANCEL);
        assertEquals(0, get(bulks.forget(NOON)));
        assertEquals(1, get(bulks.forget(NOON.plusNanos(1_000))));
        assertEquals(List.of("open"), ids());
        assertEquals(List.of("open"), place.query("SELECT bulk_id FROM pactor_bulk_item"));
    }

    @Test
    void what_was_paused_long_ago_is_canceled_and_what_runs_is_not() {
        begin("default", "held", RETRY, "a");
        begin("default", "running", RETRY, "a");
        order("held", Bulk.Order.PAUSE);
        now = now.plusSeconds(5);
        assertEquals(0, get(bulks.forget(NOON)));
        assertEquals(Bulk.State.PAUSED, find("held").state());
        assertEquals(0, get(bulks.forget(NOON.plusNanos(1_000))));
        assertEquals(Bulk.State.CANCELED, find("held").state());
        assertEquals("", find("held").changedBy());
        assertEquals(now, find("held").endedAt());
        assertEquals(Bulk.State.RUNNING, find("running").state());
    }

    private Bulk begin(String namespace, String id, BulkAction action, String... gids) {
        return get(bulks.begin(bulk(namespace, id, action, gids.length), List.of(gids)));
    }

    private Bulk bulk(String namespace, String id, BulkAction action, int total) {
        return Bulk.begun(namespace, id, action, "{\"cause\":\"retry\"}", total, now);
    }

    private Bulk find(String id) {
        return get(bulks.find("default", id)).orElseThrow();
    }

    private Bulk order(String id, Bulk.Order order) {
        return get(bulks.order("default", id, order, "eve")).orElseThrow();
    }

    /** As {@code reply} leaves it. */
    private void note(Bulk bulk, int number, Reply reply) {
        Bulk.Item item = get(bulks.items(bulk.namespace(), bulk.id(), Optional.empty(),
            number - 1, 1)).items().get(0);
        Bulk.Item pending = new Bulk.Item(
            number, item.gid(), Bulk.Result.PENDING, item.tries(), "", null);
        get(bulks.note(bulk, List.of(pending.after(reply, now))));
    }

    /** The gids of the next batch, which is one of that operation. */
    private List<String> batch(String id, int limit) {
        Bulks.Batch batch = get(bulks.next(limit, List.of())).orElseThrow();
        return batch.bulk().id().equals(id)
            ? batch.items().stream().map(Bulk.Item::gid).toList() : List.of();
    }

    private List<Bulk.Item> items(String id, Optional<Bulk.Result> result) {
        List<Bulk.Item> all = new ArrayList<>();
        int after = 0;
        do {
            Bulks.Items page = get(bulks.items("default", id, result, after, 2));
            all.addAll(page.items());
            after = page.next();
        } while (after > 0);
        return all;
    }

    private List<String> ids() {
        List<String> ids = new ArrayList<>();
        String cursor = "";
        do {
            Bulks.Page page = get(bulks.list("default", cursor, 2));
            page.operations().forEach(each -> ids.add(each.id()));
            cursor = page.next();
        } while (!cursor.isEmpty());
        return ids;
    }

    private static void assertConflict(String why, CompletionStage<?> stage) {
        CompletionException thrown = assertThrows(
            CompletionException.class, () -> stage.toCompletableFuture().join());
        assertEquals(Bulks.Conflict.class, thrown.getCause().getClass());
        assertEquals(why, thrown.getCause().getMessage());
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}

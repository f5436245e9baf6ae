package store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import transaction.Entry;
import transaction.Event;
import transaction.GlobalTransaction;
import transaction.History.Finished;
import transaction.History.Walk;
import transaction.Limits;
import transaction.Mode;
import transaction.Status;
import transaction.TransactionIndex.Filter;

/** What has ended can be removed, and nothing else can. */
@ParameterizedClass(name = "{0}")
@MethodSource("database.Databases#all")
class HistoryTableTest {

    private static final Instant LATER = Samples.START.plus(Duration.ofDays(7));

    private static final Walk SAGAS = new Walk(Mode.SAGA, Status.SUCCEED);

    @TempDir
    Path dir;

    @Parameter
    String kind;

    private Place place;

    private Database database;
    private HistoryTable history;
    private TransactionTable index;

    @BeforeEach
    void open() {
        place = Place.fresh(kind, dir);
        database = Database.open(place.settings(), H2Files.meter());
        history = new HistoryTable(database);
        index = new TransactionTable(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void events_and_row_go_together_and_the_rest_stays() {
        finished("old");
        finished("kept");
        finished("poisoned");
        Journals.append(database, "open", List.of(Samples.opened("open"))).join();
        get(index.quarantine("poisoned", "does not add up"));

        assertEquals(List.of("old", "kept"), gids());
        Finished old = page(null, 10).get(0);
        assertEquals(Micros.of(Samples.START.plusMillis(5)), Micros.of(old.endedAt()));
        assertEquals(1, get(history.remove(List.of(old), LATER)));

        assertEquals(List.of("kept"), gids());
        assertEquals(Optional.empty(), get(index.find("old")));
        assertEquals(3, get(index.list(Filter.ALL, "", 10)).rows().size());
        assertEquals(List.of("removed      " + Micros.of(LATER)), place.query(
            "SELECT status, query_prepared, custom_data, options, reason, result, opened_at"
                + " FROM pactor_transaction WHERE gid = 'old'"));
        assertEquals(List.of("3 kept", "1 open", "3 poisoned"), place.query(
            "SELECT COUNT(*), gid FROM pactor_journal j JOIN pactor_transaction t"
                + " ON t.id = j.transaction_id GROUP BY gid ORDER BY gid"));
        Unfinished.assertAllDue(place::connect);
    }

    @Test
    void whoever_asks_for_what_is_unfinished_or_poisoned_removes_nothing() {
        Journals.append(database, "open", List.of(Samples.opened("open"))).join();
        finished("poisoned");
        get(index.quarantine("poisoned", "does not add up"));
        List<Finished> all = place.query("SELECT id FROM pactor_transaction").stream()
            .map(id -> new Finished(Long.parseLong(id), "", LATER, LATER)).toList();

        assertEquals(0, get(history.remove(all, LATER)));

        assertEquals(2, all.size());
        assertEquals(1, Journals.read(database, "open").entries().size());
        assertEquals(3, Journals.read(database, "poisoned").entries().size());
    }

    @Test
    void two_nodes_at_the_same_work_do_it_once() {
        for (int i = 0; i < 60; i++) {
            finished("g" + i);
        }
        List<CompletableFuture<Integer>> both = new ArrayList<>();
        List<Finished> page = page(null, 60);
        for (int i = 0; i < 60; i += 10) {
            List<Finished> batch = page.subList(i, i + 10);
            both.add(history.remove(batch, LATER).toCompletableFuture());
            both.add(history.remove(batch, LATER).toCompletableFuture());
        }

        assertEquals(60, both.stream().mapToInt(CompletableFuture::join).sum());
        assertEquals(List.of("0"), place.query("SELECT COUNT(*) FROM pactor_journal"));
    }

    @Test
    void who_still_believes_in_it_cannot_write() {
        finished("g");
        Entry last = Samples.sagaThatSucceeds("g").get(2);
        remove("g");

        for (long ordinal = 1; ordinal <= 4; ordinal++) {
            Entry entry = ordinal == 1 ? Samples.opened("g") : last;
            CompletableFuture<Void> write = Journals.append(database, "g", ordinal, entry);
            CompletionException refused = assertThrows(CompletionException.class, write::join);
            assertTrue(refused.getCause() instanceof SQLException, refused.toString());
        }
        assertEquals(List.of("0"), place.query("SELECT COUNT(*) FROM pactor_journal"));
        assertEquals(GlobalTransaction.REMOVED, replayed("g"));
    }

    @Test
    void it_says_itself_that_it_was_removed() {
        finished("g");
        remove("g");

        Replay.Page page = Journals.read(database, "g");

        assertEquals(null, page.broken());
        assertEquals(List.of(new Event.Removed(Instant.EPOCH)), page.entries().get(0).events());
        assertEquals(4, Journals.lastOrdinal(database, "g"));
        assertTrue(replayed("g").isFinal());
    }

    @Test
    void a_removal_in_the_middle_of_a_replay_is_no_damage() {
        finished("g");
        long last = Journals.lastOrdinal(database, "g");
        remove("g");
        assertEquals(GlobalTransaction.REMOVED, state(Journals.read(database, "g", last)));
        assertEquals(1, get(history.forget(Mode.SAGA, LATER, 10)));

        Replay.Page gone = Journals.read(database, "g", last);

        assertEquals(List.of(), gone.entries());
        assertEquals(null, gone.broken());
    }

    @Test
    void an_id_is_free_again_when_it_was_forgotten() {
        finished("g");
        finished("h");
        remove("g");
        assertEquals(0, get(history.forget(Mode.SAGA, LATER.minusMillis(1), 10)));
        assertEquals(0, get(history.forget(Mode.TCC, LATER, 10)));

        assertEquals(1, get(history.forget(Mode.SAGA, LATER, 10)));

        finished("g");
        assertEquals(Status.SUCCEED, replayed("g").status());
        assertEquals(Status.SUCCEED, replayed("h").status());
    }

    @Test
    void pages_are_the_whole_walk() {
        for (int i = 0; i < 25; i++) {
            finished("g" + i);
        }
        List<String> seen = new ArrayList<>();
        for (List<Finished> page = page(null, 10); !page.isEmpty();
                page = page(page.get(page.size() - 1), 10)) {
            page.forEach(each -> seen.add(each.gid()));
        }

        assertEquals(gids(), seen);
        assertEquals(25, seen.size());
        assertEquals(List.of(),
            get(history.finished(SAGAS, Samples.START.minusMillis(1), null, 10)));
        assertEquals(Optional.of(Samples.START.plusMillis(5)).map(Micros::of),
            get(history.oldest()).map(Micros::of));
    }

    /** The plan that keeps a round quick however many rows there are. */
    @Test
    void no_walk_reads_the_whole_table() {
        assumeTrue(place.isH2(), "its plans are told in other words");
        finished("g");
        String plan = String.join("\n", place.query("EXPLAIN " + HistoryTable.FINISHED
            .replace("namespace = ?", "namespace = 'default'")
            .replace("mode = ?", "mode = 'saga'").replace("status = ?", "status = 'succeed'")
            .replace("?", "10")));
        assertTrue(!plan.contains("tableScan"), plan);
        assertTrue(plan.contains("index sorted"), plan);
    }

    private void finished(String gid) {
        Journals.append(database, gid, Samples.sagaThatSucceeds(gid)).join();
    }

    private void remove(String gid) {
        List<Finished> chosen =
            page(null, Limits.PAGE_ROWS).stream().filter(each -> each.gid().equals(gid)).toList();
        assertEquals(1, get(history.remove(chosen, LATER)));
    }

    private List<String> gids() {
        return page(null, Limits.PAGE_ROWS).stream().map(Finished::gid).toList();
    }

    private List<Finished> page(Finished after, int limit) {
        return get(history.finished(SAGAS, LATER, after, limit));
    }

    private GlobalTransaction replayed(String gid) {
        return state(Journals.read(database, gid));
    }

    private static GlobalTransaction state(Replay.Page page) {
        GlobalTransaction t = GlobalTransaction.ABSENT;
        for (Entry entry : page.entries()) {
            t = entry.applyTo(t);
        }
        return t;
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}

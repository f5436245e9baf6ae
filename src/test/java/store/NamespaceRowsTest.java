package store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Clock;
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
import transaction.Context;
import transaction.Details;
import transaction.Entry;
import transaction.History.Finished;
import transaction.History.Walk;
import transaction.Limits;
import transaction.Mode;
import transaction.Options;
import transaction.Protocol;
import transaction.Reply;
import transaction.Status;
import transaction.Submission;
import transaction.Topics;
import transaction.TransactionIndex.Count;
import transaction.TransactionIndex.Filter;
import transaction.TransactionIndex.Page;

/** One gid in several namespaces is several transactions, in every table. */
@ParameterizedClass(name = "{0}")
@MethodSource("database.Databases#all")
class NamespaceRowsTest {

    private static final Instant LATER = Samples.START.plusSeconds(1_000);

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

    private void opened(String namespace, String gid, Map<String, String> attributes) {
        Submission asked = new Submission(gid, Mode.TCC, List.of(), "", Protocol.HTTP, "",
            Details.PLAIN, Options.NONE, Context.of(attributes)).in(namespace);
        Journals.append(database, asked.gid(), 1, Samples.opened(asked, Samples.START)).join();
    }

    @Test
    void eachHasItsOwnRowAndHistory() {
        for (String namespace : List.of("default", "orders", "stock")) {
            opened(namespace, "g", Map.of());
        }

        assertEquals(List.of("default g", "orders orders\tg", "stock stock\tg"),
            place.query("SELECT namespace, gid FROM pactor_transaction ORDER BY namespace"));
        assertEquals("orders", get(index.find("orders\tg")).orElseThrow().submission().context()
            .namespace());
        assertEquals("default",
            get(index.find("g")).orElseThrow().submission().context().namespace());
        assertEquals(Optional.empty(), get(index.find("other\tg")));
        for (String id : List.of("g", "orders\tg", "stock\tg")) {
            assertEquals(1, Journals.read(database, id).entries().size());
            assertEquals(1, get(index.history(id, 0, 10)).entries().size());
        }
    }

    @Test
    void theLongestIdHasRoom() {
        String namespace = "n".repeat(Limits.NAMESPACE_CHARS);
        String gid = "ü".repeat(Limits.GID_CHARS);
        opened(namespace, gid, Map.of());

        assertEquals(gid, get(index.find(namespace + "\t" + gid)).orElseThrow().submission()
            .ownGid());
    }

    /** Pages of one are the same whatever else there is, so a cursor tells of nobody else. */
    @Test
    void listsAreOfOneNamespace() {
        for (int i = 0; i < 7; i++) {
            opened("orders", "g" + i, Map.of("order", "1"));
            opened(i % 2 == 0 ? "default" : "stock", "g" + i, Map.of("order", "1"));
        }
        List<Map<String, String>> filters = List.of(Map.of(), Map.of("order", "1"));
        for (Map<String, String> attributes : filters) {
            Filter all = new Filter(Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty(), false, false, attributes);
            assertEquals(List.of(3, 3, 1), pages(all.in("orders"), 3));
            assertEquals(List.of(4), pages(all, 4));
            assertEquals(List.of(3), pages(all.in("stock"), 3));
            assertEquals(List.of(0), pages(all.in("nobody"), 3));
        }
    }

    private List<Integer> pages(Filter filter, int limit) {
        List<Integer> sizes = new ArrayList<>();
        String cursor = "";
        do {
            Page page = get(index.list(filter, cursor, limit));
            page.rows().forEach(row -> assertEquals(filter.namespace(),
                row.submission().context().namespace()));
            sizes.add(page.rows().size());
            cursor = page.next();
        } while (!cursor.isEmpty());
        return sizes;
    }

    @Test
    void theUnfinishedAreCountedApart() {
        opened("orders", "a", Map.of());
        opened("orders", "b", Map.of());
        opened("default", "a", Map.of());

        List<Count> counts = get(index.unfinished());

        assertEquals(List.of("default=1", "orders=2"), counts.stream()
            .map(each -> each.namespace() + "=" + each.count()).toList());
        assertEquals(2, get(index.dueAfter("orders", Instant.EPOCH, 10)).size());
        assertEquals(1, get(index.dueAfter("default", Instant.EPOCH, 10)).size());
    }

    @Test
    void whatIsOpenIsCountedWithItsBytes() {
        opened("orders", "a", Map.of());
        Journals.append(database, "done", Samples.sagaThatSucceeds("done")).join();
        UsageTable usage = new UsageTable(database);

        UsageTable.Usage one = get(usage.of("orders"));
        assertEquals(1, one.open());
        opened("orders", "b", Map.of());
        assertEquals(2, get(usage.of("orders")).open());
        assertEquals(2 * one.bytes(), get(usage.of("orders")).bytes());
        assertEquals(new UsageTable.Usage(0, 0), get(usage.of("default")));
        assertEquals(new UsageTable.Usage(0, 0), get(usage.of("nobody")));
        assertEquals(true, get(usage.isKnown("orders\ta")));
        assertEquals(true, get(usage.isKnown("done")));
        assertEquals(false, get(usage.isKnown("a")));
    }

    @Test
    void theFinishedOfAllAreWalkedInOneOrder() {
        List<String> ids = List.of("b", "orders\ta", "a", "orders\tb", "stock\ta");
        for (String id : ids) {
            List<Entry> entries = Samples.sagaThatSucceeds(id);
            Journals.append(database, id, entries).join();
        }
        place.execute("UPDATE pactor_transaction SET namespace = 'orders' WHERE gid LIKE 'ord%'");
        place.execute("UPDATE pactor_transaction SET namespace = 'stock' WHERE gid LIKE 'st%'");
        HistoryTable history = new HistoryTable(database);
        Walk sagas = new Walk(Mode.SAGA, Status.SUCCEED);
        List<String> walked = new ArrayList<>();
        Finished after = null;
        List<Finished> page;
        do {
            page = get(history.finished(sagas, LATER, after, 2));
            page.forEach(each -> walked.add(each.gid()));
            after = page.isEmpty() ? null : page.get(page.size() - 1);
        } while (!page.isEmpty());

        assertEquals(ids, walked);
        assertEquals(5, get(history.remove(get(history.finished(sagas, LATER, null, 9)), LATER)));
        assertEquals(3, get(history.forget(Mode.SAGA, LATER, 3)));
        assertEquals(2, get(history.forget(Mode.SAGA, LATER, 3)));
    }

    @Test
    void topicsAreOfOneNamespace() {
        Topics all = new TopicTable(database, Clock.systemUTC());
        Topics orders = all.in("orders");
        assertEquals(Reply.DONE, get(all.subscribe("paid", "http://a/default", "")));
        assertEquals(Reply.DONE, get(orders.subscribe("paid", "http://a/orders", "")));
        assertEquals(Reply.DONE, get(orders.subscribe("sent", "http://a/orders", "")));

        assertEquals(List.of("http://a/orders"), get(orders.find("paid")).orElseThrow().urls());
        assertEquals(List.of("http://a/default"), get(all.find("paid")).orElseThrow().urls());
        assertEquals(2, get(orders.list("", 10)).rows().size());
        assertEquals(1, get(all.list("", 10)).rows().size());
        assertEquals("", get(all.list("", 1)).next());
        assertEquals(Optional.empty(), get(all.find("sent")));
        assertEquals(new Reply.Invalid("no such a topic"),
            get(all.in("stock").unsubscribe("paid", "http://a/orders")));
        assertEquals(Reply.DONE, get(orders.delete("paid")));
        assertEquals(1, get(all.find("paid")).orElseThrow().version());
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}

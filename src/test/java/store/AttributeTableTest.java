package store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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
import transaction.Event;
import transaction.GlobalTransaction;
import transaction.History;
import transaction.Limits;
import transaction.Mode;
import transaction.Options;
import transaction.Protocol;
import transaction.Status;
import transaction.Submission;
import transaction.TransactionIndex.Filter;
import transaction.TransactionIndex.Page;

/** Transactions are found by what their initiators say of them. */
@ParameterizedClass(name = "{0}")
@MethodSource("database.Databases#all")
class AttributeTableTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private static final String LONGEST = "\uffee".repeat(Limits.ATTRIBUTE_CHARS);

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
    void those_that_have_all_of_them_are_found_newest_first_page_by_page() {
        for (int i = 0; i < 40; i++) {
            write("g" + i, i, Map.of("shop", i % 2 == 0 ? "berlin" : "paris", "order", "" + i / 4));
        }
        write("none", 41, Map.of());

        List<String> paris = new ArrayList<>();
        for (int i = 39; i > 0; i -= 2) {
            paris.add("g" + i);
        }
        for (int limit : new int[] {1, 7, 20, Limits.PAGE_ROWS}) {
            assertEquals(paris, pages(filter(Map.of("shop", "paris")), limit));
        }
        assertEquals(List.of("g38", "g36"),
            pages(filter(Map.of("order", "9", "shop", "berlin")), 10));
        assertEquals(List.of(), pages(filter(Map.of("shop", "Paris")), 10));
        assertEquals(List.of(), pages(filter(Map.of("town", "paris")), 10));
        assertEquals(List.of(), pages(filter(Map.of("shop", "paris", "town", "")), 10));
        assertEquals(41, pages(Filter.ALL, 100).size());
    }

    @Test
    void the_other_filters_hold_too() {
        write("early", 1, Map.of("shop", "berlin"));
        write("late", 9, Map.of("shop", "berlin"));
        Map<String, String> berlin = Map.of("shop", "berlin");
        end("late", 9, berlin);
        get(index.quarantine("early", "entry 2 is missing"));

        assertEquals(List.of("late"), pages(new Filter(Optional.of(Status.SUCCEED),
            Optional.of(Mode.TCC), Optional.empty(), Optional.empty(), false, false, berlin), 9));
        assertEquals(List.of(), pages(new Filter(Optional.of(Status.SUCCEED),
            Optional.of(Mode.XA), Optional.empty(), Optional.empty(), false, false, berlin), 9));
        assertEquals(List.of("early"), pages(new Filter(Optional.empty(), Optional.empty(),
            Optional.empty(), Optional.empty(), true, false, berlin), 9));
        assertEquals(List.of("late"), pages(new Filter(Optional.empty(), Optional.empty(),
            Optional.of(NOON.plusSeconds(2)), Optional.empty(), false, false, berlin), 9));
        assertEquals(List.of("early"), pages(new Filter(Optional.empty(), Optional.empty(),
            Optional.empty(), Optional.of(NOON.plusSeconds(2)), false, false, berlin), 9));
    }

    @Test
    void any_text_is_found_as_it_is_and_as_nothing_else() {
        List<String> texts = List.of("a", "A", "a ", " a", "", "ä", "a\u0308", "'; --", "%", "😀",
            LONGEST);
        for (int i = 0; i < texts.size(); i++) {
            write("g" + i, i, Map.of("name", texts.get(i), "x" + texts.get(i)
                .substring(0, Math.min(texts.get(i).length(), Limits.ATTRIBUTE_CHARS - 1)), "1"));
        }
        for (int i = 0; i < texts.size(); i++) {
            assertEquals(List.of("g" + i), pages(filter(Map.of("name", texts.get(i))), 9));
        }
    }

    @Test
    void as_many_and_as_long_as_may_be_are_found() {
        Map<String, String> most = new TreeMap<>();
        for (int i = 0; i < Limits.ATTRIBUTES; i++) {
            most.put(i + LONGEST.substring(1), LONGEST);
        }
        write("most", 1, most);
        write("less", 2, Map.of("0" + LONGEST.substring(1), LONGEST));

        Page page = get(index.list(filter(most), "", 9));

        assertEquals(List.of("most"), gids(page));
        assertEquals(most, page.rows().get(0).submission().context().attributes());
    }

    @Test
    void a_submit_that_says_others_is_found_by_these_alone() {
        Submission prepared = asked("g", Map.of("order", "1", "shop", "berlin"));
        write("g", 0, prepared.context().attributes());
        GlobalTransaction before = new Event.Opened(prepared, Status.PREPARED, NOON)
            .applyTo(GlobalTransaction.ABSENT);
        Event submitted = new Event.Submitted(Options.NONE, "", Details.PLAIN,
            Map.of("order", "2"), NOON.plusMillis(1));
        Journals.append(database, "g", 2, Samples.entry(List.of(submitted),
            submitted.applyTo(before), NOON)).join();

        assertEquals(List.of(), pages(filter(Map.of("order", "1")), 9));
        assertEquals(List.of(), pages(filter(Map.of("shop", "berlin")), 9));
        assertEquals(List.of("g"), pages(filter(Map.of("order", "2")), 9));
        assertEquals(Map.of("order", "2"), get(index.find("g")).orElseThrow().submission()
            .context().attributes());
    }

    @Test
    void they_go_with_the_history() {
        write("gone", 1, Map.of("order", "1"));
        end("gone", 1, Map.of("order", "1"));
        write("kept", 2, Map.of("order", "1"));
        HistoryTable history = new HistoryTable(database);

        get(history.remove(get(history.finished(
            new History.Walk(Mode.TCC, Status.SUCCEED), Instant.MAX, null, 9)), NOON));

        assertEquals(List.of("kept"), pages(filter(Map.of("order", "1")), 9));
        assertEquals(List.of("1"), place.query("SELECT COUNT(*) FROM pactor_attribute"));
    }

    @Test
    void a_transaction_without_any_has_no_row() {
        write("none", 1, Map.of());
        end("none", 1, Map.of());

        assertEquals(List.of("0"), place.query("SELECT COUNT(*) FROM pactor_attribute"));
    }

    /** However many transactions there are. */
    @Test
    void they_are_found_along_the_index() {
        for (int i = 0; i < 200; i++) {
            write("g" + i, i, Map.of("order", "" + i, "shop", "berlin"));
        }
        if (place.isMariadb()) {
            place.query("ANALYZE TABLE pactor_attribute");
        } else if (!place.isH2()) {
            place.execute("ANALYZE pactor_attribute");
        }
        String plan = String.join("\n", place.query("EXPLAIN " + bound(
            ListStatement.ofAttribute(filter(Map.of("order", "7", "shop", "berlin")),
                    Window.of(Filter.ALL, Cursor.LAST, 10))
                .text())));

        assertTrue(plan.toLowerCase().contains("pactor_attribute_listed"), plan);
        assertTrue(!plan.contains("tableScan") && !plan.contains("Seq Scan on pactor_attribute a")
            && !plan.contains(" ALL "), plan);
    }

    private static String bound(String sql) {
        return sql.replaceFirst("a.name = \\?", "a.name = 'order'")
            .replaceFirst("a.content = \\?", "a.content = '7'")
            .replaceFirst("b.name = \\?", "b.name = 'shop'")
            .replaceFirst("b.content = \\?", "b.content = 'berlin'")
            .replaceFirst("s.namespace = \\?", "s.namespace = 'default'").replace("?", "10");
    }

    private void write(String gid, int second, Map<String, String> attributes) {
        Event opened = new Event.Opened(
            asked(gid, attributes), Status.PREPARED, NOON.plusSeconds(second));
        Journals.append(database, gid, 1, Samples.entry(List.of(opened),
            opened.applyTo(GlobalTransaction.ABSENT), NOON)).join();
    }

    private void end(String gid, int second, Map<String, String> attributes) {
        Instant at = NOON.plusSeconds(second);
        Event submitted = new Event.Submitted(Options.NONE, "", Details.PLAIN, at);
        Event ended = new Event.Ended(Status.SUCCEED, "", "", at);
        GlobalTransaction after = ended.applyTo(submitted.applyTo(
            new Event.Opened(asked(gid, attributes), Status.PREPARED, at)
                .applyTo(GlobalTransaction.ABSENT)));
        Journals.append(
            database, gid, 2, Samples.entry(List.of(submitted, ended), after, null)).join();
    }

    private static Submission asked(String gid, Map<String, String> attributes) {
        return new Submission(gid, Mode.TCC, List.of(), "", Protocol.HTTP, "", Details.PLAIN,
            Options.NONE, Context.of(attributes));
    }

    private static Filter filter(Map<String, String> attributes) {
        return new Filter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
            false, false, attributes);
    }

    private List<String> pages(Filter filter, int limit) {
        List<String> gids = new ArrayList<>();
        String cursor = "";
        do {
            Page page = get(index.list(filter, cursor, limit));
            gids.addAll(gids(page));
            cursor = page.next();
        } while (!cursor.isEmpty());
        return gids;
    }

    private static List<String> gids(Page page) {
        return page.rows().stream().map(row -> row.submission().gid()).toList();
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}

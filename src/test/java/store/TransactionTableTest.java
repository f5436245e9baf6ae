package store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import transaction.Bytes;
import transaction.Context;
import transaction.Details;
import transaction.Entry;
import transaction.Event;
import transaction.GlobalTransaction;
import transaction.InvalidRequest;
import transaction.Limits;
import transaction.Mode;
import transaction.Options;
import transaction.Protocol;
import transaction.Status;
import transaction.Submission;
import transaction.Summary;
import transaction.TransactionIndex.Count;
import transaction.TransactionIndex.Due;
import transaction.TransactionIndex.Filter;
import transaction.TransactionIndex.Page;
import transaction.TransactionIndex.Share;
import transaction.Waiting;

/** What the index tells of what was written. */
@ParameterizedClass(name = "{0}")
@MethodSource("database.Databases#all")
class TransactionTableTest {

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
    void a_row_tells_what_was_asked_for_but_the_steps() {
        Options options =
            new Options(true, 35, 3, 10, 5, 2, Map.of("X-Tenant", "blue"), true);
        Submission asked = new Submission("odd \"gid\" | %00 ü 😀", Mode.MSG, List.of(),
            "http://c/asked", Protocol.JSON_RPC, "{\"delay\":5}", new Details.Delay(5), options);
        write(asked, Status.PREPARED, NOON, NOON.plusSeconds(7));

        Summary row = get(index.find(asked.gid())).orElseThrow();

        assertEquals(new Summary(new Submission(asked.gid(), Mode.MSG, List.of(),
            "http://c/asked", Protocol.JSON_RPC, "{\"delay\":5}", Details.PLAIN, options),
            Status.PREPARED, "", "", NOON, NOON, NOON.plusSeconds(7), Duration.ofSeconds(10), ""),
            row);
        assertEquals(Optional.empty(), get(index.find("nobody")));
    }

    @Test
    void whose_it_is_what_it_is_found_by_and_what_it_waits_for_is_told() {
        Context context = new Context("team-a", Map.of("order", "4711 \"ü\""), "00-a-b-01", "v=1");
        Submission asked = new Submission("c", Mode.TCC, List.of(), "", Protocol.HTTP, "",
            Details.PLAIN, Options.NONE, context);
        Event opened = new Event.Opened(asked, Status.PREPARED, NOON);
        Entry entry = new Entry(List.of(opened), new Summary(asked, Status.PREPARED, "", "", NOON,
            NOON, NOON, Duration.ofSeconds(10), "", Waiting.INITIATOR));
        Journals.append(database, "c", 1, entry).join();

        Summary row = get(index.find("c")).orElseThrow();

        assertEquals(new Context("team-a", context.attributes(), "", ""),
            row.submission().context());
        assertEquals(Waiting.INITIATOR, row.waiting());
        assertEquals(row.toString(),
            get(index.list(Filter.ALL.in("team-a"), "", 9)).rows().get(0).toString());
        place.execute("UPDATE pactor_transaction SET waits_for = 'godot'");
        assertEquals(Waiting.NOTHING, get(index.find("c")).orElseThrow().waiting());
    }

    @Test
    void what_submit_says_overrules_what_prepare_said() {
        Submission prepared = new Submission("m", Mode.MSG, List.of(), "", Protocol.HTTP, "old",
            Details.PLAIN, Options.NONE);
        write(prepared, Status.PREPARED, NOON, NOON);
        GlobalTransaction before = new Event.Opened(prepared, Status.PREPARED, NOON)
            .applyTo(GlobalTransaction.ABSENT);
        Options options = new Options(true, 0, 0, 0, 0, 0, Map.of(), false);
        Event submitted = new Event.Submitted(options, "new", Details.PLAIN, NOON.plusMillis(1));
        Journals.append(database, "m", 2, Samples.entry(
            List.of(submitted), submitted.applyTo(before), NOON.plusMillis(1))).join();

        Summary row = get(index.find("m")).orElseThrow();

        assertEquals("new", row.submission().customData());
        assertEquals(options, row.submission().options());
        assertEquals(Status.SUBMITTED, row.status());
        assertEquals(NOON.plusMillis(1), row.updatedAt());
    }

    @Test
    void how_it_ended_is_told() {
        Submission workflow = new Submission("w", Mode.WORKFLOW, List.of(), "http://c",
            Protocol.HTTP, "", new Details.Named("n", Bytes.EMPTY), Options.NONE);
        write(workflow, Status.PREPARED, NOON, NOON);
        Event ended = new Event.Ended(Status.FAILED, "why", "result", NOON.plusSeconds(1));
        GlobalTransaction after = ended.applyTo(
            new Event.Opened(workflow, Status.PREPARED, NOON).applyTo(GlobalTransaction.ABSENT));
        Journals.append(database, "w", 2, Samples.entry(List.of(ended), after, null)).join();

        Summary row = get(index.find("w")).orElseThrow();

        assertEquals(Status.FAILED, row.status());
        assertEquals("why", row.reason());
        assertEquals("result", row.result());
        assertEquals(null, row.dueAt());
        assertEquals(NOON.plusSeconds(1), row.updatedAt());
    }

    @Test
    void pages_are_the_whole_list_newest_first_whatever_the_filter() {
        List<Summary> all = fill(new SplittableRandom(7), 150);
        Comparator<Summary> newest = Comparator.comparing(Summary::openedAt).reversed();
        List<Filter> filters = List.of(Filter.ALL,
            filter(Status.SUCCEED, null, null, null), filter(null, Mode.TCC, null, null),
            filter(Status.PREPARED, Mode.XA, null, null),
            filter(Status.FAILED, Mode.XA, null, null),
            filter(null, null, NOON.plusSeconds(20), null),
            filter(null, null, null, NOON.plusSeconds(50)),
            filter(Status.SUBMITTED, Mode.SAGA, NOON.plusSeconds(5), NOON.plusMillis(60_400)));
        for (Filter filter : filters) {
            for (int limit : new int[] {9, 70, Limits.PAGE_ROWS}) {
                List<String> wanted = all.stream().filter(row -> passes(row, filter))
                    .sorted(newest).map(row -> row.submission().gid()).toList();
                assertEquals(wanted, pages(filter, limit), filter + " by " + limit);
            }
        }
    }

    @Test
    void a_time_means_its_whole_second() {
        for (int millis : new int[] {0, 1, 999, 1_000, 1_999, 2_000}) {
            write(Submission.bare("at" + millis, Mode.TCC), Status.PREPARED,
                NOON.plusMillis(millis), NOON);
        }

        assertEquals(List.of("at1999", "at1000", "at999", "at1", "at0"),
            pages(filter(null, null, NOON.plusMillis(500), NOON.plusMillis(1_500)), 10));
        assertEquals(List.of("at1999", "at1000"),
            pages(filter(null, null, NOON.plusMillis(1_900), NOON.plusMillis(1_100)), 10));
    }

    @Test
    void what_is_opened_meanwhile_does_not_shift_pages() {
        for (int i = 0; i < 10; i++) {
            write(Submission.bare("g" + i, Mode.TCC), Status.PREPARED, NOON.plusSeconds(i), NOON);
        }
        Page first = get(index.list(Filter.ALL, "", 4));
        write(Submission.bare("late", Mode.TCC), Status.PREPARED, NOON.plusSeconds(99), NOON);

        Page second = get(index.list(Filter.ALL, first.next(), 4));

        assertEquals(List.of("g9", "g8", "g7", "g6"), gids(first));
        assertEquals(List.of("g5", "g4", "g3", "g2"), gids(second));
    }

    @Test
    void what_was_opened_in_one_moment_is_told_apart() {
        for (int i = 0; i < 25; i++) {
            write(Submission.bare("g" + i, Mode.TCC), Status.PREPARED, NOON, NOON);
        }

        assertEquals(25, pages(Filter.ALL, 3).stream().distinct().count());
    }

    @Test
    void a_position_of_somebody_else_is_refused() {
        for (String cursor : List.of("x", "1.", ".1", "'; DROP TABLE pactor_topic; --", "1.2.3",
                "+1.2", "1.+2", "\u0661.1", "1.\uff11")) {
            assertThrows(InvalidRequest.class, () -> index.list(Filter.ALL, cursor, 10), cursor);
        }
        assertThrows(InvalidRequest.class, () -> index.list(Filter.ALL, "", 0));
        assertThrows(InvalidRequest.class,
            () -> index.list(Filter.ALL, "", Limits.PAGE_ROWS + 1));
    }

    @Test
    void the_most_overdue_come_first_and_page_by_page() {
        for (int i = 0; i < 40; i++) {
            write(Submission.bare("g" + i, Mode.TCC), Status.PREPARED, NOON,
                NOON.plusSeconds((i * 7) % 10));
        }
        List<Due> dues = new ArrayList<>();
        Due after = null;
        List<Due> page;
        do {
            page = get(index.due(NOON.plusSeconds(5), after, 7));
            dues.addAll(page);
            after = page.isEmpty() ? null : page.get(page.size() - 1);
        } while (after != null);

        assertEquals(24, dues.size());
        assertEquals(24, dues.stream().map(Due::gid).distinct().count());
        assertEquals(dues.stream().map(Due::dueAt).sorted().toList(),
            dues.stream().map(Due::dueAt).toList());
        assertEquals(12, get(index.dueAfter("default", NOON.plusSeconds(7), 100)).size());
        assertEquals(5, get(index.dueAfter("default", NOON.plusSeconds(7), 5)).size());
    }

    @Test
    void of_several_who_share_the_work_each_finds_its_own_part() {
        for (int i = 0; i < 40; i++) {
            write(Submission.bare("g" + i, Mode.TCC), Status.PREPARED, NOON, NOON);
        }
        List<String> found = new ArrayList<>();
        for (int which = 0; which < 3; which++) {
            List<Due> part = get(index.due(NOON, null, 100, new Share(3, which)));
            assertTrue(part.size() > 5 && part.size() < 25, part.size() + " of 40");
            part.forEach(due -> found.add(due.gid()));
        }
        assertEquals(40, found.size());
        assertEquals(40, found.stream().distinct().count());
    }

    @Test
    void a_page_goes_on_even_if_its_last_row_is_gone() {
        write(Submission.bare("g1", Mode.TCC), Status.PREPARED, NOON, NOON);
        write(Submission.bare("g2", Mode.TCC), Status.PREPARED, NOON, NOON.plusSeconds(1));
        place.execute("DELETE FROM pactor_transaction WHERE gid = 'g1'");

        assertEquals(List.of(new Due("g2", NOON.plusSeconds(1))),
            get(index.due(NOON.plusSeconds(9), new Due("g1", NOON), 10)));
    }

    @Test
    void what_is_in_quarantine_is_not_due_and_keeps_the_first_reason() {
        write(Submission.bare("g", Mode.TCC), Status.PREPARED, NOON, NOON);

        get(index.quarantine("g", "entry 2 is missing"));
        get(index.quarantine("g", "another reason"));
        get(index.quarantine("nobody", "?"));

        Summary row = get(index.find("g")).orElseThrow();
        assertEquals("entry 2 is missing", row.quarantine());
        assertEquals(null, row.dueAt());
        assertEquals(Status.PREPARED, row.status());
        assertEquals(List.of(), get(index.due(NOON.plusSeconds(99), null, 10)));
    }

    @Test
    void the_unfinished_are_counted() {
        write(Submission.bare("t1", Mode.TCC), Status.PREPARED, NOON.plusSeconds(3), NOON);
        write(Submission.bare("t2", Mode.TCC), Status.PREPARED, NOON.plusSeconds(1), NOON);
        write(Submission.bare("x1", Mode.XA), Status.SUBMITTED, NOON, NOON);
        Journals.append(database, "s1", Samples.sagaThatSucceeds("s1")).join();

        assertEquals(List.of(new Count(Mode.TCC, Status.PREPARED, 2, NOON.plusSeconds(1)),
            new Count(Mode.XA, Status.SUBMITTED, 1, NOON)), get(index.unfinished()));
    }

    /** The plans that keep these quick however many rows there are. */
    @Test
    void no_question_reads_the_whole_table() {
        assumeTrue(place.isH2(), "its plans are told in other words");
        fill(new SplittableRandom(11), 50);
        for (String sql : List.of(TransactionTable.FIND,
                ListStatement.ofRows(Mode.SAGA, Status.SUCCEED, Filter.ALL,
                    Window.of(Filter.ALL, Cursor.LAST, 10)).text(),
                TransactionTable.DUE, TransactionTable.DUE_AFTER, Quarantine.COUNT,
                BegunReplays.ID, BegunReplays.BYTES)) {
            String plan = String.join("\n", place.query("EXPLAIN " + bound(sql)));
            assertTrue(!plan.contains("tableScan"), plan);
            assertTrue(!sql.contains("ORDER BY") || plan.contains("index sorted"), plan);
        }
    }

    private static String bound(String sql) {
        String said = sql.replace("namespace = ?", "namespace = 'default'")
            .replace("mode = ?", "mode = 'saga'")
            .replace("status = ?", "status = 'succeed'").replace("gid = ?", "gid = 'g'");
        return said.replace("?", "10");
    }

    /** Transactions of all modes and statuses, opened at different moments in no order. */
    private List<Summary> fill(SplittableRandom random, int count) {
        List<Summary> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Mode mode = Mode.ALL.get(random.nextInt(Mode.ALL.size()));
            Instant at = NOON.plusMillis((i * 7919L) % count * 500);
            String gid = "g" + i;
            Submission asked = mode == Mode.SAGA ? Samples.saga(gid) : Submission.bare(gid, mode);
            Status first = random.nextBoolean() ? Status.PREPARED : Status.SUBMITTED;
            write(asked, first, at, at);
            if (random.nextInt(3) == 0) {
                Event ended = new Event.Ended(
                    random.nextBoolean() ? Status.SUCCEED : Status.FAILED, "", "", at);
                GlobalTransaction after = ended.applyTo(
                    new Event.Opened(asked, first, at).applyTo(GlobalTransaction.ABSENT));
                Journals.append(database, gid, 2,
                    Samples.entry(List.of(ended), after, null)).join();
            }
            all.add(get(index.find(gid)).orElseThrow());
        }
        return all;
    }

    private void write(Submission asked, Status status, Instant at, Instant dueAt) {
        Event opened = new Event.Opened(asked, status, at);
        Journals.append(database, asked.gid(), 1, Samples.entry(List.of(opened),
            opened.applyTo(GlobalTransaction.ABSENT), dueAt)).join();
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

    private static boolean passes(Summary row, Filter filter) {
        long second = row.openedAt().getEpochSecond();
        return filter.status().map(row.status()::equals).orElse(true)
            && filter.mode().map(row.submission().mode()::equals).orElse(true)
            && filter.openedFrom().map(at -> second >= at.getEpochSecond()).orElse(true)
            && filter.openedTo().map(at -> second <= at.getEpochSecond()).orElse(true);
    }

    private static Filter filter(Status status, Mode mode, Instant from, Instant to) {
        return new Filter(Optional.ofNullable(status), Optional.ofNullable(mode),
            Optional.ofNullable(from), Optional.ofNullable(to));
    }

    private static List<String> gids(Page page) {
        return page.rows().stream().map(row -> row.submission().gid()).toList();
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}

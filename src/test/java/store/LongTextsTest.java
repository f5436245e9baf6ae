package store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import transaction.Details;
import transaction.Event;
import transaction.GlobalTransaction;
import transaction.Limits;
import transaction.Mode;
import transaction.Options;
import transaction.Protocol;
import transaction.Status;
import transaction.Submission;
import transaction.TransactionIndex.Filter;
import transaction.TransactionIndex.Page;
import transaction.VerdictMode;

/** What the index tells takes up only so much memory, however long the texts are (K4, K10). */
@ParameterizedClass(name = "{0}")
@MethodSource("database.Databases#all")
class LongTextsTest {

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

    /** K4.1, K10.7: long texts stay in the database, and long headers make pages shorter. */
    @Test
    void a_page_is_bounded_in_characters_too() {
        String header = "h".repeat(4_000);
        Map<String, String> headers = IntStream.range(0, 64).boxed()
            .collect(Collectors.toMap(i -> "X-" + i, i -> header));
        Options options = new Options(false, 0, 0, 0, 0, 0, headers, false);
        for (int i = 0; i < 9; i++) {
            write(Submission.bare("g" + i, Mode.TCC), Status.PREPARED, NOON.plusSeconds(i), NOON);
        }
        // As an earlier release wrote them.
        place.execute("UPDATE pactor_transaction SET options = ?",
            EventCodec.MAPPER.createObjectNode().set("headers",
                EventCodec.MAPPER.valueToTree(headers)).toString());

        assertEquals(4, get(index.list(Filter.ALL, "", 9)).rows().size());
        assertEquals(List.of("g8", "g7", "g6", "g5", "g4", "g3", "g2", "g1", "g0"),
            pages(Filter.ALL, 9));
        assertEquals(headers, get(index.list(Filter.ALL, "", 1)).rows().get(0)
            .submission().options().branchHeaders());
    }

    @Test
    void a_text_that_is_too_long_for_a_list_is_left_out_of_it() {
        String longest = "\u00fc".repeat(Limits.LIST_TEXT_CHARS);
        for (String data : List.of(longest, longest + "x", "x".repeat(1 << 20))) {
            write(new Submission("g" + data.length(), Mode.TCC, List.of(), "", Protocol.HTTP, data,
                Details.PLAIN, Options.NONE), Status.PREPARED, NOON, NOON);
        }

        assertEquals(List.of("", "", longest), get(index.list(Filter.ALL, "", 9)).rows().stream()
            .map(row -> row.submission().customData()).toList());
    }

    @Test
    void headers_that_are_too_long_for_a_list_are_left_out_and_the_other_options_stay() {
        for (int length : new int[] {3_000, 4_096}) {
            write(new Submission("g" + length, Mode.SAGA, List.of(), "", Protocol.HTTP, "",
                Details.PLAIN, new Options(true, 0, 7, 0, 0, 0,
                    Map.of("X", "h".repeat(length)), true,
                    VerdictMode.STRICT)), Status.SUBMITTED, NOON, NOON);
        }

        assertEquals(List.of(new Options(true, 0, 7, 0, 0, 0, Map.of(), true,
                VerdictMode.STRICT),
            new Options(true, 0, 7, 0, 0, 0, Map.of("X", "h".repeat(3_000)), true,
                VerdictMode.STRICT)),
            get(index.list(Filter.ALL, "", 9)).rows().stream()
                .map(row -> row.submission().options()).toList());
    }

    @Test
    void it_tells_how_long_a_history_is() {
        assertEquals(0L, get(index.bytes("nobody")));
        Journals.append(database, "s", Samples.sagaThatSucceeds("s")).join();
        Submission large = new Submission("l", Mode.TCC, List.of(), "", Protocol.HTTP,
            "x".repeat(1 << 20), Details.PLAIN, Options.NONE);
        write(large, Status.PREPARED, NOON, NOON);

        for (String gid : List.of("s", "l")) {
            long sum = Stream.of("pactor_journal", "pactor_journal_piece")
                .mapToLong(table -> Long.parseLong(place.query(
                    "SELECT COALESCE(SUM(OCTET_LENGTH(j.payload)), 0) FROM " + table + " j"
                        + " JOIN pactor_transaction t ON t.id = j.transaction_id"
                        + " WHERE t.gid = '" + gid + "'").get(0))).sum();
            assertEquals(sum, get(index.bytes(gid)));
        }
        assertTrue(get(index.bytes("l")) > 1 << 20);
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
            page.rows().forEach(row -> gids.add(row.submission().gid()));
            cursor = page.next();
        } while (!cursor.isEmpty());
        return gids;
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}

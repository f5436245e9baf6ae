package store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import transaction.Attempts;
import transaction.Attempts.Filter;
import transaction.Attempts.Kept;
import transaction.Attempts.Page;
import transaction.Backoff;
import transaction.BranchOp;
import transaction.BranchStatus;
import transaction.Bytes;
import transaction.CallKey;
import transaction.Event;
import transaction.History;
import transaction.InvalidRequest;
import transaction.Limits;
import transaction.Mode;
import transaction.Op;
import transaction.Outcome;
import transaction.Status;
import transaction.CallRecord;

/** What calls brought is kept with their transaction: the first, the last, and how many between. */
@ParameterizedClass(name = "{0}")
@MethodSource("database.Databases#all")
class AttemptTableTest {

    private static final CallKey FIRST = new CallKey("01", Op.ACTION);
    private static final CallKey SECOND = new CallKey("02", Op.ACTION);

    private static final CallRecord BUSY = new CallRecord("503 Service Unavailable", "",
        "POST /in HTTP/1.1\nx-token: ***\n\n{\"ä\":1}", "try later €");

    @TempDir
    private Path dir;

    @Parameter
    private String kind;

    private Place place;
    private Database database;
    private AttemptTable attempts;

    @BeforeEach
    void prepare() {
        place = Place.fresh(kind, dir);
        open(place.settings());
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void open(StoreSettings settings) {
        if (database != null) {
            database.close();
        }
        database = Database.open(settings, H2Files.meter());
        attempts = new AttemptTable(database);
    }

    @Test
    void aCallIsWrittenWithWhatFollowsFromIt() {
        CalledSaga saga = new CalledSaga(database, "g");
        saga.fails(FIRST, BUSY);
        saga.fails(FIRST, new CallRecord("", "no answer in 3 s", "POST /in HTTP/1.1\n\n", ""));
        saga.succeeds(FIRST);
        saga.refuses(SECOND);

        Page page = list("g", Filter.ALL, "", 100);

        assertEquals(List.of(
            new Kept(FIRST, 1, saga.began(1), Outcome.Kind.UNKNOWN, 5_000, BUSY),
            new Kept(FIRST, 2, saga.began(2), Outcome.Kind.UNKNOWN, 5_000,
                new CallRecord("", "no answer in 3 s", "POST /in HTTP/1.1\n\n", "")),
            new Kept(FIRST, 3, saga.began(3), Outcome.Kind.SUCCESS, 5_000,
                new CallRecord("200 OK", "", "", "")),
            new Kept(SECOND, 1, saga.began(4), Outcome.Kind.FAILURE, 5_000,
                new CallRecord("409 Conflict", "", "", "no"))), page.kept());
        assertEquals(List.of(), page.skipped());
        assertEquals("", page.next());
    }

    @Test
    void aPlainSuccessCostsNoRow() {
        CalledSaga saga = new CalledSaga(database, "g");
        saga.succeeds(FIRST);
        saga.succeeds(SECOND);

        assertEquals(List.of("0"), place.query("SELECT COUNT(*) FROM pactor_attempt"));
        assertEquals(2, list("g", Filter.ALL, "", 100).kept().size());
    }

    @Test
    void asManyAsMayBeAreAllKeptAndOfOneMoreTheFirstOfTheRestGoes() {
        int all = Limits.ATTEMPTS_FIRST + Limits.ATTEMPTS_LAST;
        CalledSaga saga = new CalledSaga(database, "g");
        IntStream.range(0, all).forEach(i -> saga.fails(FIRST, BUSY));
        saga.fails(SECOND, BUSY);

        assertEquals(IntStream.rangeClosed(1, all).boxed().toList(), numbers("g", FIRST));
        assertEquals(List.of(), list("g", Filter.ALL, "", 1).skipped());

        saga.fails(FIRST, BUSY);

        assertEquals(Stream.concat(IntStream.rangeClosed(1, Limits.ATTEMPTS_FIRST).boxed(),
            IntStream.rangeClosed(Limits.ATTEMPTS_FIRST + 2, all + 1).boxed()).toList(),
            numbers("g", FIRST));
        assertEquals(List.of(new Attempts.Skipped(FIRST, 1)),
            list("g", Filter.ALL, "", 1).skipped());
        assertEquals(List.of(), list("g", new Filter("02", ""), "", 1).skipped());

        saga.succeeds(FIRST);

        assertEquals(all + 2, numbers("g", FIRST).get(all));
    }

    @Test
    void whatNothingFollowsFromIsWrittenSoon() {
        CalledSaga saga = new CalledSaga(database, "g");
        saga.notes(FIRST, Outcome.ongoing("at work").with(BUSY));
        saga.notes(FIRST, Outcome.ongoing("at work").with(BUSY));

        Awaitility.await().until(() -> list("g", Filter.ALL, "", 9).kept().size() == 2);
        saga.succeeds(FIRST);

        assertEquals(List.of(1, 2, 3), numbers("g", FIRST));
        assertEquals(List.of(Outcome.Kind.ONGOING, Outcome.Kind.ONGOING, Outcome.Kind.SUCCESS),
            list("g", Filter.ALL, "", 9).kept().stream().map(Kept::outcome).toList());
    }

    @Test
    void whoDoesNotKnowHowOftenItWasCalledGoesOnCountingAllTheSame() {
        CalledSaga saga = new CalledSaga(database, "g");
        for (int i = 0; i < 3; i++) {
            saga.number = 1;
            saga.fails(FIRST, BUSY);
        }

        assertEquals(List.of(1, 2, 3), numbers("g", FIRST));
    }

    @Test
    void aCallThatWasPutOffIsListedWithoutANumber() {
        CalledSaga saga = new CalledSaga(database, "g");
        saga.fails(FIRST, BUSY);
        saga.write(new Event.RetryScheduled(FIRST, Backoff.NONE,
            Outcome.putOff("too many").reason(), saga.tick()), null);
        saga.fails(FIRST, BUSY);

        List<Kept> kept = list("g", Filter.ALL, "", 9).kept();

        assertEquals(List.of(1, 0, 2), kept.stream().map(Kept::number).toList());
        assertEquals(Outcome.Kind.PUT_OFF, kept.get(1).outcome());
        assertEquals("put off: too many", kept.get(1).record().error());
    }

    @Test
    void aCallThatMayNotBeMadeIsListed() {
        CalledSaga saga = new CalledSaga(database, "g");
        Outcome forbidden = Outcome.forbidden("a loopback address");
        saga.write(new Event.Parked(FIRST, forbidden.reason(), saga.tick()),
            saga.attempt(FIRST, forbidden));

        Kept kept = list("g", Filter.ALL, "", 9).kept().get(0);

        assertEquals(0, kept.number());
        assertEquals(Outcome.Kind.FORBIDDEN, kept.outcome());
        assertEquals("a loopback address", kept.record().error());
    }

    @Test
    void pagesOfAnySizeAreTheWhole() {
        CalledSaga saga = new CalledSaga(database, "g");
        for (int i = 0; i < 9; i++) {
            saga.fails(i % 3 == 0 ? SECOND : FIRST, BUSY);
            saga.stands = i % 2 == 0;
        }
        saga.succeeds(FIRST);
        saga.stands = true;
        saga.succeeds(SECOND);
        List<Kept> whole = list("g", Filter.ALL, "", Limits.PAGE_ROWS).kept();
        assertEquals(11, whole.size());

        for (int limit = 1; limit <= 12; limit++) {
            List<Kept> all = new ArrayList<>();
            String cursor = "";
            do {
                Page page = list("g", Filter.ALL, cursor, limit);
                assertTrue(page.kept().size() <= limit);
                all.addAll(page.kept());
                cursor = page.next();
            } while (!cursor.isEmpty());
            assertEquals(whole, all, "by " + limit);
        }
        assertEquals(whole.stream().filter(each -> each.key().equals(SECOND)).toList(),
            list("g", new Filter("02", "action"), "", 100).kept());
        assertEquals(List.of(), list("g", new Filter("02", "compensate"), "", 100).kept());
    }

    @Test
    void aPositionThatIsNoneOfOursIsRefused() {
        new CalledSaga(database, "g");
        for (String text : List.of("x", "1", "1.", ".1", "-1.0", "1.-1", "+1.0", "1.2.3",
                "99999999999999999999.0", "0.2147483647", "0.220001")) {
            assertThrows(InvalidRequest.class, () -> attempts.list("g", Filter.ALL, text, 1), text);
        }
        assertEquals(List.of(), list("g", Filter.ALL, "0.220000", 100).kept());
    }

    @Test
    void ofAnUnknownOneThereIsNothing() {
        assertEquals(Optional.empty(), get(attempts.list("none", Filter.ALL, "", 1)));
    }

    @Test
    void theyGoWithTheHistory() {
        CalledSaga gone = new CalledSaga(database, "gone");
        gone.refuses(FIRST);
        gone.write(new Event.Ended(Status.FAILED, "", "", gone.tick()), null);
        new CalledSaga(database, "kept").refuses(FIRST);
        HistoryTable history = new HistoryTable(database);
        get(history.remove(get(history.finished(
            new History.Walk(Mode.SAGA, Status.FAILED), Instant.MAX, null, 9)), gone.now));

        assertEquals(Optional.empty(), get(attempts.list("gone", Filter.ALL, "", 1)));
        assertEquals(List.of("1"), place.query("SELECT COUNT(*) FROM pactor_attempt"));

        gone.notes(FIRST, Outcome.unknown("late"));
        get(database.deleteAll());
        assertEquals(List.of("0"), place.query("SELECT COUNT(*) FROM pactor_attempt"));
    }

    @Test
    void theArchiveHasThem() {
        CalledSaga saga = new CalledSaga(database, "g");
        saga.fails(FIRST, BUSY);
        saga.succeeds(FIRST);
        saga.succeeds(SECOND);
        saga.write(new Event.Ended(Status.SUCCEED, "", "", saga.tick()), null);
        History.Finished done = get(new HistoryTable(database).finished(
            new History.Walk(Mode.SAGA, Status.SUCCEED), Instant.MAX, null, 9)).get(0);

        String line = new String(new Archive(database).read(done).orElseThrow().line(),
            StandardCharsets.UTF_8);

        assertTrue(line.contains("\"attempts\":[{\"branch\":\"01\",\"op\":\"action\",\"number\":1,"
            + "\"startedAt\":\"" + saga.began(1) + "\",\"outcome\":\"unknown\","
            + "\"took\":\"PT0.005S\",\"statusLine\":\"503 Service Unavailable\","
            + "\"request\":\"POST /in HTTP/1.1\\nx-token: ***"), line);
        assertTrue(line.contains("\"number\":2,"), line);
    }

    @Test
    void encryptedTheyAreReadByWhoHasTheKeyAlone() {
        Canary canary = new Canary("canary-of-an-answer-7a8b9c");
        TestKeys keys = new TestKeys("k1");
        open(keys.in(place.settings()));
        CalledSaga saga = new CalledSaga(database, "g");
        saga.fails(FIRST, new CallRecord("500 X", "", canary.toString(), canary.toString()));
        saga.notes(FIRST, Outcome.ongoing("").with(
            new CallRecord("425 Too Early", "", "", canary.toString())));
        Awaitility.await().until(() -> list("g", Filter.ALL, "", 9).kept().size() == 2);

        assertEquals(canary.toString(),
            list("g", Filter.ALL, "", 9).kept().get(0).record().answer());
        assertEquals(List.of("2"),
            place.query("SELECT DISTINCT version FROM pactor_attempt"));
        for (int attempt = 1; attempt <= 2; attempt++) {
            assertFalse(canary.isIn(content(attempt)));
        }
        // Each is bound to its place: what is put into another's cannot be read there.
        place.execute("UPDATE pactor_attempt SET started_at = started_at + 1");
        Kept moved = list("g", Filter.ALL, "", 9).kept().get(0);
        assertEquals(Outcome.Kind.UNKNOWN, moved.outcome());
        assertTrue(moved.record().error().startsWith("what is kept of this call cannot be "
            + "read: not what was written in this place"), moved.record().error());
    }

    @Test
    void inTheClearItIsInTheTable() {
        Canary canary = new Canary("canary-of-an-answer-7a8b9c");
        new CalledSaga(database, "g").fails(
            FIRST, new CallRecord("500 X", "", "", canary.toString()));

        assertTrue(canary.isIn(content(1)));
    }

    /** Whatever is wrong with its table, the transaction goes on without. */
    @Test
    void whatCannotBeKeptIsLeftOutAndTheTransactionGoesOn() {
        CalledSaga saga = new CalledSaga(database, "g");
        saga.fails(FIRST, BUSY);
        place.execute("ALTER TABLE pactor_attempt ADD CONSTRAINT full_up CHECK (attempt < 2)");

        saga.fails(FIRST, BUSY);
        saga.notes(FIRST, Outcome.ongoing("at work"));
        saga.succeeds(FIRST);
        place.execute("ALTER TABLE pactor_attempt DROP CONSTRAINT full_up");
        saga.fails(SECOND, BUSY);

        assertEquals(5, Journals.lastOrdinal(database, "g"));
        assertEquals(List.of(1, 2), numbers("g", FIRST));
        assertEquals(List.of(), numbers("g", SECOND), "none is tried so soon");

        open(place.settings());
        new CalledSaga(database, "h").fails(SECOND, BUSY);
        assertEquals(List.of(1), numbers("h", SECOND));
    }

    /** No text of PostgreSQL holds it, and what cannot be kept takes others along. */
    @Test
    void aBranchMayBeCalledWhatNoTextOfADatabaseHolds() {
        open(new TestKeys("k1").in(place.settings()));
        CallKey odd = new CallKey("a\0b", Op.CONFIRM);
        CalledSaga saga = new CalledSaga(database, "g");
        saga.write(new Event.BranchesJoined(List.of(new BranchOp(odd.branchId(), odd.op(),
            "http://a/x", Bytes.EMPTY, BranchStatus.PREPARED, Backoff.NONE, "", saga.now,
            saga.now)), saga.tick()), null);
        saga.fails(odd, BUSY);
        saga.fails(FIRST, BUSY);
        saga.succeeds(odd);

        assertEquals(List.of(1), numbers("g", FIRST));
        assertEquals(List.of(1, 2), numbers("g", odd));
        assertEquals("a\uFFFDb",
            list("g", Filter.ALL, "", 9).kept().get(0).key().branchId());
        assertEquals(BUSY, list("g", Filter.ALL, "", 9).kept().get(0).record());
    }

    private byte[] content(int attempt) {
        return database.read(connection -> {
            try (var select = connection.prepareStatement(
                    "SELECT content FROM pactor_attempt WHERE attempt = " + attempt);
                    var row = select.executeQuery()) {
                row.next();
                return row.getBytes(1);
            }
        }).join();
    }

    private List<Integer> numbers(String gid, CallKey key) {
        return list(gid, new Filter(key.branchId(), key.op().wire()), "", Limits.PAGE_ROWS)
            .kept().stream().map(Kept::number).toList();
    }

    private Page list(String gid, Filter filter, String cursor, int limit) {
        return get(attempts.list(gid, filter, cursor, limit)).orElseThrow();
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}

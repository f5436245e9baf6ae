package store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import transaction.BranchStatus;
import transaction.Bytes;
import transaction.CallKey;
import transaction.Completion;
import transaction.Context;
import transaction.Decider;
import transaction.Decision;
import transaction.Details;
import transaction.Entry;
import transaction.Event;
import transaction.GlobalTransaction;
import transaction.History;
import transaction.Limits;
import transaction.Live;
import transaction.Mode;
import transaction.Moment;
import transaction.Op;
import transaction.Options;
import transaction.Policy;
import transaction.Protocol;
import transaction.Status;
import transaction.Submission;
import transaction.Summary;
import transaction.TransactionIndex.Filter;

/** Nothing of what clients and participants sent is in the database in the clear. */
@ParameterizedClass(name = "{0}")
@MethodSource("database.Databases#all")
class EncryptedStoreTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Instant LATER = NOON.plusSeconds(5);

    private static final Map<String, String> FOUND_BY =
        Map.of("colour", "attribute-is-searched");

    private final Canary payload = new Canary("canary-payload-0a1b2c3d");
    private final Canary large = new Canary("canary-of-a-long-payload-9f");
    private final Canary data = new Canary("canary-custom-data-4e5f6a7b");
    private final Canary header = new Canary("canary-header-8c9d0e1f2a3b");
    private final Canary reason = new Canary("canary-reason-5c6d7e8f9a0b");
    private final Canary result = new Canary("canary-result-1c2d3e4f5a6b");
    private final List<Canary> all = List.of(payload, large, data, header, reason, result);
    private final TestKeys keys = new TestKeys("k1");

    @TempDir
    private Path dir;

    @Parameter
    private String kind;

    private Place place;

    @BeforeEach
    void prepare() {
        place = Place.fresh(kind, dir);
    }

    @Test
    void noCanaryIsInAnyByteAndEachIsShown() throws Exception {
        try (Database database = Database.open(keys.in(place.settings()), H2Files.meter())) {
            write(database, "short");
            write(database, "long");
            shows(database);
        }
        byte[] kept = everything();

        for (Canary each : all) {
            assertFalse(each.isIn(kept), each + " is there");
        }
        for (String clear : List.of("http://query.example/saga", "attribute-is-searched")) {
            assertTrue(new Canary(clear).isIn(kept), clear);
        }
        assertEquals(List.of("4", "5"), place.query(
            "SELECT DISTINCT version FROM pactor_journal ORDER BY version"));
        try (Database database = Database.open(keys.in(place.settings()), H2Files.meter())) {
            shows(database);
        }
    }

    /** That they would be found. */
    @Test
    void withoutAKeyEachIsThere() throws Exception {
        try (Database database = Database.open(place.settings(), H2Files.meter())) {
            write(database, "short");
            write(database, "long");
            shows(database);
        }
        byte[] kept = everything();

        for (Canary each : all) {
            assertTrue(each.isIn(kept), each + " is not found");
        }
    }

    @Test
    void theArchiveTellsTheSame() {
        List<String> lines = new ArrayList<>();
        for (StoreSettings settings : List.of(place.settings(), keys.in(place.settings()))) {
            try (Database database = Database.open(settings, H2Files.meter())) {
                String gid = settings.encryption().equals(EncryptionSettings.NONE) ? "g1" : "g2";
                write(database, gid);
                History.Finished done = get(new HistoryTable(database).finished(
                    new History.Walk(Mode.SAGA, Status.FAILED), Instant.MAX, null, 10)).stream()
                    .filter(each -> each.gid().equals(gid)).findFirst().orElseThrow();
                lines.add(new String(new Archive(database).read(done).orElseThrow().line(),
                    StandardCharsets.UTF_8).replace(gid, "g"));
            }
        }
        assertEquals(lines.get(0), lines.get(1));
        assertTrue(lines.get(0).contains(header.toString()), lines.get(0));
    }

    /** A text of a client's that looks as if it were encrypted is what it is, with keys or none. */
    @Test
    void aTextThatBeginsWithTheMarkComesBack() {
        for (StoreSettings settings : List.of(place.settings(), keys.in(place.settings()))) {
            try (Database database = Database.open(settings, H2Files.meter())) {
                TransactionTable index = new TransactionTable(database);
                for (String text : List.of(PayloadCipher.MARK, PayloadCipher.MARK + "AQJ",
                        PayloadCipher.MARK.repeat(3),
                        PayloadCipher.MARK + "x".repeat(Limits.LIST_TEXT_CHARS - 1))) {
                    String gid = database.encryptionKey().orElse("none") + text.length();
                    open(database, new Submission(gid, Mode.TCC, List.of(), "", Protocol.HTTP,
                        text, Details.PLAIN, Options.NONE));

                    assertEquals(text, get(index.find(gid)).orElseThrow().submission()
                        .customData());
                    assertEquals(text, get(index.list(Filter.ALL, "", 1)).rows().get(0)
                        .submission().customData());
                }
            }
        }
    }

    /** The longest that a list shows, of letters that take most room, still fit. */
    @Test
    void theLongestTextsFitAndLongerOnesAreLeftOut() {
        try (Database database = Database.open(keys.in(place.settings()), H2Files.meter())) {
            TransactionTable index = new TransactionTable(database);
            String longest = "\u20ac".repeat(Limits.LIST_TEXT_CHARS);
            for (String text : List.of(longest, longest + "x")) {
                open(database, new Submission("g" + text.length(), Mode.TCC, List.of(), "",
                    Protocol.HTTP, text, Details.PLAIN, Options.NONE));
            }
            assertEquals(List.of("", longest), get(index.list(Filter.ALL, "", 9)).rows().stream()
                .map(row -> row.submission().customData()).toList());
        }
    }

    /** What keeps it from going on is in the clear, and holds none of it. */
    @Test
    void noWordOfACompletionIsInAnyByte() throws Exception {
        Submission asked = new Submission("g", Mode.SAGA, List.of(new Submission.Step(
            "http://a/out", "http://a/back", Bytes.utf8("{}"))), "", Protocol.HTTP, "",
            Details.PLAIN, Options.NONE);
        CallKey back = new CallKey("01", Op.COMPENSATE);
        GlobalTransaction t = new Event.Opened(asked, Status.SUBMITTED, NOON)
            .applyTo(GlobalTransaction.ABSENT);
        t = new Event.OpSettled(new CallKey("01", Op.ACTION), BranchStatus.FAILED, "", NOON)
            .applyTo(t);
        t = new Event.TurnedBack("", List.of("01"), "", NOON).applyTo(t);
        t = new Event.Awaited(back, LATER.plusSeconds(60), "", NOON).applyTo(t);
        Decision told = Decider.decide(t, Live.NONE,
            new Completion("g", back, false, reason.toString(), NOON),
            new Moment(LATER, Policy.DEFAULT));
        try (Database database = Database.open(keys.in(place.settings()), H2Files.meter())) {
            Journals.append(database, "g", 1, Samples.entry(
                List.of(new Event.Opened(asked, Status.SUBMITTED, NOON)), t, NOON)).join();
            Journals.append(database, "g", 2, new Entry(told.events(),
                Decider.summaryOf(told, Policy.DEFAULT))).join();
        }

        assertFalse(reason.isIn(everything()));
        assertEquals(List.of("return failed"), place.query("SELECT error FROM pactor_trouble"));
    }

    /** A saga that failed, with a canary wherever a client or a participant can put one. */
    private void write(Database database, String gid) {
        String text = gid.equals("long")
            ? (large + " ").repeat(3 * EventCodec.PIECE_BYTES / large.toString().length())
            : "{\"card\":\"" + payload + "\"}";
        Submission asked = new Submission(gid, Mode.SAGA,
            List.of(new Submission.Step("http://a/out", "http://a/back", Bytes.utf8(text))),
            "http://query.example/saga", Protocol.HTTP, data.toString(), Details.PLAIN,
            new Options(true, 0, 0, 0, 0, 0, Map.of("X-Token", header.toString()), false),
            new Context("default", FOUND_BY, "", ""));
        List<List<Event>> events = List.of(
            List.of(new Event.Opened(asked, Status.SUBMITTED, NOON)),
            List.of(new Event.OpSettled(new CallKey("01", Op.ACTION), BranchStatus.FAILED,
                reason.toString(), LATER)),
            List.of(new Event.Ended(Status.FAILED, reason.toString(), result.toString(), LATER)));
        GlobalTransaction t = GlobalTransaction.ABSENT;
        for (int i = 0; i < events.size(); i++) {
            for (Event event : events.get(i)) {
                t = event.applyTo(t);
            }
            Journals.append(database, gid, i + 1,
                Samples.entry(events.get(i), t, t.isFinal() ? null : NOON)).join();
        }
    }

    private static void open(Database database, Submission asked) {
        Event opened = new Event.Opened(asked, Status.PREPARED, NOON);
        Journals.append(database, asked.gid(), 1, Samples.entry(List.of(opened),
            opened.applyTo(GlobalTransaction.ABSENT), NOON)).join();
    }

    private void shows(Database database) {
        TransactionTable index = new TransactionTable(database);
        for (String gid : List.of("short", "long")) {
            Summary row = get(index.find(gid)).orElseThrow();
            assertEquals(data.toString(), row.submission().customData());
            assertEquals(Map.of("X-Token", header.toString()),
                row.submission().options().branchHeaders());
            assertEquals(reason.toString(), row.reason());
            assertEquals(result.toString(), row.result());
            assertTrue(get(index.list(new Filter(Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty(), false, false, FOUND_BY), "", 10)).rows()
                .contains(row));
            List<Entry> history = get(index.history(gid, 0, 10)).entries();
            assertEquals(history.stream().map(Entry::events).toList(),
                Journals.read(database, gid).entries().stream().map(Entry::events).toList());
            Canary sent = gid.equals("long") ? large : payload;
            assertTrue(sent.isIn(((Event.Opened) history.get(0).events().get(0)).submission()
                .steps().get(0).payload().toArray()), gid);
            assertEquals(reason.toString(),
                ((Event.OpSettled) history.get(1).events().get(0)).reason());
        }
    }

    /** All columns of all tables, and for H2 each byte of its files. */
    private byte[] everything() throws IOException, SQLException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (place.isH2()) {
            try (Stream<Path> files = Files.walk(dir)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    bytes.write(Files.readAllBytes(file));
                }
            }
        }
        List<String> tables = place.query("SELECT LOWER(table_name) FROM information_schema.tables"
            + " WHERE LOWER(table_name) LIKE 'pactor%'").stream().distinct().toList();
        assertTrue(tables.size() >= 9, tables.toString());
        try (Connection connection = place.connect();
                Statement statement = connection.createStatement()) {
            for (String table : tables) {
                try (ResultSet row = statement.executeQuery("SELECT * FROM " + table)) {
                    while (row.next()) {
                        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                            Object value = row.getObject(i);
                            bytes.write(value instanceof byte[] raw ? raw
                                : String.valueOf(value).getBytes(StandardCharsets.UTF_8));
                            bytes.write('\n');
                        }
                    }
                }
            }
        }
        return bytes.toByteArray();
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}

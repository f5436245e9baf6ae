package store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import transaction.Attempt;
import transaction.Backoff;
import transaction.BranchOp;
import transaction.BranchStatus;
import transaction.Bytes;
import transaction.CallOptions;
import transaction.CallKey;
import transaction.CallRecord;
import transaction.Context;
import transaction.Details;
import transaction.Entry;
import transaction.Event;
import transaction.Mode;
import transaction.Op;
import transaction.Options;
import transaction.Outcome;
import transaction.Protocol;
import transaction.Status;
import transaction.Submission;
import transaction.VerdictMode;

/**
 * Golden files are what some release wrote: {@code 1-<name>.json} and {@code 2-<name>.hex}. They
 * are added, never edited. {@link #EXPECTED} says what each of them means.
 */
class EventCodecTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden/events");

    private static final Instant AT = Instant.parse("2026-03-01T10:00:00.123456789Z");
    private static final Instant EARLIER = Instant.parse("2026-03-01T09:59:59.5Z");

    private static final Options ALL_OPTIONS = new Options(
        true, 35, 3, 10, 5, 2, Map.of("X-Tenant", "blue \"7\""), true);

    private static final Options STRICT = new Options(
        false, 0, 0, 0, 0, 0, Map.of(), false, VerdictMode.STRICT);

    /** What version 1 could say; version 2 says it too. */
    private static final Map<String, Entry> OF_VERSION_1 = new TreeMap<>(Map.ofEntries(
        golden("opened-saga", new Event.Opened(Samples.saga("s1"), Status.SUBMITTED, AT)),
        golden("opened-saga-concurrent", new Event.Opened(concurrentSaga(),
            Status.SUBMITTED, AT)),
        golden("opened-tcc", new Event.Opened(
            Submission.bare("t1", Mode.TCC), Status.PREPARED, AT)),
        golden("opened-xa", new Event.Opened(
            Submission.bare("x1", Mode.XA), Status.PREPARED, AT)),
        golden("opened-message", new Event.Opened(message(), Status.PREPARED, AT)),
        golden("opened-workflow", new Event.Opened(workflow(), Status.PREPARED, AT)),
        golden("submitted", new Event.Submitted(
            ALL_OPTIONS, "{\"delay\":10}", new Details.Delay(10), AT)),
        golden("submitted-strict", new Event.Submitted(
            STRICT, "", Details.PLAIN, AT)),
        golden("submitted-plain", new Event.Submitted(Options.NONE, "", Details.PLAIN, AT)),
        golden("joined", new Event.BranchesJoined(List.of(
            op("01", Op.CANCEL), op("01", Op.CONFIRM)), AT)),
        golden("joined-step", new Event.BranchesJoined(List.of(
            new BranchOp("01", Op.ACTION, "", Bytes.of(new byte[] {0, -1, 127}),
                BranchStatus.FAILED, new Backoff(Duration.ofMillis(1_500), AT, 3), "why not",
                EARLIER, EARLIER)), AT)),
        golden("settled", new Event.OpSettled(
            new CallKey("02", Op.ACTION), BranchStatus.SUCCEED, "", AT)),
        golden("settled-failed", new Event.OpSettled(
            new CallKey("02", Op.ACTION), BranchStatus.FAILED, "balance too low FAILURE", AT)),
        golden("retry", new Event.RetryScheduled(new CallKey("0201", Op.COMPENSATE),
            new Backoff(Duration.ofSeconds(20), AT.plusSeconds(20), 2), "503", AT)),
        golden("hurried", new Event.Hurried(AT)),
        golden("turned-back", new Event.TurnedBack("Timeout", List.of("01", "02"), AT)),
        golden("ended", new Event.Ended(Status.SUCCEED, "", "", AT)),
        golden("ended-workflow", new Event.Ended(
            Status.FAILED, "refused", "eyJhIjoxfQ==", AT)),
        golden("force-stopped", new Event.ForceStopped(AT)),
        golden("removed", new Event.Removed(AT)),
        golden("quarantined", new Event.Quarantined("entry 2 is missing", AT)),
        golden("two-events", new Event.OpSettled(
                new CallKey("02", Op.COMMIT), BranchStatus.SUCCEED, "", AT),
            new Event.Ended(Status.SUCCEED, "", "", EARLIER))));

    private static final Map<String, Entry> OF_VERSION_2 = new TreeMap<>(Map.ofEntries(
        golden("opened-with-context", new Event.Opened(new Submission("c1", Mode.TCC, List.of(),
            "", Protocol.HTTP, "", Details.PLAIN, Options.NONE, new Context("team-a",
                Map.of("order", "4711 ü"),
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "vendor=1")),
            Status.PREPARED, AT)),
        golden("opened-with-options-of-calls", new Event.Opened(new Submission("o1", Mode.SAGA,
            List.of(new Submission.Step("http://a/1", "http://a/1/undo", Bytes.utf8("{}"),
                List.of(), new CallOptions("PUT", Map.of("x-step", "1"), 7, 2),
                new CallOptions("DELETE", Map.of(), 0, 0), Bytes.EMPTY)),
            "", Protocol.HTTP, "", Details.PLAIN, Options.NONE), Status.SUBMITTED, AT)),
        golden("submitted-with-attributes", new Event.Submitted(Options.NONE, "", Details.PLAIN,
            Map.of("order", "4711 ü"), AT)),
        golden("submitted-parking", new Event.Submitted(new Options(false, 0, 0, 0, 3, 0, Map.of(),
            false, VerdictMode.UNSAID, true), "", Details.PLAIN, AT)),
        golden("awaited", new Event.Awaited(
            new CallKey("02", Op.ACTION), AT.plusSeconds(60), "at work", AT)),
        Map.entry("settled-by-a-call", new Entry(List.of(new Event.OpSettled(
            new CallKey("02", Op.ACTION), BranchStatus.SUCCEED, "", AT)), null,
            new Attempt(new CallKey("02", Op.ACTION), "", Protocol.HTTP, Outcome.SUCCESS.with(
                new CallRecord("200 OK", "", "", "")), Duration.ofNanos(1_234_567), 0))),
        golden("parked", new Event.Parked(new CallKey("02", Op.COMPENSATE), "503", AT)),
        golden("unparked", new Event.Unparked("ada", AT)),
        golden("parked-by", new Event.Parked(null, "look at it", "ada", AT)),
        golden("paused", new Event.Paused(null, "", "", AT)),
        golden("paused-until", new Event.Paused(AT.plusSeconds(60), "night", "ada", AT)),
        golden("resumed", new Event.Unpaused("ada", AT)),
        golden("skipped", new Event.Skipped(
            new CallKey("02", Op.ACTION), "ticket 4711", "ada", AT)),
        golden("resolved", new Event.Resolved(new CallKey("02", Op.ACTION), BranchStatus.FAILED,
            "ticket 4711", "ada", AT)),
        golden("changed", new Event.Changed(new CallKey("02", Op.ACTION), "http://b/2",
            Bytes.utf8("{\"a\":1}"), new CallOptions("PUT", Map.of("x-step", "1"), 7, 2, 30),
            "moved", "ada", AT)),
        golden("turned-back-by", new Event.TurnedBack(
            "rolled back by an operator", List.of("01"), "ada", AT)),
        golden("force-stopped-as-succeeded", new Event.ForceStopped(
            Status.SUCCEED, "ticket 4711", "ada", AT)),
        golden("hurried-by", new Event.Hurried("ada", AT)),
        golden("force-stopped-by", new Event.ForceStopped("ada", AT)),
        golden("joined-sharing-a-payload", new Event.BranchesJoined(List.of(
            op("01", Op.CANCEL), op("01", Op.CONFIRM), op("02", Op.CANCEL)), EARLIER))));

    private static final Map<String, Entry> EXPECTED = new TreeMap<>();

    static {
        OF_VERSION_1.forEach((name, entry) -> {
            EXPECTED.put("1-" + name + ".json", entry);
            EXPECTED.put("2-" + name + ".hex", entry);
        });
        OF_VERSION_2.forEach((name, entry) -> EXPECTED.put("2-" + name + ".hex", entry));
    }

    @TestFactory
    Stream<DynamicTest> each_golden_file_is_read_as_what_it_meant() throws IOException {
        Set<String> files = new TreeSet<>();
        try (Stream<Path> paths = Files.list(GOLDEN)) {
            paths.forEach(path -> files.add(path.getFileName().toString()));
        }
        assertEquals(EXPECTED.keySet(), files, "a golden file and its meaning come together");
        return EXPECTED.entrySet().stream().map(each -> DynamicTest.dynamicTest(each.getKey(),
            () -> assertEquals(each.getValue(),
                EventCodec.decode(version(each.getKey()), golden(each.getKey())))));
    }

    @TestFactory
    Stream<DynamicTest> what_is_written_is_read_back_the_same() {
        return EXPECTED.entrySet().stream().map(each -> DynamicTest.dynamicTest(each.getKey(),
            () -> assertEquals(each.getValue(),
                EventCodec.decode(EventCodec.VERSION, EventCodec.encode(each.getValue())))));
    }

    /** Two nodes that write the same thing write the same bytes, now and later. */
    @TestFactory
    Stream<DynamicTest> what_is_written_is_what_was_written_before() {
        return EXPECTED.entrySet().stream().filter(each -> each.getKey().startsWith("2-"))
            .map(each -> DynamicTest.dynamicTest(each.getKey(), () -> assertArrayEquals(
                golden(each.getKey()), EventCodec.encode(each.getValue()))));
    }

    @Test
    void each_type_has_a_golden_file() {
        Set<Class<?>> seen = EXPECTED.values().stream()
            .flatMap(entry -> entry.events().stream()).map(Object::getClass)
            .collect(Collectors.toSet());
        assertEquals(Set.copyOf(Arrays.asList(Event.class.getPermittedSubclasses())), seen);

        Set<Class<?>> details = EXPECTED.values().stream()
            .flatMap(entry -> entry.events().stream())
            .filter(Event.Opened.class::isInstance).map(Event.Opened.class::cast)
            .map(opened -> opened.submission().details().getClass())
            .collect(Collectors.toSet());
        assertEquals(Set.copyOf(Arrays.asList(Details.class.getPermittedSubclasses())), details);
    }

    @Test
    void of_version_1_what_cannot_be_understood_is_refused() {
        assertRefused("unknown type of event: merged",
            "{\"at\":\"2026-03-01T10:00:00Z\",\"events\":[{\"type\":\"merged\"}]}");
        assertRefused("unknown status: done",
            "{\"at\":\"2026-03-01T10:00:00Z\","
                + "\"events\":[{\"type\":\"ended\",\"status\":\"done\"}]}");
        assertRefused("unknown mode: at", "{\"at\":\"2026-03-01T10:00:00Z\",\"events\":["
            + "{\"type\":\"opened\",\"status\":\"prepared\",\"gid\":\"g\",\"mode\":\"at\"}]}");
        assertRefused("no at", "{\"events\":[{\"type\":\"hurried\"}]}");
        assertRefused("an entry without events", "{\"at\":\"2026-03-01T10:00:00Z\"}");
        assertRefused("no JSON object", "[]");
        assertRefused("no JSON", "\u0000\u0001");
    }

    @Test
    void a_version_of_a_later_release_is_refused() {
        assertEquals("written in version 9 of the event format, which this release does not know",
            assertThrows(IllegalArgumentException.class,
                () -> EventCodec.decode(9, new byte[0])).getMessage());
    }

    @Test
    void odd_text_survives() {
        String odd = "\u0000\t\"\\ü\u2028\ud83d\ude00 and half of one \ud83d";
        Entry entry = new Entry(List.of(new Event.TurnedBack(odd, List.of(odd), AT)), null);

        assertEquals(entry, EventCodec.decode(EventCodec.VERSION, EventCodec.encode(entry)));
    }

    @Test
    void the_largest_payload_survives() {
        Bytes large = Bytes.of(new byte[1 << 20]);
        Submission submission = new Submission("big", Mode.SAGA,
            List.of(new Submission.Step("http://a", "", large), new Submission.Step("http://b",
                "", large)), "", Protocol.HTTP, "x".repeat(1 << 20), Details.PLAIN, Options.NONE);
        Entry entry = new Entry(List.of(new Event.Opened(submission, Status.SUBMITTED, AT)), null);

        assertEquals(entry, EventCodec.decode(EventCodec.VERSION, EventCodec.encode(entry)));
    }

    @Test
    void pekko_moves_entries_by_the_same_bytes() {
        EventSerializer serializer = new EventSerializer();
        for (Entry entry : EXPECTED.values()) {
            assertEquals(entry, serializer.fromBinary(
                serializer.toBinary(entry), serializer.manifest(entry)));
        }
    }

    @Test
    void options_in_the_index_are_read_back() {
        assertEquals(ALL_OPTIONS,
            EventCodec.optionsFromText(EventCodec.optionsToText(ALL_OPTIONS)));
        assertEquals(STRICT, EventCodec.optionsFromText(EventCodec.optionsToText(STRICT)));
        assertEquals("", EventCodec.optionsToText(Options.NONE));
        assertEquals(Options.NONE, EventCodec.optionsFromText(""));
        assertEquals(STRICT, EventCodec.optionsFromText("{\"verdictMode\":\"strict\"}"));
    }

    private static void assertRefused(String message, String json) {
        String said = assertThrows(IllegalArgumentException.class, () -> decoded(json))
            .getMessage();
        assertTrue(said.startsWith(message), said);
    }

    private static Entry decoded(String json) {
        return EventCodec.decode(1, json.getBytes(StandardCharsets.UTF_8));
    }

    private static int version(String file) {
        return Integer.parseInt(file.substring(0, file.indexOf('-')));
    }

    private static Map.Entry<String, Entry> golden(String name, Event... events) {
        return Map.entry(name, new Entry(List.of(events), null));
    }

    private static Submission concurrentSaga() {
        return new Submission("s \"2\" ü", Mode.SAGA, List.of(
            new Submission.Step("http://a/1", "", Bytes.EMPTY),
            new Submission.Step("http://a/2", "http://a/2/undo", Bytes.utf8("{}"))),
            "", Protocol.JSON_RPC, "{\"concurrent\":true,\"orders\":{\"1\":[0]}}",
            new Details.Concurrent(Map.of(1, List.of(0))), ALL_OPTIONS);
    }

    private static Submission message() {
        return new Submission("m1", Mode.MSG, List.of(
            new Submission.Step("topic://orders", "", Bytes.utf8("{\"order\":7}"),
                List.of("http://a/x", "http://b/x"))),
            "http://c/asked", Protocol.HTTP, "{\"delay\":5}", new Details.Delay(5), Options.NONE);
    }

    private static Submission workflow() {
        return new Submission("w1", Mode.WORKFLOW, List.of(), "http://c/resume", Protocol.HTTP,
            "{\"name\":\"pay\"}", new Details.Named("pay", Bytes.utf8("input")), Options.NONE);
    }

    private static BranchOp op(String branchId, Op op) {
        return new BranchOp(branchId, op, "http://a/" + op.wire(), Bytes.utf8("{}"),
            BranchStatus.PREPARED, Backoff.NONE, "", AT, AT);
    }

    private static byte[] golden(String file) throws IOException {
        return file.endsWith(".json") ? Files.readAllBytes(GOLDEN.resolve(file))
            : HexFormat.of().parseHex(Files.readString(GOLDEN.resolve(file)).strip());
    }

    /** Writes the files of types that have none yet; run by hand when one is added. */
    static void writeMissing() throws IOException {
        for (Map.Entry<String, Entry> each : EXPECTED.entrySet()) {
            Path file = GOLDEN.resolve(each.getKey());
            if (Files.notExists(file)) {
                Files.writeString(file,
                    HexFormat.of().formatHex(EventCodec.encode(each.getValue())) + "\n");
            }
        }
    }
}

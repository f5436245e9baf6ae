package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import security.Caller;
import transaction.Attempt;
import transaction.BranchStatus;
import transaction.CallKey;
import transaction.LiveEvents.Page;
import transaction.LiveEvents.Told;
import transaction.Mode;
import transaction.Notice;
import transaction.Notice.Subject;
import transaction.Op;
import transaction.Outcome;
import transaction.Protocol;
import transaction.Status;

/** {@code docs/events.md} shows each event to the letter. */
class EventsPageTest {

    private static final Subject SUBMITTED = new Subject("g1", Mode.SAGA, Status.SUBMITTED);
    private static final Subject ABORTING = new Subject("g1", Mode.SAGA, Status.ABORTING);
    private static final CallKey OUT = new CallKey("01", Op.ACTION);
    private static final CallKey IN = new CallKey("02", Op.ACTION);

    private final String page;

    EventsPageTest() throws IOException {
        page = Files.readString(Path.of("docs/events.md"));
    }

    @Test
    void oneOfEachIsShownAsItIs() {
        List<Notice> each = List.of(
            new Notice.Created(SUBMITTED, at("11.069")),
            new Notice.StatusChanged(
                ABORTING, Status.SUBMITTED, "no funds FAILURE", at("11.104")),
            new Notice.BranchSettled(
                SUBMITTED, IN, BranchStatus.FAILED, "no funds", at("11.104")),
            new Notice.Attempted(SUBMITTED, attempt(IN, "in", Outcome.failure("no funds"), 5),
                at("11.104")),
            new Notice.RetryScheduled(
                ABORTING, new CallKey("02", Op.COMPENSATE), at("31.121"), false,
                at("11.121")),
            new Notice.RetryScheduled(
                ABORTING, new CallKey("02", Op.COMPENSATE), at("53.007"), true, at("31.122")),
            new Notice.PassFinished(ABORTING, 1, at("11.121")));
        String shown = page.replaceAll("(?s).*One of each:\\s*```json\\n(.*?)```.*", "$1");

        String all = rendered(new Page(false, each.stream().map(notice -> new Told("a-1", notice))
                .toList(), "a-1", false))
            + rendered(new Page(true, List.of(), "a-1", false))
            + rendered(new Page(false, List.of(), "a-1", true));

        assertEquals(shown.lines().toList(), all.lines()
            .filter(line -> line.startsWith("data: ")).map(line -> line.substring(6)).toList());
    }

    @Test
    void theStreamIsShownAsItIs() {
        String stream = "retry: 1000\n\n" + rendered(new Page(false, List.of(
            new Told("1pb3qg7hsk2f2-1", new Notice.Created(SUBMITTED, at("11.069"))),
            new Told("1pb3qg7hsk2f2-2", new Notice.Attempted(
                SUBMITTED, attempt(OUT, "out", Outcome.SUCCESS, 8), at("11.083")))), "", false));

        assertTrue(page.contains("\n" + stream.strip() + "\n```"), stream);
    }

    @Test
    void aPageWithoutNewsMovesTheIdOn() {
        assertEquals(": alive\nid: a-7.b-9\n\n",
            rendered(new Page(false, List.of(), "a-7.b-9", false)));
    }

    /** A line break in what a participant said must not end the event. */
    @Test
    void eachEventIsOneLineOfData() {
        String text = rendered(new Page(false, List.of(new Told("a-1", new Notice.Attempted(
            SUBMITTED, attempt(OUT, "out", Outcome.failure("one\ntwo\r\n\nevent: x"), 1),
            at("11.000")))), "", false));

        assertEquals(Stream.of("id: a-1", "event: attempt", "data: ", "").toList(),
            text.lines().map(line -> line.startsWith("data: ") ? "data: " : line).toList());
    }

    private static Attempt attempt(CallKey key, String path, Outcome outcome, int millis) {
        return new Attempt(key, "http://127.0.0.1:9000/" + path, Protocol.HTTP, outcome,
            Duration.ofMillis(millis), 1);
    }

    private static Instant at(String seconds) {
        return Instant.parse("2026-11-22T18:40:" + seconds + "Z");
    }

    private static String rendered(Page page) {
        return new String(WireEvents.readableBy(Caller.LOCAL).page(page), StandardCharsets.UTF_8);
    }
}

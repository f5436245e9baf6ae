package transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What happened, a sentence for each event. */
class EventTextTest {

    @Test
    void aHistoryReadsAsOne() {
        Story story = new Story();
        for (String line : List.of("submit saga steps=1", "return 01 action UNKNOWN \"down\"",
                "pause 60", "unpause", "change 01 action http://q/act", "park", "unpark",
                "rollBack", "skip 01 compensate")) {
            story.later(Duration.ofSeconds(1)).say(Phrase.command(line));
            if (line.equals("rollBack")) {
                story.returns("01", Op.ACTION, Outcome.SUCCESS);
                story.returns("01", Op.COMPENSATE, Outcome.unknown("down"));
            }
        }
        List<String> told = story.entries().stream().flatMap(entry -> entry.events().stream())
            .map(EventText::of).toList();
        assertEquals(List.of("opened as a saga, submitted",
            "01 action brought no success; it waits until 2026-03-01T12:00:22Z: down",
            "paused until 2026-03-01T12:01:00Z", "resumed: it goes on where it stood",
            "01 action is called otherwise from now on",
            "parked: nothing is called until it is unparked: by hand", "unparked: it goes on"),
            told.subList(0, 7));
        assertEquals("failed", told.get(told.size() - 1));
    }
}

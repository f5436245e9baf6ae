package transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with a transaction, in few words that hold nothing that was answered. */
class TroubleTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        http://Stock.example/out            | stock.example:80
        https://stock.example/out?a=b       | stock.example:443
        http://u:secret@stock:8080/out      | stock:8080
        http://[::1]:8080/out               | [::1]:8080
        stock:9000/busi.Busi/Out            | stock:9000
        grpcs://stock:9000/busi.Busi/Out    | stock:9000
        dns:///stock:9000/busi.Busi/Out     | stock:9000
        static:a:1,b:2/busi.Busi/Out        | a:1,b:2
        """)
    void aParticipantIsItsHostAndPort(String url, String participant) {
        assertEquals(participant, Trouble.participant(url));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        url:http://a/x return code 500: canary     | return code 500
        url:http://a/x return ongoing: canary      | return ongoing
        url:http://a/x return error: canary        | return error
        url:http://a/x did not return JSON-RPC: no | did not return JSON-RPC
        url:http://a/x gave no answer: refused     | gave no answer: refused
        url:http://a/x may not be called: rule 3   | may not be called: rule 3
        put off: url:http://a/x: too many calls    | put off: too many calls
        put off: the retry budget of a is used up  | put off: the retry budget of a is used up
        entry 2 is missing                         | entry 2 is missing
        """)
    void anErrorHasNeitherUrlNorAnswer(String reason, String error) {
        assertEquals(error, Trouble.error(reason));
    }

    /** What goes well writes nothing beside its row: see the store's table of troubles. */
    @Test
    void whatGoesWellIsNeverInOne() {
        Story story = play("submit saga steps=2", "return 01 action SUCCESS",
            "return 02 action SUCCESS");
        Story undone = play("submit saga steps=2", "return 01 action SUCCESS",
            "return 02 action FAILURE", "return 02 compensate SUCCESS",
            "return 01 compensate SUCCESS");
        for (Story each : List.of(story, undone)) {
            each.entries().forEach(
                entry -> assertEquals(Trouble.NONE, entry.summary().trouble()));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        submit saga steps=1; return 01 action UNKNOWN down  | retry | p1:80 | down | 1
        submit saga steps=1; return 01 action ONGOING callback | callback | p1:80 | callback | 1
        submit saga steps=1; return 01 action UNKNOWN down; park | parked | '' | by hand | 0
        submit saga steps=1; pause | paused | '' | '' | 0
        submit saga steps=1 limit=1 park; return 01 action FORBIDDEN no | parked | p1:80 | no | 0
        """)
    void whatIsWrongIsTold(
            String told, String cause, String participant, String error, int attempts) {
        Story story = play(told.split("; "));
        assertEquals(new Trouble(cause, participant, error, attempts), Trouble.of(story.t()));
        List<Entry> entries = story.entries();
        assertEquals(
            Trouble.of(story.t()), entries.get(entries.size() - 1).summary().trouble());
    }

    @Test
    void oneThatGoesOnIsInNoneAnyMore() {
        assertEquals(Trouble.OVER, Trouble.of(play("submit saga steps=2",
            "return 01 action UNKNOWN down", "retryNow", "return 01 action SUCCESS").t()));
    }

    @Test
    void anInitiatorThatDoesNotAnswerIsOne() {
        Story story = play("prepare msg steps=1");
        story.wake();
        story.returns("00", Op.MSG, Outcome.unknown("down"));
        assertEquals(new Trouble(Trouble.CHECK_BACK, "initiator:80", "down", 1),
            Trouble.of(story.t()));
    }

    private static Story play(String... lines) {
        Story story = new Story();
        for (String line : lines) {
            story.say(Phrase.command(line));
        }
        return story;
    }

    @Test
    void anErrorHasOneLengthAtMost() {
        assertEquals(Trouble.ERROR_CHARS, Trouble.error("x".repeat(500)).length());
    }
}

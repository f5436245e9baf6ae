package transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Why a transaction is where it is, in each mode and for each cause of waiting. */
class ExplanationTest {

    private static final String DOWN = "\"url:http://p1/act gave no answer: refused\"";

    /** What it waits for, and what comes next: after how many seconds, if that is known. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        submit saga steps=2 | for the answer of p1:80 to 01 action | without an answer within 3 s \
        it is called again later |
        submit saga steps=2 timeout=60 | for the answer of p1:80 to 01 action; it is rolled back \
        if it has not ended by 2026-03-01T12:01:00Z | without an answer within 3 s it is called \
        again later |
        submit saga steps=2; return 01 action UNKNOWN DOWN | to call p1:80 again for 01 action, \
        because url:http://p1/act gave no answer: refused | 01 action is called at p1:80, \
        attempt 2 | 20
        submit saga steps=2 limit=3 park; return 01 action UNKNOWN DOWN | to call p1:80 again for \
        01 action, because url:http://p1/act gave no answer: refused | 01 action is called at \
        p1:80, attempt 2; after more than 3 that went wrong it is parked | 20
        submit saga steps=2; return 01 action SUCCESS; return 02 action FAILURE | for the answer \
        of p2:80 to 02 compensate | without an answer within 3 s it is called again later |
        submit saga steps=2; return 01 action ONGOING callback | for p1:80 to say by itself how \
        01 action went | 01 action counts as unanswered, and p1:80 is called again | 60
        submit saga steps=3 concurrent | for the answer of p1:80 to 01 action, and for 2 more \
        operations | without an answer within 3 s it is called again later |
        prepare saga steps=1 | for its initiator to submit or abort it | |
        prepare tcc | for its initiator to submit or abort it | it is given up and rolled back if \
        it stays silent | 35
        prepare xa | for its initiator to submit or abort it | it is given up and rolled back if \
        it stays silent | 35
        prepare msg steps=1 | for its initiator to submit or abort it | its initiator is asked at \
        initiator:80 whether it was committed if it stays silent | 35
        prepare msg steps=1 noquery | for its initiator to submit or abort it | it is taken as \
        submitted, since nobody can be asked if it stays silent | 35
        submit msg steps=1 delay=10 | for the end of the delay that its initiator asked for \
        | it is delivered | 10
        prepareWorkflow | for its initiator, which drives it, to go on or to end it | its \
        initiator is called back at initiator:80 if it stays silent | 10
        submit saga steps=1; pause 60 | for the end of its pause | it goes on where it stood | 60
        submit saga steps=1; pause | for an operator: it is paused until it is resumed | |
        submit saga steps=1; park | for an operator: it is parked by an operator: by hand; \
        nothing is called until it is unparked | |
        submit saga steps=1; return 01 action SUCCESS | | |
        """)
    void whatItWaitsForAndWhatComesNext(String told, String waits, String next, Integer after) {
        Explanation why = explain(play(told));

        assertEquals(waits == null ? "" : waits, why.waitsFor());
        assertEquals(next, why.next() == null ? null : why.next().what());
        assertEquals(after == null ? null : Story.NOON.plusSeconds(after),
            why.next() == null ? null : why.next().at());
        assertTrue(why.summary().contains(why.waitsFor()), why.summary());
    }

    @Test
    void whatHasHappenedIsTold() {
        assertEquals(List.of("It was opened at 2026-03-01T12:00:00Z.",
            "01 action succeeded at p1:80.", "02 action failed at p2:80.",
            "03 action was called 1 time without success, the last time until"
                + " 2026-03-01T12:00:00Z: url:http://p1/act gave no answer: refused."),
            explain(play("submit saga steps=3 concurrent; return 01 action SUCCESS;"
                + " return 03 action UNKNOWN DOWN; return 02 action FAILURE")).happened()
                .subList(0, 4));
        List<String> ended = explain(play("submit saga steps=1; return 01 action FAILURE;"
            + " return 01 compensate SUCCESS")).happened();
        assertTrue(ended.get(ended.size() - 1).startsWith("It ended at "), ended.toString());
    }

    /** Of many operations a few are told, and the others counted. */
    @Test
    void aLongOneIsTold() {
        StringBuilder told = new StringBuilder("submit saga steps=14 concurrent");
        for (int i = 1; i <= 13; i++) {
            told.append("; return ").append(i < 10 ? "0" + i : i).append(" action SUCCESS");
        }
        List<String> happened = explain(play(told.toString())).happened();

        assertEquals(Explanation.OPS_TOLD + 2, happened.size());
        assertEquals("Of 28 operations 13 are done, and 0 went wrong or failed.",
            happened.get(happened.size() - 1));
    }

    static Stream<String> stories() {
        return Stream.of("submit saga steps=2", "submit saga steps=2; return 01 action SUCCESS",
            "submit saga steps=2; return 01 action UNKNOWN DOWN",
            "submit saga steps=2; return 01 action FAILURE",
            "submit saga steps=1; return 01 action UNKNOWN DOWN; park",
            "submit saga steps=2; return 01 action ONGOING callback",
            "submit saga steps=1; return 01 action SUCCESS", "prepare tcc", "prepare xa",
            "prepare msg steps=1", "submit msg steps=2", "prepareWorkflow",
            "submit msg steps=1 delay=10", "submit saga steps=1; end failed",
            "submit saga steps=1; return 01 action UNKNOWN DOWN; pause",
            "submit saga steps=1 limit=1 park; return 01 action UNKNOWN DOWN;"
                + " wake; return 01 action UNKNOWN DOWN");
    }

    /** What is said of an action is what becomes of it. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("stories")
    void anActionIsAllowedIfItsCommandIsTaken(String told) {
        Story story = play(told);
        List<Action> said = explain(story).actions();
        GlobalTransaction shown = shown(story);
        List<Action.Proposal> asked =
            Action.proposals(shown, Decider.nextStep(shown, story.moment()));
        for (int i = 0; i < asked.size(); i++) {
            Command command = asked.get(i).command();
            if (command == null) {
                assertEquals(false, said.get(i).allowed());
                continue;
            }
            Decision done =
                Decider.decide(story.t(), story.live(), command, story.moment());
            boolean taken = done.reply() == null || done.reply() instanceof Reply.Done;
            assertEquals(taken, said.get(i).allowed(), said.get(i) + ": " + done.reply());
            assertEquals(said.get(i).allowed(), said.get(i).because().isEmpty());
        }
    }

    @Test
    void whatIsRefusedIsSaidInTheWordsOfTheRefusal() {
        Action skip = explain(play("submit saga steps=1")).actions().stream()
            .filter(each -> each.name().equals("skip")).findFirst().orElseThrow();
        assertEquals("a call of branch 01 is on its way: try again when it is back",
            skip.because());
        assertEquals(new CallKey("01", Op.ACTION), skip.key());
    }

    @Test
    void runningItAgainIsToldOnceItHasEnded() {
        assertEquals(new Action("again", null, true, "It is run again from 02 on, as g-again-1."
            + " 01: not part of it, since done before: if it is rolled back, that stays done;"
            + " 02: may have been done before, and then is done once more.", ""),
            again(play("submit saga steps=2; return 01 action SUCCESS; end failed")));
        assertEquals(new Action("again", null, false, "",
            "current status 'submitted', it has not ended: cannot run it again."),
            again(play("submit saga steps=2")));
        Story next = Story.begin(new Command.Submit(
            Again.of(play("submit saga steps=1; end failed").t(), "", "").submission()));
        assertEquals("It is g, run again.", explain(next).happened().get(1));
    }

    private static Action again(Story story) {
        return explain(story).actions().stream()
            .filter(each -> each.name().equals("again")).findFirst().orElseThrow();
    }

    @Test
    void oneInQuarantineCanBeReadAgainOrEnded() {
        GlobalTransaction t = new Event.Quarantined("entry 2 is missing", Story.NOON)
            .applyTo(play("submit saga steps=1").t());
        Explanation why = Explanation.of(t, new Moment(Story.NOON, Policy.DEFAULT));

        assertTrue(why.waitsFor().contains("entry 2 is missing"), why.waitsFor());
        assertEquals(List.of("retry", "stop failed"), why.actions().stream()
            .filter(Action::allowed).map(Action::name).toList());
    }

    private static Story play(String told) {
        Story story = new Story();
        for (String line : told.replace("DOWN", DOWN).split("; ")) {
            if (line.equals("wake")) {
                story.later(Duration.ofMinutes(2)).say(new Command.Resume());
            } else {
                story.say(Phrase.command(line));
            }
        }
        return story;
    }

    private static GlobalTransaction shown(Story story) {
        Decision look = Decider.decide(
            story.t(), story.live(), new Command.Look(Phrase.GID), story.moment());
        return ((Reply.Found) look.reply()).transaction();
    }

    private static Explanation explain(Story story) {
        return Explanation.of(shown(story), story.moment());
    }
}

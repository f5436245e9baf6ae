package transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ScenarioTest {

    static List<Scenario> scenarios() {
        return Scenario.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scenarios")
    void goesAsItIsTold(Scenario scenario) {
        assertEquals(scenario.text(), scenario.played(new Story()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scenarios")
    void endsTheSameWithACrashAfterAnyLine(Scenario scenario) {
        String end = ending(scenario.playedWithCrash(-1, 0));
        for (int i = 0; i < scenario.commands().size(); i++) {
            for (int crashes = 1; crashes <= 2; crashes++) {
                assertEquals(end, ending(scenario.playedWithCrash(i, crashes)),
                    crashes + " crashes after: " + scenario.commands().get(i));
            }
        }
        assertEquals(end, ending(scenario.playedWithCrash(-1, 1)), "a crash after each line");
    }

    @Test
    void thereAreStoriesOfAllModes() {
        assertTrue(scenarios().size() >= 25, "only " + scenarios().size());
        for (Mode mode : Mode.ALL) {
            assertTrue(scenarios().stream()
                .filter(each -> each.name().startsWith(mode.wire())).count() >= 3, mode.wire());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scenarios")
    void eachCommandReadsAsItIsWritten(Scenario scenario) {
        for (String line : scenario.commands()) {
            if (!line.startsWith("wait ") && !line.equals("crash")) {
                assertEquals(line, Phrase.of(Phrase.command(line)));
            }
        }
    }

    private static String ending(Story story) {
        GlobalTransaction t = story.t();
        return Transition.nameOf(t.status()) + " " + t.reason() + " " + t.result() + " "
            + story.rows() + " " + t.undo() + " " + t.submission();
    }
}

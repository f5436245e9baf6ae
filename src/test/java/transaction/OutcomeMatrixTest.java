package transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OutcomeMatrixTest {

    static List<OutcomeMatrix.Cell> cells() {
        return OutcomeMatrix.cells();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cells")
    void aCommandMovesTheStatusOrIsAnsweredWithoutEffect(OutcomeMatrix.Cell cell) {
        if (!cell.exists()) {
            assertThrows(IllegalArgumentException.class, cell::given);
            return;
        }
        Story story = cell.given();
        GlobalTransaction before = story.t();
        Live known = story.live();

        Decision decision = story.say(cell.command());

        assertEquals(cell.expected(), text(before, decision));
        if (isDenied(decision.reply())) {
            assertEquals(List.of(), decision.events());
            assertEquals(List.of(), decision.calls());
            assertEquals(before, decision.after());
            assertEquals(known.running(), decision.live().running());
            assertEquals(known.paused(), decision.live().paused());
        }
    }

    @Test
    void allFiveHundredAndFortyCellsAreDeclared() {
        assertEquals(540, cells().size());
        assertEquals(540, cells().stream()
            .map(cell -> cell.mode().wire() + cell.verb() + cell.status()).distinct().count());
    }

    private static String text(GlobalTransaction before, Decision decision) {
        String answer = Replies.nameOf(decision.reply());
        if (before.status() == decision.after().status()) {
            return answer;
        }
        return ">" + decision.after().status().wire() + (answer.equals("done") ? "" : " " + answer);
    }

    private static boolean isDenied(Reply reply) {
        return reply instanceof Reply.Refused || reply instanceof Reply.Invalid
            || reply instanceof Reply.Missing;
    }
}

package transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** A history means the same wherever and whenever it is read. */
class ReplayTest {

    @Test
    void branchIdsDoNotDependOnTheLanguageOfTheMachine() {
        Locale usual = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));

            for (Mode mode : List.of(Mode.SAGA, Mode.MSG)) {
                Story story = Story.begin(Samples.submit(mode));
                assertEquals(List.of("01 action"), Story.calls(story.last()));
            }
        } finally {
            Locale.setDefault(usual);
        }
    }
}

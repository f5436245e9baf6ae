package transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Whether the tables and the stories show all that may happen, and nothing else. */
class TransitionCoverageTest {

    private static final Path PAGE = Path.of("docs/states.md");

    @Test
    void everyLegalTransitionIsShown() {
        Set<String> unseen = new TreeSet<>(LegalTransitions.all());
        seen().forEach(each -> unseen.remove(each.toString()));

        assertEquals(Set.of(), unseen, "legal, but shown by no table and no story");
    }

    @Test
    void nothingElseHappens() {
        assertEquals(Set.of(), seen().stream().filter(each -> !LegalTransitions.allow(each))
            .map(Transition::toString).collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void thePageOfStatesIsUpToDate() throws IOException {
        String page = StatesPage.of(seen());
        if (Boolean.getBoolean("states.write")) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, page);
        }

        assertEquals(Files.readString(PAGE), page, "run again with -Dstates.write=true");
    }

    private static Set<Transition> seen() {
        Set<Transition> seen = new LinkedHashSet<>();
        for (OutcomeMatrix.Cell cell : OutcomeMatrix.cells()) {
            if (cell.exists()) {
                Story story = cell.given();
                story.say(cell.command());
                seen.addAll(story.transitions());
            }
        }
        for (Scenario scenario : Scenario.all()) {
            Story story = new Story();
            scenario.played(story);
            seen.addAll(story.transitions());
        }
        return seen;
    }
}

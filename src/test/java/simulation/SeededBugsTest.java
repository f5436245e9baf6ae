package simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What docs/seeded-bugs.md says of each planted bug is so. */
class SeededBugsTest {

    private static final Path PAGE = Path.of("docs/seeded-bugs.md");

    private static final int WITHIN = 3_000;

    @Test
    void thePageTellsOfEachPlantedBugWhoFindsItAndWhen() throws IOException {
        List<String> told;
        try (Stream<String> lines = Files.lines(PAGE)) {
            told = lines.filter(line -> line.matches("\\| `[A-Z_]+` \\|.*")).toList();
        }
        List<String> found = Stream.of(Tooth.values()).filter(tooth -> tooth != Tooth.NONE)
            .map(SeededBugsTest::row).toList();
        // As lines, so that a failure shows the table as it should be.
        assertEquals(String.join("\n", found), String.join("\n", told));
    }

    @ParameterizedTest
    @ValueSource(strings = {"store.SeededStoreBugsTest", "branch.SeededCallBugsTest"})
    void thePageTellsOfThoseOutsideTheRules(String test) throws Exception {
        String page = Files.readString(PAGE);
        Class<?> bugs = Class.forName(test);
        List<String> planted = Stream.of(bugs.getDeclaredMethods())
            .filter(method -> method.isAnnotationPresent(Test.class))
            .map(method -> "| `" + method.getName() + "` in `" + bugs.getSimpleName() + "` |")
            .toList();

        assertEquals(List.of(), planted.stream().filter(row -> !page.contains(row)).toList());
        assertEquals(planted.size(), page.split(" in `" + bugs.getSimpleName() + "`").length - 1);
    }

    private static String row(Tooth tooth) {
        Schedules.Finding finding = Schedules.find(tooth, 1, WITHIN);
        return "| `" + tooth + "` | " + tooth.text + " | `SimulationTest`"
            + (isOfSmallScope(tooth) ? ", `SmallScopeTest`" : "") + " | " + finding.what() + " | "
            + finding.schedules() + " |";
    }

    private static boolean isOfSmallScope(Tooth tooth) {
        return Stream.of(SmallScopeTest.class.getDeclaredMethods())
            .filter(method -> method.isAnnotationPresent(CsvSource.class))
            .filter(method -> Arrays.asList(method.getParameterTypes()).contains(Tooth.class))
            .map(SeededBugsTest::table)
            .anyMatch(table -> table.lines().anyMatch(line -> line.startsWith(tooth + " ")));
    }

    private static String table(Method method) {
        return method.getAnnotation(CsvSource.class).textBlock();
    }
}

package transaction;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {

    private static final Options ALL =
        new Options(true, 1, 2, 3, 4, 5, Map.of("x-trace", "t9"), true);

    @Test
    void whatIsSaidLaterOverrulesAndWhatIsNotSaidStays() {
        assertEquals(ALL, Options.NONE.overruledBy(ALL));
        assertEquals(ALL, ALL.overruledBy(Options.NONE));
        assertEquals(
            new Options(true, 1, 9, 3, 4, 5, Map.of("x-other", "u"), true),
            ALL.overruledBy(new Options(false, 0, 9, 0, 0, 0, Map.of("x-other", "u"), false)));
    }

    @Test
    void theVerdictModeIsOverruledOnlyByOneThatIsSaid() {
        Options strict = new Options(false, 0, 0, 0, 0, 0, Map.of(), false, VerdictMode.STRICT);
        Options dtm = new Options(false, 0, 0, 0, 0, 0, Map.of(), false, VerdictMode.DTM);

        assertEquals(strict, strict.overruledBy(Options.NONE));
        assertEquals(dtm, strict.overruledBy(dtm));
        assertEquals(VerdictMode.UNSAID, VerdictMode.of("").orElseThrow());
        assertEquals(java.util.Optional.empty(), VerdictMode.of("Strict"));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, Limits.SECONDS_MAX + 1, Integer.MAX_VALUE})
    void numbersOutOfBoundsAreInvalid(int number) {
        assertInvalid(() -> new Options(false, number, 0, 0, 0, 0, Map.of(), false).check());
        assertInvalid(() -> new Options(false, 0, number, 0, 0, 0, Map.of(), false).check());
        assertInvalid(() -> new Options(false, 0, 0, number, 0, 0, Map.of(), false).check());
        assertInvalid(() -> new Options(false, 0, 0, 0, number, 0, Map.of(), false).check());
        assertInvalid(() -> new Options(false, 0, 0, 0, 0, number, Map.of(), false).check());
    }

    @Test
    void numbersAtTheBoundAreFine() {
        int most = Limits.SECONDS_MAX;
        assertDoesNotThrow(
            () -> new Options(false, most, most, most, most, most, Map.of(), false).check());
    }

    @ParameterizedTest(name = "header {0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
        x-trace           | t9     | fine
        authorization     | "a b"  | fine
        content-type      | a/b    | fine
        x-latin           | é      | fine
        Host              | evil   | invalid
        content-LENGTH    | 3      | invalid
        transfer-encoding | x      | invalid
        connection        | close  | invalid
        "x y"             | v      | invalid
        "x:y"             | v      | invalid
        ""                | v      | invalid
        xé                | v      | invalid
        x-snow            | ☃      | fine
        x-text            | 中文    | fine
        x-half            | "\ud800" | invalid
        """)
    void aHeaderMustBeOneThatHttpCanCarryAndMayNotFrameTheMessage(
            String name, String value, String verdict) {
        if (verdict.equals("fine")) {
            assertDoesNotThrow(() -> withHeader(name, value).check());
        } else {
            assertInvalid(() -> withHeader(name, value).check());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nb", "a\nb", "a\0b", "a\u007fb"})
    void aHeaderCannotBeSplit(String value) {
        assertInvalid(() -> withHeader("x-split", value).check());
    }

    @Test
    void headersAreBoundedInNumberAndSize() {
        Map<String, String> most = new HashMap<>();
        for (int i = 0; i < Limits.BRANCH_HEADERS; i++) {
            most.put("x-" + i, "v".repeat(Limits.BRANCH_HEADER_CHARS));
        }
        assertDoesNotThrow(() -> new Options(false, 0, 0, 0, 0, 0, most, false).check());
        most.put("x-more", "v");
        assertInvalid(() -> new Options(false, 0, 0, 0, 0, 0, most, false).check());
        assertInvalid(() -> withHeader("x", "v".repeat(Limits.BRANCH_HEADER_CHARS + 1)).check());
        assertInvalid(() -> withHeader("x".repeat(Limits.BRANCH_HEADER_CHARS + 1), "v").check());
    }

    /** A copy into a map of the JDK's own makes once took ten seconds for such names. */
    @Test
    void namesThatCollideAreRefusedLikeOthers() {
        Map<String, String> tooMany = new HashMap<>();
        for (int i = 0; i < 1 << 15; i++) {
            StringBuilder name = new StringBuilder();
            for (int bit = 0; bit < 15; bit++) {
                name.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            tooMany.put(name.toString(), "");
        }
        assertInvalid(() -> new Options(false, 0, 0, 0, 0, 0, tooMany, false).check());
    }

    @Test
    void aHeaderStandsThereOnceWhateverItsCase() {
        assertInvalid(() -> new Options(
            false, 0, 0, 0, 0, 0, Map.of("X-Trace", "a", "x-trace", "b"), false).check());
    }

    /** What was accepted under other rules stays. */
    @Test
    void whatIsOnRecordIsNotAskedAgain() {
        assertEquals("evil", withHeader("Host", "evil").branchHeaders().get("Host"));
        assertEquals(-1, new Options(false, -1, 0, 0, 0, 0, Map.of(), false)
            .timeoutToFailSeconds());
    }

    @Test
    void aCallCarriesWhatWasAskedForOrTheServersSetting() {
        Options asked = new Options(
            false, 0, 7, 0, 0, 0, Map.of("x-trace", "t9"), false, VerdictMode.STRICT);
        BranchCall call = Story.begin(new Command.Submit(Samples.saga(1, asked)))
            .last().calls().get(0);
        BranchCall plain = Story.begin(new Command.Submit(Samples.saga(1)))
            .last().calls().get(0);

        assertEquals(Duration.ofSeconds(7), call.timeout());
        assertEquals(Map.of("x-trace", "t9"), call.headers());
        assertEquals(VerdictMode.STRICT, call.verdictMode());
        assertEquals(VerdictMode.UNSAID, plain.verdictMode());
        assertEquals(Policy.DEFAULT.requestTimeout(), plain.timeout());
        assertEquals(Map.of(), plain.headers());
    }

    private static Options withHeader(String name, String value) {
        return new Options(false, 0, 0, 0, 0, 0, Map.of(name, value), false);
    }

    private static void assertInvalid(org.junit.jupiter.api.function.Executable made) {
        assertThrows(InvalidRequest.class, made);
    }
}

package docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The comparison says no when it should. */
class AnswersTest {

    @ParameterizedTest(name = "{0} fits {1}: {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"a": 1}                  | {"a":1}                   | true
        {"a": 1}                  | {"a":2}                   | false
        {"a": 1}                  | {"a":1,"b":2}             | false
        {"a": 1, "b": 2}          | {"a":1}                   | false
        {"a": 1, "…": "…"}        | {"a":1,"b":2}             | true
        {"a": 1, "…": "…"}        | {"b":2}                   | false
        {"a": "…"}                | {"a":[1]}                 | true
        {"a": "b…d"}              | {"a":"bcd"}               | true
        {"a": "b…d"}              | {"a":"bcde"}              | false
        [{"a": 1}, {"a": 2}]      | [{"a":1},{"a":2}]         | true
        [{"a": 1}, {"a": 2}]      | [{"a":2},{"a":1}]         | false
        [{"a": 1}]                | [{"a":1},{"a":2}]         | false
        {"a": null}               | {"a":null}                | true
        {"a": {"b": 1}}           | {"a":1}                   | false
        """)
    void anAnswerFitsOrNot(String shown, String actual, boolean fits) throws IOException {
        assertEquals(fits, Answers.fit(shown, actual));
    }

    @Test
    void answersThatFollowEachOtherAreToldApart() throws IOException {
        assertEquals(List.of("{\"a\":1}", "[2]"), Answers.split("{\"a\":\n1}\n[2]\n"));
    }

    @Test
    void wordsAreReadAsAShellReadsThem() {
        assertEquals(List.of(List.of("curl", "-d", "{\"a\": 'x'}"), List.of("java", "a b")),
            Script.commands("curl -d '{\"a\": '\"'x'\"'}'\njava \\\n  a' 'b\n"));
    }
}

package prove;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StateTest {

    private static State state(String text) {
        return State.of(text.getBytes(StandardCharsets.UTF_8), Set.of("at"));
    }

    @ParameterizedTest(name = "{0} and {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"a":1,"b":2}        | { "b": 2.0, "a": 1 }  | true
        {"a":1}              | {"a":1.01}            | false
        {"a":1}              | {"a":"1"}             | false
        {"a":1,"at":5}       | {"a":1,"at":6}        | true
        [{"x":{"at":1}}]     | [{"x":{"at":2}}]      | true
        [1,2]                | [2,1]                 | false
        1                    | 1.0                   | true
        0.1                  | 0.10                  | true
        12345678901234567890 | 12345678901234567891  | false
        left 1               | left 1                | true
        left 1               | left  1               | false
        {"a":1} x            | {"a":1.0} x           | false
        {"a":null}           | {}                    | false
        """)
    void jsonIsComparedByValueAndTextByBytes(String one, String other, boolean isSame) {
        assertEquals(isSame, state(one).shows(state(other)));
        assertEquals(isSame, state(other).shows(state(one)));
    }

    @ParameterizedTest(name = "{0}, {1}, {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"a":10} | {"a":9}  | {"a":8}  | true
        {"a":10} | {"a":9}  | {"a":7}  | false
        {"a":{"b":10}} | {"a":{"b":9}}  | {"a":{"b":9}}  | false
        {"a":"x"} | {"a":"y"}  | {"a":"z"}  | true
        10 left | 9 left | 9 left | true
        """)
    void stepsAreComparedNumberByNumber(String one, String two, String three, boolean isAlike) {
        assertEquals(isAlike, state(one).differsAs(state(two), state(three)));
    }
}

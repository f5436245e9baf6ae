package sbom;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sbom.VersionRange.Event;
import sbom.VersionRange.Kind;

class VersionRangeTest {

    @ParameterizedTest(name = "{0} has {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
        introduced 0, fixed 2.4.0                    | 0.0.1            | true
        introduced 0, fixed 2.4.0                    | 2.3.9            | true
        introduced 0, fixed 2.4.0                    | 2.4.0            | false
        introduced 0, fixed 2.4.0                    | 2.4              | false
        introduced 0, fixed 2.4.0                    | 2.4.0-rc1        | true
        introduced 0, fixed 2.4.0                    | 2.4.0-SNAPSHOT   | true
        introduced 0, fixed 2.4.0                    | 2.4.0.Final      | false
        introduced 0, fixed 2.4.0                    | 2.10.0           | false
        introduced 1.0, fixed 2.4.0                  | 1.0              | true
        introduced 1.0, fixed 2.4.0                  | 1.0-beta         | false
        introduced 1.0, fixed 2.4.0                  | 0.9              | false
        introduced 4.2.0.Final, fixed 4.2.18.Final   | 4.2.17.Final     | true
        introduced 4.2.0.Final, fixed 4.2.18.Final   | 4.2.18.Final     | false
        introduced 4.2.0.Final, fixed 4.2.18.Final   | 4.2.0.Alpha1     | false
        introduced 32.0, fixed 33.6.0-jre            | 33.6.0-android   | true
        introduced 0, last_affected 1.5              | 1.5              | true
        introduced 0, last_affected 1.5              | 1.5.0            | true
        introduced 0, last_affected 1.5              | 1.5.1            | false
        introduced 0, last_affected 1.5              | 1.5-sp1          | false
        introduced 0                                 | 99               | true
        introduced 0, fixed 1.2, introduced 2, fixed 2.1 | 1.1          | true
        introduced 0, fixed 1.2, introduced 2, fixed 2.1 | 1.2          | false
        introduced 0, fixed 1.2, introduced 2, fixed 2.1 | 1.9          | false
        introduced 0, fixed 1.2, introduced 2, fixed 2.1 | 2.0          | true
        introduced 0, fixed 1.2, introduced 2, fixed 2.1 | 2.1          | false
        introduced 0, last_affected 1.2, introduced 2    | 2.5          | true
        fixed 2.1, introduced 2, fixed 1.2, introduced 0 | 2.0          | true
        fixed 2.1, introduced 2, fixed 1.2, introduced 0 | 1.9          | false
        introduced 0, limit 2                        | 1.9              | true
        introduced 0, limit 2                        | 2                | false
        introduced 0, limit *                        | 2                | true
        """)
    void aVersionIsInsideAsMavenOrdersIt(String range, String version, boolean isInside) {
        assertEquals(isInside, range(range).contains(version));
    }

    @ParameterizedTest(name = "{0} is fixed for {1} in {2}")
    @CsvSource(delimiter = '|', textBlock = """
        introduced 0, fixed 1.2, introduced 2, fixed 2.1 | 1.0 | 1.2
        introduced 0, fixed 1.2, introduced 2, fixed 2.1 | 2.0 | 2.1
        introduced 0, last_affected 1.5                  | 1.0 |
        """)
    void theNextFixIsNamed(String range, String version, String fix) {
        assertEquals(Optional.ofNullable(fix), range(range).fixAfter(version));
    }

    private static VersionRange range(String text) {
        List<Event> events = new ArrayList<>();
        for (String each : text.split(", *")) {
            String[] words = each.split(" ");
            events.add(new Event(Kind.valueOf(words[0].toUpperCase()), words[1]));
        }
        return new VersionRange(events);
    }
}

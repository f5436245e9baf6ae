package sbom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What Pactor is made of may be passed on with it, and {@code THIRD-PARTY.txt} says all of it. */
class LicencesTest {

    /** Those that go along with the Apache License 2.0 in one jar. */
    private static final Set<String> COMPATIBLE = Set.of("Apache-2.0", "BSD-2-Clause",
        "BSD-3-Clause", "Bouncy Castle Licence", "EPL-1.0", "LGPL-2.1-or-later",
        "MIT", "MIT-0", "MPL-2.0");

    /** Those that ask for the notice of who holds the copyright. */
    private static final Set<String> WITH_NOTICE =
        Set.of("BSD-2-Clause", "BSD-3-Clause", "Bouncy Castle Licence", "MIT");

    /** By the name of the component: all that its publisher offers. */
    private static final Map<String, Set<String>> OFFERED = new TreeMap<>();

    /** By the name of the component: the licence that was chosen, and the notice. */
    private static final Map<String, String[]> CHOSEN = new TreeMap<>();

    @BeforeAll
    static void read() throws IOException {
        URL bill = LicencesTest.class.getClassLoader().getResource(BillOfMaterials.RESOURCE);
        assertNotNull(bill, "Maven writes the bill of materials only if it is not offline (-o)");
        JsonNode all = new ObjectMapper().readTree(bill);
        for (JsonNode each : all.path("components")) {
            Set<String> offered = new TreeSet<>();
            each.path("licenses").forEach(one -> offered.add(one.at("/license/id").isTextual()
                ? one.at("/license/id").asText() : one.at("/license/name").asText()));
            OFFERED.put(each.path("group").asText() + ":" + each.path("name").asText(), offered);
        }
        for (String line : Files.readAllLines(Path.of("THIRD-PARTY.txt"))) {
            String[] words = line.split(" {2,}", 3);
            if (words[0].matches("[\\w.-]+:[\\w.-]+")) {
                CHOSEN.put(words[0], words);
            }
        }
    }

    @Test
    void eachComponentIsListedAndNoOther() {
        assertTrue(OFFERED.size() > 50, OFFERED.toString());
        assertEquals(OFFERED.keySet(), CHOSEN.keySet());
    }

    @Test
    void eachLicenceIsOfferedAndCompatible() {
        List<String> wrong = new ArrayList<>();
        CHOSEN.forEach((name, words) -> {
            if (!COMPATIBLE.contains(words[1]) || !OFFERED.get(name).contains(words[1])) {
                wrong.add(name + " is under " + OFFERED.get(name) + ", not " + words[1]);
            }
        });
        assertEquals(List.of(), wrong);
    }

    @Test
    void eachTextAndEachNoticeThatIsAskedForIsThere() {
        List<String> missing = new ArrayList<>();
        CHOSEN.forEach((name, words) -> {
            String text = words[1].equals("Apache-2.0") ? "LICENSE"
                : "licenses/" + words[1].replace("-or-later", "") + ".txt";
            if (!Files.exists(Path.of(text))) {
                missing.add(text);
            }
            if (WITH_NOTICE.contains(words[1])
                    && (words.length < 3 || !words[2].startsWith("Copyright "))) {
                missing.add(name + " needs its notice of copyright");
            }
        });
        assertEquals(List.of(), missing);
    }
}

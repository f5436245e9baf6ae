package pactor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pactor.settings.Inputs;
import picocli.CommandLine;

/** The check of the bill of materials, with advisories that are planted. */
class SbomCommandTest {

    private static final String BILL = """
        {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [
          {"group": "com.h2database", "name": "h2", "version": "2.4.240"},
          {"group": "io.netty", "name": "netty-handler", "version": "4.2.17.Final"},
          {"name": "nogroup", "version": "1"}]}
        """;

    private static final String UP_TO_3 = "\"ranges\": [{\"type\": \"ECOSYSTEM\","
        + " \"events\": [{\"introduced\": \"0\"}, {\"fixed\": \"3\"}]}]";

    @TempDir
    private Path dir;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest(name = "{0} {1} {2} {3}: {4}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        Maven  | com.h2database:h2 | ``                                | $UP_TO_3            | 1
        Maven:https://repo.example.com | com.h2database:h2 | ``         | $UP_TO_3            | 1
        Maven  | com.h2database:h2 | ``                                | "versions": ["2.4.240"] | 1
        Maven  | com.h2database:h2 | ``  | "versions": ["2.4.239", "2.4.241"]                | 0
        Maven  | com.h2database:h2 | ``  | "versions": ["1"], $UP_TO_3                       | 1
        Maven  | com.h2database:h2 | `"withdrawn": "2026-01-01T00:00:00Z",` | $UP_TO_3       | 0
        Maven  | com.h2database:h2 | `"withdrawn": null,`              | $UP_TO_3            | 1
        Maven  | com.h2database:h2-mvstore | ``                        | $UP_TO_3            | 0
        Maven  | com.h2database:H2 | ``                                | $UP_TO_3            | 0
        Maven  | h2                | ``                                | $UP_TO_3            | 0
        Maven  | nogroup           | ``                                | $UP_TO_3            | 1
        PyPI   | com.h2database:h2 | ``                                | $UP_TO_3            | 0
        Mavens | com.h2database:h2 | ``                                | $UP_TO_3            | 0
        Maven  | com.h2database:h2 | ``                                | "versions": []      | 1
        Maven  | com.h2database:h2 | ``  | "ranges": [{"type": "GIT", "events": []}]         | 1
        """)
    void anAdvisoryIsFoundIfItConcernsAComponent(
            String ecosystem, String name, String more, String which, int code)
            throws IOException {
        Path file = write("one.json",
            advisory("GHSA-1", ecosystem, name, more, which.replace("$UP_TO_3", UP_TO_3)));

        assertEquals(code, check(file), err.toString());
        assertEquals(code == 1, out.toString().contains(name + " "), out.toString());
        assertTrue(out.toString().contains("3 components, 1 advisories read"), out.toString());
    }

    @Test
    void whatIsFoundIsNamedWithItsFix() throws IOException {
        Path file = write("one.json", advisory("GHSA-1", "Maven", "com.h2database:h2",
            "\"aliases\": [\"CVE-2026-1\"], \"summary\": \"Opens \\u001b[2Jdoors\",", UP_TO_3));

        assertEquals(1, check(file));
        assertEquals("""
            com.h2database:h2 2.4.240: GHSA-1 CVE-2026-1, fixed in 3: Opens  [2Jdoors
            1 found: 3 components, 1 advisories read, of which 1 are about libraries of Maven
            """, out.toString().replace("\r", ""));
        assertEquals(0, check(file, "--except", "CVE-2026-1"), "that was looked at");
        assertEquals(1, check(file, "--except", "CVE-2026-2"), "that is another");
    }

    @Test
    void listsDirectoriesAndZipFilesAreRead() throws IOException {
        String one = advisory("GHSA-1", "Maven", "com.h2database:h2", "", UP_TO_3);
        String two = advisory("GHSA-2", "Maven", "io.netty:netty-handler", "",
            UP_TO_3.replace("\"3\"", "\"4.2.18.Final\""));
        Path list = write("list.json", "[" + one + "," + two + "]");
        Path answer = write("answer.json", "{\"vulns\": [" + one + "," + two + "]}");
        Path below = dir.resolve("all");
        Files.createDirectories(below.resolve("deep"));
        Files.writeString(below.resolve("deep/1.json"), one);
        Files.writeString(below.resolve("2.JSON"), two);
        Files.writeString(below.resolve("README.md"), "not one of them");
        Path zip = dir.resolve("all.zip");
        try (OutputStream file = Files.newOutputStream(zip);
                ZipOutputStream entries = new ZipOutputStream(file)) {
            for (String each : List.of(one, two)) {
                entries.putNextEntry(new ZipEntry("a/" + each.hashCode() + ".json"));
                entries.write(each.getBytes(StandardCharsets.UTF_8));
            }
        }
        for (Path each : List.of(list, answer, below, zip)) {
            assertEquals(1, check(each), each + err.toString());
            assertTrue(out.toString().contains("2 found: 3 components, 2 advisories read"),
                each + out.toString());
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        ``                                   | it has no id
        no json                              | it is not JSON
        {"id": "A"}{"id": "B"}               | it is not JSON
        {"id": "A", "affected": [            | it is not JSON
        []                                   | there are no advisories in it
        {}                                   | it has no id
        {"id": 1}                            | it has no id
        [1]                                  | it has no id
        {"id": "A", "affected": {}}          | A: affected is not a list
        {"id": "A", "affected": [{}]}        | A: ecosystem is missing
        {"id": "A", "affected": [{"package": {"ecosystem": "Maven"}}]} | A: name is missing
        $A_B "versions": "1"}]} | A: versions is not a list
        $A_B "versions": [1]}]} | A: versions is not a list of texts
        $A_B "ranges": [{}]}]} | A: type is missing
        $A_B "ranges": [{"type": "ECOSYSTEM"}]}]} | A: a range does not say where it begins
        $A_B "ranges": [{"type": "ECOSYSTEM", "events": [{"until": "1"}]}]}]} \
                                             | A: an event of a range
        """)
    void whatCannotBeReadIsNoAllClear(String text, String says) throws IOException {
        Path file = write("wrong.json", text.replace("$A_B", "{\"id\": \"A\", \"affected\":"
            + " [{\"package\": {\"ecosystem\": \"Maven\", \"name\": \"a:b\"},"));

        assertEquals(2, check(file));
        assertTrue(err.toString().contains("pactor: " + file + ": "), err.toString());
        assertTrue(err.toString().contains(says), err.toString());
        assertEquals("", out.toString());
    }

    @Test
    void aMissingFileAnEmptyDirectoryAndABrokenZipFileAreRefused() throws IOException {
        assertEquals(2, check(dir.resolve("none.json")));
        assertTrue(err.toString().contains("none.json"), err.toString());
        Path empty = Files.createDirectory(dir.resolve("empty"));
        assertEquals(2, check(empty));
        assertTrue(err.toString().contains("there are no advisories in it"), err.toString());
        assertEquals(2, check(write("broken.zip", "PK no zip")));
        assertTrue(err.toString().contains("there are no advisories in it"), err.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {}                                              | it is not a bill of materials
        nothing                                         | it is not JSON
        {"bomFormat": "CycloneDX"}                      | it names no components
        {"bomFormat": "CycloneDX", "components": [{}]}  | a component has no name
        """)
    void anotherBillMustBeOne(String bill, String says) throws IOException {
        Path file = write("one.json",
            advisory("GHSA-1", "Maven", "com.h2database:h2", "", UP_TO_3));
        Path wrong = write("wrong.cdx.json", bill);

        assertEquals(2, run("sbom", "check", file.toString(), "--sbom", wrong.toString()));
        assertTrue(err.toString().contains(says), err.toString());
    }

    @Test
    void theBillOfThisBuildIsPrintedAndChecked() throws IOException {
        assertEquals(0, run("sbom"), err.toString());
        assertTrue(out.toString().contains("\"pkg:maven/com.h2database/h2@"), out.toString());
        assertFalse(out.toString().contains("junit"), "tests are not passed on");
        Path printed = write("printed.cdx.json", out.toString());
        Path file = write("one.json", advisory("GHSA-1", "Maven", "com.h2database:h2", "",
            UP_TO_3.replace("\"3\"", "\"999\"")));

        assertEquals(1, run("sbom", "check", file.toString()));
        String ours = out.toString();
        assertTrue(ours.contains("com.h2database:h2 2."), ours);
        assertEquals(1,
            run("sbom", "check", file.toString(), "--sbom", printed.toString()));
        assertEquals(ours, out.toString(), "what is printed can be checked elsewhere");
    }

    private static String advisory(
            String id, String ecosystem, String name, String more, String which) {
        return "{\"id\": \"" + id + "\", " + more + " \"affected\": [{\"package\": {\"ecosystem\":"
            + " \"" + ecosystem + "\", \"name\": \"" + name + "\"}, " + which + "}]}";
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(dir.resolve(name), text);
    }

    private int check(Path advisories, String... more) throws IOException {
        Path bill = write("bill.cdx.json", BILL);
        return run(Stream.concat(
            Stream.of("sbom", "check", advisories.toString(), "--sbom", bill.toString()),
            Stream.of(more)).toArray(String[]::new));
    }

    private int run(String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine commands = Main.commandLine(
            new Inputs(List.of(), Map.of(), Map.of(), Optional.empty()),
            (effective, live, guard) -> {
                throw new IllegalStateException("nothing is served");
            });
        commands.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return Main.run(commands, args);
    }
}

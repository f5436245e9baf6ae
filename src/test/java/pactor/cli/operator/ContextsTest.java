package pactor.cli.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContextsTest {

    @TempDir
    private Path dir;

    @Test
    void eachSectionIsAServerAndPathsAreSeenFromTheFile() throws Exception {
        Contexts contexts = read("# mine", "context = prod", "", "[prod]",
            "server = https://pactor.example.com:8080/", "token-file = prod.token",
            "ca = /etc/ca.crt", "certificate=me.crt", "key=me.key", "[here]");

        CliContext prod = contexts.find("").orElseThrow();
        assertEquals(URI.create("https://pactor.example.com:8080"), prod.server());
        assertEquals(Optional.of(dir.resolve("prod.token")), prod.tokenFile());
        assertEquals(Optional.of(Path.of("/etc/ca.crt")), prod.tls().authorities());
        assertEquals(Optional.of(dir.resolve("me.key")), prod.tls().key());
        assertEquals(CliContext.HERE, contexts.find("here").orElseThrow().server());
        assertEquals(List.of("prod", "here"), List.copyOf(contexts.named().keySet()));
    }

    @Test
    void withoutAFileInTheUsualPlaceThereAreNone() {
        Map<String, String> environment = Map.of("HOME", dir.toString());
        assertEquals(dir.resolve(".config/pactor/config"), Contexts.place(environment));
        assertEquals(Optional.empty(), Contexts.read(environment).find(""));
    }

    @Test
    void aFileThatIsNamedMustBeThere() {
        assertSays("there is no file", assertThrows(Failure.class,
            () -> Contexts.read(Map.of(Contexts.FILE, dir.resolve("gone").toString()))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        server = http://x:1         | :1: expected context = NAME or [NAME]
        [a];token = secret          | :2: expected ca = ..., certificate = ..., key = ...
        [a];[a]                     | :2: the context needs a name of its own
        []                          | :1: the context needs a name of its own
        [a];key = x                 | a certificate and a key belong together
        [a];server = ftp://x        | a server is an address such as https://
        [a];server = http://u:p@x   | a server is an address such as https://
        [a];server = http://x/path  | a server is an address such as https://
        [a];ca = x;ca = y           | :3: ca is there twice
        context = b;[a]             | has no [b], which its context names
        """)
    void aMistakeIsNamedWithItsPlace(String lines, String expected) {
        Failure failure = assertThrows(Failure.class, () -> read(lines.split(";")));
        assertSays(expected, failure);
        assertEquals(78, failure.exitCode());
    }

    @Test
    void whoAsksForAContextThatIsNotThereIsToldWhichAre() throws Exception {
        Contexts contexts = read("[a]", "[b]");
        assertSays("there is no context c", assertThrows(Failure.class, () -> contexts.find("c")));
        assertSays("it has a, b", assertThrows(Failure.class, () -> contexts.find("c")));
    }

    private Contexts read(String... lines) throws IOException {
        Path file = Files.write(dir.resolve("config"), List.of(lines));
        return Contexts.read(Map.of(Contexts.FILE, file.toString()));
    }

    private static void assertSays(String expected, Failure failure) {
        assertTrue(failure.getMessage().contains(expected), failure.getMessage());
    }
}

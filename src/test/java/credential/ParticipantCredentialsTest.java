package credential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tls.PemFiles;
import transaction.HttpUrl;

/** The file, the files that it names, and what becomes of a change. */
class ParticipantCredentialsTest {

    private static final TokenServer NOBODY = asked -> new CompletableFuture<>();

    @TempDir
    private Path place;

    private Path file;
    private Path key;

    @BeforeEach
    void begin() {
        file = place.resolve("credentials");
        key = place.resolve("key");
        PemFiles.write(key, "canary-1\n");
    }

    @Test
    void theLongestPathDecides() {
        Path other = place.resolve("other");
        PemFiles.write(other, "canary-2");
        ParticipantCredentials live = written("# who gets what\n\n"
            + "https://a.example header name=K value-file=" + key + "\n"
            + "https://a.example/v2 header name=K value-file=" + other + "\n");

        assertEquals("canary-1", value(live, "https://a.example/v1"));
        assertEquals("canary-2", value(live, "https://a.example/v2/x"));
        assertEquals("", value(live, "https://b.example/"));
    }

    @Test
    void aNewSecretIsTakenOverAndABrokenFileChangesNothing() {
        String line = "https://a.example bearer token-file=" + key + "\n";
        ParticipantCredentials live = written(line);

        PemFiles.write(key, "canary-2");
        live.check();
        assertEquals("Bearer canary-2", value(live, "https://a.example/"));
        PemFiles.write(key, "");
        live.check();
        assertEquals("Bearer canary-2", value(live, "https://a.example/"));
        PemFiles.write(key, "canary-3");
        PemFiles.write(file, line + "https://b.exam\n");
        live.check();
        assertEquals("Bearer canary-2", value(live, "https://a.example/"));
        PemFiles.write(file, line + "https://b.example bearer token-file=" + key);
        live.check();
        assertEquals("Bearer canary-2", value(live, "https://a.example/"));
        PemFiles.write(file, line);
        live.check();
        assertEquals("Bearer canary-3", value(live, "https://a.example/"));
        PemFiles.write(file, "");
        live.check();
        assertEquals("", value(live, "https://a.example/"));
    }

    @Test
    void aTokenAndAnIdentityOutliveTheChangeOfAnotherLine() {
        PemFiles pem = new PemFiles(place);
        pem.issue("pactor");
        String lines = "https://a.example oauth2 token-url=https://idp client-id=c secret-file="
            + key + "\nhttps://a.example tls certificate=" + place.resolve("pactor.crt") + " key="
            + place.resolve("pactor.key") + "\n";
        ParticipantCredentials live = written(lines);
        Site site = site("https://a.example/");
        Credential token = live.of(site).orElseThrow();
        Identity identity = live.identity(site).orElseThrow();

        PemFiles.write(file, lines + "https://b.example bearer token-file=" + key + "\n");
        live.check();
        assertSame(token, live.of(site).orElseThrow());
        assertSame(identity, live.identity(site).orElseThrow());
        assertEquals(Optional.empty(), live.identity(site("https://b.example/")));

        PemFiles.write(key, "canary-2");
        pem.issue("pactor");
        live.check();
        assertNotSame(token, live.of(site).orElseThrow());
        assertNotSame(identity, live.identity(site).orElseThrow());
    }

    @Test
    void whoIsTrustedByAllIsTrustedByAnIdentityThatSaysNothing() {
        PemFiles pem = new PemFiles(place);
        pem.issue("pactor");
        PemFiles.write(file, "https://a.example tls certificate=" + place.resolve("pactor.crt")
            + " key=" + place.resolve("pactor.key") + "\n");
        ParticipantCredentials live =
            ParticipantCredentials.read(Optional.of(file), Optional.of(pem.ca()));
        Identity before = live.identity(site("https://a.example/")).orElseThrow();

        new PemFiles(place).issue("pactor");
        live.check();

        assertNotSame(before, live.identity(site("https://a.example/")).orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two\nlines", "ümlaut"})
    void aSecretThatNoHeaderCanCarryIsRefusedWithoutBeingShown(String content) {
        PemFiles.write(key, content);

        String said = problem("https://a.example bearer token-file=" + key);

        assertTrue(said.startsWith(file + ", line 1: " + key), said);
        assertFalse(said.contains("lines\"") || said.contains("ümlaut"), said);
    }

    @Test
    void whatIsTooMuchOrTwiceIsRefused() {
        PemFiles.write(key, "x".repeat(Bounds.SECRET_CHARS));
        String line = "https://a%d.example bearer token-file=" + key + "\n";
        written(String.format(line, 1));
        PemFiles.write(key, "x".repeat(Bounds.SECRET_CHARS + 1));
        assertTrue(problem(String.format(line, 1)).contains("16384 characters"));
        PemFiles.write(key, "x");
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < Bounds.LINES; i++) {
            many.append(String.format(line, i));
        }
        written(many.toString());
        assertTrue(problem(many + String.format(line, -1)).contains("1000 lines"));
        assertTrue(problem("https://a bearer token-file=" + key + "\nhttps://a:443/ bearer"
            + " token-file=" + key).contains("two lines for https://a:443"));
        assertTrue(problem("https://a bearer token-file=" + place.resolve("none"))
            .contains("NoSuchFile"));
        PemFiles.write(file, "#" + "x".repeat(Bounds.FILE_BYTES - 2) + "\n");
        ParticipantCredentials.read(Optional.of(file), Optional.empty());
        assertTrue(problem("#" + "x".repeat(Bounds.FILE_BYTES)).contains("longer than"));
    }

    private String problem(String lines) {
        return assertThrows(IllegalArgumentException.class, () -> written(lines)).getMessage();
    }

    private ParticipantCredentials written(String lines) {
        PemFiles.write(file, lines + "\n");
        return ParticipantCredentials.read(Optional.of(file), Optional.empty());
    }

    private static Site site(String url) {
        return Site.of(HttpUrl.parse(url));
    }

    private static String value(ParticipantCredentials live, String url) {
        return live.of(site(url)).map(each -> each.value(NOBODY).toCompletableFuture().join()
            .reveal()).orElse("");
    }
}

package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import console.ConsoleFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import security.Access;
import security.BrowserGuard;
import security.Identities;

/** J-12: the console's files, and what goes along with them. */
class ConsoleRoutesTest {

    private static final Path SOURCE = Path.of("src/main/resources/console");

    /** Of all scripts, compressed: what a slow line carries in a second. */
    private static final int SCRIPT_BYTES_MAX = 100 << 10;

    private static final Pattern IMPORTED = Pattern.compile("from ['\"]([^'\"]+)['\"]");

    private final Wire wire = Wire.start(new RequestGuard(
        new Access(true, () -> Identities.NONE, List::of),
        new BrowserGuard(List.of(), List.of())), null);

    @AfterEach
    void close() {
        wire.close();
    }

    private String raw(String path, String... headers) {
        StringBuilder request = new StringBuilder("GET " + path + " HTTP/1.1\r\n"
            + "Host: pactor.example.com\r\nConnection: close\r\n");
        for (int i = 0; i < headers.length; i += 2) {
            request.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
        }
        return wire.rawUntilClosed(request.append("\r\n").toString());
    }

    private static List<String> files() throws IOException {
        try (Stream<Path> all = Files.list(SOURCE)) {
            return all.map(each -> each.getFileName().toString())
                .filter(each -> !each.equals("files.txt")).sorted().toList();
        }
    }

    /** Whoever opens it has no token yet, and may come by a link of another page. */
    @Test
    void thePageIsForEverybodyAtEachView() {
        for (String view : ConsoleFiles.VIEWS) {
            for (String path : List.of("/console", "/console/" + view,
                    "/console/" + view + "?gid=%3Cscript%3E")) {
                String answer = raw(path, "Sec-Fetch-Site", "cross-site");
                assertTrue(answer.startsWith("HTTP/1.1 200 ")
                    && answer.contains("Content-Type: text/html; charset=utf-8")
                    && answer.contains("<!doctype html>"), answer);
                assertFalse(answer.contains("gid"), answer);
            }
        }
        assertTrue(raw("/console/nothing").startsWith("HTTP/1.1 404 "));
        assertTrue(raw("/console/..%2fapplication.conf").startsWith("HTTP/1.1 404 "));
        assertTrue(raw("/console/files.txt").startsWith("HTTP/1.1 404 "));
    }

    @Test
    void nothingInlineAndNothingFromElsewhereIsAllowed() throws IOException {
        for (String file : files()) {
            String answer = raw("/console/" + file);
            assertTrue(answer.contains("Content-Security-Policy: default-src 'self'; base-uri"
                + " 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'\r\n"),
                file);
            assertTrue(answer.contains("X-Content-Type-Options: nosniff\r\n"), file);
            assertTrue(answer.contains("Referrer-Policy: no-referrer\r\n"), file);
        }
        String page = Files.readString(SOURCE.resolve("index.html"));
        assertFalse(page.contains("<style") || page.contains("style=") || page.contains("http"),
            page);
    }

    /** What the policy forbids is not there, and what stands for markup is never data. */
    @Test
    void noScriptMakesMarkupOfText() throws IOException {
        for (String file : files()) {
            if (file.endsWith(".js")) {
                String script = Files.readString(SOURCE.resolve(file));
                for (String word : List.of("innerHTML", "outerHTML", "insertAdjacentHTML",
                        "document.write", "eval(", "new Function", "unsafeHTML", " style=",
                        "setAttribute('style", "srcdoc")) {
                    assertFalse(script.contains(word), file + " has " + word);
                }
                Matcher imported = IMPORTED.matcher(script);
                while (imported.find()) {
                    String name = imported.group(1).replace("./", "");
                    assertTrue(name.equals("lit-html.js") || files().contains(name),
                        file + " imports " + imported.group(1));
                }
            }
        }
    }

    @Test
    void eachFileIsListedAndNoOther() throws IOException {
        assertEquals(files(), Files.readAllLines(SOURCE.resolve("files.txt")).stream()
            .sorted().toList());
    }

    @Test
    void whatABrowserHasIsNotSentAgain() {
        String first = raw("/console/app.js");
        Matcher tag = Pattern.compile("ETag: (\"[^\"]+\")\r\n").matcher(first);
        assertTrue(tag.find(), first);
        String second = raw("/console/app.js", "If-None-Match", tag.group(1));
        assertTrue(second.startsWith("HTTP/1.1 304 ") && !second.contains("import"), second);
        assertTrue(raw("/console/app.js", "If-None-Match", "\"older\"")
            .startsWith("HTTP/1.1 200 "));
    }

    @Test
    void theScriptsAreSmall() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(ConsoleFiles.read().orElseThrow().find("lit-html.js").orElseThrow()
                .content());
            for (String file : files()) {
                if (file.endsWith(".js")) {
                    out.write(Files.readString(SOURCE.resolve(file))
                        .getBytes(StandardCharsets.UTF_8));
                }
            }
        }
        assertTrue(packed.size() <= SCRIPT_BYTES_MAX, packed.size() + " bytes");
    }
}

package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import security.Token;

/** J-12: the console of the jar in a real browser. */
@EnabledIf(value = "hasBrowser", disabledReason = "Chromium is not installed")
class ConsoleIT {

    /** Each would do something if it were taken for markup, an attribute, a url or a script. */
    private static final List<String> SCRIPTS = List.of(
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\"><svg onload=alert(1)>",
        "'-alert(1)-'", "javascript:alert(1)", "</title><script>alert(1)</script>",
        "${alert(1)}", "{{constructor.constructor('alert(1)')()}}", "<a href=javascript:alert(1)>",
        "<!--<img src=\"--><img src=x onerror=alert(1)//\">", "\u202e<b>", "&lt&#60");

    @TempDir
    private Path dir;

    private Chromium browser;

    static boolean hasBrowser() {
        return Chromium.isInstalled();
    }

    @BeforeEach
    void startTheBrowser() throws Exception {
        browser = Chromium.start(dir);
        browser.show(1360, 900, false);
    }

    @AfterEach
    void endTheBrowser() throws InterruptedException {
        browser.close();
    }

    private static String site(StartedJar jar) {
        return "http://127.0.0.1:" + jar.client.port();
    }

    private void open(StartedJar jar, String view) throws Exception {
        browser.open(site(jar) + "/console" + view);
        browser.await("document.querySelector('main.page h1, main.page .empty, .login')");
    }

    private static String query(String name, String value) {
        return "?" + name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private static void submit(StartedJar jar, String body) {
        WireClient.Answer answer = jar.client.send("POST", WireClient.API + "submit", body);
        assertEquals(200, answer.status(), answer.body());
    }

    private static String saga(String gid, String url, String more) throws IOException {
        ObjectNode saga = StartedJar.JSON.createObjectNode().put("gid", gid)
            .put("trans_type", "saga");
        saga.putArray("steps").addObject().put("action", url)
            .put("compensate", url.replace("/no", "/fine"));
        saga.putArray("payloads").add("{}");
        saga.setAll((ObjectNode) StartedJar.JSON.readTree("{" + more + "}"));
        return saga.toString();
    }

    private void type(String selector, String text) throws Exception {
        browser.value("document.querySelector('" + selector + "').select()");
        browser.tell("Input.insertText", Map.of("text", text));
    }

    private void click(String selector) throws Exception {
        browser.await("document.querySelector('" + selector + "')");
        browser.value("document.querySelector('" + selector + "').click()");
    }

    /** Whatever a view needs of the API is served, and nothing goes wrong in it. */
    @Test
    void eachViewOpensInBothLanguagesAndThemes() throws Exception {
        try (StartedJar jar = StartedJar.in(dir.resolve("data"))) {
            jar.participant.say("broken", 500, "connection pool exhausted");
            for (int i = 0; i < 60; i++) {
                submit(jar, saga("fine-" + i, jar.url("fine"), ""));
            }
            submit(jar, saga("stuck", jar.url("broken"), "\"attributes\":{\"order\":\"1\"}"));
            open(jar, "");
            List<String> views = new ArrayList<>();
            browser.value("[...document.querySelectorAll('.nav a')].map(a => a.pathname)")
                .forEach(each -> views.add(each.asText()));
            assertFalse(views.isEmpty());
            views.add("/console/transaction?gid=stuck");
            views.add("/console/transaction?gid=fine-1");
            for (String view : views) {
                for (String language : List.of("en", "zh")) {
                    browser.show(1360, 900, language.equals("zh"));
                    open(jar, view.substring("/console".length())
                        + (view.contains("?") ? "&" : "?") + "lang=" + language);
                    browser.await("!document.querySelector('[role=status].quiet')");
                    assertFalse(browser.value("!!document.querySelector('.problem')").asBoolean(),
                        view + ": " + browser.text());
                    assertEquals(language, browser.value("document.documentElement.lang").asText());
                }
            }
            assertEquals(List.of(), browser.complaints());
        }
    }

    @Test
    void whatComesFromOthersStaysText() throws Exception {
        try (StartedJar jar = StartedJar.in(dir.resolve("data"))) {
            for (int i = 0; i < SCRIPTS.size(); i++) {
                String script = SCRIPTS.get(i);
                jar.participant.say("x" + i, 500, script);
                submit(jar, saga(i + script, jar.url("x" + i + "?x="
                    + URLEncoder.encode(script, StandardCharsets.UTF_8)),
                    "\"attributes\":{\"note\":" + StartedJar.JSON.writeValueAsString(script)
                    + "}"));
            }
            open(jar, "/transactions");
            browser.await("document.querySelectorAll('td.gid').length === " + SCRIPTS.size());
            for (int i = 0; i < SCRIPTS.size(); i++) {
                String gid = i + SCRIPTS.get(i);
                open(jar, "/transaction" + query("gid", gid));
                browser.await("document.querySelector('h1.mono')");
                assertEquals(gid, browser.value("document.querySelector('h1').textContent")
                    .asText());
            }
            open(jar, "/transactions" + query("attribute", "note:" + SCRIPTS.get(1)));
            browser.await("document.querySelectorAll('td.gid').length === 1");
            assertEquals(0, browser.value("document.querySelectorAll('main script, main img,"
                + " main svg [onload], [onerror], [href^=javascript]').length").asInt());
            assertEquals(List.of(), browser.complaints());
        }
    }

    @Test
    void theFiltersAreTheUrl() throws Exception {
        try (StartedJar jar = StartedJar.in(dir.resolve("data"))) {
            submit(jar, saga("fine", jar.url("fine"), ""));
            submit(jar, saga("refused", jar.url("no"), ""));
            jar.awaitStatus("refused", "failed");
            open(jar, "/transactions");
            browser.await("document.querySelectorAll('td.gid').length === 2");
            browser.value("(s => { s.value = 'failed';"
                + " s.dispatchEvent(new Event('change', {bubbles: true})); })"
                + "(document.querySelector('select[name=status]'))");
            browser.await("document.querySelectorAll('td.gid').length === 1");
            assertEquals("?status=failed", browser.value("location.search").asText());
            browser.value("history.back()");
            browser.await("document.querySelectorAll('td.gid').length === 2");
            assertEquals("", browser.value("location.search").asText());
        }
    }

    @Test
    void theSlashSearchesAndAGidLeadsToItsTransaction() throws Exception {
        try (StartedJar jar = StartedJar.in(dir.resolve("data"))) {
            submit(jar, saga("a/b?c=d#e", jar.url("fine"), ""));
            open(jar, "/transactions");
            browser.tell("Input.dispatchKeyEvent", Map.of("type", "keyDown",
                "key", "/", "text", "/"));
            assertEquals("search", browser.value("document.activeElement.id").asText());
            browser.tell("Input.insertText", Map.of("text", "a/b?c=d#e"));
            browser.tell("Input.dispatchKeyEvent", Map.of("type", "keyDown",
                "key", "Enter", "text", "\r"));
            browser.await("location.pathname === '/console/transaction'");
            browser.await("document.querySelector('h1.mono')");
            assertEquals("a/b?c=d#e",
                browser.value("document.querySelector('h1').textContent").asText());
        }
    }

    @Test
    void itIsLiveAndSaysIfNot() throws Exception {
        try (StartedJar jar = StartedJar.in(dir.resolve("data"))) {
            open(jar, "/transactions");
            browser.await("document.querySelector('.live-on')");
            submit(jar, saga("later", jar.url("fine"), ""));
            browser.await("[...document.querySelectorAll('td.gid')].some(each =>"
                + " each.textContent.includes('later'))");
            jar.process.killHard();
            browser.await("document.querySelector('.banner')");
            assertTrue(browser.text().contains("Not live"), browser.text());
            assertTrue(browser.text().contains("later"), browser.text());
        }
    }

    @Test
    void whoHasATokenLogsInAndOut() throws Exception {
        Path identities = dir.resolve("identities");
        Files.writeString(identities, "alice operator " + hash("token-of-alice-00000001") + "\n"
            + "victor viewer " + hash("token-of-victor-0000001") + "\n"
            + "root admin " + hash("token-of-root-000000001") + "\n");
        try (StartedJar jar = StartedJar.in(dir.resolve("data"),
                "--set", "pactor.security.authentication=required",
                "--set", "pactor.security.identities-file=" + identities)) {
            open(jar, "/transactions?status=failed");
            type("input[name=token]", "token-of-nobody-0000000");
            click(".login button");
            browser.await("document.querySelector('.problem')");
            assertTrue(browser.text().contains("the credentials are not known"), browser.text());
            type("input[name=token]", "token-of-alice-00000001");
            click(".login button");
            browser.await("document.querySelector('main.page h1')");
            assertTrue(browser.text().contains("alice"), browser.text());
            assertEquals("?status=failed", browser.value("location.search").asText());
            assertEquals("", browser.value("document.cookie").asText());
            JsonNode cookie = browser.tell("Network.getCookies", Map.of())
                .path("cookies").path(0);
            assertEquals(SessionCookie.NAME, cookie.path("name").asText());
            assertTrue(cookie.path("httpOnly").asBoolean(), cookie.toString());
            assertEquals("Strict", cookie.path("sameSite").asText());
            // It holds when the page is opened anew.
            open(jar, "/transactions");
            browser.await("document.querySelector('main.page h1')");
            click(".foot .btn");
            browser.await("document.querySelector('.login')");
            open(jar, "/transactions");
            browser.await("document.querySelector('.login')");
        }
    }

    /** All of a filter are ended at once; those of another one are not. */
    @Test
    void whatAFilterShowsIsActedOnInBulk() throws Exception {
        try (StartedJar jar = StartedJar.in(dir.resolve("data"))) {
            jar.participant.say("broken", 500, "down");
            for (int i = 0; i < 25; i++) {
                submit(jar, saga("stuck-" + i, jar.url("broken"), ""));
            }
            submit(jar, saga("other", jar.url("broken"), ""));
            open(jar, "/transactions");
            browser.await("document.querySelectorAll('td.gid').length === 26");
            assertFalse(browser.value("!!document.querySelector('[data-bulk]')").asBoolean());
            open(jar, "/transactions" + query("gid_prefix", "stuck-"));
            click("[data-bulk]");
            browser.value("(s => { s.value = 'stop';"
                + " s.dispatchEvent(new Event('change', {bubbles: true})); })"
                + "(document.querySelector('dialog select[name=action]'))");
            browser.await("document.querySelector('dialog select[name=outcome]')"
                + " && document.querySelector('dialog .first:not(:disabled)')");
            assertTrue(browser.text().contains("25 unfinished transactions match."),
                browser.text());
            type("dialog textarea", "the service is gone");
            click("dialog .first");
            browser.await("location.pathname === '/console/bulk'");
            browser.await("document.querySelector('.badge.good')"
                + " && document.querySelector('h1.mono + .badge').textContent === 'Finished'");
            assertTrue(browser.text().contains("25 of 25"), browser.text());
            assertEquals("failed", jar.status("stuck-24"));
            assertEquals("submitted", jar.status("other"));
            open(jar, "/bulk");
            browser.await("document.querySelectorAll('td.gid').length === 1");
            assertEquals(List.of(), browser.complaints());
        }
    }

    /** The form is sent again before the answer to it has come. */
    @Test
    void aDoubleClickBeginsOneBulkOperation() throws Exception {
        try (StartedJar jar = StartedJar.in(dir.resolve("data"))) {
            jar.participant.say("broken", 500, "down");
            submit(jar, saga("stuck-1", jar.url("broken"), ""));
            open(jar, "/transactions" + query("gid_prefix", "stuck-"));
            click("[data-bulk]");
            browser.await("document.querySelector('dialog .first:not(:disabled)')");
            type("dialog textarea", "it is up");
            browser.value("(form => { form.requestSubmit(); form.requestSubmit(); })"
                + "(document.querySelector('dialog form'))");
            browser.await("location.pathname === '/console/bulk'");
            browser.await("document.querySelector('.badge.good')"
                + " && document.querySelector('h1.mono').textContent.startsWith('console-')");
            open(jar, "/bulk");
            browser.await("document.querySelectorAll('td.gid').length === 1");
            assertEquals(List.of(), browser.complaints());
        }
    }

    private static String hash(String token) {
        return "sha256:" + HexFormat.of().formatHex(Token.hash(token));
    }
}

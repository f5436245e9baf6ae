package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** K13: a real browser with a page of somebody else, beside a developer's server on loopback. */
@EnabledIf(value = "hasBrowser", disabledReason = "Chromium is not installed")
class BrowserIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Does what it can, and tells how each attempt went. */
    private static final String PAGE = """
        <!doctype html><iframe name="f"></iframe>
        <form id="form" method="post" target="f" enctype="text/plain" action="%1$s/submit">
        <input name='{"gid":"form","trans_type":"saga","steps":[{"action":"http://127.0.0.1:1/x"}],
            "payloads":["{}"],"x":"' value='"}'></form>
        <script>
        const saga = gid => JSON.stringify({gid, trans_type: "saga", payloads: ["{}"],
            steps: [{action: "http://127.0.0.1:1/x"}]});
        const told = [];
        const note = (what, how) => how.then(x => told.push(what + "=" + x),
            () => told.push(what + "=blocked"));
        const loaded = (tag, url) => new Promise((yes, no) => {
            const e = document.createElement(tag);
            e.onload = () => yes("loaded"); e.onerror = no; e.src = url;
            document.body.append(e);
        });
        const heard = source => new Promise((yes, no) => {
            source.onopen = () => yes("open"); source.onerror = no;
        });
        const read = url => fetch(url).then(r => r.text()).then(() => "read");
        document.getElementById("form").submit();
        Promise.allSettled([
            note("simple", fetch("%1$s/submit",
                {method: "POST", mode: "no-cors", body: saga("simple")}).then(r => r.type)),
            note("json", fetch("%1$s/submit", {method: "POST", body: saga("json"),
                headers: {"Content-Type": "application/json"}}).then(r => r.status)),
            note("image", loaded("img", "%1$s/subscribe?topic=t&url=http://a/x")),
            note("script", loaded("script", "%1$s/resetCronTime")),
            note("read", read("%1$s/all")),
            note("socket", heard(new WebSocket("%1$s/all".replace("http", "ws")))),
            note("events", heard(new EventSource("%1$s/../events"))),
        ]).then(() => fetch("/done", {method: "POST", body: told.sort().join(" ")}));
        </script>
        """;

    @TempDir
    private Path dir;

    private final BlockingQueue<String> reports = new LinkedBlockingQueue<>();
    private final List<Process> started = new ArrayList<>();
    private HttpServer stranger;
    private volatile String target = "";

    static boolean hasBrowser() {
        return browser().isPresent();
    }

    private static Optional<Path> browser() {
        return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser",
            "/usr/bin/google-chrome").map(Path::of).filter(Files::isExecutable).findFirst();
    }

    @BeforeEach
    void serveThePage() throws IOException {
        stranger = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        stranger.createContext("/", exchange -> {
            byte[] asked = exchange.getRequestBody().readAllBytes();
            if (exchange.getRequestURI().getPath().equals("/done")) {
                reports.add(new String(asked, StandardCharsets.UTF_8));
            }
            page(exchange, String.format(PAGE, target));
        });
        stranger.start();
    }

    @AfterEach
    void end() throws InterruptedException {
        stranger.stop(0);
        for (Process each : started) {
            each.descendants().forEach(ProcessHandle::destroyForcibly);
            each.destroyForcibly().waitFor();
        }
    }

    private static void page(HttpExchange exchange, String html) throws IOException {
        byte[] bytes = html.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "text/html; charset=utf-8");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private Process open(String url, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(browser().orElseThrow().toString(),
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
            "--no-first-run", "--user-data-dir=" + Files.createTempDirectory(dir, "profile"),
            "--host-resolver-rules=MAP evil.example 127.0.0.1"));
        command.addAll(List.of(more));
        command.add(url);
        Process process = new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        started.add(process);
        return process;
    }

    private String reportOf(String host) throws Exception {
        Process browser = open("http://" + host + ":" + stranger.getAddress().getPort() + "/",
            "--remote-debugging-port=0");
        String report = reports.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        browser.descendants().forEach(ProcessHandle::destroyForcibly);
        browser.destroyForcibly();
        return report;
    }

    private static List<String> gids(StartedJar jar) {
        List<String> gids = new ArrayList<>();
        StartedJar.json(jar.client.get("all").body()).get("transactions")
            .forEach(row -> gids.add(row.get("gid").asText()));
        gids.sort(null);
        return gids;
    }

    @Test
    void aPageOfAnotherOriginChangesAndReadsNothing() throws Exception {
        try (StartedJar jar = StartedJar.in(dir.resolve("data"))) {
            for (String page : List.of("127.0.0.1", "localhost", "evil.example")) {
                for (String server : List.of("127.0.0.1", "localhost")) {
                    target = "http://" + server + ":" + jar.client.port() + "/api/dtmsvr";
                    // What may not be read is opaque: the page cannot tell that it was refused.
                    assertEquals("events=blocked image=blocked json=blocked read=blocked"
                        + " script=blocked simple=opaque socket=blocked", reportOf(page),
                        page + " to " + server);
                }
            }
            assertEquals(List.of(), gids(jar));
            assertTrue(jar.client.get("queryKV?cat=topics&key=t").body().contains("\"kv\":[]"));
        }
    }

    @Test
    void aNameThatIsReboundReadsNothing() throws Exception {
        try (StartedJar jar = StartedJar.in(dir.resolve("data"))) {
            Process browser = open("http://evil.example:" + jar.client.port()
                + "/api/dtmsvr/all", "--dump-dom");
            String seen = new String(
                browser.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(seen.contains("not asked for by the name"), seen);
        }
    }

    /** So that the tests above can fail: the same page, allowed. */
    @Test
    void aPageOfAnAllowedOriginDoes() throws Exception {
        String origin = "http://127.0.0.1:" + stranger.getAddress().getPort();
        try (StartedJar jar = StartedJar.in(dir.resolve("data"),
                "--set", "pactor.security.allowed-origins=" + origin)) {
            target = "http://127.0.0.1:" + jar.client.port() + "/api/dtmsvr";
            String report = reportOf("127.0.0.1");
            assertTrue(report.contains("events=open") && report.contains("json=200")
                && report.contains("read=read"), report);
            assertTrue(gids(jar).containsAll(List.of("json", "simple")), gids(jar).toString());
        }
    }
}

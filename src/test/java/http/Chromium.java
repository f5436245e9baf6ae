package http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** A real browser without a screen, told what to do over its DevTools protocol. */
final class Chromium implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long PATIENCE_SECONDS = 60;
    private static final String LISTENING = "DevTools listening on ";

    private final Process process;
    private final WebSocket socket;
    private final AtomicInteger lastId = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> awaited = new ConcurrentHashMap<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();

    private Chromium(Process process, URI page) {
        this.process = process;
        this.socket = HttpClient.newHttpClient().newWebSocketBuilder()
            .buildAsync(page, new Ear()).join();
    }

    static boolean isInstalled() {
        return executable().isPresent();
    }

    static Optional<Path> executable() {
        return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser",
            "/usr/bin/google-chrome").map(Path::of).filter(Files::isExecutable).findFirst();
    }

    /** With an empty profile below {@code dir}, at an empty page. */
    static Chromium start(Path dir, String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of(executable().orElseThrow().toString(),
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
            "--no-first-run", "--hide-scrollbars", "--remote-debugging-port=0",
            "--user-data-dir=" + Files.createTempDirectory(dir, "profile")));
        command.addAll(List.of(more));
        command.add("about:blank");
        Process process = new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        try {
            Chromium browser = new Chromium(process, firstPage(port(process)));
            for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
                browser.tell(domain + ".enable", Map.of());
            }
            return browser;
        } catch (Exception failed) {
            end(process);
            throw failed;
        }
    }

    private static int port(Process process) throws IOException {
        BufferedReader errors = new BufferedReader(
            new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
        for (String line = errors.readLine(); line != null; line = errors.readLine()) {
            if (line.startsWith(LISTENING)) {
                Thread drain = new Thread(() -> errors.lines().forEach(each -> { }));
                drain.setDaemon(true);
                drain.start();
                return URI.create(line.substring(LISTENING.length()).strip()).getPort();
            }
        }
        throw new IOException("the browser ended");
    }

    private static URI firstPage(int port) throws Exception {
        String targets = HttpClient.newHttpClient().send(HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + port + "/json/list")).build(),
            HttpResponse.BodyHandlers.ofString()).body();
        for (JsonNode each : JSON.readTree(targets)) {
            if (each.path("type").asText().equals("page")) {
                return URI.create(each.path("webSocketDebuggerUrl").asText());
            }
        }
        throw new IOException("no page: " + targets);
    }

    /** A command, and what the browser answers. */
    JsonNode tell(String method, Map<String, ?> parameters) throws Exception {
        int id = lastId.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        awaited.put(id, answer);
        ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
        message.set("params", JSON.valueToTree(parameters));
        socket.sendText(message.toString(), true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        JsonNode told = answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (told.has("error")) {
            throw new IllegalStateException(method + ": " + told.get("error"));
        }
        return told.path("result");
    }

    void open(String url) throws Exception {
        tell("Page.navigate", Map.of("url", url));
    }

    /** The value of an expression; a promise is waited for. */
    JsonNode value(String expression) throws Exception {
        JsonNode result = tell("Runtime.evaluate", Map.of("expression", expression,
            "returnByValue", true, "awaitPromise", true, "userGesture", true));
        if (result.has("exceptionDetails")) {
            throw new IllegalStateException(expression + ": " + result.get("exceptionDetails"));
        }
        return result.at("/result/value");
    }

    /** Waits until an expression is true. */
    void await(String expression) throws Exception {
        try {
            Awaitility.await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .pollInterval(20, TimeUnit.MILLISECONDS)
                .until(() -> value("!!(" + expression + ")").asBoolean());
        } catch (ConditionTimeoutException never) {
            throw new AssertionError("never true: " + expression + "; the page says: "
                + value("document.body && document.body.innerText").asText()
                + "; complaints: " + complaints, never);
        }
    }

    /** What the page shows. */
    String text() throws Exception {
        return value("document.body.innerText").asText();
    }

    /** What went wrong in the page so far: errors, and breaches of its policy. */
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    void forgetComplaints() {
        complaints.clear();
    }

    /** The window's size, and whether the system prefers dark. */
    void show(int width, int height, boolean dark) throws Exception {
        tell("Emulation.setDeviceMetricsOverride", Map.of("width", width, "height", height,
            "deviceScaleFactor", 1, "mobile", false));
        tell("Emulation.setEmulatedMedia", Map.of("features", List.of(Map.of(
            "name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    byte[] screenshot() throws Exception {
        return Base64.getDecoder().decode(
            tell("Page.captureScreenshot", Map.of("format", "png")).path("data").asText());
    }

    @Override
    public void close() throws InterruptedException {
        socket.abort();
        end(process);
    }

    private static void end(Process process) throws InterruptedException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
    }

    private void heard(JsonNode message) {
        if (message.has("id")) {
            awaited.remove(message.get("id").asInt()).complete(message);
            return;
        }
        JsonNode about = message.path("params");
        switch (message.path("method").asText()) {
            case "Runtime.exceptionThrown" ->
                complaints.add(about.at("/exceptionDetails").toString());
            case "Runtime.consoleAPICalled" -> {
                if (!about.path("type").asText().equals("log")) {
                    complaints.add(about.path("args").toString());
                }
            }
            case "Log.entryAdded" -> complaints.add(about.at("/entry/level").asText() + ": "
                + about.at("/entry/text").asText() + " " + about.at("/entry/url").asText());
            case "Page.javascriptDialogOpening" ->
                complaints.add("a dialog: " + about.path("message").asText());
            default -> { }
        }
    }

    /** Puts messages together that come in parts. */
    private final class Ear implements WebSocket.Listener {

        private final StringBuilder parts = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean isLast) {
            parts.append(part);
            if (isLast) {
                try {
                    heard(JSON.readTree(parts.toString()));
                } catch (IOException broken) {
                    complaints.add(broken.toString());
                }
                parts.setLength(0);
            }
            from.request(1);
            return null;
        }
    }
}

package docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import client.CoordinatorProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Somebody who follows a page: has a server, a bank, and a directory for the data. */
final class Reader implements AutoCloseable {

    private static final String JAR = "target/pactor.jar";
    private static final String SERVER = "127.0.0.1:8080";
    private static final String BANK = "127.0.0.1:8081";
    private static final String DATA = "./data";

    /** As the shell reports a process that SIGTERM ended. */
    private static final int TERMINATED = 143;

    private static final int OK = 200;

    /** Commands that change something, which are not given twice. */
    private static final Pattern CHANGES = Pattern.compile("tx (retry|pause|resume|park|unpark|"
        + "skip|resolve|stop|rollback|edit) .*|bulk (start|pause|resume|"
        + "cancel) .*|topics (subscribe|unsubscribe|delete) .*");

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Path data;
    private final HttpClient http = HttpClient.newHttpClient();
    private CoordinatorProcess server;
    private String metrics = "";
    private Process bank;
    private String bankAddress = BANK;

    Reader(Path dir) {
        this.data = dir.resolve("data");
    }

    /** Runs the commands of one block. @throws AssertionError if an answer does not fit */
    void follow(Script.Step step) throws Exception {
        if (step.how().equals(Script.RESTART)) {
            server.restart();
            return;
        }
        if (step.how().equals(Script.STOPPED)) {
            stop();
        }
        boolean curls = step.commands().get(0).get(0).equals("curl");
        List<String> shown = curls && !step.answer().isEmpty()
            ? Answers.split(step.answer()) : List.of();
        if (!shown.isEmpty()) {
            assertEquals(step.commands().size(), shown.size(), "answers shown");
        }
        for (int i = 0; i < step.commands().size(); i++) {
            List<String> words = step.commands().get(i).stream().map(this::real).toList();
            boolean last = i == step.commands().size() - 1;
            switch (words.get(0)) {
                case "curl" -> curl(words, shown.isEmpty() ? "" : shown.get(i),
                    last ? step.status() : OK);
                case "java" -> java(words, step.answer());
                case "pactor" -> pactor(words, last ? step.answer() : "",
                    last && step.status() != OK ? step.status() : 0);
                default -> throw new IllegalArgumentException("cannot run " + words);
            }
        }
    }

    /** What the server said, for the reader of a failure. */
    String log() {
        return server == null ? "" : "\nthe server said:\n" + String.join("\n", server.log());
    }

    /** Stops the server in order, with a last look at its metrics. @return those */
    String stop() throws Exception {
        if (server.isAlive()) {
            metrics = http.send(HttpRequest.newBuilder(server.uri("/api/metrics")).build(),
                BodyHandlers.ofString()).body();
            assertEquals(TERMINATED, server.stop(), "exit code of the server");
        }
        return metrics;
    }

    /** Errors that the server logged, which no page's commands should bring about. */
    List<String> complaints() {
        return server.log().stream().filter(line -> line.contains(" ERROR ")).toList();
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
        if (bank != null) {
            bank.destroyForcibly();
        }
    }

    private void java(List<String> words, String answer) throws Exception {
        if (words.get(1).equals("-jar") && words.subList(3, words.size()).stream()
                .allMatch(word -> word.startsWith("-") && !word.equals("--help"))) {
            if (server != null) {
                server.close();
            }
            server = CoordinatorProcess.start(CoordinatorProcess.Launch.in(data)
                .withArguments(words.subList(3, words.size()).toArray(String[]::new)));
        } else if (words.get(1).equals("docs/examples/Bank.java")) {
            bank = start(List.of(words.get(0), words.get(1), "0"));
            String line = new BufferedReader(bank.inputReader()).readLine();
            bankAddress = line.replaceAll(".*http://", "");
            Process running = bank;
            Thread drain = new Thread(() -> running.inputReader().lines().forEach(each -> { }));
            drain.setDaemon(true);
            drain.start();
        } else {
            Process process = start(words);
            String printed = new String(
                process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS), "it ends");
            assertEquals(0, process.exitValue(), "exit code; it printed:\n" + printed);
            assertTrue(answer.isEmpty() || Answers.fitText(answer, shown(printed)),
                "it printed:\n" + printed);
        }
    }

    /** The operator's command, which asks the server of this reader. */
    private void pactor(List<String> words, String answer, int code) throws Exception {
        List<String> command = new ArrayList<>(List.of("java", "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC", "-jar", jar()));
        command.addAll(words.subList(1, words.size()));
        String[] last = {""};
        Callable<Boolean> fits = () -> {
            Process process = start(command);
            String printed = shown(new String(
                process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            assertTrue(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS), "it ends");
            last[0] = process.exitValue() + ", and printed:\n" + printed;
            return process.exitValue() == code
                && (answer.isEmpty() || Answers.fitText(answer, printed));
        };
        if (CHANGES.matcher(String.join(" ", words.subList(1, words.size()))).matches()) {
            assertTrue(fits.call(), () -> "it exited with " + last[0]);
            return;
        }
        try {
            Awaitility.await().atMost(PATIENCE).pollInSameThread().pollDelay(Duration.ZERO)
                .until(fits);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("it exited with " + last[0], e);
        }
    }

    private Process start(List<String> words) throws IOException {
        List<String> command = new ArrayList<>(words);
        command.set(0, CoordinatorProcess.java());
        ProcessBuilder builder = new ProcessBuilder(command).directory(Page.ROOT.toFile())
            .redirectErrorStream(true);
        if (server != null) {
            Path contexts = Files.writeString(data.resolveSibling("contexts"),
                "context = page\n[page]\nserver = http://127.0.0.1:" + server.port() + "\n");
            builder.environment().put("PACTOR_CONFIG", contexts.toString());
        }
        return builder.start();
    }

    private void curl(List<String> words, String shown, int status) throws Exception {
        HttpRequest request = Script.curl(words);
        String[] last = {""};
        Duration patience = request.method().equals("GET") ? PATIENCE : Duration.ofMillis(1);
        if (!request.method().equals("GET")) {
            assertTrue(fits(request, shown, status, last), "it answered " + last[0]);
            return;
        }
        try {
            Awaitility.await().atMost(patience).pollDelay(Duration.ZERO)
                .until(() -> fits(request, shown, status, last));
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("it answered " + last[0], e);
        }
    }

    private boolean fits(HttpRequest request, String shown, int status, String[] last)
            throws Exception {
        HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
        last[0] = response.statusCode() + " " + shown(response.body());
        return response.statusCode() == status
            && (shown.isEmpty() || Answers.fit(shown, shown(response.body())));
    }

    /** With what holds here in place of what the page says. */
    private String real(String word) {
        String address = server == null ? SERVER : "127.0.0.1:" + server.port();
        return word.replace(JAR, jar()).replace(DATA, data.toString())
            .replace(SERVER, address).replace(BANK, bankAddress);
    }

    /** The reverse, for comparing. */
    private String shown(String text) {
        String address = server == null ? SERVER : "127.0.0.1:" + server.port();
        return text.replace(address, SERVER).replace(bankAddress, BANK)
            .replace(data.toString(), DATA);
    }

    private static String jar() {
        return CoordinatorProcess.jar().toString();
    }
}

package pactor.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import branch.GrpcParticipant;
import client.CoordinatorProcess;
import client.CoordinatorProcess.Launch;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import database.Databases;
import io.grpc.Status;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Blob;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pactor.settings.Inputs;
import picocli.CommandLine;
import tls.ClientAuth;
import tls.Credentials;
import tls.NettyTls;
import tls.PemFiles;
import tls.ServerTls;
import tls.TlsFiles;

/**
 * J-16: the runnable jar with each kind of credential. They reach whom they are for, and none of
 * them is anywhere else, though the participants repeat in their answers all that they were sent.
 */
class CredentialsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String KEY = "canary-7f3a9c-key";
    private static final String SECRET = "canary-51be20-secret";
    private static final String TOKEN = "canary-e8d46b-token";
    private static final String METADATA = "canary-0c92f7-metadata";
    private static final List<String> CANARIES = List.of(KEY, SECRET, TOKEN, METADATA);

    /** What must be found, or the search finds nothing. */
    private static final String VISIBLE = "visible-in-the-journal";

    @TempDir
    private Path dir;

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<AutoCloseable> toClose = new ArrayList<>();
    private final Map<String, List<String>> got = new ConcurrentHashMap<>();
    private final AtomicInteger fetched = new AtomicInteger();
    private HttpServer keyed;
    private HttpServer bearing;
    private HttpServer tokens;
    private HttpsServer showing;
    private GrpcParticipant grpc;
    private TlsFiles identity;

    @BeforeEach
    void startParticipants() throws Exception {
        PemFiles pem = new PemFiles(dir);
        identity = pem.issue("pactor-for-one");
        keyed = serving(HttpServer.create(), "X-Api-Key", KEY);
        bearing = serving(HttpServer.create(), "Authorization", "Bearer " + TOKEN + "-2");
        tokens = served(HttpServer.create(), exchange -> {
            note(exchange, "Authorization");
            answer(exchange, 200, "{\"access_token\":\"" + TOKEN + "-"
                + fetched.incrementAndGet() + "\",\"expires_in\":3600}");
        });
        SSLContext asking = Credentials.read(pem.issue("localhost")).forServer();
        HttpsServer https = HttpsServer.create();
        https.setHttpsConfigurator(new HttpsConfigurator(asking) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters wanted = asking.getDefaultSSLParameters();
                wanted.setNeedClientAuth(true);
                parameters.setSSLParameters(wanted);
            }
        });
        showing = served(https, exchange -> answer(exchange, 200, "{}"));
        grpc = GrpcParticipant.startAt(0, builder -> builder.sslContext(NettyTls.server(
            new ServerTls(() -> asking, ClientAuth.REQUIRED), List.of("h2"))));
        toClose.add(grpc);
        AtomicInteger calls = new AtomicInteger();
        grpc.on("In", call -> METADATA.equals(call.value("x-api-key")) && calls.get() > 0
            ? Status.OK : Status.INTERNAL.withDescription(
                calls.incrementAndGet() + " " + call.value("x-api-key")));
    }

    @AfterEach
    void close() throws Exception {
        Logging.level("info");
        for (AutoCloseable each : toClose) {
            each.close();
        }
    }

    @Test
    void secretsReachTheirParticipantsAndNothingElse() throws Exception {
        Map<String, String> said = new LinkedHashMap<>();
        Path data = dir.resolve("data");
        Launch launch = Launch.in(data).withJvm("-Xmx256m", "-XX:TieredStopAtLevel=1")
            .withArguments("--config", config().toString());
        try (CoordinatorProcess server = CoordinatorProcess.start(launch)) {
            CompletableFuture<String> events = events(server);
            assertEquals(200, submit(server));
            await().atMost(PATIENCE).until(() -> get(server, "/api/dtmsvr/query?gid=canary")
                .contains("\"trans_type\":\"saga\",\"status\":\"succeed\""));
            for (String path : List.of("query?gid=canary", "history?gid=canary", "all")) {
                said.put(path, get(server, "/api/dtmsvr/" + path));
            }
            said.put("metrics", get(server, "/api/metrics"));
            said.put("command line", command(server.pid()));
            server.stop();
            said.put("events", events.get());
            said.put("log", String.join("\n", server.log()));
        }
        said.put("config", run("config", "--config", config().toString()));
        said.put("doctor", run("doctor", "--config", config().toString(), "--data-dir",
            data.toString()));
        said.put("database", dump(data));
        List<String> archive = new ArrayList<>(List.of("archive", "--older-than", "0s", "--out",
            dir.resolve("archive").toString(), "--data-dir", data.toString()));
        archive.addAll(Databases.arguments(data));
        said.put("archiving", run(archive.toArray(String[]::new)));
        said.put("archive", Files.readString(dir.resolve("archive")));

        assertTrue(said.get("database").contains(VISIBLE), "the search finds what is there");
        for (String where : List.of("history?gid=canary", "events", "database", "archive")) {
            assertTrue(said.get(where).contains("***"),
                () -> where + " has what the participants repeated: " + said.get(where));
        }
        assertTrue(said.get("log").contains("DEBUG"), "libraries are heard, too");
        said.forEach((where, text) -> CANARIES.forEach(
            each -> assertFalse(text.contains(each), () -> each + " in " + where + ": " + text)));
        assertEquals(List.of(KEY, KEY), got.get("X-Api-Key"));
        assertEquals(2, fetched.get(), "once, and once more when it was refused");
        assertEquals(2, got.get("Authorization@tokens").size());
    }

    private Path config() throws IOException {
        Path key = Files.writeString(dir.resolve("key"), KEY + "\n");
        Path secret = Files.writeString(dir.resolve("secret"), SECRET + "\n");
        Path metadata = Files.writeString(dir.resolve("metadata"), METADATA + "\n");
        Path file = Files.writeString(dir.resolve("credentials"), String.join("\n",
            "# who gets what",
            url(keyed) + "/in header name=X-Api-Key value-file=" + key + " plain",
            url(bearing) + " oauth2 token-url=" + url(tokens)
                + "/token client-id=pactor secret-file=" + secret + " plain",
            url(showing) + " tls" + tls(),
            "grpcs://localhost:" + grpc.port() + " tls" + tls(),
            "grpcs://localhost:" + grpc.port() + " header name=X-Api-Key value-file="
                + metadata, ""));
        return Files.writeString(dir.resolve("pactor.yaml"), String.join("\n",
            "pactor:", "  log: { level: trace }", "  calls:", "    credentials-file: " + file,
            "    tls: { ca: " + dir.resolve("ca.crt") + " }",
            "  transaction: { request-timeout: 20 s, retry-interval: 1 s }", ""));
    }

    private String tls() {
        return " certificate=" + identity.certificate().get() + " key=" + identity.key().get();
    }

    private int submit(CoordinatorProcess server) throws Exception {
        String steps = String.join(",", step(url(keyed) + "/in"), step(url(bearing) + "/in"),
            step(url(showing) + "/in"), step("grpcs://localhost:" + grpc.port() + "/busi.Busi/In"));
        String payload = "\"{\\\"text\\\":\\\"" + VISIBLE + "\\\"}\"";
        HttpRequest request = HttpRequest.newBuilder(server.uri("/api/dtmsvr/submit"))
            .POST(HttpRequest.BodyPublishers.ofString("{\"gid\":\"canary\",\"trans_type\":\"saga\","
                + "\"protocol\":\"grpc\",\"branch_headers\":{\"x-api-key\":\"forged\","
                + "\"authorization\":\"forged\"},\"steps\":[" + steps + "],\"payloads\":["
                + String.join(",", List.of(payload, payload, payload, payload)) + "]}")).build();
        return http.send(request, BodyHandlers.discarding()).statusCode();
    }

    private static String step(String url) {
        return "{\"action\":\"" + url + "\"}";
    }

    private CompletableFuture<String> events(CoordinatorProcess server) {
        StringBuilder text = new StringBuilder();
        return http.sendAsync(HttpRequest.newBuilder(server.uri("/api/events")).build(),
            BodyHandlers.ofLines()).thenApplyAsync(answer -> {
                try {
                    answer.body().forEach(line -> text.append(line).append('\n'));
                } catch (RuntimeException ended) {
                    text.append("cut");
                }
                return text.toString();
            });
    }

    private String get(CoordinatorProcess server, String path) throws Exception {
        return http.send(HttpRequest.newBuilder(server.uri(path)).build(), BodyHandlers.ofString())
            .body();
    }

    private static String command(long pid) throws IOException {
        Path line = Path.of("/proc/" + pid + "/cmdline");
        return Files.exists(line) ? Files.readString(line, StandardCharsets.ISO_8859_1) : "";
    }

    private String run(String... arguments) {
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said, true);
        CommandLine commands = Main.commandLine(
            new Inputs(List.of(), Map.of(), Map.of(), Optional.empty()), null);
        Main.run(commands.setOut(out).setErr(out), arguments);
        return said.toString();
    }

    /** Every value of every row of every table, as text. */
    private static String dump(Path data) throws Exception {
        String url = Databases.arguments(data).stream()
            .filter(each -> each.startsWith("pactor.store.jdbc-url="))
            .map(each -> each.substring(each.indexOf('=') + 1)).findFirst().orElse("");
        StringBuilder text = new StringBuilder();
        try (Connection database = url.isEmpty()
                ? DriverManager.getConnection(
                    "jdbc:h2:file:" + data.resolve("pactor"), "pactor", "")
                : DriverManager.getConnection(url, "pactor", "pactor")) {
            List<String> tables = new ArrayList<>();
            try (ResultSet found = database.getMetaData().getTables(
                    database.getCatalog(), database.getSchema(), "%", new String[] {"TABLE",
                        "BASE TABLE"})) {
                while (found.next()) {
                    tables.add(found.getString("TABLE_NAME"));
                }
            }
            for (String table : tables) {
                try (var statement = database.createStatement();
                        ResultSet rows = statement.executeQuery("SELECT * FROM " + table)) {
                    while (rows.next()) {
                        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                            Object value = rows.getObject(i);
                            text.append(value instanceof byte[] || value instanceof Blob
                                ? new String(rows.getBytes(i), StandardCharsets.ISO_8859_1)
                                : rows.getString(i)).append('\t');
                        }
                        text.append(table).append('\n');
                    }
                }
            }
        }
        return text.toString();
    }

    /** Answers the first call with all that it was sent, and 401; then who has that header. */
    private HttpServer serving(HttpServer server, String header, String wanted)
            throws IOException {
        AtomicInteger calls = new AtomicInteger();
        return served(server, exchange -> {
            List<String> sent = exchange.getRequestHeaders().getOrDefault(header, List.of());
            got.computeIfAbsent(header, name -> new ArrayList<>()).addAll(sent);
            boolean isFine = calls.incrementAndGet() > 1 && sent.equals(List.of(wanted));
            answer(exchange, isFine ? 200 : 401,
                isFine ? "{}" : "who is " + exchange.getRequestHeaders().entrySet());
        });
    }

    private interface Answering {
        void to(HttpExchange exchange) throws IOException;
    }

    private <T extends HttpServer> T served(T server, Answering answering) throws IOException {
        server.bind(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            answering.to(exchange);
        });
        server.start();
        toClose.add(() -> server.stop(0));
        return server;
    }

    private void note(HttpExchange exchange, String header) {
        got.computeIfAbsent(header + "@tokens", name -> new ArrayList<>())
            .addAll(exchange.getRequestHeaders().getOrDefault(header, List.of()));
    }

    private static void answer(HttpExchange exchange, int status, String body)
            throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static String url(HttpServer server) {
        boolean isSecure = server instanceof HttpsServer;
        return URI.create((isSecure ? "https://localhost:" : "http://127.0.0.1:")
            + server.getAddress().getPort()).toString();
    }
}

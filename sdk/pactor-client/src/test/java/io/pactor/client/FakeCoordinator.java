package io.pactor.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/**
 * A coordinator that remembers what it was sent and calls nobody. A transaction ends when the test
 * says so. Replies given to {@link #next} go out first, one for each request, whatever it is; a
 * scripted request is remembered as received, but has no effect.
 */
final class FakeCoordinator implements AutoCloseable {

    /** What came in. */
    record Received(String method, String path, Map<String, List<String>> headers, String body) {
        Map<String, Object> json() {
            return Fields.of((Map<?, ?>) Json.read(body));
        }

        String header(String name) {
            return headers.entrySet().stream().filter(e -> e.getKey().equalsIgnoreCase(name))
                .map(e -> e.getValue().get(0)).findFirst().orElse("");
        }
    }

    /** What goes out: status 0 breaks the connection, -1 says nothing until the end of the test. */
    record Reply(int status, String body, Map<String, String> headers) {
        static final Reply BROKEN = new Reply(0, "", Map.of());
        static final Reply SILENT = new Reply(-1, "", Map.of());

        static Reply of(int status, String body) {
            return new Reply(status, body, Map.of());
        }

        /** As the coordinator says it. */
        static Reply says(int status, String message) {
            return of(status, Json.write(Map.of("message", message)));
        }

        Reply with(String name, String value) {
            return new Reply(status, body, Map.of(name, value));
        }
    }

    static final Reply DONE = Reply.of(200, "{\"dtm_result\":\"SUCCESS\"}");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch end = new CountDownLatch(1);
    private final List<Received> received = new ArrayList<>();
    private final Deque<Reply> script = new ArrayDeque<>();
    private final Map<String, Map<String, Object>> records = new LinkedHashMap<>();
    private final List<String> features = new ArrayList<>();

    FakeCoordinator() {
        this(0);
    }

    /** On the port of one that was closed. */
    FakeCoordinator(int port) {
        this(at -> HttpServer.create(at, 0), port);
    }

    /** Over TLS. */
    FakeCoordinator(SSLContext tls) {
        this(at -> {
            HttpsServer server = HttpsServer.create(at, 0);
            server.setHttpsConfigurator(new HttpsConfigurator(tls));
            return server;
        }, 0);
    }

    private interface Opening {
        HttpServer at(InetSocketAddress address) throws IOException;
    }

    private FakeCoordinator(Opening opening, int port) {
        try {
            server = opening.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** Has a saga submitted and looked up, so that what comes next is fast. */
    static void warmUp() {
        try (FakeCoordinator coordinator = new FakeCoordinator();
                Pactor pactor = Pactor.connect(coordinator.url())) {
            pactor.saga("warm").step(Call.post("http://a", "{}")).submit();
            pactor.query("warm");
        }
    }

    int port() {
        return server.getAddress().getPort();
    }

    String url() {
        return (server instanceof HttpsServer ? "https" : "http") + "://127.0.0.1:" + port();
    }

    /** Scripts the replies to the next requests. */
    synchronized void next(Reply... replies) {
        script.addAll(List.of(replies));
    }

    synchronized void knows(String... more) {
        features.addAll(List.of(more));
    }

    /** Ends {@code gid}, or moves it on: as if its participants had answered. */
    synchronized void become(String gid, String status, String reason) {
        records.get(gid).put("status", status);
        records.get(gid).put("rollback_reason", reason);
    }

    synchronized List<Received> received() {
        return List.copyOf(received);
    }

    synchronized List<Received> received(String path) {
        return received.stream().filter(each -> each.path().startsWith(path)).toList();
    }

    synchronized String status(String gid) {
        return records.containsKey(gid) ? (String) records.get(gid).get("status") : "";
    }

    private void handle(HttpExchange exchange) throws IOException {
        String body =
            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Received request = new Received(exchange.getRequestMethod(),
            exchange.getRequestURI().toString(), Map.copyOf(exchange.getRequestHeaders()), body);
        Reply reply = replyTo(request);
        if (reply.status() < 0) {
            awaitEnd();
        }
        if (reply.status() > 0) {
            reply.headers().forEach(exchange.getResponseHeaders()::set);
            byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    private synchronized Reply replyTo(Received request) {
        received.add(request);
        if (!script.isEmpty()) {
            return script.poll();
        }
        String path = request.path();
        if (path.equals("/api/ping")) {
            return Reply.of(200, "{\"msg\":\"pong\"}");
        }
        if (path.endsWith("/version")) {
            return Reply.of(200, Json.write(features.isEmpty() ? Map.of("version", "v1.19.0")
                : Map.of("version", "v0.1.0", "features", features)));
        }
        if (path.contains("/query?gid=")) {
            return Reply.of(200, shown(path.substring(path.indexOf('=') + 1)));
        }
        return verb(path.substring(path.lastIndexOf('/') + 1), request.json());
    }

    private Reply verb(String verb, Map<String, Object> body) {
        String gid = Fields.text(body, "gid");
        String status = status(gid);
        switch (verb) {
            case "submit":
                if (status.isEmpty() || status.equals("prepared")) {
                    records.computeIfAbsent(gid, none -> new LinkedHashMap<>(body))
                        .put("status", "submitted");
                } else if (!status.equals("submitted")) {
                    return Reply.of(409, Json.write(Map.of("dtm_result", "FAILURE", "message",
                        "current status '" + status + "', cannot sumbmit. FAILURE")));
                }
                return Boolean.TRUE.equals(body.get("wait_result"))
                    ? Reply.says(425, "wait result not return success: ONGOING") : DONE;
            case "prepare":
                records.computeIfAbsent(gid, none -> new LinkedHashMap<>(body))
                    .putIfAbsent("status", "prepared");
                return DONE;
            case "abort":
                become(gid, body.get("trans_type").equals("msg") ? "failed" : "aborting",
                    Fields.text(body, "rollback_reason"));
                return DONE;
            case "registerBranch":
                return status.equals("prepared") ? DONE : Reply.of(409,
                    "{\"dtm_result\":\"FAILURE\",\"message\":\"no trans FAILURE\"}");
            default:
                return Reply.of(404, "404 page not found");
        }
    }

    private String shown(String gid) {
        Map<String, Object> answer = new LinkedHashMap<>();
        Map<String, Object> record = records.get(gid);
        answer.put("transaction", record);
        List<Object> branches = new ArrayList<>();
        if (record != null) {
            List<?> steps = Fields.list(record, "steps");
            for (int i = 0; i < steps.size(); i++) {
                String payload = (String) Fields.list(record, "payloads").get(i);
                branches.add(Map.of("branch_id", "0" + (i + 1), "op", "action",
                    "url", Fields.text((Map<?, ?>) steps.get(i), "action"), "status", "prepared",
                    "bin_data", Base64.getEncoder().encodeToString(
                        payload.getBytes(StandardCharsets.UTF_8))));
            }
        }
        answer.put("branches", branches);
        return Json.write(answer);
    }

    private void awaitEnd() {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        end.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}

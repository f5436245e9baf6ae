package http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A participant with a memory that does as it is told. Below its address {@code yes}, {@code no}
 * and {@code busy} answer SUCCESS, FAILURE and ONGOING, {@code down} hangs up without an answer and
 * {@code hang} keeps silent until the participant is closed. Any other path says what was
 * {@linkplain #script scripted} for it, and SUCCESS otherwise.
 */
public final class Participant implements AutoCloseable {

    static {
        // Without it the two writes of an answer wait for each other's acknowledgement, 40 ms.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    /** A call as it came; {@code query} is decoded. */
    public record Call(String method, String path, Map<String, String> query, String body) {

        public String gid() {
            return query.getOrDefault("gid", "");
        }

        /** The branch, the operation and the path, such as {@code 01 action yes}. */
        @Override
        public String toString() {
            return query.get("branch_id") + " " + query.get("op") + " " + path;
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Map<String, List<Call>> calls = new ConcurrentHashMap<>();
    private final Map<String, Deque<String>> scripts = new HashMap<>();
    private final Map<String, Said> said = new ConcurrentHashMap<>();

    private record Said(int status, String body) {}

    private Participant() throws IOException {
        server = HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_000);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    static Participant start() {
        try {
            return new Participant();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Its address, with a slash at the end. */
    public String base() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    public String url(String path) {
        return base() + path;
    }

    /** This path answers so, one call after another ({@code yes}, {@code no}…); the last stays. */
    public void script(String path, String... answers) {
        synchronized (scripts) {
            scripts.put(path, new ArrayDeque<>(List.of(answers)));
        }
    }

    /** This path answers so from now on. */
    void say(String path, int status, String body) {
        said.put(path, new Said(status, body));
    }

    /** The calls for {@code gid} so far, in the order in which they came. */
    public List<Call> calls(String gid) {
        return List.copyOf(calls.getOrDefault(gid, List.of()));
    }

    /** The same in words, see {@link Call#toString}. */
    List<String> told(String gid) {
        return calls(gid).stream().map(Call::toString).toList();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath().substring(1);
            Call call = new Call(exchange.getRequestMethod(), path,
                parameters(exchange.getRequestURI().getQuery()), new String(
                    exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            calls.computeIfAbsent(call.gid(), gid -> new CopyOnWriteArrayList<>()).add(call);
            Said own = said.get(path);
            if (own != null) {
                answer(exchange, own.status, own.body);
                return;
            }
            switch (answerOf(path)) {
                case "no" -> answer(exchange, 409,
                    "{\"dtm_result\":\"FAILURE\",\"message\":\"no funds\"}");
                case "busy" -> answer(exchange, 425, "{\"dtm_result\":\"ONGOING\"}");
                case "down" -> { }
                case "hang" -> closed.await();
                default -> answer(exchange, 200, "{\"dtm_result\":\"SUCCESS\"}");
            }
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        }
    }

    private String answerOf(String path) {
        synchronized (scripts) {
            Deque<String> left = scripts.get(path);
            return left == null ? path : left.size() > 1 ? left.poll() : left.peek();
        }
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static Map<String, String> parameters(String query) {
        Map<String, String> all = new HashMap<>();
        for (String each : query == null ? new String[0] : query.split("&")) {
            int equals = each.indexOf('=');
            all.put(equals < 0 ? each : each.substring(0, equals), each.substring(equals + 1));
        }
        return Map.copyOf(all);
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}

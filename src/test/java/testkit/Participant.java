package testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A participant over HTTP with a memory, that answers as it is told: any path, SUCCESS unless
 * something else was {@linkplain #answers scripted}. Safe from any thread.
 */
public final class Participant implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "scripted-participant");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, Deque<Answer>> scripts = new HashMap<>();
    private final Map<String, List<Call>> calls = new ConcurrentHashMap<>();

    /**
     * A call as it came.
     *
     * @param path of the url, such as {@code /stock/take}
     * @param branchId which branch
     * @param op which operation, as in {@code compensate}
     * @param body the payload
     */
    public record Call(String gid, String path, String branchId, String op, String body) {}

    private Participant(HttpServer server) {
        this.server = server;
    }

    static Participant start() {
        try {
            Participant participant = new Participant(HttpServer.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
            participant.server.setExecutor(participant.threads);
            participant.server.createContext("/", participant::serve);
            participant.server.start();
            return participant;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The url of a path of its own, which begins with a slash. */
    public String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    /** Calls to {@code path} are answered so, one after another; the last answer stays. */
    public void answers(String path, Answer... inOrder) {
        synchronized (scripts) {
            scripts.put(path, new ArrayDeque<>(List.of(inOrder)));
        }
    }

    /** The calls for that transaction, in the order in which they came. */
    public List<Call> calls(String gid) {
        return List.copyOf(calls.getOrDefault(gid, List.of()));
    }

    /** Forgets its scripts and its calls. */
    void reset() {
        synchronized (scripts) {
            scripts.clear();
        }
        calls.clear();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            Map<String, String> query = new HashMap<>();
            String raw = exchange.getRequestURI().getRawQuery();
            for (String pair : raw == null ? new String[0] : raw.split("&")) {
                String[] parts = pair.split("=", 2);
                query.put(parts[0], parts.length == 1 ? ""
                    : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
            }
            String path = exchange.getRequestURI().getPath();
            Call call = new Call(query.getOrDefault("gid", ""), path,
                query.getOrDefault("branch_id", ""), query.getOrDefault("op", ""), new String(
                    exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            calls.computeIfAbsent(call.gid(), gid -> new CopyOnWriteArrayList<>()).add(call);
            Answer answer = next(path);
            if (answer != Answer.HANG_UP) {
                byte[] body = answer.body.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(answer.status, body.length);
                exchange.getResponseBody().write(body);
            }
        }
    }

    private Answer next(String path) {
        synchronized (scripts) {
            Deque<Answer> left = scripts.getOrDefault(path, new ArrayDeque<>());
            if (left.isEmpty()) {
                return Answer.SUCCESS;
            }
            return left.size() > 1 ? left.poll() : left.peek();
        }
    }
}

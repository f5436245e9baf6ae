package io.pactor.test;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A participant over HTTP on a free port of loopback, that answers as it is told and remembers what
 * it was asked: any path, 200 unless something else was {@linkplain #answers scripted}.
 * Thread-safe.
 */
public final class ScriptedParticipant implements AutoCloseable {

    /** A few times what a coordinator sends at once to one host in a test. */
    private static final int BACKLOG = 256;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "pactor-scripted-participant");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, Deque<Answer>> scripts = new HashMap<>();
    private final List<Received> calls = new ArrayList<>();

    /**
     * A call as it came.
     *
     * @param gid      of its transaction; empty if the call names none
     * @param path     of the url, such as {@code /stock/reserve}
     * @param branchId which branch; may be empty
     * @param op       which operation, as in {@code compensate}; may be empty
     * @param body     as text
     */
    public record Received(String gid, String path, String branchId, String op, String body) {}

    private ScriptedParticipant(HttpServer server) {
        this.server = server;
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    /** @throws UncheckedIOException if there is no port to be had */
    public static ScriptedParticipant start() {
        try {
            return new ScriptedParticipant(HttpServer.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The url of a path, which begins with a slash. */
    public String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    /**
     * Calls to {@code path} are answered so, one after another; the last answer stays.
     *
     * @throws IllegalArgumentException if there is no answer
     */
    public void answers(String path, Answer... inOrder) {
        if (inOrder.length == 0) {
            throw new IllegalArgumentException("an answer is missing");
        }
        synchronized (scripts) {
            scripts.put(path, new ArrayDeque<>(List.of(inOrder)));
        }
    }

    /** All calls, in the order in which they came. */
    public List<Received> calls() {
        synchronized (scripts) {
            return List.copyOf(calls);
        }
    }

    /** The paths that were called for that transaction, in the order in which the calls came. */
    public List<String> paths(String gid) {
        return calls().stream().filter(each -> each.gid().equals(gid)).map(Received::path)
            .toList();
    }

    /** Forgets its scripts and its calls. */
    public void reset() {
        synchronized (scripts) {
            scripts.clear();
            calls.clear();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
            String path = exchange.getRequestURI().getPath();
            String body = new String(
                exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Answer answer = next(new Received(query.getOrDefault("gid", ""), path,
                query.getOrDefault("branch_id", ""), query.getOrDefault("op", ""), body));
            if (answer != Answer.LOST) {
                byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(
                    answer.status(), bytes.length == 0 ? -1 : bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        }
    }

    private static Map<String, String> query(String raw) {
        Map<String, String> query = new HashMap<>();
        for (String pair : raw == null ? new String[0] : raw.split("&")) {
            String[] parts = pair.split("=", 2);
            query.put(parts[0], parts.length == 1 ? ""
                : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return query;
    }

    private Answer next(Received call) {
        synchronized (scripts) {
            calls.add(call);
            Deque<Answer> left = scripts.getOrDefault(call.path(), new ArrayDeque<>());
            if (left.isEmpty()) {
                return Answer.SUCCESS;
            }
            return left.size() > 1 ? left.poll() : left.peek();
        }
    }
}

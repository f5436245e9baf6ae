package io.pactor.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * Services in one HTTP server: each path answers 200 until it is told otherwise, and every call is
 * remembered.
 */
final class Participants implements AutoCloseable {

    /** One call: the path, what the coordinator or the client put into the query, and the body. */
    record Received(String method, String path, Map<String, String> query, String body) {
        String gid() {
            return query.getOrDefault("gid", "");
        }
    }

    /** What a path answers. */
    record Answer(int status, String body) {}

    static final Answer DONE = new Answer(200, "{\"dtm_result\":\"SUCCESS\"}");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Function<Received, Answer>> answers = new ConcurrentHashMap<>();
    private final List<Received> received = new ArrayList<>();

    Participants() {
        try {
            server = HttpServer.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    /** From now on {@code path} answers so. */
    void answer(String path, int status, String body) {
        answer(path, call -> new Answer(status, body));
    }

    /** From now on {@code path} answers as {@code service} says. */
    void answer(String path, Function<Received, Answer> service) {
        answers.put(path, service);
    }

    synchronized List<Received> received() {
        return List.copyOf(received);
    }

    /** The paths that were called for {@code gid}, in order. */
    synchronized List<String> calls(String gid) {
        return received.stream().filter(each -> each.gid().equals(gid)).map(Received::path)
            .toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        URI uri = exchange.getRequestURI();
        String body =
            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Received call = new Received(exchange.getRequestMethod(), uri.getPath(),
            parameters(uri.getRawQuery()), body);
        synchronized (this) {
            received.add(call);
        }
        Answer answer = answers.getOrDefault(uri.getPath(), any -> DONE).apply(call);
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String each : query == null ? new String[0] : query.split("&")) {
            int equals = each.indexOf('=');
            parameters.put(decoded(each.substring(0, equals)), decoded(each.substring(equals + 1)));
        }
        return parameters;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}

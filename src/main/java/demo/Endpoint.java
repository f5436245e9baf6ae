package demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A small HTTP server on the loopback address: one function from request to answer. */
final class Endpoint implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** Called on a thread of the endpoint's own for each request; may block, must not throw. */
    @FunctionalInterface
    interface Handler {
        Reply handle(Request request);
    }

    /**
     * What was asked.
     *
     * @param path with its leading slash
     * @param query the parameters, decoded; of a repeated one the last
     * @param body the JSON sent; a missing node if there was none
     */
    record Request(String path, Map<String, String> query, JsonNode body) {}

    /** The answer of a participant; the coordinator reads the status first, then the words. */
    record Reply(int status, String body) {

        static Reply success() {
            return new Reply(200, "{\"dtm_result\":\"SUCCESS\"}");
        }

        static Reply failure(String reason) {
            String body = JSON.createObjectNode().put("dtm_result", "FAILURE")
                    .put("message", reason).toString();
            return new Reply(409, body);
        }

        static Reply error(String reason) {
            return new Reply(500, JSON.createObjectNode().put("message", reason).toString());
        }
    }

    /** Listens on a free port at once. */
    Endpoint(Handler handler) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> answer(exchange, handler));
        server.start();
    }

    /** The address, without a slash at the end. */
    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private static void answer(HttpExchange exchange, Handler handler) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            Request request = new Request(exchange.getRequestURI().getPath(),
                    query(exchange.getRequestURI().getRawQuery()), JSON.readTree(body));
            Reply reply = handler.handle(request);
            byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(reply.status(), bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private static Map<String, String> query(String raw) {
        Map<String, String> parameters = new HashMap<>();
        for (String pair : raw == null ? new String[0] : raw.split("&")) {
            String[] parts = pair.split("=", 2);
            parameters.put(decode(parts[0]), parts.length == 2 ? decode(parts[1]) : "");
        }
        return parameters;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}

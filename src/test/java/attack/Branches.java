package attack;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The participant of all branches, and its ledger: what each transaction did, once for each
 * operation of a branch however often it is called. Below {@code no} it refuses.
 */
final class Branches implements AutoCloseable {

    private static final int ACTION = 1;
    private static final int COMPENSATE = 4;

    /** Both branches did their work, and nothing was taken back. */
    static final int BOTH_DONE = bit("01", ACTION) | bit("02", ACTION);

    /** The first branch did its work and took it back; the second refused. */
    static final int TAKEN_BACK = bit("01", ACTION) | bit("01", COMPENSATE);

    static {
        // Without it the two writes of an answer wait for each other's acknowledgement, 40 ms.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Integer> done = new ConcurrentHashMap<>();

    Branches() {
        try {
            server = HttpServer.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_000);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + path;
    }

    /** {@link #BOTH_DONE}, {@link #TAKEN_BACK}, or what should not be. */
    int effect(String gid) {
        return done.getOrDefault(gid, 0);
    }

    private static int bit(String branch, int operation) {
        return branch.equals("01") ? operation : operation << 1;
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            Map<String, String> query = new TreeMap<>();
            for (String each : exchange.getRequestURI().getQuery().split("&")) {
                String[] parts = each.split("=", 2);
                query.put(parts[0], parts[1]);
            }
            exchange.getRequestBody().skip(Long.MAX_VALUE);
            boolean takesBack = query.get("op").equals("compensate");
            boolean refuses = exchange.getRequestURI().getPath().equals("/no") && !takesBack;
            if (!refuses) {
                serve(query.get("gid"), query.get("branch_id"), takesBack);
            }
            byte[] body = ("{\"dtm_result\":\"" + (refuses ? "FAILURE" : "SUCCESS") + "\"}")
                .getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(refuses ? 409 : 200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** As DTM's barrier: what was not done is not taken back. */
    private void serve(String gid, String branch, boolean takesBack) {
        done.merge(gid, takesBack ? 0 : bit(branch, ACTION), (before, more) ->
            takesBack && (before & bit(branch, ACTION)) != 0
                ? before | bit(branch, COMPENSATE) : before | more);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}

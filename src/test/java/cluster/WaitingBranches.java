package cluster;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A participant that says "at work" to each call until it is told to say yes, and knows how long
 * each transaction was left alone at most.
 */
final class WaitingBranches implements AutoCloseable {

    private static final int ONGOING = 425;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(16, task -> {
        Thread thread = new Thread(task, "waiting-branch");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, Long> lastCall = new ConcurrentHashMap<>();
    private final Map<String, Long> longestGap = new ConcurrentHashMap<>();
    private volatile int status = ONGOING;

    WaitingBranches() {
        try {
            server = HttpServer.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/branch";
    }

    void sayYes() {
        status = 200;
    }

    void sayAtWork() {
        status = ONGOING;
    }

    /** How many transactions have called. */
    int callers() {
        return lastCall.size();
    }

    /** Forgets all gaps up to now. */
    void watch() {
        longestGap.clear();
    }

    /** Whether each transaction has called since {@code nanos}. */
    boolean allCalledSince(long nanos) {
        return lastCall.values().stream().allMatch(at -> at - nanos > 0);
    }

    /** The longest time that any transaction was left alone, since {@link #watch}. */
    Duration longestGap() {
        return Duration.ofNanos(
            longestGap.values().stream().mapToLong(Long::longValue).max().orElse(0));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            String gid = exchange.getRequestURI().getQuery()
                .replaceAll("(?:.*&)?gid=([^&]*).*", "$1");
            long now = System.nanoTime();
            Long before = lastCall.put(gid, now);
            if (before != null) {
                longestGap.merge(gid, now - before, Math::max);
            }
            exchange.sendResponseHeaders(status, -1);
        }
    }
}

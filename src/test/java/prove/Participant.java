package prove;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A business behind HTTP, on a port that the system chooses. */
final class Participant implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Business business;
    private final boolean endsConnections;
    private volatile Map.Entry<String, String> wanted;

    Participant(Business business) throws IOException {
        this(business, false);
    }

    Participant(Business business, boolean endsConnections) throws IOException {
        this.business = business;
        this.endsConnections = endsConnections;
        server = HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/call", this::call);
        server.createContext("/state",
            exchange -> answer(exchange, isLetIn(exchange)
                ? new Outgoing(200, business.state()) : refusal(exchange)));
        server.start();
    }

    /** From now on it lets in only who sends that header, and tells others what they sent. */
    Participant asking(String header, String value) {
        wanted = Map.entry(header, value);
        return this;
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    /** Options of a saga that takes seven pieces and can be refused. */
    ProveOptions.Builder options() {
        return ProveOptions.of(url("/call"), url("/call")).payload("{\"amount\":7}")
            .refusedPayload("{\"amount\":70000}").state(url("/state"));
    }

    private void call(HttpExchange exchange) throws IOException {
        answer(exchange, isLetIn(exchange)
            ? business.serve(Incoming.of(exchange)) : refusal(exchange));
    }

    private boolean isLetIn(HttpExchange exchange) {
        return wanted == null || exchange.getRequestHeaders()
            .getOrDefault(wanted.getKey(), List.of()).equals(List.of(wanted.getValue()));
    }

    private static Outgoing refusal(HttpExchange exchange) {
        return new Outgoing(401, "who is " + exchange.getRequestHeaders().entrySet());
    }

    private void answer(HttpExchange exchange, Outgoing answer) throws IOException {
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        if (endsConnections) {
            exchange.getResponseHeaders().set("Connection", "close");
        }
        if (answer.status() == 302) {
            exchange.getResponseHeaders().set("Location", url("/elsewhere"));
        }
        // Zero means that the length is told by chunks.
        exchange.sendResponseHeaders(answer.status(),
            body.length == 0 ? -1 : endsConnections ? 0 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}

package bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** A coordinator with a memory and without a store, which lies as the test tells it to. */
final class FakeCoordinator implements AutoCloseable {

    /** What it does wrong. */
    enum Lie {
        NONE,
        /** The first submit and each seventh after it are answered 500. */
        SOMETIMES_500,
        /** Branches are not called, yet the transaction is said to have ended. */
        NO_BRANCH_CALLS,
        /** Everything ends as {@code failed}. */
        ENDS_FAILED,
        /** Nothing that was submitted ever ends, though the submit is answered at once. */
        NEVER_ENDS,
        /** The submit is answered, and the transaction is forgotten. */
        FORGETS,
        /** Every branch is called twice. */
        CALLS_TWICE,
        /** The connection is closed instead of an answer to a submit. */
        HANGS_UP,
        /** A submit says that it succeeded, with 200, in a body that says FAILURE. */
        FAILURE_IN_200
    }

    private record Branch(String op, String url, String payload) {}

    private static final class Transaction {
        private final String gid;
        private final String mode;
        private final List<Branch> forward = new ArrayList<>();
        private final List<Branch> backward = new ArrayList<>();
        private volatile String status = "prepared";

        private Transaction(String gid, String mode) {
            this.gid = gid;
            this.mode = mode;
        }
    }

    private final ObjectMapper json = new ObjectMapper();
    private final Map<String, Transaction> transactions = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicLong submits = new AtomicLong();
    private final AtomicLong ends = new AtomicLong();
    private final Lie lie;
    private volatile String wanted = "";
    private final long endsAfterMillis;
    private final HttpServer server;
    private final FakeGrpc grpc;

    FakeCoordinator(Lie lie, long endsAfterMillis) throws IOException {
        this.lie = lie;
        this.endsAfterMillis = endsAfterMillis;
        // Or else each answer waits 40 ms for an acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 512);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
        grpc = new FakeGrpc(this::answerTo, threads);
    }

    /** From now on it answers only who sends that. */
    void wants(String authorization) {
        wanted = authorization;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/api/dtmsvr";
    }

    String grpcAddress() {
        return grpc.address();
    }

    long submits() {
        return submits.get();
    }

    /** Transactions that truly came to their end. */
    long ends() {
        return ends.get();
    }

    @Override
    public void close() {
        server.stop(0);
        grpc.close();
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String path = exchange.getRequestURI().getPath();
        String shown = exchange.getRequestHeaders().getFirst("Authorization");
        if (!wanted.isEmpty() && !path.equals("/api/health") && !wanted.equals(shown)) {
            answer(exchange, 401, "{}");
            return;
        }
        switch (path) {
            case "/api/health" -> answer(exchange, 200,
                    "{\"result\":\"success\",\"durability\":\"none: it is a fake\"}");
            case "/api/dtmsvr/version" -> answer(exchange, 200, "{\"version\":\"fake\"}");
            case "/api/dtmsvr/query" -> query(exchange);
            case "/api/dtmsvr/prepare", "/api/dtmsvr/registerBranch", "/api/dtmsvr/submit" ->
                told(exchange, answerTo(path.substring(path.lastIndexOf('/') + 1),
                        json.readTree(body)));
            default -> answer(exchange, 404, "{}");
        }
    }

    private void told(HttpExchange exchange, int status) throws IOException {
        boolean success = status == 200 && lie != Lie.FAILURE_IN_200;
        switch (status) {
            case 0 -> exchange.close();
            case 500 -> answer(exchange, 500, "{\"message\":\"out of paper\"}");
            default -> answer(exchange, status,
                    "{\"dtm_result\":\"" + (success ? "SUCCESS" : "FAILURE") + "\"}");
        }
    }

    /** The HTTP status; 0 hangs up. */
    private int answerTo(String endpoint, JsonNode request) {
        switch (endpoint) {
            case "prepare" -> opened(request);
            case "registerBranch" ->
                transactions.get(request.path("gid").asText()).forward.add(new Branch("confirm",
                        request.path("confirm").asText(), request.path("data").asText()));
            default -> {
                return submitted(request);
            }
        }
        return 200;
    }

    private Transaction opened(JsonNode request) {
        String gid = request.path("gid").asText();
        return transactions.computeIfAbsent(gid, key -> {
            var opened = new Transaction(gid, request.path("trans_type").asText());
            for (int i = 0; i < request.path("steps").size(); i++) {
                JsonNode step = request.path("steps").path(i);
                String payload = request.path("payloads").path(i).asText();
                opened.forward.add(new Branch("action", step.path("action").asText(), payload));
                opened.backward.add(
                        0, new Branch("compensate", step.path("compensate").asText(), payload));
            }
            return opened;
        });
    }

    private int submitted(JsonNode request) {
        long nth = submits.incrementAndGet();
        Transaction transaction = opened(request);
        transaction.status = "submitted";
        if (lie == Lie.FORGETS) {
            transactions.remove(transaction.gid);
        }
        if (lie == Lie.HANGS_UP) {
            return 0;
        } else if (lie == Lie.SOMETIMES_500 && nth % 7 == 1) {
            return 500;
        } else if (lie == Lie.FAILURE_IN_200) {
            return 200;
        } else if (request.path("wait_result").asBoolean()) {
            process(transaction);
            return transaction.status.equals("failed") ? 409 : 200;
        }
        threads.execute(() -> process(transaction));
        return 200;
    }

    private void process(Transaction transaction) {
        if (lie == Lie.NEVER_ENDS) {
            return;
        }
        try {
            if (endsAfterMillis > 0) {
                Thread.sleep(endsAfterMillis);
            }
            boolean succeeded = true;
            for (int i = 0; succeeded && i < transaction.forward.size(); i++) {
                succeeded = call(transaction, transaction.forward.get(i), i);
            }
            for (int i = 0; !succeeded && i < transaction.backward.size(); i++) {
                call(transaction, transaction.backward.get(i), i);
            }
            transaction.status = succeeded && lie != Lie.ENDS_FAILED ? "succeed" : "failed";
            ends.incrementAndGet();
        } catch (IOException | InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean call(Transaction transaction, Branch branch, int index) throws IOException {
        if (branch.url.isEmpty() || lie == Lie.NO_BRANCH_CALLS) {
            return true;
        }
        int status = 0;
        for (int times = lie == Lie.CALLS_TWICE ? 2 : 1; times > 0; times--) {
            if (!branch.url.startsWith("http:")) {
                status = grpc.call(branch.url, branch.payload, Map.of("dtm-gid", transaction.gid,
                        "dtm-branch_id", "0" + (index + 1), "dtm-op", branch.op,
                        "dtm-trans_type", transaction.mode));
                continue;
            }
            URI url = URI.create(branch.url + "?branch_id=0" + (index + 1) + "&gid="
                    + transaction.gid + "&op=" + branch.op + "&trans_type=" + transaction.mode);
            HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection();
            connection.setDoOutput(true);
            connection.getOutputStream().write(branch.payload.getBytes(StandardCharsets.UTF_8));
            status = connection.getResponseCode();
            try (InputStream body = status < 400
                    ? connection.getInputStream() : connection.getErrorStream()) {
                body.readAllBytes();
            }
        }
        return status == 200;
    }

    private void query(HttpExchange exchange) throws IOException {
        String gid = exchange.getRequestURI().getQuery().substring("gid=".length());
        ObjectNode answer = json.createObjectNode();
        Transaction transaction = transactions.get(gid);
        if (transaction == null) {
            answer.putNull("transaction");
        } else {
            answer.putObject("transaction").put("gid", gid).put("status", transaction.status);
        }
        answer.putArray("branches");
        answer(exchange, 200, answer.toString());
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}

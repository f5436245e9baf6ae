package io.pactor.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A coordinator that keeps workflows and calls nobody, and whose network can be cut at any request,
 * before or after that had its effect: for the client's process that is as if it died there.
 */
final class FakeWorkflows implements AutoCloseable {

    /** What it answers to a branch that it has. */
    enum Kind { PACTOR, DTM }

    private static final int NEVER = Integer.MAX_VALUE;

    /** Tests of failures would fill the log with them; held, as the logging forgets it else. */
    private static final Logger LOG = Logger.getLogger(Workflow.class.getName());

    static {
        LOG.setLevel(Level.OFF);
    }

    private final Kind kind;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Map<String, Object>> records = new LinkedHashMap<>();
    private final Map<String, Map<String, Map<String, Object>>> branches = new LinkedHashMap<>();
    private final List<String> told = new ArrayList<>();
    private int requests;
    private int cutAt = NEVER;
    private boolean hasEffect;
    private boolean losesOne;

    FakeWorkflows(Kind kind) {
        this.kind = kind;
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

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Nothing is answered from that request on, counted from 1 and from now. */
    synchronized void cut(int request, boolean afterItsEffect) {
        requests = 0;
        losesOne = false;
        cutAt = request;
        hasEffect = afterItsEffect;
    }

    /** Loses the answer of that request alone. */
    synchronized void loseAnswer(int request) {
        cut(request, true);
        losesOne = true;
    }

    /** The network is there again; tells whether it was ever cut. */
    synchronized boolean mend() {
        boolean wasCut = requests >= cutAt;
        cutAt = NEVER;
        return wasCut;
    }

    /** What was put on record: {@code 01 action succeed} and the like, and how it ended. */
    synchronized List<String> told() {
        return List.copyOf(told);
    }

    synchronized void end(String gid, String status, String reason) {
        records.get(gid).put("status", status);
        records.get(gid).put("rollback_reason", reason);
    }

    synchronized void put(String gid, String branchId, String op, String status, String data) {
        register(Map.of("gid", gid, "branch_id", branchId, "op", op, "status", status,
            "data", data));
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        FakeCoordinator.Reply reply = replyTo(exchange.getRequestURI().toString(),
            new String(body, StandardCharsets.UTF_8));
        if (reply != FakeCoordinator.Reply.BROKEN) {
            // A connection that is kept would hold back each body until its head is acknowledged.
            exchange.getResponseHeaders().set("Connection", "close");
            byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(reply.status(), bytes.length);
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    private synchronized FakeCoordinator.Reply replyTo(String path, String body) {
        requests++;
        boolean loses = losesOne ? requests == cutAt : requests >= cutAt;
        if (loses && !(requests == cutAt && hasEffect)) {
            return FakeCoordinator.Reply.BROKEN;
        }
        FakeCoordinator.Reply reply = path.contains("/query?gid=")
            ? shown(path.substring(path.indexOf('=') + 1), "branches")
            : verb(path.substring(path.lastIndexOf('/') + 1),
                Fields.of((Map<?, ?>) Json.read(body)));
        return loses ? FakeCoordinator.Reply.BROKEN : reply;
    }

    private FakeCoordinator.Reply verb(String verb, Map<String, Object> body) {
        String gid = Fields.text(body, "gid");
        switch (verb) {
            case "prepareWorkflow":
                records.computeIfAbsent(gid, none -> new LinkedHashMap<>(body))
                    .putIfAbsent("status", "prepared");
                branches.computeIfAbsent(gid, none -> new LinkedHashMap<>());
                return shown(gid, "progresses");
            case "registerBranch":
                return register(body);
            case "submit":
                return submit(gid, Fields.object(body, "req_extra"));
            default:
                return FakeCoordinator.Reply.of(404, "404 page not found");
        }
    }

    private FakeCoordinator.Reply register(Map<String, Object> body) {
        String gid = Fields.text(body, "gid");
        if (!records.get(gid).get("status").equals("prepared")) {
            return FakeCoordinator.Reply.of(409, "{\"dtm_result\":\"FAILURE\",\"message\":"
                + "\"no trans with gid: " + gid + " status: prepared found FAILURE\"}");
        }
        Map<String, Object> branch = new LinkedHashMap<>(body);
        branch.put("bin_data", Base64.getEncoder().encodeToString(
            Fields.text(body, "data").getBytes(StandardCharsets.UTF_8)));
        Map<String, Object> there = branches.get(gid).putIfAbsent(
            body.get("branch_id") + "-" + body.get("op"), branch);
        if (there == null) {
            told.add(body.get("branch_id") + " " + body.get("op") + " " + body.get("status"));
            return FakeCoordinator.DONE;
        }
        if (kind == Kind.DTM) {
            return FakeCoordinator.Reply.says(500, "storage: UniqueKeyConflict");
        }
        return there.equals(branch) ? FakeCoordinator.DONE : FakeCoordinator.Reply.of(409,
            "{\"dtm_result\":\"FAILURE\",\"message\":\"branch " + body.get("branch_id")
                + " was registered with other content before. FAILURE\"}");
    }

    private FakeCoordinator.Reply submit(String gid, Map<String, Object> how) {
        Map<String, Object> record = records.get(gid);
        if (record.get("status").equals("prepared")) {
            record.putAll(how);
            told.add(Fields.text(how, "status"));
            return FakeCoordinator.DONE;
        }
        if (kind == Kind.DTM) {
            return FakeCoordinator.Reply.says(500, "storage: NotFound");
        }
        return record.entrySet().containsAll(how.entrySet()) ? FakeCoordinator.DONE
            : FakeCoordinator.Reply.of(409, "{\"dtm_result\":\"FAILURE\",\"message\":\"current"
                + " status '" + record.get("status") + "', cannot sumbmit. FAILURE\"}");
    }

    private FakeCoordinator.Reply shown(String gid, String key) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("transaction", records.get(gid));
        answer.put(key, List.copyOf(branches.getOrDefault(gid, Map.of()).values()));
        return FakeCoordinator.Reply.of(200, Json.write(answer));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}

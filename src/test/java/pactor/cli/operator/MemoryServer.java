package pactor.cli.operator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A server of the API that keeps transactions in memory: it lists them page by page, and lets them
 * be retried, paused, resumed, resolved and stopped as the rules have it. It knows callers
 * by their token, if it has any.
 */
final class MemoryServer implements AutoCloseable {

    static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, ObjectNode> transactions = new LinkedHashMap<>();
    private final Map<String, String> told = new LinkedHashMap<>();
    private final Map<String, String> roles = new LinkedHashMap<>();
    private final List<String> forbidden = new ArrayList<>();
    private final List<String> requests = new ArrayList<>();
    private final List<String> events = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;

    MemoryServer() throws IOException {
        server = HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::serve);
        server.setExecutor(threads);
        server.start();
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** From now on callers need a token; whoever has this one is a viewer, or an operator. */
    synchronized void role(String token, String role) {
        roles.put(token, role);
    }

    /** Begins a transaction that waits for {@code participant}. */
    synchronized ObjectNode add(String gid, String status, String error) {
        ObjectNode it = JSON.createObjectNode().put("gid", gid).put("mode", "saga")
            .put("status", status).put("waiting", status.equals("submitted") ? "retry" : "")
            .put("parked", false).put("paused", false).put("quarantined", false)
            .put("opened_at", "2026-01-01T00:00:00.000Z")
            .put("updated_at", "2026-01-01T00:00:01.000Z")
            .put("next_at", status.equals("submitted") ? "2026-01-01T00:00:20.000Z" : null)
            .put("attempts", 3).put("participant", "stock:9000").put("error", error);
        it.putArray("branches").addObject().put("branch_id", "01").put("op", "action")
            .put("url", "http://stock:9000/deduct").put("status", "prepared").put("attempts", 3)
            .put("error", error);
        transactions.put(gid, it);
        return it;
    }

    synchronized JsonNode transaction(String gid) {
        return transactions.get(gid);
    }

    /** What it tells of itself at that path. */
    synchronized void tell(String path, String json) {
        told.put(path, json);
    }

    /** From now on nobody may ask for that path. */
    synchronized void refuse(String path) {
        forbidden.add(path);
    }

    /** Tells those who follow live, from the beginning on. */
    synchronized void event(String json) {
        events.add(json);
        notifyAll();
    }

    /** Each request so far, with its method, path and body. */
    synchronized List<String> requests() {
        return List.copyOf(requests);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void serve(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String path = exchange.getRequestURI().getRawPath();
        if (path.equals("/api/events")) {
            stream(exchange);
            return;
        }
        Answer answer;
        synchronized (this) {
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI()
                + (body.isEmpty() ? "" : " " + body));
            answer = answer(exchange, path, body);
        }
        byte[] bytes = answer.json.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private record Answer(int status, String json) {

        static Answer ok(JsonNode json) {
            return new Answer(200, json.toString());
        }

        static Answer problem(int status, String detail) {
            return new Answer(status, JSON.createObjectNode().put("title", "Refused")
                .put("status", status).put("detail", detail).toString());
        }
    }

    private Answer answer(HttpExchange exchange, String path, String body) throws IOException {
        String shown = exchange.getRequestHeaders().getFirst("Authorization");
        String role = roles.get(shown == null ? "" : shown.replace("Bearer ", ""));
        if (!roles.isEmpty() && role == null) {
            return Answer.problem(401, "the caller is not known");
        }
        boolean isRead = exchange.getRequestMethod().equals("GET");
        if (!isRead && "viewer".equals(role)) {
            return Answer.problem(403, "a viewer may not do this");
        }
        if (forbidden.contains(path)) {
            return Answer.problem(403, "it needs the role operator");
        }
        if (path.equals("/api/v1/me")) {
            return Answer.ok(JSON.createObjectNode().put("name", "alice")
                .put("role", role == null ? "admin" : role).put("version", "v1")
                .put("profile", "development"));
        }
        if (told.containsKey(path)) {
            return new Answer(200, told.get(path));
        }
        if (path.equals("/api/v1/transactions")) {
            return list(query(exchange));
        }
        String[] parts = path.replace("/api/v1/transactions/", "").split("/");
        String gid = URLDecoder.decode(parts[0], StandardCharsets.UTF_8);
        ObjectNode it = transactions.get(gid);
        if (it == null) {
            return Answer.problem(404, "there is no transaction " + gid);
        }
        if (isRead) {
            return parts.length == 1 ? Answer.ok(it) : about(it, parts[1]);
        }
        return act(it, parts[1], JSON.readTree(body));
    }

    private Answer list(Map<String, String> query) {
        List<ObjectNode> all = transactions.values().stream()
            .filter(each -> List.of("status", "mode").stream().allMatch(name ->
                query.getOrDefault(name, each.get(name).asText())
                    .equals(each.get(name).asText())))
            .filter(each -> !each.get("status").asText().matches("succeed|failed")
                || !query.containsKey("unfinished"))
            .filter(each -> each.get("error").asText().contains(query.getOrDefault("error", "")))
            .toList();
        int from = Integer.parseInt(query.getOrDefault("cursor", "0"));
        int to = Math.min(all.size(), from + Integer.parseInt(query.get("limit")));
        ObjectNode page = JSON.createObjectNode();
        ArrayNode items = page.putArray("items");
        all.subList(from, to).forEach(items::add);
        page.put("next", to < all.size() ? String.valueOf(to) : null);
        return Answer.ok(page);
    }

    private static Answer about(ObjectNode it, String what) {
        ObjectNode page = JSON.createObjectNode();
        switch (what) {
            case "explain" -> {
                page.put("gid", it.get("gid").asText()).put("summary", "It waits to call stock.");
                page.putArray("happened").add("Branch 01 was called 3 times.");
                page.put("waits_for", "retry");
                page.putObject("next").put("what", "a call of branch 01")
                    .put("at", "2026-01-01T00:00:20.000Z");
                ArrayNode actions = page.putArray("actions");
                actions.addObject().put("action", "retry").put("allowed", true)
                    .put("effect", "calls branch 01 now");
                actions.addObject().put("action", "resume").put("allowed", false)
                    .put("because", "it is not paused");
            }
            case "history" -> page.putArray("items").addObject().put("number", 1)
                .put("at", "2026-01-01T00:00:00.000Z").put("event", "opened")
                .put("text", "The saga was submitted.");
            default -> {
                return Answer.problem(404, "there is no such path");
            }
        }
        return Answer.ok(page);
    }

    private static Answer act(ObjectNode it, String action, JsonNode body) {
        boolean isEnded = it.get("status").asText().matches("succeed|failed");
        if (isEnded && action.equals("again")) {
            return again(it, body);
        }
        if (isEnded) {
            return Answer.problem(409, "it has ended");
        }
        String before = it.toString();
        switch (action) {
            case "pause" -> it.put("paused", true);
            case "resume" -> it.put("paused", false);
            case "park" -> it.put("parked", true).put("waiting", "parked");
            case "unpark" -> it.put("parked", false).put("waiting", "retry");
            case "stop" -> it.put("status", body.get("outcome").asText());
            case "resolve", "skip" -> ((ObjectNode) it.get("branches").get(0)).put("status",
                body.path("outcome").asText("success").equals("success") ? "succeed" : "failed");
            case "edit" -> ((ObjectNode) it.get("branches").get(0))
                .put("url", body.get("url").asText());
            case "retry" -> it.put("attempts", it.get("attempts").asInt() + 1);
            default -> {
                return Answer.problem(404, "there is no such path");
            }
        }
        it.put("last_reason", body.path("reason").asText());
        return Answer.ok(JSON.createObjectNode().put("gid", it.get("gid").asText())
            .put("changed", !it.toString().equals(before))
            .put("status", it.get("status").asText()).put("text", ""));
    }

    private static Answer again(ObjectNode it, JsonNode body) {
        ObjectNode answer = JSON.createObjectNode()
            .put("gid", body.path("gid").asText(it.get("gid").asText() + "-again-1"))
            .put("again_of", it.get("gid").asText())
            .put("changed", !body.path("dry_run").asBoolean());
        answer.putArray("warnings").add("01: done before");
        if (body.path("dry_run").asBoolean()) {
            answer.putArray("steps").addObject().put("branch_id", "01").put("op", "action")
                .put("url", "http://stock/out");
        } else {
            answer.put("text", "run again as " + answer.get("gid").asText());
        }
        return Answer.ok(answer);
    }

    private void stream(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        int told = 0;
        while (true) {
            List<String> more;
            synchronized (this) {
                more = List.copyOf(events.subList(told, events.size()));
            }
            for (String each : more) {
                told++;
                exchange.getResponseBody().write(("id: " + told + "\nevent: any\ndata: " + each
                    + "\n\n").getBytes(StandardCharsets.UTF_8));
            }
            exchange.getResponseBody().flush();
            synchronized (this) {
                try {
                    while (events.size() == told) {
                        wait();
                    }
                } catch (InterruptedException ended) {
                    return;
                }
            }
        }
    }

    private static Map<String, String> query(HttpExchange exchange) {
        Map<String, String> query = new LinkedHashMap<>();
        String raw = exchange.getRequestURI().getRawQuery();
        for (String each : raw == null ? new String[0] : raw.split("&")) {
            query.put(each.substring(0, each.indexOf('=')), URLDecoder.decode(
                each.substring(each.indexOf('=') + 1), StandardCharsets.UTF_8));
        }
        return query;
    }
}

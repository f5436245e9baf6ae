import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A participant for docs/start.md and docs/modes-by-curl.md: a bank with two accounts, kept in
 * memory.
 *
 * <p>Run it with {@code java docs/examples/Bank.java}, or with another port as its argument. It
 * needs nothing but a JDK. One thread serves all requests, so nothing here is locked.
 */
public final class Bank {

    private static final Pattern BODY = Pattern.compile(
        "\\{\\s*\"account\"\\s*:\\s*\"(\\w+)\"\\s*,\\s*\"by\"\\s*:\\s*(-?\\d{1,9})\\s*}");

    /** Each operation that undoes, and what it undoes. */
    private static final Map<String, String> UNDOES =
        Map.of("compensate", "action", "cancel", "try", "rollback", "prepare");

    private final Map<String, Integer> balances = new TreeMap<>(Map.of("ann", 100, "bob", 100));
    private final Set<String> done = new HashSet<>();
    private final Set<String> givenUp = new HashSet<>();
    private final Map<String, String> prepared = new HashMap<>();
    private boolean closed;

    public static void main(String[] args) throws IOException {
        int port = args.length == 0 ? 8081 : Integer.parseInt(args[0]);
        HttpServer server = HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        Bank bank = new Bank();
        server.createContext("/", bank::serve);
        server.start();
        System.out.println("bank listening on http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void serve(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        switch (exchange.getRequestURI().getPath()) {
            case "/move" -> {
                String query = exchange.getRequestURI().getQuery();
                String refusal = closed ? "closed" : move(query, body);
                int status = closed ? 503 : refusal.isEmpty() ? 200 : 409;
                System.out.println(query + " " + body + " -> " + status + " " + refusal);
                String result = Map.of(200, "SUCCESS", 409, "FAILURE", 503, "").get(status);
                answer(exchange, status,
                    "{\"dtm_result\":\"" + result + "\",\"message\":\"" + refusal + "\"}");
            }
            case "/committed" -> {
                boolean committed = isCommitted(exchange.getRequestURI().getQuery());
                answer(exchange, committed ? 200 : 409,
                    "{\"dtm_result\":\"" + (committed ? "SUCCESS" : "FAILURE") + "\"}");
            }
            case "/close", "/open" -> {
                closed = exchange.getRequestURI().getPath().equals("/close");
                answer(exchange, 200, "{\"closed\":" + closed + "}");
            }
            case "/balances" -> answer(exchange, 200,
                balances.toString().replaceAll("(\\w+)=(-?\\d+)", "\"$1\":$2"));
            default -> answer(exchange, 404, "");
        }
    }

    /**
     * The check-back of a message: whether its local transaction has committed. Once the answer is
     * no, it stays no: a local transaction that comes later is refused.
     */
    private boolean isCommitted(String query) {
        String local = parameter(query, "gid") + "/00/msg";
        if (!done.contains(local)) {
            givenUp.add(local);
        }
        return done.contains(local);
    }

    /** Does the operation once. @return why it is refused; empty if it is not */
    private String move(String query, String body) {
        String branch = parameter(query, "gid") + "/" + parameter(query, "branch_id") + "/";
        String op = parameter(query, "op");
        if (givenUp.contains(branch + op)) {
            return "the message was given up";
        }
        // The barrier. A compensation that comes first has nothing to undo, and what it would have
        // undone must not be done any more; whatever comes a second time was done the first time.
        boolean tooEarly = UNDOES.containsKey(op) && done.add(branch + UNDOES.get(op));
        if (!done.add(branch + op) || tooEarly) {
            return "";
        }
        if (op.equals("prepare")) {
            prepared.put(branch, body); // The second phase of XA brings no payload.
        }
        Matcher asked = BODY.matcher(prepared.getOrDefault(branch, body));
        boolean known = asked.matches() && balances.containsKey(asked.group(1));
        String refusal = known ? apply(op, asked.group(1), Integer.parseInt(asked.group(2)))
            : "no such account";
        if (!refusal.isEmpty()) {
            done.remove(branch + op);
        }
        return refusal;
    }

    private String apply(String op, String account, int by) {
        int change = switch (op) {
            case "action", "msg" -> by;
            case "compensate" -> -by;
            // What leaves is held aside; what comes, comes later.
            case "try", "prepare" -> Math.min(by, 0);
            case "confirm", "commit" -> Math.max(by, 0);
            case "cancel", "rollback" -> -Math.min(by, 0);
            default -> throw new IllegalArgumentException("unknown op: " + op);
        };
        boolean mayFail = Set.of("action", "msg", "try", "prepare").contains(op);
        if (mayFail && balances.get(account) + change < 0) {
            return account + " has not enough";
        }
        balances.merge(account, change, Integer::sum);
        return "";
    }

    private static String parameter(String query, String name) {
        Matcher found = Pattern.compile("(?:^|&)" + name + "=([^&]*)").matcher("" + query);
        return found.find() ? found.group(1) : "";
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}

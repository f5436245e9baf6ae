package crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The participants of all modes in one server: accounts behind HTTP, with a receipt for each call.
 *
 * <p>{@code /branch} takes {@code {"account":n,"change":cents,"manner":""}}; {@code /receipt}
 * writes a receipt and does nothing; {@code /committed} is the check-back of a message; {@code
 * /workflow} hands over to whoever runs the workflows.
 */
final class BankParticipants implements AutoCloseable {

    static {
        // Without it the two writes of an answer wait for each other's acknowledgement, 40 ms.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    /** What becomes of a call beside its business. */
    enum Fate {
        WELL,
        /** 500, and nothing done. */
        ERROR_BEFORE,
        /** Done, and then 500. */
        ERROR_AFTER,
        /** Done, and the connection closed without an answer. */
        SILENCE_AFTER,
        /** 425, and nothing done. */
        ONGOING,
        /** Done, but not at once. */
        SLOWLY
    }

    private static final String SUCCESS = "SUCCESS";

    private final Ledger ledger;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ConcurrentHashMap<String, List<Receipt>> receipts = new ConcurrentHashMap<>();
    private final AtomicLong calls = new AtomicLong();
    private volatile Function<Call, Fate> fates = call -> Fate.WELL;
    private volatile Consumer<Call> workflows = call -> {};

    BankParticipants(int accounts) throws IOException, SQLException {
        this(accounts, InetAddress.getLoopbackAddress());
    }

    /** @param address to listen on, and to be called at */
    BankParticipants(int accounts, InetAddress address) throws IOException, SQLException {
        ledger = new Ledger(accounts);
        server = HttpServer.create(new InetSocketAddress(address, 0), 1_000);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    Ledger ledger() {
        return ledger;
    }

    /** Asked for each call by the coordinator, before it is served. */
    void decideFates(Function<Call, Fate> by) {
        fates = by;
    }

    /** Runs the workflow of a call when the coordinator asks for it; may throw. */
    void runWorkflows(Consumer<Call> by) {
        workflows = by;
    }

    String url(String path) {
        return "http://" + server.getAddress().getAddress().getHostAddress() + ":"
            + server.getAddress().getPort() + path;
    }

    String branchUrl() {
        return url("/branch");
    }

    /** A payload for {@link #branchUrl}. */
    static ObjectNode payload(int account, long change, String manner) {
        return Wire.JSON.createObjectNode().put("account", account).put("change", change)
            .put("manner", manner);
    }

    /** What was asked on behalf of {@code gid}, in the order in which it came. */
    List<Receipt> receipts(String gid) {
        List<Receipt> all = receipts.getOrDefault(gid, List.of());
        synchronized (all) {
            return List.copyOf(all);
        }
    }

    /** Calls so far, of all transactions. */
    long calls() {
        return calls.get();
    }

    /**
     * Carries out a call that an initiator makes itself: a try, or an action of XA or workflow.
     *
     * @param inside part of the local transaction
     * @throws Ledger.Refused if the branch does not want to
     */
    void serve(Call call, Ledger.Inside inside) throws SQLException, Ledger.Refused {
        Receipt receipt = receive(call, true);
        try {
            ledger.serve(call, inside);
            receipt.answered(SUCCESS);
        } catch (Ledger.Refused e) {
            receipt.answered("FAILURE");
            throw e;
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        ledger.close();
    }

    private Receipt receive(Call call, boolean fromInitiator) {
        List<Receipt> all =
            receipts.computeIfAbsent(call.gid(), gid -> new ArrayList<>(4));
        calls.incrementAndGet();
        synchronized (all) {
            long before = all.stream().filter(each -> each.repeats(call, fromInitiator)).count();
            Receipt receipt = new Receipt(call, (int) before + 1, fromInitiator);
            all.add(receipt);
            return receipt;
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            JsonNode what = body.length == 0 ? Wire.JSON.missingNode() : Wire.JSON.readTree(body);
            Call call = Call.of(exchange.getRequestURI().getRawQuery(), what);
            Receipt receipt = receive(call, false);
            Fate fate = call.manner().equals("ongoing") && !call.isSecondPhase() ? Fate.ONGOING
                : fates.apply(call);
            String answer = serve(exchange.getRequestURI().getPath(), call, fate);
            receipt.answered(answer);
            if (fate != Fate.SILENCE_AFTER) {
                send(exchange, answer);
            }
        }
    }

    /** @return SUCCESS, FAILURE, ONGOING or what went wrong */
    private String serve(String path, Call call, Fate fate) {
        if (fate == Fate.ERROR_BEFORE) {
            return "an error before the work";
        }
        if (fate == Fate.ONGOING) {
            return "ONGOING";
        }
        try {
            if (fate == Fate.SLOWLY) {
                Thread.sleep(20);
            }
            switch (path) {
                case "/branch" -> ledger.serve(call, () -> {});
                case "/receipt" -> { }
                case "/committed" -> {
                    if (!ledger.committed(call)) {
                        return "FAILURE";
                    }
                }
                case "/workflow" -> workflows.accept(call);
                default -> throw new IllegalArgumentException(path);
            }
            return switch (fate) {
                case ERROR_AFTER -> "an error after the work";
                case SILENCE_AFTER -> "silence";
                default -> SUCCESS;
            };
        } catch (Ledger.Refused e) {
            return "FAILURE";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return e.toString();
        } catch (SQLException | RuntimeException e) {
            return e.toString();
        }
    }

    private static void send(HttpExchange exchange, String answer) throws IOException {
        int status = switch (answer) {
            case SUCCESS -> 200;
            case "FAILURE" -> 409;
            case "ONGOING" -> 425;
            default -> 500;
        };
        ObjectNode said = Wire.JSON.createObjectNode();
        byte[] body = (status == 500 ? said.put("message", answer) : said.put("dtm_result", answer))
            .toString().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }
}

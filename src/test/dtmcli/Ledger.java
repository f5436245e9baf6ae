import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import pub.dtm.client.barrier.BranchBarrier;
import pub.dtm.client.exception.FailureException;

/**
 * Two bank accounts, {@code a} and {@code b}, behind HTTP, each call guarded by the barrier of
 * dtmcli-java on H2, which runs that barrier's {@code insert ignore} in its MySQL mode.
 *
 * <p>The barrier of this version stops repeats and a try after its cancel, but knows nothing of an
 * action that was refused: its compensation runs. So each booking leaves a row, and undoing means
 * taking back what is on a row.
 */
final class Ledger {

    private static final String URL =
            "jdbc:h2:mem:ledger;MODE=MySQL;DATABASE_TO_LOWER=TRUE;DB_CLOSE_DELAY=-1";

    private static final String SCHEMA = """
            create table barrier(id bigint auto_increment primary key, trans_type varchar(45),
                gid varchar(128), branch_id varchar(128), op varchar(45), barrier_id varchar(45),
                reason varchar(45), unique(gid, branch_id, op, barrier_id));
            create table account(name varchar(10) primary key, cents bigint not null);
            create table booking(gid varchar(128), branch_id varchar(128), name varchar(10),
                cents bigint not null, primary key(gid, branch_id));
            insert into account values('a', 100), ('b', 100);
            """;

    private final List<String> worked = new ArrayList<>();
    private final List<String> asked = new ArrayList<>();
    private final Map<String, Call> refusedEarly = new HashMap<>();
    private String failOnceAfter = "";

    private record Call(String account, int sign, long cents, Map<String, String[]> parameters) {

        String parameter(String name) {
            return parameters.get(name)[0];
        }
    }

    Ledger() {
        try (Connection connection = DriverManager.getConnection(URL)) {
            connection.createStatement().execute(SCHEMA);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@code /a/out} takes from account a, {@code /b/in} gives to account b. */
    void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String[] path = exchange.getRequestURI().getPath().split("/");
        Map<String, String[]> parameters = new HashMap<>();
        for (String pair : exchange.getRequestURI().getQuery().split("&")) {
            String[] parts = pair.split("=", 2);
            parameters.put(parts[0], new String[] {parts[1]});
        }
        long cents = new ObjectMapper().readTree(body).path("cents").asLong();
        Call call = new Call(path[1], path[2].equals("out") ? -1 : 1, cents, parameters);
        int status;
        String answer;
        try {
            status = serve(call);
            answer = status == 200 ? "{\"dtm_result\":\"SUCCESS\"}" : "{\"error\":\"later\"}";
        } catch (FailureException e) {
            status = 409;
            answer = "{\"dtm_result\":\"FAILURE\"}";
        } catch (Exception e) {
            status = 500;
            answer = "{\"error\":\"" + e.getClass().getName() + "\"}";
        }
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
        // After the answer has left: whoever awaits this call may end the program at once.
        synchronized (this) {
            asked.add(call.parameter("gid") + " " + call.parameter("branch_id") + " "
                    + call.parameter("op"));
            notifyAll();
        }
    }

    private int serve(Call call) throws Exception {
        synchronized (this) {
            if (call.parameter("op").equals("try")
                    && refusedEarly.replace(call.parameter("gid"), call) != null) {
                throw new FailureException("refused before any work");
            }
        }
        behindTheBarrier(call);
        synchronized (this) {
            if (call.parameter("op").equals(failOnceAfter)) {
                failOnceAfter = "";
                return 500;
            }
        }
        return 200;
    }

    private void behindTheBarrier(Call call) throws Exception {
        try (Connection connection = DriverManager.getConnection(URL)) {
            new BranchBarrier(call.parameters())
                    .call(connection, barrier -> work(connection, call));
        }
    }

    private void work(Connection connection, Call call) throws Exception {
        String op = call.parameter("op");
        switch (op) {
            case "action", "try" -> book(connection, call);
            case "compensate", "cancel" -> undo(connection, call);
            case "confirm" -> { } // The try has booked already; nothing is left to do.
            default -> throw new IllegalArgumentException("unexpected op " + op);
        }
        synchronized (this) {
            worked.add(call.parameter("gid") + " " + call.parameter("branch_id") + " " + op);
        }
    }

    private static void book(Connection connection, Call call) throws Exception {
        long change = call.sign() * call.cents();
        if (update(connection, "update account set cents = cents + ?"
                + " where name = ? and cents + ? >= 0", change, call.account(), change) == 0) {
            throw new FailureException("not enough money");
        }
        update(connection, "insert into booking values(?, ?, ?, ?)", call.parameter("gid"),
                call.parameter("branch_id"), call.account(), change);
    }

    private static void undo(Connection connection, Call call) throws Exception {
        String gid = call.parameter("gid");
        String branch = call.parameter("branch_id");
        update(connection, "update account set cents = cents - coalesce((select cents from booking"
                + " where gid = ? and branch_id = ?), 0) where name = ?",
                gid, branch, call.account());
        update(connection, "delete from booking where gid = ? and branch_id = ?", gid, branch);
    }

    private static int update(Connection connection, String sql, Object... values)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            return statement.executeUpdate();
        }
    }

    /** The next call of this op does its work and then answers 500, once. */
    synchronized void failOnceAfterTheWork(String op) {
        failOnceAfter = op;
    }

    /** The try of this transaction is refused before it reaches the barrier, and kept. */
    synchronized void refuseEarly(String gid) {
        refusedEarly.put(gid, new Call("", 0, 0, Map.of()));
    }

    /** The kept try arrives again, late, and is let through to the barrier. */
    void replay(String gid) throws Exception {
        Call call;
        synchronized (this) {
            call = refusedEarly.remove(gid);
        }
        behindTheBarrier(call);
    }

    /** Waits until the banks have answered each of these, as often as it stands in the list. */
    synchronized void await(String gid, List<String> operations, long atMostMillis)
            throws InterruptedException {
        long deadline = System.nanoTime() + atMostMillis * 1_000_000;
        while (true) {
            List<String> missing = new ArrayList<>(operations);
            of(gid, asked).forEach(missing::remove);
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (missing.isEmpty() || left <= 0) {
                return;
            }
            wait(left);
        }
    }

    String balances() throws SQLException {
        try (Connection connection = DriverManager.getConnection(URL);
                ResultSet rows = connection.createStatement().executeQuery(
                        "select name, cents from account order by name")) {
            StringBuilder text = new StringBuilder();
            while (rows.next()) {
                text.append(rows.getString(1)).append('=').append(rows.getLong(2)).append(' ');
            }
            return text.toString().trim();
        }
    }

    /** The operations of this transaction whose work was done, in that order. */
    synchronized List<String> worked(String gid) {
        return of(gid, worked);
    }

    private static List<String> of(String gid, List<String> calls) {
        return calls.stream().filter(call -> call.startsWith(gid + " "))
                .map(call -> call.substring(gid.length() + 1)).toList();
    }
}

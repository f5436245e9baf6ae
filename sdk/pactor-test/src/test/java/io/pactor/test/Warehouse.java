package io.pactor.test;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.pactor.client.participant.BarrierSchema;
import io.pactor.client.participant.BranchCall;
import io.pactor.client.participant.HttpAnswer;
import io.pactor.client.participant.JdbcBarrier;
import io.pactor.client.participant.Refused;
import io.pactor.client.participant.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.h2.jdbcx.JdbcConnectionPool;

/** A participant with a stock in a database and a barrier; it can be restarted. */
final class Warehouse implements AutoCloseable {

    /** Where the barrier's rows are. */
    enum Memory { IN_THE_DATABASE, IN_THE_PROCESS, NOWHERE }

    private final Memory memory;
    private final JdbcConnectionPool stock = pool();
    private final JdbcBarrier barrier = JdbcBarrier.create();
    private JdbcConnectionPool rows;
    private HttpServer server;
    private ExecutorService threads;
    private int port;

    Warehouse(Memory memory) {
        this.memory = memory;
        run("create table stock(copies int)", "insert into stock values(1000)");
        start();
    }

    String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    void restart() {
        server.stop(0);
        threads.shutdownNow();
        start();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        stock.dispose();
    }

    private static JdbcConnectionPool pool() {
        return JdbcConnectionPool.create(
            "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "sa", "");
    }

    private void start() {
        if (rows == null || memory == Memory.IN_THE_PROCESS) {
            rows = memory == Memory.IN_THE_DATABASE ? stock : pool();
            try (Connection connection = rows.getConnection()) {
                BarrierSchema.create(connection);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
        try {
            server = HttpServer.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 256);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        port = server.getAddress().getPort();
        threads = Executors.newCachedThreadPool();
        server.setExecutor(threads);
        server.createContext("/take", exchange -> branch(exchange, -1));
        server.createContext("/give-back", exchange -> branch(exchange, 1));
        server.createContext("/stock", this::show);
        server.start();
    }

    private void branch(HttpExchange exchange, int sign) throws IOException {
        try (exchange) {
            String query = exchange.getRequestURI().getRawQuery();
            int copies = Integer.parseInt(new String(
                exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            HttpAnswer answer;
            try {
                BranchCall call = BranchCall.from(name -> parameter(query, name)).orElseThrow();
                answer = HttpAnswer.of(done(call, sign * copies));
            } catch (RuntimeException e) {
                answer = HttpAnswer.of(e);
            }
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            exchange.sendResponseHeaders(
                answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
            exchange.getResponseBody().write(answer.body());
        }
    }

    private Reply done(BranchCall call, int copies) {
        if (memory == Memory.NOWHERE) {
            book(copies);
            return Reply.EMPTY;
        }
        return barrier.run(rows, call, connection -> {
            if (memory == Memory.IN_THE_DATABASE) {
                book(connection, copies);
            } else {
                book(copies);
            }
            return Reply.EMPTY;
        });
    }

    private void book(int copies) {
        try (Connection connection = stock.getConnection()) {
            book(connection, copies);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void book(Connection connection, int copies) throws SQLException {
        try (var update = connection.prepareStatement(
                "update stock set copies = copies + ? where copies + ? >= 0")) {
            update.setInt(1, copies);
            update.setInt(2, copies);
            if (update.executeUpdate() == 0) {
                throw new Refused("sold out");
            }
        }
    }

    private void show(HttpExchange exchange) throws IOException {
        try (exchange; Connection connection = stock.getConnection();
                var rows = connection.createStatement().executeQuery("select copies from stock")) {
            rows.next();
            byte[] body = rows.getString(1).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    private void run(String... statements) {
        try (Connection connection = stock.getConnection()) {
            for (String each : statements) {
                connection.createStatement().execute(each);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String parameter(String query, String name) {
        return Arrays.stream(query.split("&")).filter(each -> each.startsWith(name + "="))
            .map(each -> URLDecoder.decode(each.substring(name.length() + 1),
                StandardCharsets.UTF_8)).findFirst().orElse(null);
    }
}

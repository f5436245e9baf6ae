package shop;

import io.pactor.testing.CoordinatorProcess;
import io.pactor.testing.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

/** The coordinator and the three services, each with a database of its own on one PostgreSQL. */
final class ShopProcesses implements AutoCloseable {

    private final CoordinatorProcess coordinator;
    private final String stockDatabase = PostgresServer.shared().fresh();
    private final String accountsDatabase = PostgresServer.shared().fresh();
    private final ServiceProcess stock;
    private final ServiceProcess accounts;
    private final ServiceProcess orders;

    ShopProcesses(Path dir) {
        coordinator = CoordinatorProcess.start(dir.resolve("pactor"));
        stock = ServiceProcess.launch("stock", dir, database(stockDatabase));
        accounts = ServiceProcess.launch("accounts", dir, database(accountsDatabase));
        orders = ServiceProcess.launch("orders", dir, Map.of("PACTOR_URL", coordinator.baseUrl(),
            "STOCK_URL", stock.url(), "ACCOUNTS_URL", accounts.url()));
        List.of(stock, accounts, orders).forEach(ServiceProcess::awaitStart);
    }

    CoordinatorProcess coordinator() {
        return coordinator;
    }

    String orders() {
        return orders.url();
    }

    /** What can be killed: by name, for the log. */
    Map<String, Runnable> killers() {
        return Map.of("coordinator", () -> {
            coordinator.killHard();
            coordinator.restart();
        }, "stock", () -> again(stock), "accounts", () -> again(accounts),
            "orders", () -> again(orders));
    }

    long copies() {
        return number(stockDatabase, "select copies from stock where article = 'book'");
    }

    long cents() {
        return number(accountsDatabase, "select cents from account where name = 'ann'");
    }

    void fill(int copies, long cents) {
        change(stockDatabase, "update stock set copies = " + copies + " where article = 'book'");
        change(accountsDatabase, "update account set cents = " + cents + " where name = 'ann'");
    }

    private static void again(ServiceProcess service) {
        service.killHard();
        service.launch();
        service.awaitStart();
    }

    private static Map<String, String> database(String url) {
        return Map.of("DATABASE_URL", url, "DATABASE_USER", PostgresServer.USER,
            "DATABASE_PASSWORD", PostgresServer.USER);
    }

    private static long number(String url, String query) {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void change(String url, String update) {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(update);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        List.of(orders, accounts, stock).forEach(ServiceProcess::close);
        coordinator.close();
    }
}

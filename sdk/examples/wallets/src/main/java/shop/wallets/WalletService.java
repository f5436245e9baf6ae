package shop.wallets;

import com.sun.net.httpserver.HttpServer;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.pactor.client.Pactor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.sql.SQLException;
import java.util.concurrent.Executors;

/** Moves money between wallets, with the JDK's web server, JDBC, and Pactor's client. */
public final class WalletService {

    private static final int THREADS = 16;

    private WalletService() {}

    public static void main(String[] args) throws IOException, SQLException {
        int port = Integer.parseInt(setting("PORT", "8084"));
        String self = "http://127.0.0.1:" + port;
        HikariDataSource database = database();
        Pactor pactor = Pactor.connect(setting("PACTOR_URL", "http://127.0.0.1:8080"));
        Wallets wallets = new Wallets(database);
        wallets.makeTables();

        HttpServer server =
            HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(Executors.newFixedThreadPool(THREADS));
        server.createContext("/wallets/", new WalletHandler(wallets));
        server.createContext("/transfers/", new TransferHandler(pactor, self));
        server.start();
        System.out.println("Started wallets at " + self);
    }

    private static HikariDataSource database() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(setting("DATABASE_URL", "jdbc:h2:./data/wallets"));
        config.setUsername(setting("DATABASE_USER", "sa"));
        config.setPassword(setting("DATABASE_PASSWORD", ""));
        return new HikariDataSource(config);
    }

    private static String setting(String name, String orElse) {
        return System.getenv().getOrDefault(name, orElse);
    }
}

package workflow;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/**
 * A client of workflows in a process of its own: {@code protocol coordinator home callback-port}.
 *
 * <p>It prints the port where the coordinator finds it, then begins the workflows that it reads
 * from standard input, {@code gid data place}. At the place it prints so, and stands still until it
 * is killed; {@code -} is no place.
 */
public final class ClientProcess {

    static final String LISTENS = "listens ";
    static final String STANDS = "stands ";

    private ClientProcess() {}

    /** Ends only when it is killed, or when standard input ends. */
    public static void main(String[] args) throws Exception {
        int port = Integer.parseInt(args[3]);
        if (args[0].equals("grpc")) {
            serve(new GrpcCallback(port), args);
        } else {
            serve(new HttpCallback(port), args);
        }
    }

    /** Where the coordinator calls back. */
    interface Callback {
        String url();

        int port();

        void onCall(Resume resume) throws IOException;
    }

    /** Goes on with a workflow. */
    @FunctionalInterface
    interface Resume {
        void run(String gid, byte[] data);
    }

    private static void serve(Callback callback, String[] args) throws Exception {
        boolean grpc = args[0].equals("grpc");
        String[] place = {"-"};
        try (CoordinatorWire wire = grpc ? new GrpcWire(args[1]) : new HttpWire(args[1])) {
            WorkflowClient client = new WorkflowClient(wire, callback.url(), Path.of(args[2]),
                !grpc, reached -> standStillAt(place[0], reached));
            callback.onCall(client::run);
            System.out.println(LISTENS + callback.port());
            BufferedReader in = new BufferedReader(
                new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] fields = line.split(" ");
                place[0] = fields[2];
                client.run(fields[0], fields[1].getBytes(StandardCharsets.UTF_8));
            }
        }
        System.exit(0);
    }

    private static void standStillAt(String place, String reached) {
        if (!place.equals(reached)) {
            return;
        }
        System.out.println(STANDS + place);
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Over HTTP: the data is the body, gid and name are in the query. */
    private static final class HttpCallback implements Callback {

        private final HttpServer server;

        HttpCallback(int port) throws IOException {
            server = HttpServer.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            server.setExecutor(Executors.newCachedThreadPool());
        }

        @Override
        public String url() {
            return "http://127.0.0.1:" + port() + "/resume";
        }

        @Override
        public int port() {
            return server.getAddress().getPort();
        }

        @Override
        public void onCall(Resume resume) {
            server.createContext("/resume", exchange -> {
                String query = exchange.getRequestURI().getQuery();
                byte[] data = exchange.getRequestBody().readAllBytes();
                int status = 500;
                if (query.contains("op=" + WorkflowClient.NAME) && query.contains("branch_id=00")
                        && query.contains("trans_type=workflow")) {
                    resume.run(query.replaceAll(".*\\bgid=([^&]*).*", "$1"), data);
                    status = 200;
                }
                exchange.sendResponseHeaders(status, -1);
                exchange.close();
            });
            server.start();
        }
    }
}

package crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Those who wait for one participant are in nobody's way: the others all end within two minutes,
 * while those that hang, one after another, would take hours. So it is with thousands that are
 * overdue and whose participant is not there. The rates are printed.
 */
class HungParticipantIT {

    private static final int HUNG = Integer.getInteger("crash.hung", 4_000);
    private static final int DEAD = Integer.getInteger("crash.dead", 2_000);
    private static final int OTHERS = 1_500;

    /** Nobody listens there. */
    private static final String NOBODY = "http://127.0.0.1:1/";

    @Test
    @DisplayName("6. 100k unfinished transactions + one hung participant: others drain at full rate"
        + " (dtm cron code finding)")
    void othersDrainAtFullRate(@TempDir Path home) throws Exception {
        Child.Setup setup = Child.Setup.withJvm(
            System.getProperty("crash.jvm", "-Xmx512m").split(" "));
        try (BankParticipants bank = new BankParticipants(1); Silence silence = new Silence();
                Child child = new Child(home, setup)) {
            Wire wire = new Wire(child.serving()::uri);
            Crowd crowd = new Crowd(wire, Duration.ofMinutes(2));
            others(crowd, bank, "warm");
            Crowd.Pace alone = others(crowd, bank, "alone");

            crowd.send("submit", HUNG, i -> Crowd.saga("hung-" + i, 1, silence.url())
                .put("request_timeout", 3));
            Crowd.Pace beside = others(crowd, bank, "beside");

            crowd.send("submit", DEAD, i -> Crowd.saga("dead-" + i, 1, NOBODY));
            Crowd.Pace last = others(crowd, bank, "last");
            assertEquals(OTHERS * 4, finished(wire), "those that end, and no other");

            System.out.printf("others alone: %s; beside %,d that hang: %s; and beside %,d"
                + " whose participant is dead: %s%n", alone, HUNG, beside, DEAD, last);
            assertTrue(silence.connections() > 0, "nobody hangs");
        }
    }

    private static Crowd.Pace others(Crowd crowd, BankParticipants bank, String name)
            throws InterruptedException {
        return crowd.send("submit", OTHERS, i -> Crowd.saga(name + "-" + i, 1,
            bank.url("/receipt"), bank.url("/receipt")).put("wait_result", true));
    }

    private static long finished(Wire wire) throws IOException {
        return wire.get("/api/metrics").body().lines()
            .filter(line -> line.startsWith("pactor_transactions_finished_total"))
            .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
            .sum();
    }

    /** A participant that takes connections and says nothing. */
    private static final class Silence implements AutoCloseable {

        private final ServerSocket server =
            new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
        private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();

        Silence() throws IOException {
            Thread taker = new Thread(() -> {
                try {
                    while (true) {
                        sockets.add(server.accept());
                    }
                } catch (IOException e) {
                    // It was closed.
                }
            });
            taker.setDaemon(true);
            taker.start();
        }

        String url() {
            return "http://127.0.0.1:" + server.getLocalPort() + "/";
        }

        int connections() {
            return sockets.size();
        }

        @Override
        public void close() throws IOException {
            server.close();
            for (Socket each : sockets) {
                each.close();
            }
        }
    }
}

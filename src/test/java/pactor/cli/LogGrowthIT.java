package pactor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import client.CoordinatorProcess;
import database.Ports;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pactor.settings.Version;

/** Whatever strangers send to whichever port, the log does not grow with it. */
class LogGrowthIT {

    private static final int TIMES = 25;

    /** Ten loggers that have something to say, twenty lines of half a kilobyte each, twice. */
    private static final int LOG_BYTES_MAX = 200_000;

    private static final String HTTP2 = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final String POST = "POST /api/dtmsvr/submit HTTP/1.1\r\nHost: x\r\n";

    /** Bytes, and whether the connection is reset in place of closed. */
    private record Attack(String bytes, boolean isReset) {}

    @TempDir
    private Path dir;

    private static List<String> http() {
        return List.of("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003", "\r\n",
            "\u0000".repeat(5_000), "GET /\u00ff HTTP/1.1\r\nHost: x\r\n\r\n",
            "POST /x HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            POST + "Transfer-Encoding: chunked,\r\n\r\n5\r\nabcde\r\n0\r\n\r\n",
            POST + "Transfer-Encoding: chunked\r\n\r\n5\r\nab",
            POST + "Content-Length: 50\r\n\r\n{",
            POST + "Transfer-Encoding: chunked\r\n\r\nZZ\r\n", POST + "Expect: 1\r\n\r\n",
            POST + "Expect: 100-continue\r\nContent-Length: 9\r\n\r\n", "GET / HTTP/1.1\r\n\r\n",
            POST + "Content-Type: \u00e4/;;=\r\nContent-Length: 2\r\n\r\n{}",
            "GET /%zz?%zz HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET http://[x/ HTTP/1.1\r\nHost: y\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: \u00e4 b\r\n\r\n", "CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n",
            "HEAD / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabcde",
            "GET /api/ping HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n\r\n",
            "GET /api/events HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: x\r\n" + "A".repeat(40_000), HTTP2,
            "GET / HTTP/1.1\r\nHost: x\r\nCookie: \u0001=;\r\nRange: x\r\nAccept: ;;\r\n\r\n");
    }

    private static List<String> grpc() {
        return List.of("x", "\u0000".repeat(5_000), HTTP2 + "\u00ff".repeat(100),
            HTTP2 + "\u0000\u0000\u0000\u0004\u0000\u0000\u0000\u0000\u0000" + "\u0000\u0000\u0001"
                + "\u0001\u0005\u0000\u0000\u0000\u0001\u00ff",
            HTTP2 + "\u0000\u0000\u0000\u0004\u0000\u0000\u0000\u0000\u0000",
            "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
            "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003");
    }

    private static List<String> remoting() {
        return List.of("x".repeat(1_000), "AKKA", "AKKA\u0009",
            "AKKA\u0002\u0004\u0000\u0000\u0000abcd",
            "AKKA\u0001\u0004\u0000\u0000\u0000abcd".repeat(100),
            "AKKA\u0003\u0010\u0000\u0000\u0000abcdabcdabcdabcd", "GET / HTTP/1.1\r\n\r\n");
    }

    @Test
    void strangersCannotFillIt() throws Exception {
        int management = Ports.free();
        int remoting = Ports.free();
        try (CoordinatorProcess process = CoordinatorProcess.start(CoordinatorProcess.Launch.in(dir)
                .withJvm("-Xmx256m", "-Dpekko.remote.artery.canonical.port=" + remoting)
                .withArguments("--set", "pactor.cluster.management.port=" + management,
                    "--set", "pactor.cluster.management.host=127.0.0.1"))) {
            long before = bytes(process);
            long sent = attack(process.port(), http()) + attack(management, http())
                + attack(process.grpcPort(), grpc()) + attack(remoting, remoting());
            // Pekko's framing never comes to an end with this one.
            sent += attack(remoting, List.of("AKKA\u0002\u00ff\u00ff\u00ff\u007f"));
            for (int i = 0; i < TIMES; i++) {
                assertEquals(200, HttpClient.newHttpClient().send(
                    HttpRequest.newBuilder(process.uri("/api/health")).build(),
                    HttpResponse.BodyHandlers.discarding()).statusCode());
            }

            long grown = bytes(process) - before;
            assertTrue(grown < LOG_BYTES_MAX, grown + " bytes for " + sent + ": " + process.log());
        }
    }

    private static long attack(int port, List<String> kinds) throws IOException {
        List<Attack> attacks = new ArrayList<>();
        for (String bytes : kinds) {
            Stream.of(true, false).forEach(isReset -> attacks.add(new Attack(bytes, isReset)));
        }
        long sent = 0;
        for (Attack each : attacks) {
            byte[] bytes = each.bytes.getBytes(StandardCharsets.ISO_8859_1);
            for (int i = 0; i < TIMES; i++) {
                try (Socket socket = new Socket("127.0.0.1", port)) {
                    socket.getOutputStream().write(bytes);
                    if (each.isReset) {
                        socket.setSoLinger(true, 0);
                    }
                } catch (IOException refused) {
                    // As it should be.
                }
                sent += bytes.length;
            }
        }
        return sent;
    }

    private static long bytes(CoordinatorProcess process) {
        return process.log().stream().mapToLong(line -> line.length() + 1).sum();
    }
}

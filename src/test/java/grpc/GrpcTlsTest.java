package grpc;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import audit.Audit;
import http.MemoryCoordinator;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import security.Access;
import tls.ClientAuth;
import tls.Credentials;
import tls.LiveCredentials;
import tls.PemFiles;
import tls.ServerTls;
import tls.TlsFiles;

/** DTM's gRPC interface over TLS. */
@Timeout(60)
class GrpcTlsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int CONNECTIONS = 8;

    @TempDir
    private Path place;

    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private PemFiles pem;
    private LiveCredentials credentials;
    private GrpcServer server;

    @BeforeEach
    void issue() throws IOException {
        pem = new PemFiles(Files.createDirectory(place.resolve("ours")));
        credentials =
            LiveCredentials.ofServer("test", pem.issue("localhost"), Duration.ofMillis(20));
    }

    @AfterEach
    void close() {
        credentials.close();
        server.drain(Duration.ofMillis(10)).toCompletableFuture().join();
        threads.shutdownNow();
    }

    @Test
    void callsAreServedAndTheGateSeesThem() {
        start(ClientAuth.NONE);
        try (DtmClient client = client(pem.client())) {
            for (int i = 0; i < 50; i++) {
                assertEquals("OK", client.newGid().code());
            }
        }
    }

    @Test
    void plainTextIsRefused() {
        start(ClientAuth.NONE);
        try (DtmClient plain = new DtmClient(port())) {
            assertEquals("UNAVAILABLE", plain.newGid().code());
        }
        assertServes();
    }

    @Test
    void aNewCertificateIsForNewConnectionsAndOldOnesGoOn() throws IOException {
        start(ClientAuth.NONE);
        try (DtmClient old = client(pem.client())) {
            assertEquals("OK", old.newGid().code());
            PemFiles others = new PemFiles(Files.createDirectory(place.resolve("others")));
            others.issue("localhost");
            SSLContext before = credentials.get();
            for (String each : List.of("localhost.crt", "localhost.key")) {
                PemFiles.write(place.resolve("ours/" + each),
                    Files.readString(place.resolve("others/" + each)));
            }
            await().until(() -> credentials.get() != before);

            try (DtmClient fresh = client(others.client()); DtmClient late = client(pem.client())) {
                assertEquals("OK", fresh.newGid().code());
                assertEquals("UNAVAILABLE", late.newGid().code(), "no longer vouched for");
            }
            assertEquals("OK", old.newGid().code());
        }
    }

    @Test
    void whoMustShowACertificateIsRefusedWithoutOne() throws IOException {
        start(ClientAuth.REQUIRED);
        PemFiles others = new PemFiles(Files.createDirectory(place.resolve("others")));
        TlsFiles theirs = others.issue("orders");
        SSLContext stranger = Credentials.read(new TlsFiles(
            theirs.certificate(), theirs.key(), Optional.of(pem.ca()))).forClient();
        try (DtmClient known = client(pem.client("orders"));
                DtmClient nobody = client(pem.client());
                DtmClient other = client(stranger)) {
            assertEquals("OK", known.newGid().code());
            assertEquals("UNAVAILABLE", nobody.newGid().code());
            assertEquals("UNAVAILABLE", other.newGid().code());
        }
    }

    /** Row J-07: handshakes that nobody finishes. */
    @Test
    void unfinishedHandshakesDoNotKeepOthersOut() throws IOException {
        start(ClientAuth.NONE);
        List<Socket> idle = new ArrayList<>();
        try {
            for (int i = 0; i < 5 * CONNECTIONS; i++) {
                Socket socket = new Socket("127.0.0.1", port());
                idle.add(socket);
                socket.getOutputStream().write(new byte[] {0x16, 3, 1}, 0, i % 4);
            }
            // All are there by then: one that comes late would take the place of the client's.
            await().atMost(PATIENCE).until(
                () -> idle.stream().filter(GrpcTlsTest::isClosed).count() >= 4 * CONNECTIONS);
            assertServes();
        } finally {
            for (Socket each : idle) {
                each.close();
            }
        }
    }

    /** Whether the other side has closed it by now. */
    private static boolean isClosed(Socket socket) {
        try {
            socket.setSoTimeout(1);
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException open) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    private void assertServes() {
        try (DtmClient client = client(pem.client())) {
            assertEquals("OK", client.newGid().code());
        }
    }

    private DtmClient client(SSLContext trusting) {
        return new DtmClient(port(), trusting);
    }

    private int port() {
        return server.address().getPort();
    }

    private void start(ClientAuth clientAuth) {
        GrpcServerSettings s = Wire.SETTINGS;
        server = GrpcServer.bind(threads, new GrpcServerSettings(s.host(), s.port(), true,
            s.messageBytes(), s.buffered(), s.metadataBytes(), CONNECTIONS, s.maxCalls(),
            s.maxOpenCalls(), s.messageTimeout(), s.keepAlive(), s.keepAliveTimeout(),
            s.permitKeepAlive(), s.maxAge(), s.maxAgeGrace(), s.answerTimeout()),
            Optional.of(new ServerTls(credentials, clientAuth)));
        server.serve(new MemoryCoordinator(), (method, code, took) -> { }, Access.OPEN, Audit.NONE);
    }
}

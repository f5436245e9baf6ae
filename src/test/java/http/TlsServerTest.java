package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tls.ClientAuth;
import tls.LiveCredentials;
import tls.PemFiles;
import tls.ServerTls;

/** The HTTP server over TLS, from bytes on a socket. */
@Timeout(60)
class TlsServerTest {

    /** Longer than the first handshake of a JVM takes on a busy machine. */
    private static final Duration PATIENT = Duration.ofSeconds(60);

    private static final String PING = "GET /api/ping HTTP/1.1\r\nHost: p\r\n\r\n";

    @TempDir
    private Path place;

    private PemFiles pem;
    private LiveCredentials credentials;
    private SSLContext client;
    private Wire wire;

    @BeforeEach
    void issue() {
        pem = new PemFiles(place);
        credentials =
            LiveCredentials.ofServer("test", pem.issue("localhost"), Duration.ofMillis(20));
        client = pem.client();
    }

    @AfterEach
    void close() {
        credentials.close();
        if (wire != null) {
            wire.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void oneConnectionCarriesManyRequestsHoweverTheyArrive(String version) throws Exception {
        start(settings(4_096, PATIENT));
        try (RawConnection connection = new RawConnection(wire.port(), client, version)) {
            SSLSocket socket = (SSLSocket) connection.socket();
            assertEquals(version, socket.getSession().getProtocol());
            assertTrue(socket.getSession().getCipherSuite().matches(".*(GCM|CHACHA20).*"));

            connection.send(PING.repeat(20));
            for (int i = 0; i < 20; i++) {
                assertPong(connection.answer());
            }
            for (char each : PING.toCharArray()) {
                connection.send(String.valueOf(each));
            }
            assertPong(connection.answer());

            String body = "{\"gid\":\"large\",\"trans_type\":\"tcc\",\"custom_data\":\""
                + "x".repeat(900_000) + "\"}";
            connection.send("POST /api/dtmsvr/prepare HTTP/1.1\r\nHost: p\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body);
            assertTrue(connection.answer().contains("SUCCESS"));
            connection.send("GET /api/dtmsvr/query?gid=large HTTP/1.1\r\nHost: p\r\n\r\n");
            assertTrue(connection.answer().length() > 900_000);
        }
    }

    /** Written by hand, since this JVM itself refuses to speak so. */
    @Test
    void olderVersionsAreRefused() throws Exception {
        start(settings(4_096, PATIENT));
        for (int minor = 1; minor <= 2; minor++) {
            try (Socket socket = new Socket("127.0.0.1", wire.port())) {
                socket.getOutputStream().write(hello(minor));
                byte[] alert = socket.getInputStream().readAllBytes();
                assertEquals(7, alert.length, "an alert and the end");
                assertEquals(0x15, alert[0]);
                assertEquals(70, alert[6], "protocol_version");
            }
        }
        assertServes();
    }

    @Test
    void plainHttpIsToldSoAndOtherBytesAreNot() {
        start(settings(4_096, PATIENT));
        try (RawConnection plain = new RawConnection(wire.port())) {
            String answer = plain.send(PING).untilClosed();
            assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
            assertTrue(answer.endsWith("this port speaks TLS: use https://\n"), answer);
        }
        try (RawConnection strange = new RawConnection(wire.port())) {
            assertFalse(strange.send("\0\1\2 what is this?\r\n").untilClosed().contains("HTTP"));
        }
        assertServes();
    }

    @Test
    void aNewCertificateIsForNewConnectionsAndOldOnesGoOn() throws Exception {
        start(settings(4_096, PATIENT));
        try (RawConnection old = new RawConnection(wire.port(), client)) {
            X509Certificate before = shown(old);
            pem.issue("localhost");
            X509Certificate after = before;
            while (after.equals(before)) {
                try (RawConnection fresh = new RawConnection(wire.port(), client)) {
                    after = shown(fresh);
                    assertPong(fresh.send(PING).answer());
                }
            }
            PemFiles.write(place.resolve("localhost.crt"), "broken");
            credentials.close();
            assertServes();
            assertPong(old.send(PING).answer());
        }
    }

    /** Row J-07: a slow handshake. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 60})
    void whoDoesNotFinishTheHandshakeIsCutOffLikeWhoSendsNoHead(int bytes) throws Exception {
        start(settings(4_096, Duration.ofMillis(300)));
        try (Socket socket = new Socket("127.0.0.1", wire.port())) {
            byte[] hello = hello(3);
            socket.getOutputStream().write(hello, 0, Math.min(bytes, hello.length - 1));
            socket.setSoTimeout(20_000);
            while (socket.getInputStream().read() >= 0) {
                continue; // An alert, perhaps.
            }
        }
    }

    /** Row J-07: handshakes that nobody finishes. */
    @Test
    void unfinishedHandshakesDoNotKeepOthersOut() throws Exception {
        start(settings(16, PATIENT));
        List<Socket> idle = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                Socket socket = new Socket("127.0.0.1", wire.port());
                idle.add(socket);
                socket.getOutputStream().write(hello(3), 0, i % 40);
                assertServes();
            }
        } finally {
            for (Socket each : idle) {
                each.close();
            }
        }
    }

    @Test
    void whoHasHalfClosedStillGetsTheAnswer() throws Exception {
        start(settings(4_096, PATIENT));
        try (RawConnection connection = new RawConnection(wire.port(), client, "TLSv1.3")) {
            connection.send(PING.repeat(3));
            connection.socket().shutdownOutput();
            for (int i = 0; i < 3; i++) {
                assertPong(connection.answer());
            }
            assertEquals("", connection.untilClosed());
        }
    }

    @Test
    void theEndIsSaidInTls() throws Exception {
        start(settings(4_096, PATIENT));
        try (RawConnection connection = new RawConnection(wire.port(), client)) {
            connection.send("GET /api/ping HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\r\n");
            // A socket of TLS throws if a connection ends without close_notify.
            String all = new String(
                connection.socket().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertPong(all);
        }
    }

    /** It costs the server most, and the certificate may be another one after it. */
    @Test
    void anotherHandshakeOnAConnectionIsRefused() throws Exception {
        start(settings(4_096, PATIENT));
        try (RawConnection connection = new RawConnection(wire.port(), client, "TLSv1.2")) {
            assertPong(connection.send(PING).answer());
            SSLSocket socket = (SSLSocket) connection.socket();
            assertThrows(IOException.class, () -> {
                socket.startHandshake();
                socket.getOutputStream().write(PING.getBytes(StandardCharsets.US_ASCII));
                if (socket.getInputStream().read() < 0) {
                    throw new IOException("closed");
                }
            });
        }
        assertServes();
    }

    @Test
    void aClientThatGoesAwayAmidAnAnswerDoesNoHarm() throws Exception {
        start(settings(4_096, PATIENT));
        for (int i = 0; i < 50; i++) {
            try (RawConnection connection = new RawConnection(wire.port(), client)) {
                connection.socket().setSoLinger(true, 0);
                connection.send(PING.repeat(i));
            }
        }
        assertServes();
    }

    private void start(HttpSettings settings) {
        wire = Wire.start(settings.over(new ServerTls(credentials, ClientAuth.NONE)));
    }

    private void assertServes() {
        try (RawConnection connection = new RawConnection(wire.port(), client)) {
            assertPong(connection.send(PING).answer());
        }
    }

    private static void assertPong(String answer) {
        assertTrue(answer.startsWith("HTTP/1.1 200 OK"), answer);
    }

    private static X509Certificate shown(RawConnection connection) throws IOException {
        return (X509Certificate) ((SSLSocket) connection.socket())
            .getSession().getPeerCertificates()[0];
    }

    private static HttpSettings settings(int connections, Duration headTimeout) {
        HttpSettings s = HttpSettings.defaults();
        return new HttpSettings(s.host(), s.port(), connections, s.bodyBytes(), s.buffered(),
            s.headBytes(), s.headerBytes(), s.headerCount(), s.idleTimeout(), headTimeout,
            s.bodyTimeout(), s.answerTimeout(), s.hurryHorizon(), s.tls());
    }

    /** What a client says first that speaks TLS 1.{@code minor - 1} at most. */
    private static byte[] hello(int minor) {
        byte[] hello = new byte[5 + 4 + 2 + 32 + 1 + 2 + 4 + 2];
        int[] head = {0x16, 3, 1, 0, hello.length - 5, 1, 0, 0, hello.length - 9, 3, minor};
        for (int i = 0; i < head.length; i++) {
            hello[i] = (byte) head[i];
        }
        int[] tail = {0, 0, 4, 0xC0, 0x13, 0, 0x2F, 1, 0};
        for (int i = 0; i < tail.length; i++) {
            hello[hello.length - tail.length + i] = (byte) tail[i];
        }
        return hello;
    }
}

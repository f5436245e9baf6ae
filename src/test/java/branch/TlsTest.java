package branch;

import static branch.Calls.SOON;
import static branch.Calls.outcome;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import credential.ParticipantCredentials;
import egress.EgressGuard;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import meter.Meter;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tls.Credentials;
import tls.LiveCredentials;
import tls.PemFiles;
import transaction.BranchInvoker;
import transaction.Outcome;
import transaction.Outcome.Kind;

/**
 * Row D-16 of the failure model: TLS that is not what it should be is UNKNOWN, never plain text.
 */
final class TlsTest {

    private final Instant tomorrow = Instant.now().plus(1, ChronoUnit.DAYS);
    private final List<AutoCloseable> toClose = new ArrayList<>();
    private Certificates certificates;
    private BranchInvoker invoker;

    @BeforeEach
    void trustTheAuthority() throws Exception {
        certificates = new Certificates();
        SslContext trust =
                SslContextBuilder.forClient().trustManager(certificates.authority()).build();
        HttpTransport transport = new HttpTransport(
                patient(), () -> true, trust,
                host -> InetAddress.getAllByName("127.0.0.1"));
        toClose.add(transport);
        invoker = new HttpInvoker(transport);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : toClose) {
            each.close();
        }
    }

    @Test
    void aGoodCertificateIsAcceptedByNameAndByAddressAndTheConnectionIsKept() throws Exception {
        BadParticipant participant = participant(certificates.server("localhost", tomorrow));

        for (String host : new String[] {"127.0.0.1", "127.0.0.1", "localhost", "localhost"}) {
            assertEquals(Outcome.SUCCESS, call("https://" + host + ":" + participant.port() + "/"));
        }

        assertEquals(2, participant.connections());
        assertEquals(4, participant.received("/").size());
    }

    @Test
    void anExpiredCertificateIsUnknown() throws Exception {
        Instant yesterday = Instant.now().minus(1, ChronoUnit.DAYS);

        BadParticipant participant = participant(certificates.server("localhost", yesterday));

        isRefused(participant, "validity check failed");
    }

    @Test
    void aCertificateForAnotherHostIsUnknown() throws Exception {
        BadParticipant participant = participant(certificates.server("elsewhere.test", tomorrow));

        isRefused(participant, "No subject alternative DNS name");
    }

    @Test
    void aCertificateThatNobodySignedIsUnknown() throws Exception {
        isRefused(participant(certificates.selfSigned()), "PKIX path");
    }

    @Test
    void aCertificateFromAnotherAuthorityIsUnknown() throws Exception {
        isRefused(participant(new Certificates().server("localhost", tomorrow)), "PKIX path");
    }

    @Test
    void anOldProtocolIsUnknown() throws Exception {
        BadParticipant participant =
                participant(certificates.server("localhost", tomorrow), "TLSv1", "TLSv1.1");

        isRefused(participant, "no TLS");
    }

    @Test
    void aHandshakeThatStallsIsGivenUpAtTheDeadline() throws Exception {
        ServerSocket silent = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        toClose.add(silent);

        String url = "https://127.0.0.1:" + silent.getLocalPort() + "/";
        Outcome outcome = outcome(invoker.invoke(Calls.action(url, SOON)));

        assertEquals(Kind.UNKNOWN, outcome.kind());
        assertTrue(outcome.reason().contains("within 400 ms"), outcome.reason());
    }

    /** Anybody on the way can end a connection; only the participant can say that it did. */
    @Test
    void aBodyThatEndsByClosingIsWholeOnlyIfTlsSaysSo() throws Exception {
        SSLContext context = certificates.server("localhost", tomorrow);

        Outcome ended = call(answeringByClosing(context, SSLSocket::close));
        Outcome cut = call(answeringByClosing(context, ssl -> { }));

        assertEquals(Kind.SUCCESS, ended.kind(), ended.reason());
        assertEquals(Kind.UNKNOWN, cut.kind());
        assertTrue(cut.reason().contains("close_notify"), cut.reason());
    }

    @Test
    void plainTextWhereTlsWasAskedForIsUnknown() throws Exception {
        ServerSocket plain = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        toClose.add(plain);
        Thread server = new Thread(() -> {
            try (Socket socket = plain.accept()) {
                byte[] answer = BadParticipant.OK.getBytes(StandardCharsets.US_ASCII);
                socket.getOutputStream().write(answer);
                socket.getInputStream().readAllBytes();
            } catch (IOException e) {
                // The caller went away, as it should.
            }
        });
        server.setDaemon(true);
        server.start();

        Outcome outcome = call("https://127.0.0.1:" + plain.getLocalPort() + "/");

        assertEquals(Kind.UNKNOWN, outcome.kind());
        assertTrue(outcome.reason().contains("no TLS: not an SSL/TLS record"), outcome.reason());
    }

    @Test
    void tlsWherePlainTextWasAskedForIsUnknown() throws Exception {
        BadParticipant participant = participant(certificates.server("localhost", tomorrow));

        Outcome outcome = call("http://127.0.0.1:" + participant.port() + "/");

        assertEquals(Kind.UNKNOWN, outcome.kind());
        assertEquals(0, participant.received("/").size());
    }

    @Test
    void whoIsTrustedAndWhatIsShownFollowTheFiles(@TempDir Path place) throws Exception {
        Path ours = Files.createDirectory(place.resolve("ours"));
        PemFiles pem = new PemFiles(ours);
        PemFiles others = new PemFiles(Files.createDirectory(place.resolve("others")));
        LiveCredentials shown =
                LiveCredentials.ofClient("test", pem.issue("pactor"), Duration.ofMillis(20));
        toClose.add(shown);
        Invokers invokers = Invokers.create(
                patient(), EgressGuard.DEVELOPMENT, shown,
                ParticipantCredentials.none(), () -> true, Meter.create());
        toClose.add(invokers);
        invoker = invokers;

        assertEquals(Outcome.SUCCESS, call(asking(pem)));
        Outcome refused = call(asking(others));
        assertEquals(Kind.UNKNOWN, refused.kind(), "nobody vouches for it");
        assertTrue(refused.reason().contains("PKIX path"), refused.reason());

        SSLContext before = shown.get();
        others.issue("pactor");
        for (String each : List.of("ca.crt", "pactor.crt", "pactor.key")) {
            PemFiles.write(ours.resolve(each), Files.readString(place.resolve("others/" + each)));
        }
        Awaitility.await().until(() -> shown.get() != before
                && shown.credentials().authorities().equals(List.of(others.authority())));
        assertEquals(Outcome.SUCCESS, call(asking(others)));
    }

    @Test
    void aParticipantThatWantsACertificateAndGetsNoneIsUnknown(@TempDir Path place)
            throws Exception {
        PemFiles pem = new PemFiles(place);
        SSLContext trust = pem.client();
        Invokers invokers = Invokers.create(
                patient(), EgressGuard.DEVELOPMENT, () -> trust,
                ParticipantCredentials.none(), () -> true, Meter.create());
        toClose.add(invokers);
        invoker = invokers;

        assertEquals(Kind.UNKNOWN, call(asking(pem)).kind());
    }

    /** The first handshake of a JVM takes long on a busy machine. */
    private static CallSettings patient() {
        CallSettings d = CallSettings.defaults();
        return new CallSettings(Duration.ofSeconds(20), d.idleTimeout(), d.maxConnections(),
                d.maxConnectionsPerHost(), d.queuePerHost(), d.responseBytesMax(),
                d.lookupThreads(), d.ioThreads(), d.isDocker(), d.verdictMode(), d.grpc(),
                d.retries());
    }

    /** The url of a participant that lets in who shows a certificate of that authority. */
    private String asking(PemFiles pem) throws Exception {
        SSLContext context = Credentials.read(pem.issue("localhost")).forServer();
        SSLServerSocket socket = (SSLServerSocket) context.getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        socket.setNeedClientAuth(true);
        BadParticipant participant = BadParticipant.over(socket);
        toClose.add(participant);
        return "https://localhost:" + participant.port() + "/";
    }

    private void isRefused(BadParticipant participant, String reason) {
        Outcome outcome = call("https://localhost:" + participant.port() + "/");

        assertEquals(Kind.UNKNOWN, outcome.kind());
        assertTrue(outcome.reason().contains(reason), outcome.reason());
        assertEquals(0, participant.received("/").size(), "requests that got through");
    }

    /** With time enough for the first handshake of a JVM, which loads a good deal. */
    private Outcome call(String url) {
        return outcome(invoker.invoke(Calls.action(url, Duration.ofSeconds(20))));
    }

    private interface End {
        void of(SSLSocket ssl) throws IOException;
    }

    /** The url of a server that answers one request, without a length, and ends TLS that way. */
    private String answeringByClosing(SSLContext context, End end) throws Exception {
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        toClose.add(server);
        Thread thread = new Thread(() -> {
            try (Socket plain = server.accept()) {
                SSLSocket ssl = (SSLSocket) context.getSocketFactory()
                        .createSocket(plain, "127.0.0.1", plain.getPort(), false);
                ssl.setUseClientMode(false);
                // The last byte of the request is that of its payload.
                while (ssl.getInputStream().read() != '}') {
                    continue;
                }
                ssl.getOutputStream().write(
                        "HTTP/1.1 200 X\r\n\r\nfine".getBytes(StandardCharsets.US_ASCII));
                end.of(ssl);
                plain.shutdownOutput();
                plain.getInputStream().readAllBytes();
            } catch (IOException e) {
                // The caller went away.
            }
        });
        thread.setDaemon(true);
        thread.start();
        return "https://127.0.0.1:" + server.getLocalPort() + "/";
    }

    private BadParticipant participant(SSLContext context, String... protocols) throws Exception {
        SSLServerSocket socket = (SSLServerSocket) context.getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        if (protocols.length > 0) {
            socket.setEnabledProtocols(protocols);
        }
        BadParticipant participant = BadParticipant.over(socket);
        toClose.add(participant);
        return participant;
    }
}

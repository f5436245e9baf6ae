package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.SSLContext;
import javax.security.auth.x500.X500Principal;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import security.Peer;
import tls.ClientAuth;
import tls.Credentials;
import tls.LiveCredentials;
import tls.PemFiles;
import tls.ServerTls;
import tls.TlsFiles;
import transaction.ByteBudget;

/** Who is let in by a certificate, and what is known of who was. */
@Timeout(60)
class ClientCertificatesTest {

    private static final String GET =
        "GET / HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\r\n";

    @TempDir
    private Path place;

    private final BlockingQueue<Peer> seen = new LinkedBlockingQueue<>();
    private PemFiles pem;
    private PemFiles others;
    private LiveCredentials credentials;
    private Listener listener;

    @BeforeEach
    void issue() throws Exception {
        pem = new PemFiles(Files.createDirectory(place.resolve("ours")));
        others = new PemFiles(Files.createDirectory(place.resolve("others")));
        credentials =
            LiveCredentials.ofServer("test", pem.issue("localhost"), Duration.ofMillis(20));
    }

    @AfterEach
    void close() {
        credentials.close();
        Wire.await(listener.drain(Duration.ofSeconds(1)).toCompletableFuture());
    }

    @Test
    void withoutAuthenticationNobodyIsAsked() throws Exception {
        start(ClientAuth.NONE);
        assertTrue(isLetIn(pem.client()));
        assertTrue(isLetIn(pem.client("orders")));
        for (Peer each : seen) {
            assertTrue(each.encrypted() && each.certificate().isEmpty(), each.toString());
        }
        assertEquals(2, seen.size());
    }

    @Test
    void whoMayShowOneIsKnownByItAndWhoDoesNotIsNot() {
        start(ClientAuth.OPTIONAL);

        assertTrue(isLetIn(pem.client()));
        assertTrue(seen.remove().certificate().isEmpty());

        assertTrue(isLetIn(pem.client("orders")));
        assertEquals("CN=orders", subject(seen.remove()));
        refusesOthers();
    }

    @Test
    void whoMustShowOneIsRefusedWithoutIt() {
        start(ClientAuth.REQUIRED);

        assertRefused(pem.client());
        assertTrue(isLetIn(pem.client("orders")));
        assertEquals("CN=orders", subject(seen.remove()));
        refusesOthers();
    }

    /** A session that is taken up again shows nothing, and is known all the same. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void aResumedSessionIsKnownToo(String version) {
        start(ClientAuth.REQUIRED);
        SSLContext client = pem.client("orders");
        for (int i = 0; i < 3; i++) {
            assertTrue(isLetIn(client, version));
            assertEquals("CN=orders", subject(seen.remove()));
        }
    }

    /** Sessions of an authority that is trusted no more are no way in. */
    @Test
    void anotherAuthorityEndsTheSessionsOfTheFormer() throws Exception {
        start(ClientAuth.REQUIRED);
        SSLContext client = pem.client("orders");
        assertTrue(isLetIn(client));
        seen.clear();

        SSLContext before = credentials.get();
        PemFiles.write(pem.ca(), Files.readString(others.ca()));
        Awaitility.await().until(() -> credentials.get() != before);

        assertRefused(client);
    }

    private void refusesOthers() {
        SSLContext stranger = Credentials.read(new TlsFiles(
            others.issue("orders").certificate(), others.issue("orders").key(),
            Optional.of(pem.ca()))).forClient();
        assertRefused(stranger);
        SSLContext late = Credentials.read(pem.issue("late", "orders",
            Instant.now().minus(1, ChronoUnit.DAYS))).forClient();
        assertRefused(late);
    }

    private void assertRefused(SSLContext client) {
        assertThrows(RuntimeException.class, () -> {
            if (!isLetIn(client)) {
                throw new IllegalStateException("closed");
            }
        });
        assertTrue(seen.isEmpty(), "a request got through");
    }

    private boolean isLetIn(SSLContext client, String... versions) {
        try (RawConnection connection =
                new RawConnection(listener.address().getPort(), client, versions)) {
            return connection.send(GET).answer().startsWith("HTTP/1.1 200");
        }
    }

    private static String subject(Peer peer) {
        return peer.certificate().orElseThrow().getSubjectX500Principal()
            .getName(X500Principal.RFC2253);
    }

    private void start(ClientAuth clientAuth) {
        HttpSettings settings = HttpSettings.defaults().at("127.0.0.1", 0)
            .over(new ServerTls(credentials, clientAuth));
        HttpConnection.Handlers handlers = new HttpConnection.Handlers((request, peer) -> {
            seen.add(peer);
            return Continuations.now(Responses.of(OpsRoutes.PONG));
        }, (HttpRequest request) -> HttpAnswer.UNREAD);
        listener = Wire.await(Listener.bind(Wire.system(), ServerSettings.create(Wire.system()),
            new RequestBytes.Bounds(settings, new ByteBudget(1 << 20)),
            new Listener.Handlers(handlers, handlers)).toCompletableFuture());
    }
}

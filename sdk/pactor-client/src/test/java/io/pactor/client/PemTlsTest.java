package io.pactor.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.pactor.client.Signing.Request;
import io.pactor.client.participant.UnverifiedCall;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A certificate of the application, and authorities of its own, from PEM files. */
@Timeout(60)
class PemTlsTest {

    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private Path dir;

    private volatile String answer = "";
    private final List<String> shown = new CopyOnWriteArrayList<>();

    @Test
    void coordinatorsAreShownItAndParticipantsAreNot() throws Exception {
        KeyStore server = made("server", "san=ip:127.0.0.1");
        KeyStore client = made("orders", "san=dns:orders");
        HttpsServer coordinator = asking(server, client);
        try (Pactor pactor = builder(coordinator)
                .certificate(dir.resolve("orders.crt"), dir.resolve("orders.key"))
                .authorities(dir.resolve("server.crt")).build()) {
            assertTrue(pactor.isReachable(Duration.ofSeconds(30)));
            assertEquals(List.of("CN=orders"), shown);
            assertThrows(RuntimeException.class, () -> pactor.transport().call(
                coordinatorUrl(coordinator), Call.post("https://unused", "{}"), "{}",
                Duration.ofSeconds(30), Pactor.operation("g", Duration.ofSeconds(30))).join());
            assertEquals(List.of("CN=orders"), shown, "a call of a participant's shows nothing");
        } finally {
            coordinator.stop(0);
        }
    }

    @Test
    void withoutOneThereIsNoConnection() throws Exception {
        KeyStore server = made("server", "san=ip:127.0.0.1");
        HttpsServer coordinator = asking(server, made("orders", "san=dns:orders"));
        try (Pactor pactor = builder(coordinator).authorities(dir.resolve("server.crt"))
                .attempts(2).build()) {
            assertFalse(pactor.isReachable(Duration.ofSeconds(30)));
            assertEquals(List.of(), shown);
        } finally {
            coordinator.stop(0);
        }
    }

    /** Keys of coordinators are read by the same means as everything else is. */
    @Test
    void aVerifierReadsKeysWithThem() throws Exception {
        HttpsServer coordinator =
            asking(made("server", "san=ip:127.0.0.1"), made("orders", "san=dns:orders"));
        Signing key = Signing.withNewKey();
        answer = Signing.set(key);
        Path certificate = dir.resolve("orders.crt");
        Path authorities = dir.resolve("server.crt");
        try {
            verify(verifier(coordinator).certificate(certificate, dir.resolve("orders.key"))
                .authorities(authorities), key);
            assertEquals(List.of("CN=orders"), shown);
            for (SignatureVerifier.Builder lacking : List.of(verifier(coordinator),
                    verifier(coordinator).authorities(authorities),
                    verifier(coordinator).certificate(certificate, dir.resolve("orders.key")))) {
                assertTrue(assertThrows(UnverifiedCall.class, () -> verify(lacking, key))
                    .getMessage().contains("cannot be read"));
            }
            assertEquals(1, shown.size());
        } finally {
            coordinator.stop(0);
        }
        assertThrows(IllegalStateException.class, verifier(coordinator)
            .authorities(authorities).httpClient(HttpClient.newHttpClient())::build);
        assertThrows(IllegalStateException.class,
            verifier(coordinator).authorities(dir.resolve("none"))::build);
    }

    private static SignatureVerifier.Builder verifier(HttpsServer coordinator) {
        return SignatureVerifier.builder().coordinators(coordinatorUrl(coordinator).toString())
            .atAnyHost().clocks(Clock.fixed(Signing.NOW, ZoneOffset.UTC), () -> 0);
    }

    private static void verify(SignatureVerifier.Builder verifier, Signing key) {
        Request call = key.call();
        verifier.build().verify(call.method(), call.target(), call.fields(), call.body());
    }

    @Test
    void newFilesCountWithinASecondAndBrokenOnesChangeNothing() {
        AtomicLong now = new AtomicLong();
        List<Object> found = new CopyOnWriteArrayList<>(List.of("one"));
        Followed<Object> followed = new Followed<>(() -> {
            if (found.isEmpty()) {
                throw new IllegalStateException("half a file");
            }
            return found.get(0);
        }, now::get);
        Object first = followed.get();
        found.set(0, "two");
        now.addAndGet(Duration.ofSeconds(1).toNanos() - 1);
        assertSame(first, followed.get());
        now.addAndGet(1);
        assertEquals("two", followed.get());
        found.clear();
        now.addAndGet(Duration.ofSeconds(1).toNanos());
        assertEquals("two", followed.get());
    }

    @Test
    void whatCannotBeUsedIsRefusedByNameAndWithoutTheKey() throws Exception {
        made("one", "san=dns:one");
        made("other", "san=dns:other");
        Path certificate = dir.resolve("one.crt");
        Path key = dir.resolve("one.key");

        assertTrue(problem(certificate, dir.resolve("other.key")).contains("not that of"));
        assertTrue(problem(certificate, dir.resolve("none")).contains("none"));
        assertTrue(problem(key, key).contains("one.key"));
        Path encrypted = Files.writeString(dir.resolve("encrypted.key"),
            Files.readString(key).replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY"));
        assertTrue(problem(certificate, encrypted).contains("openssl pkcs8"));
        String body = Files.readAllLines(key).get(1);
        assertFalse(problem(certificate, encrypted).contains(body));
        assertThrows(IllegalStateException.class, () -> Pactor.builder().urls("https://a")
            .sslContext(SSLContext.getDefault()).certificate(certificate, key).build());
    }

    private static String problem(Path certificate, Path key) {
        return assertThrows(IllegalStateException.class,
            () -> PemTls.context(certificate, key, null)).getMessage();
    }

    private static Pactor.Builder builder(HttpsServer coordinator) {
        return Pactor.builder().urls(coordinatorUrl(coordinator).toString())
            .connectTimeout(Duration.ofSeconds(30)).requestTimeout(Duration.ofSeconds(30));
    }

    private static URI coordinatorUrl(HttpsServer coordinator) {
        return URI.create("https://127.0.0.1:" + coordinator.getAddress().getPort());
    }

    /** One that lets nobody in without a certificate. */
    private HttpsServer asking(KeyStore own, KeyStore client) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(own, PASSWORD);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("client", client.getCertificate("key"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        HttpsServer server = HttpsServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters wanted = context.getDefaultSSLParameters();
                wanted.setNeedClientAuth(true);
                parameters.setSSLParameters(wanted);
            }
        });
        server.createContext("/", exchange -> {
            shown.add(((HttpsExchange) exchange).getSSLSession().getPeerPrincipal().getName());
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return server;
    }

    /** Made by the JDK's own tool, and written as PEM. */
    private KeyStore made(String name, String names) throws Exception {
        Path file = dir.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair",
            "-keyalg", "EC", "-alias", "key", "-dname", "CN=" + name, "-ext", names,
            "-keystore", file.toString(), "-storepass", new String(PASSWORD))
            .redirectErrorStream(true).start();
        keytool.getInputStream().readAllBytes();
        assertTrue(keytool.waitFor(30, TimeUnit.SECONDS) && keytool.exitValue() == 0);
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        pem(name + ".crt", "CERTIFICATE", store.getCertificate("key").getEncoded());
        pem(name + ".key", "PRIVATE KEY", store.getKey("key", PASSWORD).getEncoded());
        return store;
    }

    private void pem(String file, String label, byte[] der) throws Exception {
        Files.writeString(dir.resolve(file), "-----BEGIN " + label + "-----\n"
            + Base64.getMimeEncoder(64, "\n".getBytes()).encodeToString(der)
            + "\n-----END " + label + "-----\n");
    }
}

package io.pactor.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A coordinator whose certificate no public authority has signed. */
@Timeout(60)
class TlsTest {

    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private Path dir;

    @Test
    void whoIsTrustedIsReached() throws Exception {
        KeyStore store = certificate("san=ip:127.0.0.1");
        try (FakeCoordinator coordinator = new FakeCoordinator(server(store));
                Pactor pactor = patient(coordinator).sslContext(trusting(store)).build()) {
            pactor.saga("s1").step(Call.post("http://a/out", "{}")).submit();

            assertEquals("submitted", coordinator.status("s1"));
        }
    }

    @Test
    void whoIsNotTrustedGetsNothing() throws Exception {
        KeyStore store = certificate("san=ip:127.0.0.1");
        try (FakeCoordinator coordinator = new FakeCoordinator(server(store));
                Pactor pactor = patient(coordinator).attempts(2).build()) {
            assertRefused(coordinator, pactor);
        }
    }

    @Test
    void whoHasAnotherNameGetsNothing() throws Exception {
        KeyStore store = certificate("san=dns:elsewhere.test");
        try (FakeCoordinator coordinator = new FakeCoordinator(server(store));
                Pactor pactor =
                    patient(coordinator).attempts(2).sslContext(trusting(store)).build()) {
            assertRefused(coordinator, pactor);
        }
    }

    private static void assertRefused(FakeCoordinator coordinator, Pactor pactor) {
        PactorException refused = assertThrows(PactorException.class,
            () -> pactor.saga("s1").step(Call.post("http://a/out", "{}")).submit());
        assertTrue(coordinator.received().isEmpty(), refused.toString());
    }

    private static Pactor.Builder patient(FakeCoordinator coordinator) {
        return Pactor.builder().urls(coordinator.url()).connectTimeout(Duration.ofSeconds(30))
            .requestTimeout(Duration.ofSeconds(30)).timeout(Duration.ofSeconds(30));
    }

    /** Made by the JDK's own tool, which is where this test runs. */
    private KeyStore certificate(String names) throws Exception {
        Path file = dir.resolve("server.p12");
        Process keytool = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair",
            "-keyalg", "EC", "-alias", "server", "-dname", "CN=coordinator", "-ext", names,
            "-keystore", file.toString(), "-storepass", new String(PASSWORD))
            .redirectErrorStream(true).start();
        keytool.getInputStream().readAllBytes();
        assertTrue(keytool.waitFor(30, TimeUnit.SECONDS) && keytool.exitValue() == 0);
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        return store;
    }

    private static SSLContext server(KeyStore store) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private static SSLContext trusting(KeyStore store) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("coordinator", store.getCertificate("server"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}

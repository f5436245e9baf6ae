package pactor.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import pactor.settings.TlsSettings;
import tls.ClientAuth;
import tls.Credentials;
import tls.PemFiles;
import tls.TlsFiles;

class CertificateDoctorTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Instant END = Instant.now().plus(1, ChronoUnit.DAYS)
        .truncatedTo(ChronoUnit.SECONDS);

    @TempDir
    private Path place;

    private final List<Diagnosis> told = new ArrayList<>();
    private PemFiles pem;

    @BeforeEach
    void issue() {
        pem = new PemFiles(place);
    }

    @Test
    void whereNothingIsSetNothingIsTold() {
        look(TlsFiles.NONE, Instant.now());
        assertEquals(List.of(), told);
    }

    /** It is valid for thirty days. */
    @ParameterizedTest
    @CsvSource({"-31,FAIL,is valid from", "-14,OK,until", "-13,WARN,ends", "0,WARN,ends",
        "1,FAIL,ended"})
    void itsTimeIsLookedAt(int daysAfterTheEnd, Diagnosis.Verdict verdict, String word) {
        TlsFiles files = pem.issue("web", "web", END);
        look(new TlsFiles(files.certificate(), files.key(), Optional.empty()),
            END.plus(daysAfterTheEnd, ChronoUnit.DAYS));
        assertTold(verdict, word);
    }

    @Test
    void aKeyOfAnotherCertificateIsToldOf() throws Exception {
        TlsFiles files = pem.issue("web");
        Path key = files.key().orElseThrow();
        String old = Files.readString(key);
        pem.issue("web");
        PemFiles.write(key, old);
        look(files, Instant.now());
        assertTold(Diagnosis.Verdict.FAIL, "is not that of the certificate");
    }

    @Test
    void credentialsAreReadAndNotShown(@TempDir Path dir) throws Exception {
        Path key = Files.writeString(dir.resolve("key"), "canary");
        Path file = Files.writeString(dir.resolve("credentials"),
            "https://a.example bearer token-file=" + key + "\n");
        lookAt(file);
        assertTold(Diagnosis.Verdict.OK, "can be used");
        told.clear();
        Files.writeString(key, "canary\ncanary");
        lookAt(file);
        assertTold(Diagnosis.Verdict.FAIL, "line 1: " + key);
        assertFalse(told.toString().contains("canary"));
    }

    private void lookAt(Path credentials) {
        TlsSettings.Door door = new TlsSettings.Door(TlsFiles.NONE, ClientAuth.NONE);
        new CertificateDoctor(Clock.systemUTC(), told::add).look(new TlsSettings(
            door, door, TlsFiles.NONE, Optional.of(credentials), TlsFiles.NONE));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aServerIsKnownByItsCertificate(boolean asksForOne) throws Exception {
        Credentials ours = Credentials.read(pem.issue("web"));
        Credentials others = Credentials.read(pem.issue("other"));
        try (SSLServerSocket server = (SSLServerSocket) ours.forServer().getServerSocketFactory()
                .createServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            server.setNeedClientAuth(asksForOne);
            CompletableFuture.runAsync(() -> {
                while (!server.isClosed()) {
                    try (SSLSocket client = (SSLSocket) server.accept()) {
                        client.startHandshake();
                    } catch (IOException refused) {
                        continue;
                    }
                }
            });
            InetSocketAddress at = new InetSocketAddress(
                InetAddress.getLoopbackAddress(), server.getLocalPort());
            assertTrue(new PinnedServer(ours.chain().get(0)).isAt(at, PATIENCE));
            assertFalse(new PinnedServer(others.chain().get(0)).isAt(at, PATIENCE));
        }
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            InetSocketAddress at = new InetSocketAddress(
                InetAddress.getLoopbackAddress(), silent.getLocalPort());
            assertThrows(SocketTimeoutException.class,
                () -> new PinnedServer(ours.chain().get(0)).isAt(at, Duration.ofMillis(50)));
        }
    }

    private void look(TlsFiles http, Instant now) {
        TlsSettings.Door door = new TlsSettings.Door(http, ClientAuth.NONE);
        new CertificateDoctor(Clock.fixed(now, ZoneOffset.UTC), told::add)
            .look(new TlsSettings(door, door, TlsFiles.NONE, Optional.empty(), TlsFiles.NONE));
    }

    private void assertTold(Diagnosis.Verdict verdict, String word) {
        assertEquals(1, told.size(), told.toString());
        assertEquals(verdict, told.get(0).verdict(), told.toString());
        assertTrue(told.get(0).found().contains(word), told.toString());
    }
}

package tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class LiveCredentialsTest {

    private static final Logger LOG = (Logger) LoggerFactory.getLogger(LiveCredentials.class);

    @TempDir
    private Path place;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private PemFiles pem;
    private TlsFiles files;

    @BeforeEach
    void begin() {
        pem = new PemFiles(place);
        files = pem.issue("localhost");
        log.start();
        LOG.addAppender(log);
        LOG.setLevel(Level.INFO);
    }

    @AfterEach
    void end() {
        LOG.detachAppender(log);
        LOG.setLevel(null);
    }

    @Test
    void newFilesAreTakenOver() {
        LiveCredentials live = live();
        SSLContext before = live.get();
        live.check();
        assertSame(before, live.get(), "nothing has changed");

        pem.issue("localhost");
        live.check();

        assertNotSame(before, live.get());
        assertEquals(List.of(Level.INFO), levels());
    }

    @Test
    void aCertificateWithoutItsKeyChangesNothingAndIsOneWarning() throws Exception {
        LiveCredentials live = live();
        SSLContext before = live.get();
        String oldKey = Files.readString(files.key().get());
        pem.issue("localhost");
        String newKey = Files.readString(files.key().get());
        PemFiles.write(files.key().get(), oldKey);

        live.check();
        live.check();

        assertSame(before, live.get());
        assertEquals(List.of(Level.WARN), levels());
        assertTrue(log.list.get(0).getFormattedMessage().contains("is not that of"),
            log.list.get(0).getFormattedMessage());

        PemFiles.write(files.key().get(), newKey);
        live.check();
        assertNotSame(before, live.get());
    }

    @Test
    void aBrokenOrMissingFileChangesNothing() throws Exception {
        LiveCredentials live = live();
        SSLContext before = live.get();
        String whole = Files.readString(files.certificate().get());

        PemFiles.write(files.certificate().get(), whole.substring(0, whole.length() / 2));
        live.check();
        Files.delete(files.certificate().get());
        live.check();
        live.check();

        assertSame(before, live.get());
        assertEquals(List.of(Level.WARN, Level.WARN), levels());

        PemFiles.write(files.certificate().get(), whole);
        live.check();
        assertNotSame(before, live.get(), "it is read again");
    }

    @Test
    void theFilesAreLookedAtByThemselves() {
        try (LiveCredentials live =
                LiveCredentials.ofServer("test", files, Duration.ofMillis(10))) {
            SSLContext before = live.get();
            pem.issue("localhost");
            Awaitility.await().until(() -> live.get() != before);
        }
    }

    @Test
    void whatCannotBeUsedAtTheStartIsRefusedWithTheName() {
        String missing = message(new TlsFiles(
            Optional.of(place.resolve("none.crt")), files.key(), Optional.empty()));
        assertTrue(missing.endsWith("none.crt does not exist"), missing);
        String noKey = message(new TlsFiles(
            files.certificate(), files.certificate(), Optional.empty()));
        assertTrue(noKey.endsWith("localhost.crt holds no private key in PEM"), noKey);
        String noCertificate = message(new TlsFiles(
            files.key(), files.key(), Optional.empty()));
        assertTrue(noCertificate.contains("localhost.key holds no certificate"), noCertificate);
        Path old = place.resolve("old.key");
        PemFiles.write(old,
            "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\n-----END EC PRIVATE KEY-----\n");
        String sec1 = message(new TlsFiles(
            files.certificate(), Optional.of(old), Optional.empty()));
        assertTrue(sec1.contains("openssl pkcs8 -topk8 -nocrypt -in " + old), sec1);
        Path endless = place.resolve("endless");
        PemFiles.write(endless, "x".repeat(Pem.FILE_BYTES_MAX + 1));
        String tooLong = message(new TlsFiles(
            Optional.empty(), Optional.empty(), Optional.of(endless)));
        assertTrue(tooLong.contains("is longer than 1048576 bytes"), tooLong);
        PemFiles.write(endless, "x".repeat(Pem.FILE_BYTES_MAX));
        String nothing = message(new TlsFiles(
            Optional.empty(), Optional.empty(), Optional.of(endless)));
        assertTrue(nothing.contains("holds no certificate"), nothing);
    }

    private static String message(TlsFiles files) {
        return assertThrows(TlsException.class, () -> Credentials.read(files)).getMessage();
    }

    private LiveCredentials live() {
        return LiveCredentials.ofServer("test", files, Duration.ZERO);
    }

    private List<Level> levels() {
        return log.list.stream().map(ILoggingEvent::getLevel).toList();
    }
}

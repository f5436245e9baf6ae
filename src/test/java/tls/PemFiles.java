package tls;

import branch.Certificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** An authority whose certificates lie in files, as an operator has them. */
public final class PemFiles {

    private static final Instant TOMORROW = Instant.now().plus(1, ChronoUnit.DAYS);

    private final Path place;
    private final Certificates authority;

    /** @param place a directory for its files */
    public PemFiles(Path place) {
        this.place = place;
        try {
            authority = new Certificates();
            write(ca(), pem("CERTIFICATE", authority.authority().getEncoded()));
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException(broken);
        }
    }

    /** The authority's own certificate. */
    public Path ca() {
        return place.resolve("ca.crt");
    }

    /** The same, read. */
    public X509Certificate authority() {
        return authority.authority();
    }

    /** Makes or replaces the certificate and the key of that name, valid until tomorrow. */
    public TlsFiles issue(String name) {
        return issue(name, name, TOMORROW);
    }

    /** The same for another subject and time. */
    public TlsFiles issue(String file, String subject, Instant until) {
        try {
            Certificates.Issued issued = authority.issue(subject, until);
            Path certificate = place.resolve(file + ".crt");
            Path key = place.resolve(file + ".key");
            write(certificate, pem("CERTIFICATE", issued.certificate().getEncoded()));
            write(key, pem("PRIVATE KEY", issued.key().getEncoded()));
            return new TlsFiles(Optional.of(certificate), Optional.of(key), Optional.of(ca()));
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException(broken);
        }
    }

    /** A client that trusts this authority and shows nothing. */
    public SSLContext client() {
        return Credentials.read(
            new TlsFiles(Optional.empty(), Optional.empty(), Optional.of(ca()))).forClient();
    }

    /** A client that trusts this authority and shows a certificate of that name. */
    public SSLContext client(String name) {
        return Credentials.read(issue(name)).forClient();
    }

    /** In place, as a secret's mount is changed. */
    public static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
            + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der)
            + "\n-----END " + label + "-----\n";
    }
}

package tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.pekko.pki.pem.DERPrivateKeyLoader;
import org.apache.pekko.pki.pem.PEMDecoder;
import org.apache.pekko.pki.pem.PEMLoadingException;

/** Reads what PEM files hold. */
final class Pem {

    /** A bundle of all public authorities has a quarter of it. */
    static final int FILE_BYTES_MAX = 1 << 20;

    /** Keys as TLS has use for them. */
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "RSASSA-PSS", "EdDSA");

    private static final Pattern KEY = Pattern.compile(
        "-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----.*?-----END \\1-----", Pattern.DOTALL);

    private Pem() {}

    /** The bytes of a file. Blocks. */
    static byte[] bytes(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] read = in.readNBytes(FILE_BYTES_MAX + 1);
            if (read.length > FILE_BYTES_MAX) {
                throw new TlsException(
                    file + " is longer than " + FILE_BYTES_MAX + " bytes: no PEM file is", null);
            }
            return read;
        } catch (NoSuchFileException missing) {
            throw new TlsException(file + " does not exist", missing);
        } catch (IOException unreadable) {
            throw new TlsException(file + " cannot be read: " + unreadable.getMessage(),
                unreadable);
        }
    }

    /** At least one. */
    static List<X509Certificate> certificates(Path file, byte[] content) {
        try {
            List<X509Certificate> all = CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(content)).stream()
                .map(X509Certificate.class::cast).toList();
            if (all.isEmpty()) {
                throw new TlsException(file + " holds no certificate", null);
            }
            return all;
        } catch (CertificateException broken) {
            throw new TlsException(file + " holds no certificates in PEM: " + broken.getMessage(),
                broken);
        }
    }

    static PrivateKey key(Path file, byte[] content) {
        Matcher found = KEY.matcher(new String(content, StandardCharsets.ISO_8859_1));
        if (!found.find()) {
            throw new TlsException(file + " holds no private key in PEM", null);
        }
        String label = found.group(1);
        try {
            return switch (label) {
                case "PRIVATE KEY" -> pkcs8(file, PEMDecoder.decode(found.group()).bytes());
                case "RSA PRIVATE KEY" ->
                    DERPrivateKeyLoader.load(PEMDecoder.decode(found.group()));
                default -> throw new TlsException(file + " holds a key of the kind \"" + label
                    + "\"; what is read is PKCS #8 without a password: openssl pkcs8 -topk8"
                    + " -nocrypt -in " + file + " -out new.key", null);
            };
        } catch (PEMLoadingException | GeneralSecurityException broken) {
            throw new TlsException(file + " holds a broken private key", broken);
        }
    }

    private static PrivateKey pkcs8(Path file, byte[] der) throws GeneralSecurityException {
        PKCS8EncodedKeySpec encoded = new PKCS8EncodedKeySpec(der);
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
            } catch (InvalidKeySpecException other) {
                continue;
            }
        }
        throw new TlsException(file + " holds a broken private key, or one that is not of "
            + String.join(", ", ALGORITHMS), null);
    }
}

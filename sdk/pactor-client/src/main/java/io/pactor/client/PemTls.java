package io.pactor.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** TLS from PEM files: this side's certificate and key, and who may vouch for the other side. */
final class PemTls {

    /** A bundle of all public authorities has a quarter of it. */
    static final int FILE_BYTES_MAX = 1 << 20;

    private static final char[] NONE = new char[0];

    /** Keys as TLS has use for them. */
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "RSASSA-PSS", "EdDSA");

    private static final Pattern KEY = Pattern.compile(
        "-----BEGIN PRIVATE KEY-----(.*?)-----END PRIVATE KEY-----", Pattern.DOTALL);

    private PemTls() {}

    /**
     * For a client. New files count for new connections within a second.
     *
     * @param certificate null together with {@code key} for none
     * @param authorities null for those that the JVM trusts
     * @throws IllegalStateException if a file cannot be used; the message has nothing of a key
     */
    static SSLContext context(Path certificate, Path key, Path authorities) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                certificate == null ? null : new KeyManager[] {
                    new FollowedKeys(Followed.of(() -> keys(certificate, key)))},
                authorities == null ? null : new TrustManager[] {
                    new FollowedTrust(Followed.of(() -> trust(authorities)))}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("TLS cannot be used: " + e.getMessage(), e);
        }
    }

    /** Throws {@link IllegalStateException} if the files do not belong together. */
    private static X509ExtendedKeyManager keys(Path certificate, Path key) {
        try {
            Collection<? extends Certificate> chain = certificates(certificate);
            PrivateKey own = privateKey(key);
            if (!belong(own, chain.iterator().next().getPublicKey())) {
                throw new IOException("the key is not that of the certificate");
            }
            KeyStore store = empty();
            store.setKeyEntry("key", own, NONE, chain.toArray(Certificate[]::new));
            KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
            factory.init(store, NONE);
            return Arrays.stream(factory.getKeyManagers())
                .filter(X509ExtendedKeyManager.class::isInstance)
                .map(X509ExtendedKeyManager.class::cast).findFirst().orElseThrow();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(
                certificate + " and " + key + " cannot be used: " + words(e), e);
        }
    }

    private static X509ExtendedTrustManager trust(Path authorities) {
        try {
            KeyStore store = empty();
            int number = 0;
            for (Certificate each : certificates(authorities)) {
                store.setCertificateEntry("authority-" + number++, each);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            return Arrays.stream(factory.getTrustManagers())
                .filter(X509ExtendedTrustManager.class::isInstance)
                .map(X509ExtendedTrustManager.class::cast).findFirst().orElseThrow();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(
                authorities + " cannot be used: " + words(e), e);
        }
    }

    private static Collection<? extends Certificate> certificates(Path file)
            throws GeneralSecurityException, IOException {
        Collection<? extends Certificate> all = CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(bytes(file)));
        if (all.isEmpty()) {
            throw new IOException(file + " holds no certificate in PEM");
        }
        return all;
    }

    private static PrivateKey privateKey(Path file) throws GeneralSecurityException, IOException {
        Matcher found = KEY.matcher(new String(bytes(file), StandardCharsets.ISO_8859_1));
        if (!found.find()) {
            throw new IOException(file + " holds no private key in PKCS #8 without a password:"
                + " openssl pkcs8 -topk8 -nocrypt -in " + file + " -out new.key");
        }
        byte[] der;
        try {
            der = Base64.getMimeDecoder().decode(found.group(1));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " holds a broken private key");
        }
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm)
                    .generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (GeneralSecurityException other) {
                continue;
            }
        }
        throw new IOException(file + " holds a private key that is none of " + ALGORITHMS);
    }

    private static boolean belong(PrivateKey key, PublicKey certified) {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
        try {
            Signature signing = Signature.getInstance(algorithm);
            signing.initSign(key);
            byte[] signed = signing.sign();
            Signature verifying = Signature.getInstance(algorithm);
            verifying.initVerify(certified);
            return verifying.verify(signed);
        } catch (GeneralSecurityException other) {
            return false;
        }
    }

    private static byte[] bytes(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            byte[] read = in.readNBytes(FILE_BYTES_MAX + 1);
            if (read.length > FILE_BYTES_MAX) {
                throw new IOException(file + " is longer than " + FILE_BYTES_MAX + " bytes");
            }
            return read;
        }
    }

    /** The message of what is missing is its name alone. */
    private static String words(Exception e) {
        return e instanceof FileSystemException ? e.toString() : e.getMessage();
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}

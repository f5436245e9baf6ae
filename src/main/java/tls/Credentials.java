package tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * What was read from {@link TlsFiles}. Immutable.
 *
 * @param chain this side's certificate and those that lead to its authority; empty without one
 * @param key of the first of the chain
 * @param authorities who may vouch for the other side; empty if nothing was said
 */
public record Credentials(
        List<X509Certificate> chain, Optional<PrivateKey> key, List<X509Certificate> authorities) {

    /** How long who was let in once is let in again without showing a certificate. */
    private static final int RESUMED_SECONDS = 3_600;

    /** Those who cannot keep their sessions themselves, as most can; the JDK would keep 20,480. */
    private static final int SESSIONS_KEPT = 4_096;

    /** Any text: what is signed with the key must be what the certificate verifies. */
    private static final byte[] PROBE = "pactor".getBytes(StandardCharsets.UTF_8);

    /**
     * Reads and checks the files. Blocks.
     *
     * @throws TlsException if one cannot be read, or the key is not that of the certificate
     */
    public static Credentials read(TlsFiles files) {
        return read(files, Pem::bytes);
    }

    static Credentials read(TlsFiles files, Function<Path, byte[]> bytes) {
        List<X509Certificate> chain = files.certificate()
            .map(file -> Pem.certificates(file, bytes.apply(file))).orElse(List.of());
        Optional<PrivateKey> key = files.key().map(file -> Pem.key(file, bytes.apply(file)));
        if (key.isPresent() && !belong(key.get(), chain.get(0).getPublicKey())) {
            throw new TlsException("the key in " + files.key().get()
                + " is not that of the certificate in " + files.certificate().get(), null);
        }
        return new Credentials(chain, key, files.authorities()
            .map(file -> Pem.certificates(file, bytes.apply(file))).orElse(List.of()));
    }

    /** For a server; a client is vouched for by the authorities alone. */
    public SSLContext forServer() {
        return context(authorities);
    }

    /** For a client; without authorities those of the JVM vouch for the server. */
    public SSLContext forClient() {
        return context(authorities.isEmpty() ? null : authorities);
    }

    private SSLContext context(List<X509Certificate> trusted) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyManagers(), trustManagers(trusted), new SecureRandom());
            context.getServerSessionContext().setSessionTimeout(RESUMED_SECONDS);
            context.getServerSessionContext().setSessionCacheSize(SESSIONS_KEPT);
            return context;
        } catch (GeneralSecurityException | IOException unusable) {
            throw new TlsException(
                "the certificate cannot be used: " + unusable.getMessage(), unusable);
        }
    }

    private KeyManager[] keyManagers() throws GeneralSecurityException, IOException {
        if (key.isEmpty()) {
            return new KeyManager[0];
        }
        KeyStore store = empty();
        store.setKeyEntry("key", key.get(), new char[0], chain.toArray(Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(store, new char[0]);
        return factory.getKeyManagers();
    }

    /** @param trusted null for those of the JVM; if it is empty, nobody is trusted */
    private static TrustManager[] trustManagers(List<X509Certificate> trusted)
            throws GeneralSecurityException, IOException {
        if (trusted != null && trusted.isEmpty()) {
            return new TrustManager[0];
        }
        KeyStore store = null;
        if (trusted != null) {
            store = empty();
            for (int i = 0; i < trusted.size(); i++) {
                store.setCertificateEntry("authority-" + i, trusted.get(i));
            }
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
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
            signing.update(PROBE);
            byte[] signed = signing.sign();
            Signature verifying = Signature.getInstance(algorithm);
            verifying.initVerify(certified);
            verifying.update(PROBE);
            return verifying.verify(signed);
        } catch (GeneralSecurityException other) {
            return false;
        }
    }
}

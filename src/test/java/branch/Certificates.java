package branch;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** An authority for tests, and servers with certificates from it, made anew in each run. */
public final class Certificates {

    private static final byte[] ECDSA_WITH_SHA256 =
            sequence(tlv(6, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02));

    private final KeyPair authorityKeys = keys();
    private final X509Certificate authority;

    public Certificates() throws GeneralSecurityException {
        Instant tomorrow = Instant.now().plus(1, ChronoUnit.DAYS);
        authority = certificate("authority", authorityKeys, "authority", tomorrow);
    }

    /** The authority's own certificate, for those who trust it. */
    public X509Certificate authority() {
        return authority;
    }

    /** A server that shows a certificate for 127.0.0.1 and {@code name}, valid until then. */
    public SSLContext server(String name, Instant until) throws Exception {
        KeyPair keys = keys();
        return context(keys, certificate(name, keys, "authority", until), authority);
    }

    /** A key, and what the authority says of it. */
    public record Issued(PrivateKey key, X509Certificate certificate) {}

    /** For whoever has that name, on 127.0.0.1 if it is {@code localhost}; valid until then. */
    public Issued issue(String name, Instant until) throws GeneralSecurityException {
        KeyPair keys = keys();
        return new Issued(keys.getPrivate(), certificate(name, keys, "authority", until));
    }

    /** A server whose certificate nobody signed but itself. */
    SSLContext selfSigned() throws Exception {
        Certificates other = new Certificates();
        return context(other.authorityKeys, other.authority);
    }

    private X509Certificate certificate(String subject, KeyPair keys, String issuer, Instant until)
            throws GeneralSecurityException {
        boolean isAuthority = subject.equals(issuer);
        byte[] names = sequence(
                isAuthority || subject.equals("localhost") ? tlv(0x87, 127, 0, 0, 1) : new byte[0],
                tlv(0x82, subject.getBytes(StandardCharsets.US_ASCII)));
        byte[] altNames = sequence(tlv(6, 0x55, 0x1D, 0x11), tlv(4, names));
        byte[] constraints = sequence(
                tlv(6, 0x55, 0x1D, 0x13), tlv(1, 0xFF),
                tlv(4, sequence(isAuthority ? tlv(1, 0xFF) : new byte[0])));
        byte[] content = sequence(
                tlv(0xA0, tlv(2, 2)),
                tlv(2, subject.hashCode() & 0x7F),
                ECDSA_WITH_SHA256,
                name(issuer),
                sequence(time(until.minus(30, ChronoUnit.DAYS)), time(until)),
                name(subject),
                keys.getPublic().getEncoded(),
                tlv(0xA3, sequence(altNames, constraints)));
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(authorityKeys.getPrivate());
        signature.update(content);
        byte[] signed = signature.sign();
        byte[] bits = new byte[signed.length + 1];
        System.arraycopy(signed, 0, bits, 1, signed.length);
        byte[] der = sequence(content, ECDSA_WITH_SHA256, tlv(3, bits));
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(der));
    }

    private static SSLContext context(KeyPair keys, Certificate... chain) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("key", keys.getPrivate(), new char[0], chain);
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return context;
    }

    private static KeyPair keys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] name(String common) {
        byte[] text = tlv(12, common.getBytes(StandardCharsets.UTF_8));
        return sequence(tlv(0x31, sequence(tlv(6, 0x55, 0x04, 0x03), text)));
    }

    private static byte[] time(Instant moment) {
        String text = DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC)
                .format(moment);
        return tlv(0x17, text.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] sequence(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return tlv(0x30, all.toByteArray());
    }

    private static byte[] tlv(int tag, int... content) {
        byte[] bytes = new byte[content.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) content[i];
        }
        return tlv(tag, bytes);
    }

    private static byte[] tlv(int tag, byte[] content) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(tag);
        if (content.length > 255) {
            all.write(0x82);
            all.write(content.length >> 8);
        } else if (content.length > 127) {
            all.write(0x81);
        }
        all.write(content.length);
        all.writeBytes(content);
        return all.toByteArray();
    }
}

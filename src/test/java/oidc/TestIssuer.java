package oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An OpenID Connect issuer of a test: a small server with its discovery and its keys, which can be
 * rotated, and which can be away.
 */
public final class TestIssuer implements AutoCloseable {

    /** A key that signs, by its id. */
    public record SigningKey(JWK jwk, PrivateKey secret, JWSAlgorithm algorithm) {}

    private final HttpServer server;
    private final List<SigningKey> published = new CopyOnWriteArrayList<>();
    private final Map<String, String> instead = new ConcurrentHashMap<>();
    private final AtomicInteger fetches = new AtomicInteger();
    private volatile int status = 200;

    private TestIssuer(HttpServer server) {
        this.server = server;
    }

    /** One on loopback that publishes {@code keys}. */
    public static TestIssuer start(SigningKey... keys) throws IOException {
        HttpServer server = HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        TestIssuer issuer = new TestIssuer(server);
        issuer.publish(keys);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            String body = issuer.instead.getOrDefault(path, switch (path) {
                case "/realm/.well-known/openid-configuration" -> issuer.discovery();
                case "/realm/keys" -> issuer.keys();
                default -> "";
            });
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(issuer.status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        return issuer;
    }

    /** As it stands in tokens. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/realm";
    }

    /** From now on these are its keys. */
    public void publish(SigningKey... keys) {
        published.clear();
        published.addAll(List.of(keys));
    }

    /** From now on it answers everything with that status. */
    public void answerWith(int code) {
        status = code;
    }

    /** From now on it answers that at a path. */
    public void answer(String path, String body) {
        instead.put(path, body);
    }

    /** How often its keys were asked for. */
    public int fetches() {
        return fetches.get();
    }

    private String discovery() {
        return "{\"issuer\": \"" + url() + "\", \"jwks_uri\": \"" + url() + "/keys\"}";
    }

    private String keys() {
        fetches.incrementAndGet();
        return new JWKSet(published.stream().map(SigningKey::jwk).toList()).toString();
    }

    /** A new key, such as of RS256. */
    public static SigningKey key(String id, String algorithm) {
        try {
            return switch (algorithm) {
                case "RS256", "PS256" -> rsa(id, algorithm, 2_048);
                case "ES256" -> {
                    KeyPair pair = pair("secp256r1");
                    yield new SigningKey(new ECKey.Builder(Curve.P_256,
                        (ECPublicKey) pair.getPublic()).keyID(id).build(), pair.getPrivate(),
                        JWSAlgorithm.ES256);
                }
                case "EdDSA" -> {
                    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
                    byte[] encoded = pair.getPublic().getEncoded();
                    byte[] raw = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
                    yield new SigningKey(new OctetKeyPair.Builder(Curve.Ed25519,
                        Base64URL.encode(raw)).keyID(id).build(), pair.getPrivate(),
                        JWSAlgorithm.EdDSA);
                }
                default -> throw new IllegalArgumentException(algorithm);
            };
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The same of another length. */
    public static SigningKey rsa(String id, String algorithm, int bits)
            throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(bits);
        KeyPair pair = generator.generateKeyPair();
        return new SigningKey(new RSAKey.Builder((RSAPublicKey) pair.getPublic()).keyID(id).build(),
            pair.getPrivate(), JWSAlgorithm.parse(algorithm));
    }

    private static KeyPair pair(String curve) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        return generator.generateKeyPair();
    }

    /** Good claims: for {@code pactor}, from now on for ten minutes. */
    public JWTClaimsSet.Builder claims(String subject, Instant now, String... groups) {
        return new JWTClaimsSet.Builder().issuer(url()).subject(subject).audience("pactor")
            .issueTime(Date.from(now)).expirationTime(Date.from(now.plusSeconds(600)))
            .claim("groups", List.of(groups));
    }

    /** A token that names its key. */
    public static String sign(SigningKey key, JWTClaimsSet claims) {
        return sign(key, new JWSHeader.Builder(key.algorithm())
            .keyID(key.jwk().getKeyID()).build(), claims);
    }

    /** A token with that header. */
    public static String sign(SigningKey key, JWSHeader header, JWTClaimsSet claims) {
        SignedJWT token = new SignedJWT(header, claims);
        try {
            if (key.algorithm().equals(JWSAlgorithm.EdDSA)) {
                Signature signing = Signature.getInstance("Ed25519");
                signing.initSign(key.secret());
                signing.update(token.getSigningInput());
                return new String(token.getSigningInput(), StandardCharsets.US_ASCII)
                    + "." + Base64URL.encode(signing.sign());
            }
            JWSSigner signer = key.algorithm().equals(JWSAlgorithm.ES256)
                ? new ECDSASigner(key.secret(), Curve.P_256)
                : new RSASSASigner(key.secret(), true);
            token.sign(signer);
            return token.serialize();
        } catch (JOSEException | GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

package oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.SignedJWT;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A public key of an issuer. Immutable.
 *
 * @param jwk as the issuer describes it
 * @param key the same, ready for use
 */
record VerifyingKey(JWK jwk, PublicKey key) {

    /** Shorter ones can be broken by those who have the means. */
    static final int RSA_BITS_MIN = 2_048;

    /** What stands before the 32 bytes of a key of Ed25519 in X.509: RFC 8410. */
    private static final byte[] ED25519 = HexFormat.of().parseHex("302a300506032b6570032100");

    private static final int ED25519_BYTES = 32;

    /** Empty if it is of no use here: another kind, not for signatures, too short or broken. */
    static Optional<VerifyingKey> of(JWK jwk) {
        if (jwk.getKeyUse() != null && !jwk.getKeyUse().equals(KeyUse.SIGNATURE)) {
            return Optional.empty();
        }
        try {
            if (jwk instanceof RSAKey rsa && rsa.size() >= RSA_BITS_MIN) {
                return Optional.of(new VerifyingKey(rsa.toPublicJWK(), rsa.toRSAPublicKey()));
            }
            if (jwk instanceof ECKey ec && ec.getCurve().equals(Curve.P_256)) {
                return Optional.of(new VerifyingKey(ec.toPublicJWK(), ec.toECPublicKey()));
            }
            if (jwk instanceof OctetKeyPair pair && pair.getCurve().equals(Curve.Ed25519)) {
                return Optional.of(new VerifyingKey(pair.toPublicJWK(), ed25519(pair)));
            }
            return Optional.empty();
        } catch (JOSEException | GeneralSecurityException broken) {
            return Optional.empty();
        }
    }

    /** Whether it is what a header names: its kind, its id if it is told, and its purpose. */
    boolean fits(JWSHeader header) {
        return JWKMatcher.forJWSHeader(header).matches(jwk);
    }

    boolean hasSigned(SignedJWT token) {
        try {
            if (token.getHeader().getAlgorithm().equals(JWSAlgorithm.EdDSA)) {
                return hasSignedByEd25519(token);
            }
            JWSVerifier verifier = key instanceof RSAPublicKey rsa ? new RSASSAVerifier(rsa)
                : new ECDSAVerifier((ECPublicKey) key);
            return token.verify(verifier);
        } catch (JOSEException | GeneralSecurityException wrong) {
            return false;
        }
    }

    /** The library would need another one for it; the JDK has it. */
    private boolean hasSignedByEd25519(SignedJWT token) throws GeneralSecurityException {
        Signature verifying = Signature.getInstance("Ed25519");
        verifying.initVerify(key);
        verifying.update(token.getSigningInput());
        return verifying.verify(token.getSignature().decode());
    }

    private static PublicKey ed25519(OctetKeyPair pair) throws GeneralSecurityException {
        byte[] bytes = pair.getDecodedX();
        if (bytes.length != ED25519_BYTES) {
            throw new GeneralSecurityException("no key of Ed25519");
        }
        byte[] encoded = Arrays.copyOf(ED25519, ED25519.length + bytes.length);
        System.arraycopy(bytes, 0, encoded, ED25519.length, bytes.length);
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    }
}

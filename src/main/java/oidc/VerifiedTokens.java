package oidc;

import com.nimbusds.jwt.SignedJWT;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import security.Token;

/**
 * Which key has signed which token, of those that were seen last: a caller sends its token with
 * every request, and to verify it costs more than all else. Only what the key itself says is
 * remembered: whether the issuer still has it, and whether the token still holds, is asked each
 * time. Thread-safe.
 */
final class VerifiedTokens {

    /** With a hash and a key each, some two megabytes. Only the issuer can make it that many. */
    static final int MOST = 10_000;

    private final Map<ByteBuffer, VerifyingKey> signers = new LinkedHashMap<>(16, 0.75f, true) {

        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, VerifyingKey> eldest) {
            return size() > most;
        }
    };
    private final int most;

    /** @param most that are remembered; the one that was not seen for longest goes first */
    VerifiedTokens(int most) {
        this.most = most;
    }

    /** Whether one of these keys has signed {@code token}, which was read from {@code text}. */
    boolean isSigned(String text, SignedJWT token, List<VerifyingKey> keys) {
        ByteBuffer hash = ByteBuffer.wrap(Token.hash(text));
        VerifyingKey before = before(hash);
        if (before != null && keys.contains(before)) {
            return true;
        }
        for (VerifyingKey key : keys) {
            if (key.hasSigned(token)) {
                remember(hash, key);
                return true;
            }
        }
        return false;
    }

    private synchronized VerifyingKey before(ByteBuffer hash) {
        return signers.get(hash);
    }

    private synchronized void remember(ByteBuffer hash, VerifyingKey key) {
        signers.put(hash, key);
    }

    synchronized int size() {
        return signers.size();
    }
}

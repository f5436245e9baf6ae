package credential;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Port, needed: asks an authorization server for a token (RFC 6749, 4.4). */
@FunctionalInterface
public interface TokenServer {

    /**
     * Asks once. Does not block and does not throw. Fails with {@link NoToken} if nothing of use
     * came back, within a few seconds.
     */
    CompletionStage<Token> fetch(Asked asked);

    /**
     * What is asked for.
     *
     * @param url of the server
     * @param client and {@code secret}: who asks
     * @param isInBody whether they stand in the body, and not in a header
     * @param scope names between blanks; empty for whatever the server gives
     * @param audience empty for none
     */
    record Asked(String url, String client, String secret, boolean isInBody, String scope,
            String audience) {

        /** Without the secret. */
        @Override
        public String toString() {
            return client + " at " + url;
        }
    }

    /**
     * What was got.
     *
     * @param value printable ASCII without blanks
     * @param life from the moment that it was asked for; empty if the server did not say
     */
    record Token(String value, Optional<Duration> life) {

        /** Without the value. */
        @Override
        public String toString() {
            return "a token for " + life;
        }
    }
}

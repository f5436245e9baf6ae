package credential;

import java.util.concurrent.CompletionStage;

/** A header that goes along with calls to one participant. Thread-safe; nothing in it blocks. */
public interface Credential {

    /** The name of the header, as it was configured. */
    String header();

    /**
     * Its value now. Fails with {@link NoToken} if there is none at present.
     *
     * @param server where a token is fetched from, if that is what it takes
     */
    CompletionStage<HeaderValue> value(TokenServer server);

    /** The participant was sent {@code value} and does not accept it. */
    void refused(HeaderValue value);
}

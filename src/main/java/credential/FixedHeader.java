package credential;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A header whose value stands in a file; another value in the file is another object. */
record FixedHeader(String header, HeaderValue value) implements Credential {

    @Override
    public CompletionStage<HeaderValue> value(TokenServer server) {
        return CompletableFuture.completedFuture(value);
    }

    /** There is no other until the file changes. */
    @Override
    public void refused(HeaderValue refused) {}
}

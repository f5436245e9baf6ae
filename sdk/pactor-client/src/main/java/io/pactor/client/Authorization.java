package io.pactor.client;

import java.util.concurrent.CompletableFuture;

/** Where the header {@code Authorization} comes from. Thread-safe; nothing in it blocks. */
interface Authorization {

    /** There is none. */
    Authorization NONE = new Authorization() {
        @Override
        public CompletableFuture<String> header() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public boolean refused(String header) {
            return false;
        }
    };

    /**
     * Its value; null for none. Fails with {@link NoTokenException} if it cannot be had at present.
     */
    CompletableFuture<String> header();

    /** A coordinator answered 401 to {@code header}. Whether it is worth to ask for another. */
    boolean refused(String header);
}

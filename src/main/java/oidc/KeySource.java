package oidc;

import java.io.IOException;
import java.util.List;

/** Where the keys of an issuer come from. */
@FunctionalInterface
interface KeySource {

    /**
     * All keys that it has now. Blocks, for a bounded time.
     *
     * @throws IOException if they cannot be had, or none of them is of use; the message says why
     */
    List<VerifyingKey> fetch() throws IOException;
}

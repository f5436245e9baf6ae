package io.pactor.spring.transaction;

import io.pactor.client.TccBranches;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * The global transaction in which the current thread is.
 *
 * @param context what calls to others say of it
 */
record OpenTransaction(TccBranches branches, GlobalContext context) {

    private static final ThreadLocal<OpenTransaction> CURRENT = new ThreadLocal<>();

    static Optional<OpenTransaction> current() {
        return Optional.ofNullable(CURRENT.get());
    }

    /** Runs {@code body} in it. There is none around it. */
    <T> T call(Callable<T> body) throws Exception {
        CURRENT.set(this);
        try {
            return body.call();
        } finally {
            CURRENT.remove();
        }
    }
}

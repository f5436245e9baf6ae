package io.pactor.client.participant;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a participant keeps of a call that it answers with {@link Ongoing#untilCompleted}, so that
 * it can say later how the call went: see {@code Pactor.complete} and {@code Pactor.refuse}.
 *
 * <p>Keep it where the job is kept, for as long as the job runs, and not in the transaction of the
 * barrier, which rolls back. Whoever has the token may say how the call went. Before that, do the
 * last step of the job behind the barrier, with {@link #call}: otherwise an undo finds that there
 * is nothing to undo. If the barrier says that it was undone before, refuse.
 *
 * @param call  the call
 * @param token what came with it in the header {@code Pactor-Token}; 1 to {@link #TOKEN_MAX}
 *     characters
 */
public record CallBack(BranchCall call, String token) {

    /** Longer than any coordinator makes one. */
    public static final int TOKEN_MAX = 256;

    private static final String HEADER = "Pactor-Token";

    public CallBack {
        Objects.requireNonNull(call, "call");
        if (token.isBlank() || token.length() > TOKEN_MAX) {
            throw new IllegalArgumentException(
                "A token has 1 to " + TOKEN_MAX + " characters, and this one " + token.length());
        }
    }

    /**
     * Of a request that is being served.
     *
     * @param headers gives the value of a header by its name, or null if there is none
     * @return empty if the coordinator knows no call-backs: DTM, or a call over gRPC. Then answer
     *     with {@link Ongoing#askAgainIn}
     */
    public static Optional<CallBack> from(BranchCall call, Function<String, String> headers) {
        return Optional.ofNullable(headers.apply(HEADER)).map(token -> new CallBack(call, token));
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "CallBack[" + call + "]";
    }
}

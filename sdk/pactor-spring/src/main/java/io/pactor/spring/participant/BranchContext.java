package io.pactor.spring.participant;

import io.pactor.client.participant.BranchCall;
import io.pactor.client.participant.CallBack;
import io.pactor.client.participant.HttpAnswer;
import java.lang.reflect.Method;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * The call of the coordinator that this thread serves, and what has become of it.
 *
 * <p>The servlet filter opens it for each request that names a branch. Whoever gets calls in
 * another way opens it by {@link #call}. It belongs to one thread; threads that this one starts do
 * not have it, so that a participant in one of them is refused rather than left unguarded.
 */
public final class BranchContext {

    private static final ThreadLocal<BranchContext> CURRENT = new ThreadLocal<>();

    private final BranchCall call;
    private final CallBack callBack;
    private final String path;
    private Method participant;
    private Outcome outcome = Outcome.NONE;
    private Throwable failure;

    /** How the participant of this call has ended. */
    enum Outcome {
        /** No participant has been reached, so nobody vouches for the answer. */
        NONE,
        /** One was reached, and its transaction has not been committed. */
        OPEN,
        COMMITTED
    }

    private BranchContext(BranchCall call, CallBack callBack, String path) {
        this.call = call;
        this.callBack = callBack;
        this.path = path;
    }

    /** The branch call that the current thread serves; empty outside of one. */
    public static Optional<BranchCall> current() {
        return state().map(BranchContext::branch);
    }

    /**
     * What to keep of the current call in order to complete it later, after
     * {@link io.pactor.client.participant.Ongoing#untilCompleted}; empty outside of a branch call,
     * and if the coordinator knows no call-backs.
     */
    public static Optional<CallBack> callBack() {
        return state().map(each -> each.callBack);
    }

    /**
     * Runs {@code body} as the service of {@code call}, on this thread.
     *
     * @return what the body returns
     * @throws IllegalStateException if the thread serves a call already
     * @throws Exception             what the body throws
     */
    public static <T> T call(BranchCall call, Callable<T> body) throws Exception {
        BranchContext opened = open(call, null, null);
        try {
            return body.call();
        } finally {
            opened.close();
        }
    }

    static Optional<BranchContext> state() {
        return Optional.ofNullable(CURRENT.get());
    }

    /**
     * That of a participant.
     *
     * @throws ParticipantException if this thread serves none
     */
    static BranchContext served(Method participant) {
        return state().orElseThrow(() -> new ParticipantException(
            participant + " was called outside of a branch call",
            "The coordinator calls it, with gid, branch_id, op and trans_type in the query. "
                + "Threads other than the one that serves the call do not know them."));
    }

    /**
     * That of this thread from now on.
     *
     * @param callBack null if the coordinator has sent no token
     * @param path where it came in, without the query; null if not by HTTP
     */
    static BranchContext open(BranchCall call, CallBack callBack, String path) {
        if (CURRENT.get() != null) {
            throw new IllegalStateException("this thread serves " + CURRENT.get().call
                + " and cannot serve " + call + " as well");
        }
        BranchContext context = new BranchContext(call, callBack, path);
        CURRENT.set(context);
        return context;
    }

    void close() {
        CURRENT.remove();
    }

    String path() {
        return path;
    }

    BranchCall branch() {
        return call;
    }

    /** Each call passes the barrier once: a second participant within it would find its own row. */
    void reached(Method method) {
        if (participant != null) {
            throw new ParticipantException(
                method + " is called within the participant " + participant + ", by the same call "
                    + "of the coordinator",
                "Annotate one of them only, or make it two branches.");
        }
        participant = method;
        outcome = Outcome.OPEN;
    }

    void committed() {
        outcome = Outcome.COMMITTED;
    }

    void failed(Throwable thrown) {
        failure = thrown;
    }

    /** What to answer to an exception: a participant that has committed is not refused by it. */
    HttpAnswer answer(Throwable thrown) {
        HttpAnswer answer = HttpAnswer.of(thrown);
        return outcome != Outcome.COMMITTED || answer.status() >= 500 ? answer
            : HttpAnswer.of(new IllegalStateException(thrown));
    }

    Outcome outcome() {
        return outcome;
    }

    /** What the participant threw, or the way to it; null if nothing was thrown. */
    Throwable failure() {
        return failure;
    }
}

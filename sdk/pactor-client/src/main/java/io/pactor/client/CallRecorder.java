package io.pactor.client;

/**
 * Where HTTP clients leave the calls that the coordinator is to make. For authors of such clients:
 *
 * <pre>{@code
 * if (CallRecorder.isRecording()) {
 *     CallRecorder.record(Call.post(url, body));
 *     return anything;
 * }
 * }</pre>
 *
 * <p>What cannot be sent again as it is (streams, multipart bodies) should be refused by the client
 * with an exception that names it. Recording is bound to the thread; threads started by the lambda
 * do not take part.
 */
public final class CallRecorder {

    private static final ThreadLocal<CallRecorder> CURRENT = new ThreadLocal<>();

    private Call call;

    private CallRecorder() {}

    /** Whether a call on this thread is to be recorded instead of made. */
    public static boolean isRecording() {
        return CURRENT.get() != null;
    }

    /**
     * Leaves {@code call}.
     *
     * @throws IllegalStateException if nothing is being recorded on this thread, or if the lambda
     *     has made a call before: a step is one call
     */
    public static void record(Call call) {
        CallRecorder recorder = CURRENT.get();
        if (recorder == null) {
            throw new IllegalStateException("no step is being recorded on this thread");
        }
        if (recorder.call != null) {
            throw new IllegalStateException("a step is one call, but the lambda made a second: "
                + recorder.call + ", then " + call);
        }
        recorder.call = call;
    }

    /**
     * The call that {@code lambda} makes. What it throws passes through, as the cause of an
     * {@link IllegalArgumentException} if it is checked.
     */
    static Call callOf(Recorded lambda) {
        if (isRecording()) {
            throw new IllegalStateException("a step's lambda must not declare another step");
        }
        CallRecorder recorder = new CallRecorder();
        CURRENT.set(recorder);
        try {
            lambda.run();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalArgumentException("the step's call cannot be recorded: " + e, e);
        } finally {
            CURRENT.remove();
        }
        if (recorder.call == null) {
            throw new IllegalArgumentException("the step's lambda made no call that was recorded;"
                + " its client must take part in recording, and call on the same thread");
        }
        return recorder.call;
    }
}

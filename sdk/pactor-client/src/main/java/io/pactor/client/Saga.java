package io.pactor.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A saga: steps that are done one after another; if one is refused, those that were done are
 * undone, the last one first.
 *
 * <pre>{@code
 * Outcome outcome = pactor.saga("order-" + id)
 *     .step(Call.post(stock + "/reserve", order)).undo(Call.post(stock + "/release", order))
 *     .step(Call.post(bank + "/charge", order)).undo(Call.post(bank + "/refund", order))
 *     .submitAndWait(Duration.ofSeconds(3));
 * }</pre>
 *
 * <p>Declared by one thread and not for use by several. With the first submit its content is fixed;
 * submitting it again, or another one with the same gid and content, is a repeat and does nothing
 * twice. Nothing is sent before a submit.
 */
public final class Saga {

    private static final String MODE = "saga";

    private final Pactor pactor;
    private final String gid;
    private final Handling handling = new Handling();
    private final List<Step> steps = new ArrayList<>();
    private boolean isConcurrent;
    private Submission submission;

    Saga(Pactor pactor, String gid) {
        this.pactor = pactor;
        this.gid = Gid.check(gid);
    }

    /** The id by which it is known to the coordinator and to the participants. */
    public String gid() {
        return gid;
    }

    /** A further step. */
    public Saga step(Call action) {
        open().steps.add(new Step(action));
        return this;
    }

    /** A further step: the call that {@code action} makes. */
    public Saga step(Recorded action) {
        return step(CallRecorder.callOf(action));
    }

    /**
     * How to undo the step before. Without a body of its own, an undo by POST, PUT or PATCH gets
     * the body of its step's action.
     *
     * @throws IllegalStateException if there is no step, or if it has an undo already
     */
    public Saga undo(Call undo) {
        lastStep().undo(undo);
        return this;
    }

    /** How to undo the step before: the call that {@code undo} makes. */
    public Saga undo(Recorded undo) {
        return undo(CallRecorder.callOf(undo));
    }

    /** How long the coordinator waits for the answers of the step before and of its undo. */
    public Saga stepTimeout(Duration limit) {
        lastStep().timeout(limit);
        return this;
    }

    /** How many failed attempts of the step before are tolerated; one more rolls the saga back. */
    public Saga stepRetryLimit(int failures) {
        lastStep().retryLimit(failures);
        return this;
    }

    /** A header of the step before and of its undo. */
    public Saga stepHeader(String name, String value) {
        lastStep().header(name, value);
        return this;
    }

    /**
     * In a {@link #concurrent} saga: the step before begins when these are done.
     *
     * @param earlier steps, counted from 0 in the order in which they are declared
     */
    public Saga after(int... earlier) {
        List<Integer> order = new ArrayList<>();
        for (int step : earlier) {
            if (step < 0 || step >= steps.size() - 1) {
                throw new IllegalArgumentException("step " + (steps.size() - 1)
                    + " can be after steps that are declared before it, not after " + step);
            }
            order.add(step);
        }
        lastStep().after(order);
        return this;
    }

    /** All steps begin at once, except where {@link #after} says otherwise. */
    public Saga concurrent() {
        open().isConcurrent = true;
        return this;
    }

    /** The age at which it is rolled back if it has not succeeded; else never. Whole seconds. */
    public Saga timeoutToFail(Duration age) {
        open().handling.seconds("timeout_to_fail", "timeoutToFail", age);
        return this;
    }

    /**
     * How long the coordinator waits for each participant's answer; else its own. Whole seconds.
     */
    public Saga requestTimeout(Duration limit) {
        open().handling.seconds("request_timeout", "requestTimeout", limit);
        return this;
    }

    /** The first wait between two attempts; else the coordinator's own. Whole seconds. */
    public Saga retryInterval(Duration wait) {
        open().handling.seconds("retry_interval", "retryInterval", wait);
        return this;
    }

    /** How many failed attempts of all steps together are tolerated; one more rolls it back. */
    public Saga retryLimit(int failures) {
        open().handling.retryLimit("retryLimit", failures);
        return this;
    }

    /** When a limit of attempts is used up, it is parked for an operator, not rolled back. */
    public Saga parkWhenExhausted() {
        open().handling.park("parkWhenExhausted");
        return this;
    }

    /**
     * A header of all calls to participants. The coordinator keeps it: give no token that expires.
     */
    public Saga header(String name, String value) {
        open().handling.header(name, value);
        return this;
    }

    /** What it can be found by in the coordinator's list: at most 8, of 256 characters. */
    public Saga attribute(String name, String value) {
        open().handling.attribute(name, value);
        return this;
    }

    /** Text of the application's own, shown by {@code query}. Not with {@link #concurrent}. */
    public Saga customData(String data) {
        open().handling.set("custom_data", data);
        return this;
    }

    /**
     * Returns once the coordinator has it on disk and will bring it to an end; a repeat of one that
     * has ended returns, too. Blocks at most for the {@link Pactor.Builder#timeout}.
     *
     * @throws RejectedException if the coordinator refuses it
     * @throws UnavailableException if nobody knows whether a coordinator has it: submit it again
     */
    public void submit() {
        Operation operation = pactor.operation(gid);
        operation.await(submission().submit(operation));
    }

    /** As {@link #submit}, without blocking; cancelling the future ends the repeats. */
    public CompletableFuture<Void> submitAsync() {
        Operation operation = pactor.operation(gid);
        return operation.handedOut(submission().submit(operation));
    }

    /**
     * As {@link #submit}, then waits for its end as long as {@code time} allows.
     *
     * @param time for all of it; more than nothing, at most {@link Pactor#WAIT_MAX}
     * @return how it ended, or that it goes on
     * @throws RejectedException if the coordinator refuses it
     * @throws UnavailableException if nobody knows whether a coordinator has it
     */
    public Outcome submitAndWait(Duration time) {
        Operation operation = Pactor.operation(gid, time);
        return operation.await(submission().submitAndWait(operation));
    }

    /** As {@link #submitAndWait}, without blocking; cancelling the future ends the waiting only. */
    public CompletableFuture<Outcome> submitAndWaitAsync(Duration time) {
        Operation operation = Pactor.operation(gid, time);
        return operation.handedOut(submission().submitAndWait(operation));
    }

    private Submission submission() {
        if (submission == null) {
            if (steps.isEmpty()) {
                throw new IllegalStateException("saga " + gid + " has no step");
            }
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("gid", gid);
            body.put("trans_type", MODE);
            handling.writeTo(body);
            order(body);
            submission = Submission.ofSteps(pactor, body, steps, handling.needs());
        }
        return submission;
    }

    private void order(Map<String, Object> body) {
        Map<String, Object> orders = new LinkedHashMap<>();
        for (int i = 0; i < steps.size(); i++) {
            if (!steps.get(i).after().isEmpty()) {
                orders.put(String.valueOf(i), steps.get(i).after());
            }
        }
        if (!isConcurrent && !orders.isEmpty()) {
            throw new IllegalStateException("saga " + gid + " says after(…) but not concurrent():"
                + " its steps are done one after another anyway");
        }
        if (isConcurrent && handling.has("custom_data")) {
            throw new IllegalStateException("saga " + gid + " cannot have both concurrent() and"
                + " customData(…): the wire has one place for them");
        }
        if (isConcurrent) {
            body.put("custom_data", Json.write(Map.of("concurrent", true, "orders", orders)));
        }
    }

    private Saga open() {
        if (submission != null) {
            throw new IllegalStateException("saga " + gid + " has been submitted");
        }
        return this;
    }

    private Step lastStep() {
        if (open().steps.isEmpty()) {
            throw new IllegalStateException("declare a step first");
        }
        return steps.get(steps.size() - 1);
    }
}

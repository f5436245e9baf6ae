package io.pactor.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A two-phase message: calls that are made if, and only if, the application's own local transaction
 * commits. An outbox without an outbox.
 *
 * <pre>{@code
 * pactor.message("pay-" + id)
 *     .to(Call.post("http://ledger/credit", payment))
 *     .checkBackAt("http://accounts/check")
 *     .commitWith(gid -> accounts.debit(gid, payment));
 * }</pre>
 *
 * <p>It is prepared, the local transaction runs, and after its commit the message is submitted. If
 * the application dies in between, the coordinator asks at the check-back url whether the local
 * transaction committed: therefore that transaction must leave a barrier row for the branch
 * {@code 00} with the op {@code msg}, and the url must answer by it.
 *
 * <p>Declared by one thread and not for use by several. Its content is fixed with the first
 * request.
 */
public final class Message {

    private static final String MODE = "msg";
    private static final System.Logger LOG = System.getLogger(Message.class.getName());

    private final Pactor pactor;
    private final String gid;
    private final Handling handling = new Handling();
    private final List<Step> steps = new ArrayList<>();
    private String checkBack = "";
    private Submission submission;

    /**
     * The application's own transaction: returns after the commit, throws if it was rolled back.
     *
     * @param <X> what it may throw
     */
    @FunctionalInterface
    public interface LocalTransaction<X extends Exception> {

        void run(String gid) throws X;
    }

    Message(Pactor pactor, String gid) {
        this.pactor = pactor;
        this.gid = Gid.check(gid);
    }

    /** The id by which it is known to the coordinator and to the receivers. */
    public String gid() {
        return gid;
    }

    /** A receiver. It is called until it says that it is done; it cannot refuse. */
    public Message to(Call call) {
        open().steps.add(new Step(call));
        return this;
    }

    /** A receiver: the call that {@code call} makes. */
    public Message to(Recorded call) {
        return to(CallRecorder.callOf(call));
    }

    /** All that are subscribed to {@code topic} when the message is prepared or submitted. */
    public Message toTopic(String topic, Object body) {
        open().steps.add(new Step(Call.toTopic(topic, body)));
        return this;
    }

    /** Where the coordinator asks by GET whether the local transaction committed. */
    public Message checkBackAt(String url) {
        open().checkBack = Call.get(url).url();
        return this;
    }

    /** The age at which it asks, if nothing was submitted; else its own. Whole seconds. */
    public Message checkBackAfter(Duration age) {
        open().handling.seconds("timeout_to_fail", "checkBackAfter", age);
        return this;
    }

    /** How long to wait between the submit and the first delivery. Whole seconds. */
    public Message delay(Duration wait) {
        open().handling.set("custom_data",
            Json.write(Map.of("delay", Seconds.checkPositive("delay", wait).toSeconds())));
        return this;
    }

    /** Delivers to all receivers at once, not to one after another. */
    public Message concurrent() {
        open().handling.set("concurrent", true);
        return this;
    }

    /** How long the coordinator waits for each receiver's answer; else its own. Whole seconds. */
    public Message requestTimeout(Duration limit) {
        open().handling.seconds("request_timeout", "requestTimeout", limit);
        return this;
    }

    /** The first wait between two attempts; else the coordinator's own. Whole seconds. */
    public Message retryInterval(Duration wait) {
        open().handling.seconds("retry_interval", "retryInterval", wait);
        return this;
    }

    /**
     * Parks it for an operator when a delivery has failed more often than this; else the
     * coordinator goes on for ever.
     */
    public Message parkAfter(int failures) {
        open().handling.parkAfter(failures);
        return this;
    }

    /** A header of all calls to receivers and to the check-back url. */
    public Message header(String name, String value) {
        open().handling.header(name, value);
        return this;
    }

    /** What it can be found by in the coordinator's list: at most 8, of 256 characters. */
    public Message attribute(String name, String value) {
        open().handling.attribute(name, value);
        return this;
    }

    /**
     * Prepares the message, runs {@code local}, and submits the message.
     *
     * <p>If {@code local} throws, nothing more is sent: it may have committed all the same, and the
     * check-back decides. If the coordinator cannot be reached after the commit, this returns, for
     * the message is delivered after the check-back. A message that was submitted before is not
     * prepared again, and {@code local} does not run. Blocks.
     *
     * @throws X as {@code local} throws
     * @throws IllegalStateException without {@link #checkBackAt}
     * @throws RejectedException if the coordinator refuses it, or if a message with this gid was
     *     given up before; {@code local} has not run then
     * @throws UnavailableException if it cannot be prepared; {@code local} has not run
     */
    public <X extends Exception> void commitWith(LocalTransaction<X> local) throws X {
        if (!isPrepared()) {
            return;
        }
        local.run(gid);
        try {
            submit();
        } catch (UnavailableException e) {
            LOG.log(System.Logger.Level.INFO, "message {0} is committed, and will be delivered"
                + " after the check-back: {1}", gid, e.getMessage());
        }
    }

    /**
     * The first half alone, before the local transaction. Blocks at most for the
     * {@link Pactor.Builder#timeout}.
     *
     * @throws IllegalStateException without {@link #checkBackAt}: nobody could be asked
     * @throws RejectedException if the coordinator refuses it, or has gone on with it already
     * @throws UnavailableException if nobody knows whether a coordinator has it
     */
    public void prepare() {
        Operation operation = pactor.operation(gid);
        Answer answer = prepared(operation);
        if (!answer.isDone()) {
            throw Refusal.of(gid, answer);
        }
    }

    /**
     * Has it delivered: after a {@link #prepare} and the commit, or at once. Returns when that is
     * on disk; a repeat returns, too. Blocks at most for the {@link Pactor.Builder#timeout}.
     *
     * @throws RejectedException if the coordinator refuses it, or has given it up
     * @throws UnavailableException if nobody knows whether a coordinator has it: submit it again
     */
    public void submit() {
        Operation operation = pactor.operation(gid);
        operation.await(submission().submit(operation));
    }

    /**
     * As {@link #submit}, then waits for the delivery as long as {@code time} allows.
     *
     * @param time for all of it; more than nothing, at most {@link Pactor#WAIT_MAX}
     */
    public Outcome submitAndWait(Duration time) {
        Operation operation = Pactor.operation(gid, time);
        return operation.await(submission().submitAndWait(operation));
    }

    /**
     * Gives up a prepared message. Only if it is certain that the local transaction has not
     * committed and never will; otherwise do nothing, and the check-back decides.
     *
     * @throws RejectedException if there is none, or it is being delivered
     */
    public void abort(String reason) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("gid", gid);
        body.put("trans_type", MODE);
        body.put("rollback_reason", reason);
        Operation operation = pactor.operation(gid);
        Answer answer = operation.await(pactor.transport()
            .send(Request.post(Transport.PATH + "abort", body), operation));
        if (!answer.isDone() && !answer.message().contains("current status 'failed'")) {
            throw Refusal.of(gid, answer);
        }
    }

    /** False if it was submitted before: then the local transaction has committed. */
    private boolean isPrepared() {
        Operation operation = pactor.operation(gid);
        Answer answer = prepared(operation);
        if (answer.isDone()) {
            return true;
        }
        if (!Refusal.isRepeat(answer)) {
            throw Refusal.of(gid, answer);
        }
        TransactionView view = operation.await(pactor.find(gid, operation))
            .orElseThrow(() -> Refusal.of(gid, answer));
        submission().work().check(view);
        if (!submission().work().isCarriedOut(view)) {
            throw Refusal.of(gid, answer);
        }
        return false;
    }

    private Answer prepared(Operation operation) {
        if (checkBack.isEmpty()) {
            throw new IllegalStateException("message " + gid + " has no checkBackAt(…): nobody"
                + " could be asked whether the local transaction committed");
        }
        return operation.await(
            pactor.transport().send(submission().request("prepare", false), operation));
    }

    private Submission submission() {
        if (submission == null) {
            if (steps.isEmpty()) {
                throw new IllegalStateException("message " + gid + " has no receiver");
            }
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("gid", gid);
            body.put("trans_type", MODE);
            if (!checkBack.isEmpty()) {
                body.put("query_prepared", checkBack);
            }
            handling.writeTo(body);
            submission = Submission.ofSteps(pactor, body, steps, handling.needs());
        }
        return submission;
    }

    private Message open() {
        if (submission != null) {
            throw new IllegalStateException("message " + gid + " has been sent");
        }
        return this;
    }
}

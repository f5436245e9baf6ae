package io.pactor.client;

import java.time.Duration;

/**
 * XA: the application has each participant do its work and prepare it in its own database. If all
 * do, all are committed; if one refuses, or the application throws, all are rolled back.
 *
 * <pre>{@code
 * Outcome outcome = pactor.xa("transfer-" + id).run(tx -> {
 *     tx.branch(Call.post(bankA + "/out", transfer));
 *     tx.branch(Call.post(bankB + "/in", transfer));
 * });
 * }</pre>
 *
 * <p>The application itself makes these calls; the coordinator commits or rolls back, until each
 * participant says that it is done. Each participant is an {@link XaParticipant}, or one of DTM's.
 * What is prepared holds its locks, so keep the time short: if the application dies in between, the
 * coordinator rolls back after {@link #timeoutToFail}. Declared and run by one thread, once.
 */
public final class Xa {

    static final String MODE = "xa";

    private final Demarcation demarcation;
    private final Handling handling;

    /**
     * What the application does between begin and end.
     *
     * @param <X> what it may throw
     */
    @FunctionalInterface
    public interface Body<X extends Exception> {

        void run(XaBranches tx) throws X;
    }

    Xa(Pactor pactor, String gid) {
        demarcation = new Demarcation(pactor, MODE, gid);
        handling = demarcation.handling();
    }

    /** The id by which it is known to the coordinator and to the participants. */
    public String gid() {
        return demarcation.gid();
    }

    /**
     * The age at which it is rolled back if it has not been submitted; else the coordinator's own.
     */
    public Xa timeoutToFail(Duration age) {
        handling.seconds("timeout_to_fail", "timeoutToFail", age);
        return this;
    }

    /** How long an action may take; by default as long as a request to the coordinator. */
    public Xa actionTimeout(Duration limit) {
        demarcation.branchTimeout(limit);
        return this;
    }

    /** How long the coordinator waits for each commit or rollback; else its own. Whole seconds. */
    public Xa requestTimeout(Duration limit) {
        handling.seconds("request_timeout", "requestTimeout", limit);
        return this;
    }

    /** The first wait between two attempts; else the coordinator's own. Whole seconds. */
    public Xa retryInterval(Duration wait) {
        handling.seconds("retry_interval", "retryInterval", wait);
        return this;
    }

    /**
     * Parks it for an operator when a commit or rollback has failed more often than this; else the
     * coordinator goes on for ever. What is prepared stays so meanwhile.
     */
    public Xa parkAfter(int failures) {
        handling.parkAfter(failures);
        return this;
    }

    /** A header of all calls to participants. */
    public Xa header(String name, String value) {
        handling.header(name, value);
        return this;
    }

    /** What it can be found by in the coordinator's list: at most 8, of 256 characters. */
    public Xa attribute(String name, String value) {
        handling.attribute(name, value);
        return this;
    }

    /** Text of the application's own, shown by {@code query}. */
    public Xa customData(String data) {
        handling.set("custom_data", data);
        return this;
    }

    /** As {@link #run(Duration, Body)}, waiting at most for the {@link Pactor.Builder#timeout}. */
    public <X extends Exception> Outcome run(Body<X> body) throws X {
        return run(demarcation.timeout(), body);
    }

    /**
     * Begins, runs {@code body}, and ends: commits if it returns, rolls back if it throws. Blocks.
     *
     * <p>With the gid of one that was submitted or rolled back before, the body is not run: this
     * returns how that one ended. One that a process left open when it died cannot go on: what it
     * has prepared gives no answer any more, so that it is rolled back.
     *
     * @param time how long to wait for the end, after the body
     * @return how it ended; {@link Outcome.RolledBack} if a participant refused its action
     * @throws X as the body throws, after the rollback was begun. If even that failed, the
     *     coordinator begins it after {@link #timeoutToFail}
     * @throws BranchUnknownException if an action brought no verdict; it is rolled back
     * @throws UnavailableException if no coordinator could be reached. After the body it means that
     *     nobody knows how it ends: run it again with the same gid, or {@link Pactor#query} it
     */
    public <X extends Exception> Outcome run(Duration time, Body<X> body) throws X {
        return demarcation.run(time, own -> body.run(new XaBranches(own)));
    }
}

package io.pactor.client;

import io.pactor.client.participant.BranchCall;
import java.time.Duration;
import java.util.Map;

/**
 * Try, confirm, cancel: the application has each participant reserve something. If all do, all are
 * confirmed; if one refuses, or the application throws, all are cancelled.
 *
 * <pre>{@code
 * Outcome outcome = pactor.tcc("trip-" + id).run(tx -> {
 *     Room room = tx.branch(Call.post(hotel + "/try", trip), Call.post(hotel + "/confirm", trip),
 *         Call.post(hotel + "/cancel", trip), Room.class);
 *     tx.branch(Call.post(air + "/try", trip), Call.post(air + "/confirm", trip),
 *         Call.post(air + "/cancel", trip));
 * });
 * }</pre>
 *
 * <p>The application itself makes the try calls; the coordinator confirms or cancels, until each
 * participant says that it is done. If the application dies in between, the coordinator cancels
 * after {@link #timeoutToFail}. Declared and run by one thread, once.
 */
public final class Tcc {

    static final String MODE = "tcc";

    private final Demarcation demarcation;
    private final Handling handling;

    /**
     * What the application does between begin and end.
     *
     * @param <X> what it may throw
     */
    @FunctionalInterface
    public interface Body<X extends Exception> {

        void run(TccBranches tx) throws X;
    }

    Tcc(Pactor pactor, String gid) {
        demarcation = new Demarcation(pactor, MODE, gid);
        handling = demarcation.handling();
    }

    /**
     * For a participant that needs others: more branches of the TCC whose try it serves, as DTM's
     * clients nest them. They are confirmed or cancelled with that transaction. If one of them does
     * not succeed, the participant's own try must not succeed either.
     *
     * @param served the try that the caller serves; the ids of the branches begin with its own
     * @throws IllegalArgumentException if it is not the try of a TCC
     */
    public static TccBranches branchesWithin(Pactor pactor, BranchCall served) {
        if (!served.mode().equals(MODE) || !served.op().equals("try")) {
            throw new IllegalArgumentException("no try of a tcc, so it has no branches: " + served);
        }
        return new TccBranches(new OwnBranches(pactor, served, Map.of(),
            pactor.transport().settings().requestTimeout()));
    }

    /** The id by which it is known to the coordinator and to the participants. */
    public String gid() {
        return demarcation.gid();
    }

    /**
     * The age at which it is rolled back if it has not been submitted; else the coordinator's own.
     */
    public Tcc timeoutToFail(Duration age) {
        handling.seconds("timeout_to_fail", "timeoutToFail", age);
        return this;
    }

    /** How long a try may take; by default as long as a request to the coordinator. */
    public Tcc tryTimeout(Duration limit) {
        demarcation.branchTimeout(limit);
        return this;
    }

    /** How long the coordinator waits for each confirm or cancel; else its own. Whole seconds. */
    public Tcc requestTimeout(Duration limit) {
        handling.seconds("request_timeout", "requestTimeout", limit);
        return this;
    }

    /** The first wait between two attempts; else the coordinator's own. Whole seconds. */
    public Tcc retryInterval(Duration wait) {
        handling.seconds("retry_interval", "retryInterval", wait);
        return this;
    }

    /**
     * Parks it for an operator when a confirm or cancel has failed more often than this; else the
     * coordinator goes on for ever.
     */
    public Tcc parkAfter(int failures) {
        handling.parkAfter(failures);
        return this;
    }

    /** A header of all calls to participants. */
    public Tcc header(String name, String value) {
        handling.header(name, value);
        return this;
    }

    /** What it can be found by in the coordinator's list: at most 8, of 256 characters. */
    public Tcc attribute(String name, String value) {
        handling.attribute(name, value);
        return this;
    }

    /** Text of the application's own, shown by {@code query}. */
    public Tcc customData(String data) {
        handling.set("custom_data", data);
        return this;
    }

    /** As {@link #run(Duration, Body)}, waiting at most for the {@link Pactor.Builder#timeout}. */
    public <X extends Exception> Outcome run(Body<X> body) throws X {
        return run(demarcation.timeout(), body);
    }

    /**
     * Begins, runs {@code body}, and ends: confirms if it returns, cancels if it throws. Blocks.
     *
     * <p>With the gid of one that was submitted or rolled back before, the body is not run: this
     * returns how that one ended. With the gid of one that was left open, by a process that died,
     * the body must have the same branches as before: those on record are confirmed, too.
     *
     * @param time how long to wait for the end, after the body
     * @return how it ended; {@link Outcome.RolledBack} if a participant refused its try
     * @throws X as the body throws, after the rollback was begun. If even that failed, the
     *     coordinator begins it after {@link #timeoutToFail}
     * @throws BranchUnknownException if a try brought no verdict; it is rolled back
     * @throws UnavailableException if no coordinator could be reached. After the body it means that
     *     nobody knows how it ends: run it again with the same gid, or {@link Pactor#query} it
     */
    public <X extends Exception> Outcome run(Duration time, Body<X> body) throws X {
        return demarcation.run(time, own -> body.run(new TccBranches(own)));
    }
}

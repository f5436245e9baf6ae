package io.pactor.test;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import prove.ProveMode;
import prove.ProveOptions;

/**
 * What {@link PactorTestKit#prove} needs to know of a participant. In urls and payloads
 * <code>{gid}</code> stands for the gid of the call. Not thread-safe.
 */
public final class Proof {

    private final ProveOptions.Builder options;
    private final Map<String, String> headers = new HashMap<>();

    private Proof(ProveOptions.Builder options) {
        this.options = options;
    }

    /**
     * Of a participant of a saga.
     *
     * @param action its url, called by POST with the {@link #payload}, or by GET without one
     * @param undo the url of its compensation
     */
    public static Proof ofSaga(String action, String undo) {
        return new Proof(ProveOptions.of(action, undo));
    }

    /**
     * Of a participant of a TCC.
     *
     * @param tried the url of its try
     */
    public static Proof ofTcc(String tried, String confirm, String cancel) {
        return new Proof(ProveOptions.of(tried, cancel).mode(ProveMode.TCC).confirm(confirm));
    }

    /** A url that shows what was done, by GET: a balance, a stock. Most checks need it. */
    public Proof state(String url) {
        options.state(url);
        return this;
    }

    /** Fields of the state that change by themselves. */
    public Proof ignoring(String... fields) {
        options.ignored(Set.of(fields));
        return this;
    }

    /** What the action is sent, as JSON. It must be possible twice at the same time. */
    public Proof payload(String json) {
        options.payload(json);
        return this;
    }

    /** What the undo is sent, and the confirm; the action's payload by default. */
    public Proof undoPayload(String json) {
        options.undoPayload(json);
        return this;
    }

    /** What the business refuses, such as more than there is. */
    public Proof refusedPayload(String json) {
        options.refusedPayload(json);
        return this;
    }

    /** On each call. */
    public Proof header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    /** How often what depends on timing is tried; 20 by default. */
    public Proof runs(int count) {
        options.runs(count);
        return this;
    }

    /** Time for everything; a minute by default. */
    public Proof within(Duration time) {
        options.within(time);
        return this;
    }

    /**
     * Ends the participant, with all that it has in memory, and starts it again at the same address
     * over the same data. With it, kills between commit and answer are checked.
     */
    public Proof restart(Runnable endAndStart) {
        options.restart(endAndStart);
        return this;
    }

    /** @throws IllegalArgumentException if something of it cannot be */
    ProveOptions options() {
        return options.headers(headers).build();
    }
}

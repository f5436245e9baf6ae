package transaction;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What an initiator asks for. Whether its mode can carry it out says {@link #checked}.
 *
 * @param gid id of the global transaction; 1 to {@link Limits#GID_CHARS} characters, none of them
 *     a control character
 * @param mode its mode
 * @param steps what to do, in order; empty for the modes whose branches join later
 * @param queryPrepared whom to ask when the initiator is silent; may be empty
 * @param protocol how branches are called
 * @param customData {@code custom_data} as sent, for showing it again
 * @param details what {@code customData} says
 * @param options how to handle it
 * @param context whose it is, and what it is found and traced by
 */
public record Submission(
        String gid,
        Mode mode,
        List<Step> steps,
        String queryPrepared,
        Protocol protocol,
        String customData,
        Details details,
        Options options,
        Context context) {

    /** Urls that start so name a topic; its subscribers are called instead. */
    public static final String TOPIC_SCHEME = "topic://";

    /**
     * One step as the client listed it.
     *
     * @param action url, or a topic
     * @param compensate url; empty if there is nothing to undo
     * @param payload body of both calls
     * @param subscribers the topic's urls when the transaction was opened; empty unless
     *     {@code action} names a topic
     * @param actionOptions how the action is called
     * @param compensateOptions how its compensation is called
     * @param undoPayload body of the compensation; the payload unless another was said
     */
    public record Step(String action, String compensate, Bytes payload, List<String> subscribers,
            CallOptions actionOptions, CallOptions compensateOptions, Bytes undoPayload) {

        public Step {
            subscribers = List.copyOf(subscribers);
        }

        /** Called as all others are. */
        public Step(String action, String compensate, Bytes payload, List<String> subscribers) {
            this(action, compensate, payload, subscribers, CallOptions.NONE, CallOptions.NONE,
                payload);
        }

        public Step(String action, String compensate, Bytes payload) {
            this(action, compensate, payload, List.of());
        }

        private Step withSubscribers(List<String> urls) {
            return new Step(action, compensate, payload, urls, actionOptions, compensateOptions,
                undoPayload);
        }

        public boolean isTopic() {
            return action.startsWith(TOPIC_SCHEME);
        }

        public String topic() {
            return action.substring(TOPIC_SCHEME.length());
        }

        /** Whom its calls go to. */
        private List<String> urls() {
            return isTopic() ? subscribers : List.of(action, compensate);
        }

        private void check(String what) {
            InvalidRequest.atMost("an action url", action, Limits.URL_CHARS);
            InvalidRequest.atMost("a compensate url", compensate, Limits.URL_CHARS);
            requireRoom("a payload", payload);
            requireRoom(what + "compensate_options.payload", undoPayload);
            actionOptions.check(what + "action_options");
            compensateOptions.check(what + "compensate_options");
            InvalidRequest.require(!compensate.isEmpty() || !saysHowToUndo(),
                what + "compensate_options is said, and there is no compensate");
        }

        private static void requireRoom(String what, Bytes payload) {
            InvalidRequest.require(payload.size() <= Limits.PAYLOAD_BYTES,
                what + " is larger than " + Limits.PAYLOAD_BYTES + " bytes: " + payload.size());
        }

        /** What goes into the params of JSON-RPC, or over gRPC, can stand there. */
        private void requireCarried(String what, Protocol protocol) {
            for (String url : isTopic() ? subscribers : List.of(action)) {
                Urls.requireParams(url, protocol, payload);
                actionOptions.requireCarried(what + "action_options", url, payload, protocol);
            }
            Urls.requireParams(compensate, protocol, undoPayload);
            compensateOptions.requireCarried(
                what + "compensate_options", compensate, undoPayload, protocol);
        }

        /** Whether anything is said of the compensation but where it is. */
        boolean saysHowToUndo() {
            return !compensateOptions.isNone() || !undoPayload.equals(payload);
        }

        private boolean sameAs(Step other) {
            return action.equals(other.action) && compensate.equals(other.compensate)
                && payload.equals(other.payload) && undoPayload.equals(other.undoPayload)
                && actionOptions.equals(other.actionOptions)
                && compensateOptions.equals(other.compensateOptions);
        }
    }

    public Submission {
        steps = List.copyOf(steps);
    }

    /** With nothing that comes along. */
    public Submission(String gid, Mode mode, List<Step> steps, String queryPrepared,
            Protocol protocol, String customData, Details details, Options options) {
        this(gid, mode, steps, queryPrepared, protocol, customData, details, options,
            Context.NONE);
    }

    /**
     * This, if it can be carried out. Asked of what clients send, and never of what is on record:
     * what was accepted once stays, though the rules for new ones may have become stricter.
     *
     * @throws InvalidRequest if the mode could not carry this out
     */
    public Submission checked() {
        TransactionId.check(gid);
        InvalidRequest.require(steps.size() <= Limits.STEPS,
            "more than " + Limits.STEPS + " steps: " + steps.size());
        for (int i = 0; i < steps.size(); i++) {
            steps.get(i).check("step " + (i + 1) + ": ");
        }
        InvalidRequest.atMost("custom_data", customData, Limits.CUSTOM_DATA_CHARS);
        Urls.requireCallable("query_prepared", queryPrepared, protocol);
        details.check();
        options.check();
        context.check();
        InvalidRequest.require(TransactionId.namespaceOf(gid).equals(context.namespace()),
            "the gid is of another namespace");
        mode.check(steps, details, protocol);
        requireLimits();
        requireCarried();
        return this;
    }

    /** A limit has a consequence, and a consequence has a limit. */
    private void requireLimits() {
        boolean forActions = steps.stream().anyMatch(step -> step.actionOptions.retryLimit() > 0);
        boolean forUndo = steps.stream().anyMatch(step -> step.compensateOptions.retryLimit() > 0);
        InvalidRequest.require(!options.parksWhenExhausted() || options.retryLimit() > 0
            || forActions || forUndo, "on_exhausted needs a retry_limit");
        InvalidRequest.require(options.parksWhenExhausted() || !forUndo,
            "compensate_options.retry_limit has no meaning without on_exhausted: a compensation is"
                + " tried until it succeeds");
        InvalidRequest.require(
            options.parksWhenExhausted() || !forActions || mode == Mode.SAGA,
            "action_options.retry_limit has no meaning without on_exhausted: a message is"
                + " delivered until it is taken");
    }

    /** What goes into the metadata of gRPC, or the params of JSON-RPC, can stand there. */
    private void requireCarried() {
        boolean byQuery = Urls.isGrpc(queryPrepared, protocol);
        if (details instanceof Details.Named named) {
            Urls.requireParams(queryPrepared, protocol, named.data());
            if (byQuery) {
                Headers.requireMetadata("the name of the workflow", named.name());
            }
        }
        for (int i = 0; i < steps.size(); i++) {
            steps.get(i).requireCarried("step " + (i + 1) + ": ", protocol);
        }
        if (byQuery || steps.stream().flatMap(step -> step.urls().stream())
                .anyMatch(url -> Urls.isGrpc(url, protocol))) {
            Urls.requireCarried(gid, options);
        }
    }

    /** Nothing but an id and a mode: how TCC and XA begin. */
    public static Submission bare(String gid, Mode mode) {
        return new Submission(gid, mode, List.of(), "", Protocol.HTTP, "", Details.PLAIN,
            Options.NONE);
    }

    /**
     * Whether this asks for nothing but the work of {@code stored}. What it leaves out (steps,
     * {@code custom_data}) it does not contradict; how it is handled (options, a delay) may differ.
     */
    public boolean sameWorkAs(Submission stored) {
        return mode == stored.mode
            && (steps.isEmpty() || sameStepsAs(stored))
            && (customData.isEmpty() || order().equals(stored.order()));
    }

    /** What {@code custom_data} says about the work itself: the order of its steps. */
    private Details order() {
        return details instanceof Details.Concurrent ? details : Details.PLAIN;
    }

    /** Whether both list the same steps; who subscribes to a topic meanwhile does not matter. */
    public boolean sameStepsAs(Submission other) {
        if (steps.size() != other.steps.size()) {
            return false;
        }
        for (int i = 0; i < steps.size(); i++) {
            if (!steps.get(i).sameAs(other.steps.get(i))) {
                return false;
            }
        }
        return true;
    }

    public boolean namesTopics() {
        return steps.stream().anyMatch(Step::isTopic);
    }

    /**
     * This with each topic's subscribers filled in.
     *
     * @throws InvalidRequest if {@code subscribersOf} gives none for a topic
     */
    public Submission withTopics(Function<String, List<String>> subscribersOf) {
        List<Step> resolved = new ArrayList<>(steps.size());
        for (Step step : steps) {
            if (step.isTopic()) {
                List<String> urls = subscribersOf.apply(step.topic());
                InvalidRequest.require(!urls.isEmpty(), "topic not found: " + step.topic());
                resolved.add(step.withSubscribers(urls));
            } else {
                resolved.add(step);
            }
        }
        return new Submission(gid, mode, resolved, queryPrepared, protocol, customData, details,
            options, context);
    }

    /** This as the later {@code submit} refines it: what it says overrules, the steps stay. */
    Submission refinedBy(Options later, String laterCustomData, Details laterDetails,
            Map<String, String> laterAttributes) {
        boolean said = !laterCustomData.isEmpty();
        return new Submission(gid, mode, steps, queryPrepared, protocol,
            said ? laterCustomData : customData, said ? laterDetails : details,
            options.overruledBy(later), context.overruledBy(laterAttributes));
    }

    /** The same in a namespace. */
    public Submission in(String namespace) {
        return new Submission(new TransactionId(namespace, gid).text(), mode, steps, queryPrepared,
            protocol, customData, details, options, context.in(namespace));
    }

    /** The gid as the client wrote it: {@link #gid} without the namespace. */
    public String ownGid() {
        return TransactionId.gidOf(gid);
    }

    /** @throws InvalidRequest if {@code gid}, as a client writes it, cannot name a transaction */
    public static void checkGid(String gid) {
        InvalidRequest.require(!gid.isEmpty(), "no gid specified");
        InvalidRequest.atMost("gid", gid, Limits.GID_CHARS);
        InvalidRequest.require(Chars.none(gid, Submission::isUnprintable),
            "gid has a character that cannot be printed");
    }

    static boolean isUnprintable(int c) {
        return Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE;
    }
}

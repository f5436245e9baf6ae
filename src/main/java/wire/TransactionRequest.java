package wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import transaction.Bytes;
import transaction.Command;
import transaction.Context;
import transaction.InvalidRequest;
import transaction.Limits;
import transaction.Mode;
import transaction.Options;
import transaction.Protocol;
import transaction.Status;
import transaction.Submission;
import transaction.Urls;

/**
 * What a client says of a transaction, in DTM's words, whichever way it came: the one shape behind
 * prepare, submit, abort and the others, of which each reads what it needs (protocol section 1.3).
 * What does not fit is an {@link InvalidRequest}, thrown by the method that needs it.
 *
 * @param gid not checked yet
 * @param transType the mode's name; may be empty where nothing needs it
 * @param steps what to do, in order
 * @param payloads one for each step; more are ignored
 * @param queryPrepared whom to ask when the initiator is silent
 * @param protocol the name of a protocol; empty for the default
 * @param customData JSON in a string, as each mode reads it
 * @param options what else was said; asked for only by what carries options
 * @param rollbackReason why it is aborted
 * @param attributes what it is to be found by
 * @param reqExtra how a workflow ended: {@code status}, {@code result}, {@code rollback_reason}
 */
public record TransactionRequest(
        String gid,
        String transType,
        List<NamedUrls> steps,
        List<Bytes> payloads,
        String queryPrepared,
        String protocol,
        String customData,
        Supplier<Options> options,
        String rollbackReason,
        Map<String, String> attributes,
        Map<String, String> reqExtra) {

    /** Entries of {@code req_extra} that somebody reads; the rest is skipped. */
    private static final KnownKeys EXTRA = KnownKeys.of("status", "result", "rollback_reason");

    /**
     * One step as it was written.
     *
     * @param action null if it was not said, which is a mistake: an empty one means that there is
     *     nothing to call
     * @param data its payload in an older form; empty in the usual one
     * @param onAction how the action is called
     * @param onUndo how the compensation is called
     */
    public record NamedUrls(String action, String compensate, String data, StepOptions onAction,
            StepOptions onUndo) {

        private static final KnownKeys KEYS = KnownKeys.of(
            "action", "compensate", "data", "action_options", "compensate_options");

        private static NamedUrls read(JsonIn in) {
            Map<String, String> said = new HashMap<>();
            Map<String, StepOptions> options = new HashMap<>();
            in.object("a step", KEYS, key -> {
                if (key.endsWith("_options")) {
                    options.put(key, StepOptions.read(in, key));
                } else {
                    in.optionalText("a step." + key).ifPresent(text -> said.put(key, text));
                }
            });
            return new NamedUrls(said.get("action"), said.getOrDefault("compensate", ""),
                said.getOrDefault("data", ""),
                options.getOrDefault("action_options", StepOptions.NONE),
                options.getOrDefault("compensate_options", StepOptions.NONE));
        }

        private Submission.Step with(Bytes payload) {
            return new Submission.Step(action, compensate, payload, List.of(), onAction.call(),
                onUndo.call(), onUndo.payload().orElse(payload));
        }
    }

    /** Checked: it can name a transaction. */
    public String checkedGid() {
        Submission.checkGid(gid);
        return gid;
    }

    /** What is to be carried out. */
    public Submission submission() {
        Mode mode = mode(transType);
        Protocol over = namedProtocol();
        InvalidRequest.require(!attributes.containsKey(Context.AGAIN_OF),
            "the attribute " + Context.AGAIN_OF + " is the server's to say");
        List<Submission.Step> pairs = pairs();
        for (Submission.Step step : pairs) {
            requireParams(step.action(), step.payload(), over);
            requireParams(step.compensate(), step.undoPayload(), over);
        }
        return new Submission(gid, mode, pairs, queryPrepared, over, customData,
            CustomData.of(mode, customData), options.get(), Context.of(attributes));
    }

    private static void requireParams(String url, Bytes payload, Protocol over) {
        if (Urls.isJsonRpc(url, over)) {
            RpcParams.require(payload);
        }
    }

    /** What submit means: a workflow is told its end, all others go forward. */
    public Command submit() {
        return mode(transType) == Mode.WORKFLOW ? finish() : new Command.Submit(submission());
    }

    public Command.Abort abort() {
        return new Command.Abort(gid, Mode.of(transType), rollbackReason);
    }

    public Command.PrepareWorkflow prepareWorkflow() {
        Submission asked = submission();
        if (asked.mode() != Mode.WORKFLOW) {
            throw new InvalidRequest("trans_type must be workflow, not " + transType);
        }
        return new Command.PrepareWorkflow(asked);
    }

    /** The mode that is called so. */
    public static Mode mode(String transType) {
        return Mode.of(transType).orElseThrow(() -> new InvalidRequest(transType.isEmpty()
            ? "no trans_type specified"
            : "unknow trans type: " + brief(transType))); // DTM's words.
    }

    /** Reads the steps. */
    public static List<NamedUrls> steps(JsonIn in, String key) {
        return in.array(key, Limits.STEPS, () -> NamedUrls.read(in));
    }

    /** Reads what a workflow says of its end. */
    public static Map<String, String> extra(JsonIn in, String key) {
        return in.texts(key, EXTRA);
    }

    /** The same from a map. */
    public static Map<String, String> extra(Map<String, String> said) {
        return EXTRA.pick("ReqExtra", said);
    }

    /** The steps in a text of their own; an empty one and null stand for none. */
    public static List<NamedUrls> steps(String json) {
        return json.isEmpty() ? List.of()
            : JsonIn.whole(json.getBytes(StandardCharsets.UTF_8), in -> steps(in, "steps"));
    }

    private Command.FinishWorkflow finish() {
        String status = reqExtra.getOrDefault("status", "");
        return new Command.FinishWorkflow(gid,
            Status.of(status).orElseThrow(() -> new InvalidRequest(
                "req_extra.status must be succeed or failed, not '" + brief(status) + "'")),
            reqExtra.getOrDefault("rollback_reason", ""), reqExtra.getOrDefault("result", ""));
    }

    /** Each step with its payload; the payloads inside the steps are DTM's older form. */
    private List<Submission.Step> pairs() {
        List<Bytes> bodies = new ArrayList<>(payloads);
        steps.stream().map(NamedUrls::data)
            .filter(data -> !data.isEmpty()).forEach(data -> bodies.add(Bytes.utf8(data)));
        if (bodies.size() < steps.size()) {
            throw new InvalidRequest("fewer payloads than steps: " + bodies.size() + " of "
                + steps.size());
        }
        List<Submission.Step> all = new ArrayList<>(steps.size());
        for (int i = 0; i < steps.size(); i++) {
            NamedUrls step = steps.get(i);
            if (step.action() == null) {
                throw new InvalidRequest("step " + (i + 1) + " has no action");
            }
            all.add(step.with(bodies.get(i)));
        }
        return all;
    }

    private Protocol namedProtocol() {
        return Protocol.of(protocol).orElseThrow(
            () -> new InvalidRequest("unknown protocol: " + brief(protocol)));
    }

    /** Enough of a client's words to recognise them. */
    private static String brief(String text) {
        return Limits.cut(text, 100);
    }
}

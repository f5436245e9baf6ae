package http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import transaction.Bytes;
import transaction.Command;
import transaction.InvalidRequest;
import transaction.Limits;
import transaction.Mode;
import transaction.Options;
import transaction.Protocol;
import transaction.Status;
import transaction.Submission;

/**
 * The body of prepare, submit, abort, forceStop, prepareWorkflow and resetNextCronTime: one shape,
 * of which each endpoint reads what it needs (protocol section 1.3).
 *
 * <p>Whatever does not fit is an {@link InvalidRequest}; unknown keys do not matter, of a key that
 * comes twice the last one counts, and null is as good as absent.
 */
final class WireTransaction {

    private String gid = "";
    private String transType = "";
    private List<Map<String, String>> steps = List.of();
    private List<String> payloads = List.of();
    private String queryPrepared = "";
    private String protocol = "";
    private String customData = "";
    private boolean waitResult;
    private int timeoutToFail;
    private int requestTimeout;
    private int retryInterval;
    private int retryLimit;
    private int retryCount;
    private Map<String, String> branchHeaders = Map.of();
    private boolean concurrent;
    private String rollbackReason = "";
    private Map<String, String> reqExtra = Map.of();

    private WireTransaction() {}

    static WireTransaction of(byte[] json) {
        return JsonIn.whole(json, in -> {
            WireTransaction read = new WireTransaction();
            in.object("the body", key -> read.take(key, in));
            return read;
        });
    }

    /** The id without the characters that DTM removes from it: LF, CR and semicolon. */
    static String stripped(String gid) {
        for (int i = 0; i < gid.length(); i++) {
            if (isStripped(gid.charAt(i))) {
                return gid.replace("\n", "").replace("\r", "").replace(";", "");
            }
        }
        return gid;
    }

    /** Checked: it can name a transaction. */
    String gid() {
        Submission.checkGid(gid);
        return gid;
    }

    Submission submission() {
        Mode mode = mode(transType);
        return new Submission(gid, mode, pairs(), queryPrepared, protocol(), customData,
            WireDetails.of(mode, customData), options());
    }

    /** What submit means: a workflow is told its end, all others go forward. */
    Command submit() {
        return mode(transType) == Mode.WORKFLOW ? finish() : new Command.Submit(submission());
    }

    Command.Abort abort() {
        return new Command.Abort(gid, Mode.of(transType), rollbackReason);
    }

    Command.PrepareWorkflow prepareWorkflow() {
        Submission asked = submission();
        if (asked.mode() != Mode.WORKFLOW) {
            throw new InvalidRequest("trans_type must be workflow, not " + transType);
        }
        return new Command.PrepareWorkflow(asked);
    }

    private Command.FinishWorkflow finish() {
        String status = reqExtra.getOrDefault("status", "");
        return new Command.FinishWorkflow(gid,
            Status.of(status).orElseThrow(() -> new InvalidRequest(
                "req_extra.status must be succeed or failed, not '" + brief(status) + "'")),
            reqExtra.getOrDefault("rollback_reason", ""), reqExtra.getOrDefault("result", ""));
    }

    /** The mode that is called so. */
    static Mode mode(String transType) {
        return Mode.of(transType).orElseThrow(() -> new InvalidRequest(transType.isEmpty()
            ? "no trans_type specified"
            : "unknow trans type: " + brief(transType))); // DTM's words.
    }

    private boolean take(String key, JsonIn in) {
        switch (key) {
            case "gid" -> gid = stripped(in.text(key));
            case "trans_type" -> transType = in.text(key);
            case "steps" -> steps = in.array(key, () -> in.texts("a step"));
            case "payloads" -> payloads = in.array(key, () -> in.text("a payload"));
            case "query_prepared" -> queryPrepared = in.text(key);
            case "protocol" -> protocol = in.text(key);
            case "custom_data" -> customData = in.text(key);
            case "wait_result" -> waitResult = in.flag(key);
            case "timeout_to_fail" -> timeoutToFail = in.integer(key);
            case "request_timeout" -> requestTimeout = in.integer(key);
            case "retry_interval" -> retryInterval = in.integer(key);
            case "retry_limit" -> retryLimit = in.integer(key);
            case "retry_count" -> retryCount = in.integer(key);
            case "branch_headers" -> branchHeaders = in.texts(key);
            case "concurrent" -> concurrent = in.flag(key);
            case "rollback_reason" -> rollbackReason = in.text(key);
            case "req_extra" -> reqExtra = in.texts(key);
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Each step with its payload; the payloads inside the steps are DTM's older form. */
    private List<Submission.Step> pairs() {
        List<String> bodies = new ArrayList<>(payloads);
        steps.stream().map(step -> step.getOrDefault("data", ""))
            .filter(data -> !data.isEmpty()).forEach(bodies::add);
        if (bodies.size() < steps.size()) {
            throw new InvalidRequest("fewer payloads than steps: " + bodies.size() + " of "
                + steps.size());
        }
        List<Submission.Step> all = new ArrayList<>(steps.size());
        for (int i = 0; i < steps.size(); i++) {
            Map<String, String> step = steps.get(i);
            all.add(new Submission.Step(step.getOrDefault("action", ""),
                step.getOrDefault("compensate", ""), Bytes.utf8(bodies.get(i))));
        }
        return all;
    }

    private Protocol protocol() {
        return Protocol.of(protocol).orElseThrow(
            () -> new InvalidRequest("unknown protocol: " + brief(protocol)));
    }

    private Options options() {
        return new Options(waitResult, timeoutToFail, requestTimeout, retryInterval, retryLimit,
            retryCount, branchHeaders, concurrent);
    }

    private static boolean isStripped(char c) {
        return c == '\n' || c == '\r' || c == ';';
    }

    /** Enough of a client's words to recognise them. */
    private static String brief(String text) {
        return Limits.cut(text, 100);
    }
}

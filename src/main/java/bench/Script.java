package bench;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The requests that make one transaction of a workload over HTTP, in order. */
final class Script {

    /** Small, like the orders of most: what is measured is the coordinator, not the copying. */
    static final String PAYLOAD = "{\"account\":\"a-4711\",\"amount\":30}";

    /**
     * One request and the HTTP status it must be answered with.
     *
     * @param name the endpoint, for error kinds
     * @param toParticipant whether it goes to the tool's participant (a try) or the coordinator
     */
    record Request(String name, boolean toParticipant, RequestTemplate template, int expects) {}

    private final BenchPlan plan;
    private final String participants;
    private final String gid;
    private final List<Request> requests = new ArrayList<>();

    private Script(BenchPlan plan, String participants, String gid) {
        this.plan = plan;
        this.participants = participants;
        this.gid = gid;
    }

    /**
     * @param participants base url of the participants, no slash at the end
     * @param gid any gid of the run
     */
    static List<Request> of(BenchPlan plan, String participants, String gid) {
        Script script = new Script(plan, participants, gid);
        switch (plan.workload()) {
            case SAGA_EMPTY -> script.saga(step("", ""), step("", ""));
            case SAGA -> script.saga(
                    script.step(CallKind.ACTION_1, CallKind.COMPENSATE_1),
                    script.step(CallKind.ACTION_2, CallKind.COMPENSATE_2));
            case SAGA_ROLLBACK -> script.saga(
                    script.step(CallKind.ACTION_1, CallKind.COMPENSATE_1),
                    script.step(CallKind.REFUSE_2, CallKind.COMPENSATE_2));
            case TCC -> script.tcc();
            case MSG -> script.msg();
        }
        return List.copyOf(script.requests);
    }

    /** The question for a transaction's state. */
    static RequestTemplate query(BenchPlan plan, String gid) {
        return RequestTemplate.get(URI.create(plan.coordinator() + "/query?gid=" + gid), gid,
                plan.shown());
    }

    private void saga(String first, String second) {
        submit(",\"steps\":[" + first + "," + second + "]," + payloads());
    }

    private void tcc() {
        post("prepare", transaction(""));
        register("01", CallKind.CONFIRM_1, CallKind.CANCEL_1);
        attempt("01", CallKind.TRY_1);
        register("02", CallKind.CONFIRM_2, CallKind.CANCEL_2);
        attempt("02", CallKind.TRY_2);
        submit("");
    }

    private void msg() {
        String steps = ",\"steps\":[{\"action\":\"" + url(CallKind.ACTION_1) + "\"},{\"action\":\""
                + url(CallKind.ACTION_2) + "\"}]," + payloads()
                + ",\"query_prepared\":\"" + url(CallKind.CHECK) + "\"";
        post("prepare", transaction(steps));
        submit(steps);
    }

    private void submit(String fields) {
        int expects = plan.waitResult() ? plan.workload().waitedHttpStatus() : 200;
        add("submit", transaction(fields), expects);
    }

    private void register(String branch, CallKind confirm, CallKind cancel) {
        post("registerBranch", "{" + identity() + ",\"branch_id\":\"" + branch + "\",\"data\":\""
                + escaped(PAYLOAD) + "\",\"confirm\":\"" + url(confirm)
                + "\",\"cancel\":\"" + url(cancel) + "\"}");
    }

    private void attempt(String branch, CallKind act) {
        URI url = URI.create(url(act) + "?branch_id=" + branch + "&gid=" + gid
                + "&op=try&trans_type=tcc&dtm=" + plan.coordinator());
        requests.add(new Request(
                "try", true, RequestTemplate.post(url, PAYLOAD, gid, Map.of()), 200));
    }

    private void post(String endpoint, String body) {
        add(endpoint, body, 200);
    }

    private void add(String endpoint, String body, int expects) {
        URI url = URI.create(plan.coordinator() + "/" + endpoint);
        RequestTemplate template = RequestTemplate.post(url, body, gid, plan.shown());
        requests.add(new Request(endpoint, false, template, expects));
    }

    private String transaction(String fields) {
        return "{" + identity() + ",\"wait_result\":" + plan.waitResult() + fields + "}";
    }

    private String identity() {
        return "\"gid\":\"" + gid + "\",\"trans_type\":\"" + plan.workload().mode() + "\"";
    }

    private static String payloads() {
        String payload = "\"" + escaped(PAYLOAD) + "\"";
        return "\"payloads\":[" + payload + "," + payload + "]";
    }

    private String step(CallKind action, CallKind compensate) {
        return step(url(action), url(compensate));
    }

    static String step(String action, String compensate) {
        return "{\"action\":\"" + action + "\",\"compensate\":\"" + compensate + "\"}";
    }

    private String url(CallKind act) {
        return participants + act.path();
    }

    private static String escaped(String json) {
        return json.replace("\"", "\\\"");
    }
}

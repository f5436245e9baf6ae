package io.pactor.client;

import io.pactor.client.participant.BranchCall;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The branches of a TCC transaction while its body runs. For the body's own thread.
 *
 * <p>Each branch is known to the coordinator before its try is called, so that nothing is reserved
 * that nobody would cancel. A branch that did not succeed dooms the transaction, even if the body
 * catches the exception: its confirm must never be called.
 */
public final class TccBranches {

    /** Two digits, as all clients have it. */
    static final int BRANCHES_MAX = 99;

    private static final String MODE = "tcc";

    private final Pactor pactor;
    private final String gid;
    private final Map<String, String> headers;
    private final Duration tryTimeout;
    private final String parent;
    private int count;
    private RuntimeException doom;
    private boolean isEnded;

    /** @param parent the branch in which they are; empty for those of the transaction itself */
    TccBranches(Pactor pactor, String gid, String parent, Map<String, String> headers,
            Duration tryTimeout) {
        this.pactor = pactor;
        this.gid = gid;
        this.parent = parent;
        this.headers = headers;
        this.tryTimeout = tryTimeout;
    }

    /** The id of the transaction. */
    public String gid() {
        return gid;
    }

    /**
     * Calls a try, and has the coordinator call {@code confirm} or {@code cancel} at the end.
     *
     * <p>The coordinator sends one body to both of them: theirs if they have one, else that of the
     * try. They are POSTs with a body and GETs without, and have no headers, time or limit of their
     * own.
     *
     * @return the try's answer as it is, empty if it has no body
     * @throws BranchRefusedException if the participant answers 409, or if the transaction has been
     *     rolled back meanwhile, after its time
     * @throws BranchUnknownException if it answers anything else than 200 and 409, or nothing
     * @throws UnavailableException if the branch cannot be made known to the coordinator
     */
    public String branch(Call tryCall, Call confirm, Call cancel) {
        if (isEnded) {
            throw new IllegalStateException("tcc " + gid + " has ended");
        }
        if (count == BRANCHES_MAX) {
            throw new IllegalStateException("a tcc has at most " + BRANCHES_MAX + " branches");
        }
        if (doom != null) {
            throw doom;
        }
        String data = data(tryCall, confirm, cancel);
        String branchId = parent + String.format("%02d", ++count);
        try {
            register(branchId, data, confirm, cancel);
            return attempt(branchId, tryCall);
        } catch (RuntimeException e) {
            doom = e;
            throw e;
        }
    }

    /** As {@link #branch(Call, Call, Call)}, with the calls that the lambdas make. */
    public String branch(Recorded tryCall, Recorded confirm, Recorded cancel) {
        return branch(CallRecorder.callOf(tryCall), CallRecorder.callOf(confirm),
            CallRecorder.callOf(cancel));
    }

    /** As {@link #branch(Call, Call, Call)}, with the answer read by the {@link PayloadCodec}. */
    public <T> T branch(Call tryCall, Call confirm, Call cancel, Class<T> reply) {
        return pactor.codec().decode(branch(tryCall, confirm, cancel), reply);
    }

    /** As {@link #branch(Recorded, Recorded, Recorded)}, with the answer read by the codec. */
    public <T> T branch(Recorded tryCall, Recorded confirm, Recorded cancel, Class<T> reply) {
        return pactor.codec().decode(branch(tryCall, confirm, cancel), reply);
    }

    /** The body has returned; what went wrong before was swallowed, but counts. */
    void end() {
        isEnded = true;
        if (doom != null) {
            throw doom;
        }
    }

    private String data(Call tryCall, Call confirm, Call cancel) {
        PayloadCodec codec = pactor.codec();
        String ofConfirm = confirm.payload(codec);
        String ofCancel = cancel.payload(codec);
        if (confirm.body() != null && cancel.body() != null && !ofConfirm.equals(ofCancel)) {
            throw new IllegalArgumentException("the coordinator sends one body to " + confirm
                + " and " + cancel + ", but they have different ones");
        }
        String data = confirm.body() != null ? ofConfirm
            : cancel.body() != null ? ofCancel : tryCall.payload(codec);
        checkPlain(confirm, data);
        checkPlain(cancel, data);
        return data;
    }

    /** What registering a branch cannot say would be lost without a word. */
    private static void checkPlain(Call call, String data) {
        String method = data.isEmpty() ? "GET" : "POST";
        if (!call.method().equals(method)) {
            throw new IllegalArgumentException("the coordinator would make this call by " + method
                + ", " + (data.isEmpty() ? "for it has no body" : "for it has a body") + ": "
                + call);
        }
        if (!call.headers().isEmpty() || !call.timeout().isZero() || call.retryLimit() != 0) {
            throw new IllegalArgumentException("a confirm or cancel cannot have headers, a timeout"
                + " or a retry limit of its own; give the transaction's: " + call);
        }
    }

    private void register(String branchId, String data, Call confirm, Call cancel) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("gid", gid);
        body.put("trans_type", MODE);
        body.put("branch_id", branchId);
        body.put("data", data);
        body.put("confirm", confirm.url());
        body.put("cancel", cancel.url());
        Operation operation = pactor.operation(gid);
        Answer answer = operation.await(pactor.transport()
            .send(Request.post(Transport.PATH + "registerBranch", body), operation));
        if (answer.status() == 409 && !Refusal.isFinal(answer)) {
            throw new BranchRefusedException(branchId,
                "the transaction takes no more branches: " + answer.message());
        }
        if (!answer.isDone()) {
            throw Refusal.of(gid, answer);
        }
    }

    private String attempt(String branchId, Call call) {
        Call sent = call;
        for (Map.Entry<String, String> each : headers.entrySet()) {
            sent = call.header(each.getKey()) == null
                ? sent.withHeader(each.getKey(), each.getValue()) : sent;
        }
        return read(branchId, call, OwnCall.send(pactor,
            new BranchCall(gid, MODE, branchId, "try"), sent, tryTimeout));
    }

    private static String read(String branchId, Call call, Answer answer) {
        String said = Fields.text(answer.json(), "dtm_result");
        boolean isDone = answer.status() == 200;
        if (answer.status() == 409 || isDone && said.equals("FAILURE")) {
            throw new BranchRefusedException(branchId,
                Reason.of("url:" + call.url() + " return failed: " + answer.text()));
        }
        if (!isDone || said.equals("ONGOING")) {
            throw new BranchUnknownException(branchId, "no verdict from " + call + ": "
                + answer.status() + " " + answer.message(), null);
        }
        return answer.text();
    }
}

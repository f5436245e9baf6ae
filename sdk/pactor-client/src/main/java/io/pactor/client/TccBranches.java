package io.pactor.client;

import java.util.Map;

/**
 * The branches of a TCC transaction while its body runs. For the body's own thread.
 *
 * <p>Each branch is known to the coordinator before its try is called, so that nothing is reserved
 * that nobody would cancel. A branch that did not succeed dooms the transaction, even if the body
 * catches the exception: its confirm must never be called.
 */
public final class TccBranches {

    private final OwnBranches own;

    TccBranches(OwnBranches own) {
        this.own = own;
    }

    /** The id of the transaction. */
    public String gid() {
        return own.gid();
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
        own.checkOpen();
        String data = data(tryCall, confirm, cancel);
        return own.call(tryCall, "try", branchId -> register(branchId, data, confirm, cancel));
    }

    /** As {@link #branch(Call, Call, Call)}, with the calls that the lambdas make. */
    public String branch(Recorded tryCall, Recorded confirm, Recorded cancel) {
        return branch(CallRecorder.callOf(tryCall), CallRecorder.callOf(confirm),
            CallRecorder.callOf(cancel));
    }

    /** As {@link #branch(Call, Call, Call)}, with the answer read by the {@link PayloadCodec}. */
    public <T> T branch(Call tryCall, Call confirm, Call cancel, Class<T> reply) {
        return own.pactor().codec().decode(branch(tryCall, confirm, cancel), reply);
    }

    /** As {@link #branch(Recorded, Recorded, Recorded)}, with the answer read by the codec. */
    public <T> T branch(Recorded tryCall, Recorded confirm, Recorded cancel, Class<T> reply) {
        return own.pactor().codec().decode(branch(tryCall, confirm, cancel), reply);
    }

    private String data(Call tryCall, Call confirm, Call cancel) {
        PayloadCodec codec = own.pactor().codec();
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
        Registration.send(own.pactor(), Tcc.MODE, own.gid(), branchId,
            Map.of("data", data, "confirm", confirm.url(), "cancel", cancel.url()))
            .ifPresent(refusal -> {
                throw new BranchRefusedException(branchId, refusal);
            });
    }
}

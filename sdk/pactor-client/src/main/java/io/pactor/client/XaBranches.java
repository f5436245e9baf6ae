package io.pactor.client;

/**
 * The branches of an XA transaction while its body runs. For the body's own thread.
 *
 * <p>A participant makes its branch known to the coordinator itself, before it prepares it. A
 * branch that did not succeed dooms the transaction, even if the body catches the exception.
 */
public final class XaBranches {

    private final OwnBranches own;

    XaBranches(OwnBranches own) {
        this.own = own;
    }

    /** The id of the transaction. */
    public String gid() {
        return own.gid();
    }

    /**
     * Has a participant do its work and prepare it. The coordinator later calls the participant at
     * the url that this one registers, which for most is the same.
     *
     * @return the answer as it is, empty if it has no body
     * @throws BranchRefusedException if the participant answers 409, as it does also if the
     *     transaction has been rolled back meanwhile, after its time
     * @throws BranchUnknownException if it answers anything else than 200 and 409, or nothing
     */
    public String branch(Call action) {
        own.checkOpen();
        return own.call(action, "action", branchId -> { });
    }

    /** As {@link #branch(Call)}, with the call that the lambda makes. */
    public String branch(Recorded action) {
        return branch(CallRecorder.callOf(action));
    }

    /** As {@link #branch(Call)}, with the answer read by the {@link PayloadCodec}. */
    public <T> T branch(Call action, Class<T> reply) {
        return own.pactor().codec().decode(branch(action), reply);
    }

    /** As {@link #branch(Recorded)}, with the answer read by the codec. */
    public <T> T branch(Recorded action, Class<T> reply) {
        return own.pactor().codec().decode(branch(action), reply);
    }
}

package transaction;

import java.util.Map;

/**
 * A branch that joins a prepared transaction ({@code registerBranch}).
 *
 * @param gid the transaction
 * @param mode its mode, as the client believes
 * @param branchId 1 to {@link Limits#BRANCH_ID_CHARS} characters, opaque
 * @param fields what the mode needs: {@code confirm} and {@code cancel} (TCC), {@code url} (XA),
 *     {@code op} and {@code status} (workflow); others are ignored. One that was not said is absent
 * @param data payload of the branch, or the result of a workflow's step
 */
public record BranchRegistration(
        String gid, Mode mode, String branchId, Map<String, String> fields, Bytes data) {

    public BranchRegistration {
        fields = Map.copyOf(fields);
    }

    /** @throws InvalidRequest if no mode could take this in: see {@link Command#check} */
    void check() {
        TransactionId.check(gid);
        InvalidRequest.require(!branchId.isEmpty(), "no branch_id specified");
        InvalidRequest.atMost("branch_id", branchId, Limits.BRANCH_ID_CHARS);
        InvalidRequest.require(data.size() <= Limits.PAYLOAD_BYTES,
            "data is larger than " + Limits.PAYLOAD_BYTES + " bytes: " + data.size());
    }

    /** @throws InvalidRequest if {@code t} has no room for so many operations or for the data */
    void requireRoom(GlobalTransaction t, int ops) {
        InvalidRequest.require(t.ops().size() + ops <= Limits.OPS,
            "more than " + Limits.BRANCHES + " branches in " + t.ownGid());
        InvalidRequest.require(t.payloadBytes() + data.size() <= Limits.TRANSACTION_BYTES,
            "the payloads of " + t.ownGid() + " are more than " + Limits.TRANSACTION_BYTES
                + " bytes together");
    }

    /** The field, or empty text. */
    public String field(String name) {
        return fields.getOrDefault(name, "");
    }

    /** A url that must be said, be it empty, which means that nobody is called. */
    String saidUrl(String name) {
        InvalidRequest.require(fields.containsKey(name), "the branch has no " + name);
        return url(name);
    }

    /** A url among the fields; whether it can be called depends on the transaction's protocol. */
    String url(String name) {
        String url = field(name);
        InvalidRequest.atMost(name, url, Limits.URL_CHARS);
        return url;
    }
}

package http;

import java.util.HashMap;
import java.util.Map;
import transaction.BranchRegistration;
import transaction.Bytes;
import transaction.InvalidRequest;
import wire.JsonIn;
import wire.KnownKeys;
import wire.TransactionRequest;

/** The body of registerBranch: strings by name, of which each mode reads its own (section 1.7). */
final class WireBranch {

    private static final KnownKeys KEYS = KnownKeys.of("gid", "trans_type", "branch_id", "data",
        "confirm", "cancel", "url", "op", "status");

    private String gid = "";
    private String transType = "";
    private String branchId = "";
    private String data = "";
    private final Map<String, String> fields = new HashMap<>();

    private WireBranch() {}

    /** @throws InvalidRequest if no branch could be made of it */
    static BranchRegistration of(byte[] json) {
        WireBranch read = JsonIn.whole(json, in -> {
            WireBranch branch = new WireBranch();
            in.object("the body", KEYS, key -> branch.take(key, in));
            return branch;
        });
        return new BranchRegistration(read.gid, TransactionRequest.mode(read.transType),
            read.branchId, read.fields, Bytes.utf8(read.data));
    }

    private void take(String key, JsonIn in) {
        switch (key) {
            case "gid" -> gid = WireTransaction.stripped(in.text(key));
            case "trans_type" -> transType = in.text(key);
            case "branch_id" -> branchId = in.text(key);
            case "data" -> data = in.text(key);
            case "confirm", "cancel", "url", "op", "status" ->
                in.optionalText(key).ifPresent(text -> fields.put(key, text));
            default -> throw new IllegalStateException(key);
        }
    }
}

package http;

import transaction.CallKey;
import transaction.InvalidRequest;
import transaction.Limits;
import transaction.Op;
import wire.JsonIn;
import wire.KnownKeys;

/**
 * The body of complete: how an operation went that its participant does not want to be asked for.
 *
 * @param succeeded whether it is done; if not, it is refused
 */
record WireCompletion(String gid, CallKey key, boolean succeeded, String reason) {

    private static final KnownKeys KEYS =
        KnownKeys.of("gid", "branch_id", "op", "result", "reason");

    /** @throws InvalidRequest if no completion could be made of it */
    static WireCompletion of(byte[] json) {
        Reading read = JsonIn.whole(json, in -> {
            Reading reading = new Reading();
            in.object("the body", KEYS, key -> reading.take(key, in));
            return reading;
        });
        Op op = Op.of(read.op).orElseThrow(
            () -> new InvalidRequest("unknown op: " + Limits.cut(read.op, 100)));
        InvalidRequest.require(read.result.equals("SUCCESS") || read.result.equals("FAILURE"),
            "unknown result: " + Limits.cut(read.result, 100));
        return new WireCompletion(read.gid, new CallKey(read.branchId, op),
            read.result.equals("SUCCESS"), read.reason);
    }

    private static final class Reading {

        private String gid = "";
        private String branchId = "";
        private String op = "";
        private String result = "";
        private String reason = "";

        void take(String key, JsonIn in) {
            switch (key) {
                case "gid" -> gid = WireTransaction.stripped(in.text(key));
                case "branch_id" -> branchId = in.text(key);
                case "op" -> op = in.text(key);
                case "result" -> result = in.text(key);
                case "reason" -> reason = in.text(key);
                default -> throw new IllegalStateException(key);
            }
        }
    }
}

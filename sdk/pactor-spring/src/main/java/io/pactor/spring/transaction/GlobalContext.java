package io.pactor.spring.transaction;

import io.pactor.client.participant.BranchCall;
import io.pactor.spring.participant.BranchContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * For which global transaction the current thread works: that of the {@link GlobalTransaction} that
 * it is in, or of the branch call that it serves. Calls to other services carry it in their
 * {@link #headers}, for logs and traces.
 *
 * <p>The headers say who calls. They are not the query parameters by which a coordinator says which
 * branch is meant, and no barrier reads them. Threads that this one starts have no context.
 *
 * @param gid      the transaction
 * @param mode     the wire's {@code trans_type}, such as {@code saga}
 * @param branchId the branch; empty in what begins the transaction
 * @param op       its operation, such as {@code action}; empty in what begins the transaction
 */
public record GlobalContext(String gid, String mode, String branchId, String op) {

    /** The gid. In it, and in the others, what is no letter, digit, or one of .-*_ is encoded. */
    public static final String GID_HEADER = "Pactor-Gid";

    /** The mode. */
    public static final String MODE_HEADER = "Pactor-Trans-Type";

    /** The branch, if there is one. */
    public static final String BRANCH_ID_HEADER = "Pactor-Branch-Id";

    /** Its operation, if there is one. */
    public static final String OP_HEADER = "Pactor-Op";

    /** That of the current thread; empty if it works for none. */
    public static Optional<GlobalContext> current() {
        return OpenTransaction.current().map(OpenTransaction::context).or(
            () -> BranchContext.current().map(GlobalContext::of));
    }

    /** Its headers, by name; the values are encoded as in a query of UTF-8. */
    public Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        put(headers, GID_HEADER, gid);
        put(headers, MODE_HEADER, mode);
        put(headers, BRANCH_ID_HEADER, branchId);
        put(headers, OP_HEADER, op);
        return headers;
    }

    private static void put(Map<String, String> headers, String name, String value) {
        if (!value.isEmpty()) {
            headers.put(name,
                URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20"));
        }
    }

    private static GlobalContext of(BranchCall call) {
        return new GlobalContext(call.gid(), call.mode(), call.branchId(), call.op());
    }
}

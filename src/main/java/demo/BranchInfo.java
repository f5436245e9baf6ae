package demo;

import java.util.Map;

/**
 * Which operation of which branch a call is about: the four query parameters that the coordinator
 * sends with every call, and an initiator with its own.
 *
 * @param mode the mode of the transaction ({@code trans_type}), such as {@code saga}
 * @param gid the global transaction
 * @param id the branch; opaque, unique within the transaction
 * @param op what is to be done, such as {@code action} or {@code compensate}
 */
record BranchInfo(String mode, String gid, String id, String op) {

    /** @throws IllegalArgumentException if one of the four is missing or empty */
    static BranchInfo of(Map<String, String> query) {
        return new BranchInfo(required(query, "trans_type"), required(query, "gid"),
                required(query, "branch_id"), required(query, "op"));
    }

    /** The same branch, another operation. */
    BranchInfo withOp(String other) {
        return new BranchInfo(mode, gid, id, other);
    }

    private static String required(Map<String, String> query, String name) {
        String value = query.getOrDefault(name, "");
        if (value.isEmpty()) {
            throw new IllegalArgumentException("query parameter " + name + " is missing");
        }
        return value;
    }
}

package transaction;

/** Names one operation within its transaction: a branch and what is done to it. */
public record CallKey(String branchId, Op op) {}

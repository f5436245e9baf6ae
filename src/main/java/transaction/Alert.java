package transaction;

/**
 * A branch that keeps failing, for the operator's ears (protocol section 5.7).
 *
 * @param gid the transaction
 * @param status where it stands, as clients read it
 * @param branchUrl whom the call went to
 * @param error what it brought back
 * @param retryCount calls without a verdict so far
 */
public record Alert(String gid, String status, String branchUrl, String error, int retryCount) {}

package transaction;

/**
 * A transaction that keeps being asked for without success: somebody should look at it.
 *
 * @param gid the transaction
 * @param status where it stands, as the wire spells it ({@code submitted}, {@code aborting}, ...)
 * @param branchUrl the participant that does not answer, as the initiator named it
 * @param error what the last call brought back
 * @param retryCount how many times the wait has been doubled so far
 */
public record Alert(String gid, String status, String branchUrl, String error, int retryCount) {}

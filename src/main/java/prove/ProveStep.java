package prove;

/**
 * One thing that a check did.
 *
 * @param did in words
 * @param saw what came of it
 * @param curl the command that does it again; {@code $G} stands for the beginning of its gid
 * @param isTogether whether it was sent at the same time as the step after it
 */
public record ProveStep(String did, String saw, String curl, boolean isTogether) {}

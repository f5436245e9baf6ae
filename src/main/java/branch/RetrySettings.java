package branch;

/**
 * How many repeated calls one host gets. See {@link #defaults()} for the reason of each number.
 *
 * @param sharePercent repeats for each hundred calls that the host answers; 0 to 100
 * @param perSecond repeats in a second that it gets in any case; at least 1
 * @param burst repeats that may come at once though the host answers nothing; at least 1
 * @param burstMax the same for a host that answers everything; at least {@code burst}
 */
public record RetrySettings(int sharePercent, int perSecond, int burst, int burstMax) {

    /** No repeat is ever put off: a million at once, and as many in each second. */
    public static final RetrySettings UNLIMITED =
            new RetrySettings(100, 1_000_000, 1_000_000, 1_000_000);

    public RetrySettings {
        CallSettings.atLeast(0, "sharePercent", sharePercent);
        CallSettings.atLeast(1, "perSecond", perSecond);
        CallSettings.atLeast(1, "burst", burst);
        CallSettings.atLeast(burst, "burstMax", burstMax);
    }

    /**
     * The defaults.
     *
     * <ul>
     *   <li>sharePercent 10: what retries add to the load of a host that fails in part.
     *   <li>perSecond 1: enough to see at once that a host is back, no load for one that is not.
     *   <li>burst 20: two sagas with a retry limit go through all their {@link
     *       transaction.Limits#TRIES_AT_ONCE tries at once}.
     *   <li>burstMax 1,000: about what may wait and be under way for one host.
     * </ul>
     */
    public static RetrySettings defaults() {
        return new RetrySettings(10, 1, 20, 1_000);
    }
}

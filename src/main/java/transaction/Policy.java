package transaction;

import java.time.Duration;

/**
 * The server's part in the rules: what holds where the initiator said nothing. All positive, but
 * for the jitter.
 *
 * @param retryInterval first wait between two tries ({@code RetryInterval}, 10 s in DTM)
 * @param retryIntervalMax where the doubling of waits ends; DTM knows no end
 * @param retryJitter the part of a doubled wait that is left to chance, in percent, 0 to 100
 * @param timeoutToFail age at which a prepared transaction is given up or asked about
 *     ({@code TimeoutToFail}, 35 s in DTM)
 * @param requestTimeout time of a branch call ({@code RequestTimeout}, 3 s in DTM)
 * @param holdInMemory a wait up to this long is not worth a write if nothing was learned
 * @param alertAttempts from this many tries without a verdict on, each raises an alert
 *     ({@code AlertRetryLimit})
 */
public record Policy(
        Duration retryInterval,
        Duration retryIntervalMax,
        int retryJitter,
        Duration timeoutToFail,
        Duration requestTimeout,
        Duration holdInMemory,
        int alertAttempts) {

    /** DTM's defaults, with the waits capped at a minute; nothing is left to chance. */
    public static final Policy DEFAULT = new Policy(
        Duration.ofSeconds(10), Duration.ofSeconds(60), 0,
        Duration.ofSeconds(35), Duration.ofSeconds(3), Duration.ofSeconds(15), 3);

    /** The same with another part of each doubled wait left to chance. */
    public Policy withRetryJitter(int percent) {
        return new Policy(retryInterval, retryIntervalMax, percent, timeoutToFail, requestTimeout,
            holdInMemory, alertAttempts);
    }
}

package branch;

import java.time.Duration;

/**
 * How gRPC participants are called, beyond what {@link CallSettings} says for all.
 *
 * @param maxTargets targets with a channel at one time, each at least a file descriptor; at least 1
 * @param maxConcurrentPerTarget calls under way to one target; at least 1
 * @param idleTimeout how long an unused channel is kept; positive
 * @param keepAlive after this long without a word from the other side a call that waits has it
 *     asked whether it is there; zero for never, and whatever is less than 10 s counts as that
 * @param coordinatorAddress what participants are told as the address of the coordinator ({@code
 *     dtm-dtm}); may be empty
 */
public record GrpcSettings(
        int maxTargets,
        int maxConcurrentPerTarget,
        Duration idleTimeout,
        Duration keepAlive,
        String coordinatorAddress) {

    public GrpcSettings {
        CallSettings.atLeast(1, "maxTargets", maxTargets);
        CallSettings.atLeast(1, "maxConcurrentPerTarget", maxConcurrentPerTarget);
        CallSettings.atLeastOneMilli("idleTimeout", idleTimeout);
    }

    /**
     * The defaults.
     *
     * <ul>
     *   <li>maxTargets 1,024, as many as there are connections over HTTP.
     *   <li>maxConcurrentPerTarget 100: what servers allow on one connection at the least (RFC
     *       9113, 6.5.2).
     *   <li>idleTimeout 60 s: below the few minutes after which firewalls forget a connection.
     *   <li>keepAlive 5 min: servers take offence at more, and cut what is under way.
     *   <li>coordinatorAddress empty, as DTM sends it.
     * </ul>
     */
    public static GrpcSettings defaults() {
        return new GrpcSettings(1_024, 100, Duration.ofSeconds(60), Duration.ofMinutes(5), "");
    }
}

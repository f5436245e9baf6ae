package transaction;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * When a decision is made, and under which settings.
 *
 * @param now to the microsecond, as fine as databases keep it, so that a time is the same wherever
 *     it is shown
 */
public record Moment(Instant now, Policy policy) {

    public Moment {
        now = now.truncatedTo(ChronoUnit.MICROS);
    }
}

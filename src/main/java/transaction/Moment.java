package transaction;

import java.time.Instant;

/** When a decision is made, and under which settings. */
public record Moment(Instant now, Policy policy) {}

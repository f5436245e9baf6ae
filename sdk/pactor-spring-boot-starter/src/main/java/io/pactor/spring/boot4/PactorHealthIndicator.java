package io.pactor.spring.boot4;

import io.pactor.client.Pactor;
import java.time.Duration;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Up while a coordinator answers; tells its version. */
public final class PactorHealthIndicator extends AbstractHealthIndicator {

    /** Shorter than what probes usually allow. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Pactor pactor;

    public PactorHealthIndicator(Pactor pactor) {
        super("no coordinator answers");
        this.pactor = pactor;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        builder.up().withDetail("version", pactor.server(PATIENCE).version());
    }
}

package io.pactor.spring.boot3;

import io.pactor.client.Pactor;
import org.springframework.boot.actuate.health.AbstractHealthIndicator;
import org.springframework.boot.actuate.health.Health;

/** Up while a coordinator answers; tells its version. */
public final class PactorHealthIndicator extends AbstractHealthIndicator {

    private final Pactor pactor;

    public PactorHealthIndicator(Pactor pactor) {
        super("no coordinator answers");
        this.pactor = pactor;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        builder.up().withDetail("version", pactor.server().version());
    }
}

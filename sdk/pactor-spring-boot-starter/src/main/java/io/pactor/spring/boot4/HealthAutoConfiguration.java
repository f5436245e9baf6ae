package io.pactor.spring.boot4;

import io.pactor.client.Pactor;
import io.pactor.spring.boot.PactorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** The health of the way to the coordinator; off by {@code management.health.pactor.enabled}. */
@AutoConfiguration(after = PactorAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnEnabledHealthIndicator("pactor")
@ConditionalOnBean(Pactor.class)
public class HealthAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(name = "pactorHealthIndicator")
    PactorHealthIndicator pactorHealthIndicator(Pactor pactor) {
        return new PactorHealthIndicator(pactor);
    }
}

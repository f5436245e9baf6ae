package io.pactor.spring.boot;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The coordinator inside the application, with {@code pactor.mode=embedded}. */
@AutoConfiguration(before = PactorAutoConfiguration.class)
@ConditionalOnProperty(prefix = "pactor", name = "mode", havingValue = "embedded")
public class EmbeddedAutoConfiguration {

    /** With the library on the class path. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(pactor.Embedded.class)
    static class Present {

        /** Counts in the application's own registry, if it has one. */
        @Bean
        EmbeddedCoordinator pactorEmbeddedCoordinator(
                PactorProperties properties, ObjectProvider<MeterRegistry> registry) {
            return EmbeddedCoordinator.start(properties.embedded(),
                registry.getIfUnique(SimpleMeterRegistry::new));
        }
    }

    /** Without it. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingClass("pactor.Embedded")
    static class Missing {

        @Bean
        static BeanFactoryPostProcessor pactorEmbeddedIsMissing() {
            return beans -> {
                throw new EmbeddedException(
                    "pactor.mode is embedded, and the coordinator is not on the class path.",
                    "Add the dependency io.pactor:pactor, in the version of pactor-spring; or set"
                        + " pactor.mode=url, and pactor.url.", null);
            };
        }
    }
}

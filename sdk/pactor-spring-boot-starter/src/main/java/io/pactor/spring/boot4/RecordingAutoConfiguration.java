package io.pactor.spring.boot4;

import io.pactor.spring.boot.PactorAutoConfiguration;
import io.pactor.spring.http.RecordingInterceptor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.boot.restclient.RestTemplateCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Lets what is built with Boot's builders for RestClient and RestTemplate, HTTP interfaces among
 * them, take part in recording.
 */
@AutoConfiguration(after = PactorAutoConfiguration.class)
@ConditionalOnClass(RestClientCustomizer.class)
@ConditionalOnBean(RecordingInterceptor.class)
public class RecordingAutoConfiguration {

    /** Last, so that its interceptor can stand before those of other customizers. */
    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    RestClientCustomizer pactorRestClientCustomizer(RecordingInterceptor interceptor) {
        return builder -> builder.requestInterceptors(all -> all.add(0, interceptor));
    }

    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    RestTemplateCustomizer pactorRestTemplateCustomizer(RecordingInterceptor interceptor) {
        return template -> template.getInterceptors().add(0, interceptor);
    }
}

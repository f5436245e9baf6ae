package io.pactor.spring.boot4;

import io.pactor.spring.boot.PactorAutoConfiguration;
import io.pactor.spring.http.ContextFilter;
import io.pactor.spring.http.ContextInterceptor;
import io.pactor.spring.http.RecordingInterceptor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.boot.restclient.RestTemplateCustomizer;
import org.springframework.boot.webclient.WebClientCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Lets what is built with Boot's builders for RestClient and RestTemplate, HTTP interfaces among
 * them, take part in recording, and has their requests, and those of WebClient, carry the context.
 */
@AutoConfiguration(after = PactorAutoConfiguration.class)
public class ClientsAutoConfiguration {

    /** Apart, so that its classes are loaded only where they are. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(RestClientCustomizer.class)
    @ConditionalOnBean(RecordingInterceptor.class)
    static class Blocking {

        /** Last, so that its interceptor can stand before those of other customizers. */
        @Bean
        @Order(Ordered.LOWEST_PRECEDENCE)
        RestClientCustomizer pactorRestClientCustomizer(RecordingInterceptor interceptor,
                ObjectProvider<ContextInterceptor> context) {
            return builder -> builder.requestInterceptors(all -> {
                context.ifAvailable(each -> all.add(0, each));
                all.add(0, interceptor);
            });
        }

        @Bean
        @Order(Ordered.LOWEST_PRECEDENCE)
        RestTemplateCustomizer pactorRestTemplateCustomizer(RecordingInterceptor interceptor,
                ObjectProvider<ContextInterceptor> context) {
            return template -> {
                context.ifAvailable(each -> template.getInterceptors().add(0, each));
                template.getInterceptors().add(0, interceptor);
            };
        }
    }

    /** Apart, so that its classes are loaded only where they are. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({WebClient.class, WebClientCustomizer.class})
    @ConditionalOnBean(ContextFilter.class)
    static class Reactive {

        @Bean
        WebClientCustomizer pactorWebClientCustomizer(ContextFilter filter) {
            return builder -> builder.filters(all -> all.add(0, filter));
        }
    }
}

package io.pactor.spring.boot;

import feign.Capability;
import io.pactor.client.Pactor;
import io.pactor.client.PayloadCodec;
import io.pactor.spring.http.ContextFilter;
import io.pactor.spring.http.ContextInterceptor;
import io.pactor.spring.http.FeignCapability;
import io.pactor.spring.http.RecordingInterceptor;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;

/** The client, and the recording of HTTP calls as steps. It does not call the coordinator. */
@AutoConfiguration
@EnableConfigurationProperties(PactorProperties.class)
public class PactorAutoConfiguration {

    /** Closed with the application. */
    @Bean
    @ConditionalOnMissingBean
    Pactor pactor(PactorProperties properties, PayloadCodec codec,
            ObjectProvider<CoordinatorUrl> embedded) {
        CoordinatorUrl own = embedded.getIfAvailable();
        Pactor.Builder builder =
            Pactor.builder().urls(own == null ? properties.url() : List.of(own.url()));
        Optional.ofNullable(properties.tokenFile()).ifPresent(builder::tokenFile);
        Optional.ofNullable(properties.oauth2()).ifPresent(
            oauth2 -> builder.oauth2(Identity.of(oauth2)));
        Optional.ofNullable(properties.tls()).ifPresent(tls -> Identity.add(tls, builder));
        if (own != null && properties.tokenFile() == null && properties.oauth2() == null) {
            builder.header("Authorization", () -> "Bearer " + own.token());
        }
        Optional.ofNullable(properties.connectTimeout()).ifPresent(builder::connectTimeout);
        Optional.ofNullable(properties.requestTimeout()).ifPresent(builder::requestTimeout);
        Optional.ofNullable(properties.timeout()).ifPresent(builder::timeout);
        return builder.codec(codec).build();
    }

    /** The application's own mapper, as for its web requests. */
    @Bean
    @ConditionalOnMissingBean
    PayloadCodec pactorPayloadCodec(ListableBeanFactory beans) {
        return JacksonJson.codec(beans);
    }

    /** Apart, so that its class is loaded only where Spring Web is. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ClientHttpRequestInterceptor.class)
    static class Recording {

        @Bean
        @ConditionalOnMissingBean
        RecordingInterceptor pactorRecordingInterceptor() {
            return new RecordingInterceptor();
        }

        @Bean
        @ConditionalOnMissingBean
        @ConditionalOnProperty(name = "pactor.context-headers", matchIfMissing = true)
        ContextInterceptor pactorContextInterceptor() {
            return new ContextInterceptor();
        }
    }

    /** Spring Cloud OpenFeign takes it for each of its clients. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(Capability.class)
    static class Feign {

        @Bean
        @ConditionalOnMissingBean
        FeignCapability pactorFeignCapability(PactorProperties properties) {
            return new FeignCapability(properties.contextHeaders());
        }
    }

    /** The starters hand it to Boot's builder. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ExchangeFilterFunction.class)
    static class Reactive {

        @Bean
        @ConditionalOnMissingBean
        ContextFilter pactorContextFilter(PactorProperties properties) {
            return new ContextFilter(properties.contextHeaders());
        }
    }
}

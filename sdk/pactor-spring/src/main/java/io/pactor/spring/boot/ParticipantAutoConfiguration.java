package io.pactor.spring.boot;

import io.pactor.client.Pactor;
import io.pactor.spring.participant.BarrierSettings;
import io.pactor.spring.participant.Barriers;
import io.pactor.spring.participant.BranchCallFilter;
import io.pactor.spring.participant.ParticipantExceptionResolver;
import io.pactor.spring.participant.ParticipantPostProcessor;
import io.pactor.spring.participant.ReplyConverter;
import io.pactor.spring.participant.SignatureGuard;
import io.pactor.spring.participant.XaPostProcessor;
import io.pactor.spring.participant.XaSecondPhase;
import java.util.List;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.ClassUtils;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Guards the methods that are annotated with {@code @Participant}. */
@AutoConfiguration(after = PactorAutoConfiguration.class)
@ConditionalOnClass({TransactionSynchronizationManager.class, ConnectionHolder.class})
public class ParticipantAutoConfiguration {

    /** By name, since most applications have one of them or none. */
    private static final List<String> MIGRATIONS =
        List.of("org.flywaydb.core.Flyway", "liquibase.integration.spring.SpringLiquibase");

    @Bean
    @ConditionalOnMissingBean
    BarrierSettings pactorBarrierSettings(PactorProperties properties, ListableBeanFactory beans) {
        BarrierSettings.SchemaMode mode = properties.participant().initializeSchema();
        if (mode == BarrierSettings.SchemaMode.EMBEDDED && hasMigrations(beans)) {
            mode = BarrierSettings.SchemaMode.NEVER;
        }
        return new BarrierSettings(properties.participant().table(), mode);
    }

    /** They refuse a database in which somebody else has made tables before them. */
    private static boolean hasMigrations(ListableBeanFactory beans) {
        ClassLoader loader = ParticipantAutoConfiguration.class.getClassLoader();
        return MIGRATIONS.stream().anyMatch(name -> ClassUtils.isPresent(name, loader)
            && beans.getBeanNamesForType(ClassUtils.resolveClassName(name, loader), true, false)
                .length > 0);
    }

    @Bean
    @ConditionalOnMissingBean
    Barriers pactorBarriers(BarrierSettings settings) {
        return new Barriers(settings);
    }

    /** Static and lazy: it comes before nearly all other beans. */
    @Bean
    static ParticipantPostProcessor pactorParticipantPostProcessor(
            ObjectProvider<Barriers> barriers, ObjectProvider<ReplyConverter> replies) {
        return new ParticipantPostProcessor(barriers, replies);
    }

    /** Static and lazy, as the other one. */
    @Bean
    static XaPostProcessor pactorXaPostProcessor(ObjectProvider<Barriers> barriers,
            ObjectProvider<ReplyConverter> replies, ObjectProvider<Pactor> pactor,
            ObjectProvider<PactorProperties> properties) {
        return new XaPostProcessor(barriers, replies, pactor,
            () -> properties.getObject().participant().baseUrl());
    }

    /** The application's own mapper, as for its web requests; else Jackson's defaults. */
    @Bean
    @ConditionalOnMissingBean
    ReplyConverter pactorReplyConverter(ListableBeanFactory beans) {
        return new ReplyConverter(JacksonJson.of(beans));
    }

    /** What serves requests of servlets. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    @ConditionalOnClass(DispatcherServlet.class)
    static class Web {

        @Bean
        BranchCallFilter pactorBranchCallFilter(ObjectProvider<SignatureGuard> signatures) {
            return new BranchCallFilter(signatures.getIfAvailable(() -> SignatureGuard.NONE));
        }

        /** Before interceptors of the application's, which need not know that phase. */
        @Bean
        WebMvcConfigurer pactorXaSecondPhase(XaPostProcessor methods) {
            return new WebMvcConfigurer() {
                @Override
                public void addInterceptors(InterceptorRegistry registry) {
                    registry.addInterceptor(new XaSecondPhase(methods))
                        .order(Ordered.HIGHEST_PRECEDENCE);
                }
            };
        }

        @Bean
        ParticipantExceptionResolver pactorParticipantExceptionResolver() {
            return new ParticipantExceptionResolver();
        }
    }
}

package io.pactor.spring.boot;

import io.pactor.spring.message.CheckBackHandler;
import io.pactor.spring.message.TransactionalMessages;
import io.pactor.spring.participant.Barriers;
import io.pactor.spring.participant.SignatureGuard;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;

/** Two-phase messages in the application's own transactions, and the answer to check-backs. */
@AutoConfiguration(after = ParticipantAutoConfiguration.class, afterName = {
    "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
    "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration"})
@ConditionalOnClass(ConnectionHolder.class)
@ConditionalOnBean({DataSource.class, Barriers.class})
public class MessageAutoConfiguration {

    /** Where check-backs come in; the name of the data source follows. */
    static final String CHECK_BACK_PATH = "/pactor/check-back";

    /** Makes the barriers at once if messages are meant, and not within their first transaction. */
    @Bean
    @ConditionalOnMissingBean
    TransactionalMessages pactorTransactionalMessages(PactorProperties properties,
            Map<String, DataSource> dataSources, Barriers barriers) {
        String base = properties.participant().baseUrl();
        if (base.isEmpty()) {
            return new TransactionalMessages(dataSources, barriers, "");
        }
        dataSources.values().forEach(barriers::prepare);
        return new TransactionalMessages(dataSources, barriers,
            base.replaceAll("/+$", "") + CHECK_BACK_PATH);
    }

    /** What serves requests of servlets. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    @ConditionalOnClass(DispatcherServlet.class)
    static class Web {

        @Bean
        SimpleUrlHandlerMapping pactorCheckBackMapping(Map<String, DataSource> dataSources,
                Barriers barriers, ObjectProvider<SignatureGuard> signatures) {
            SignatureGuard guard = signatures.getIfAvailable(() -> SignatureGuard.NONE);
            return new SimpleUrlHandlerMapping(Map.of(CHECK_BACK_PATH + "/*",
                guard.before(new CheckBackHandler(dataSources, barriers))),
                Ordered.HIGHEST_PRECEDENCE);
        }
    }
}

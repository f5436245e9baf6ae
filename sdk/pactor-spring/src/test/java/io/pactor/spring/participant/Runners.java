package io.pactor.spring.participant;

import io.pactor.spring.boot.PactorAutoConfiguration;
import io.pactor.spring.boot.ParticipantAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.autoconfigure.jackson.JacksonAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.JdbcTemplateAutoConfiguration;
import org.springframework.boot.autoconfigure.transaction.TransactionAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Applications with a database of their own in memory. */
final class Runners {

    private Runners() {}

    static ApplicationContextRunner jdbc() {
        return new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(AopAutoConfiguration.class,
                DataSourceAutoConfiguration.class, JacksonAutoConfiguration.class,
                DataSourceTransactionManagerAutoConfiguration.class,
                JdbcTemplateAutoConfiguration.class, TransactionAutoConfiguration.class,
                PactorAutoConfiguration.class, ParticipantAutoConfiguration.class))
            .withPropertyValues("spring.datasource.generate-unique-name=true");
    }
}

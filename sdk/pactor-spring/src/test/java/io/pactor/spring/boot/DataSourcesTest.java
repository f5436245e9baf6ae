package io.pactor.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pactor.client.participant.BranchCall;
import io.pactor.spring.participant.Barriers;
import io.pactor.spring.participant.BoundBarrier;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.flyway.FlywayAutoConfiguration;
import org.springframework.boot.autoconfigure.jackson.JacksonAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.JdbcTemplateAutoConfiguration;
import org.springframework.boot.autoconfigure.transaction.TransactionAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Databases of other shapes than one pool that is written. */
class DataSourcesTest {

    private static final BranchCall CALL = new BranchCall("g1", "saga", "01", "action");

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class,
            DataSourceAutoConfiguration.class, DataSourceTransactionManagerAutoConfiguration.class,
            JdbcTemplateAutoConfiguration.class, TransactionAutoConfiguration.class,
            PactorAutoConfiguration.class, ParticipantAutoConfiguration.class,
            MessageAutoConfiguration.class))
        .withPropertyValues("spring.datasource.generate-unique-name=true",
            "pactor.participant.base-url=http://here");

    @Test
    void a_proxy_that_is_aware_of_transactions_is_what_is_behind_it() {
        runner.withUserConfiguration(OnlyAProxy.class).run(context -> {
            BoundBarrier barrier =
                context.getBean(Barriers.class).of(context.getBean(DataSource.class));

            new TransactionTemplate(context.getBean(PlatformTransactionManager.class))
                .executeWithoutResult(status -> {
                    assertThat(barrier.isBound()).isTrue();
                    assertThat(barrier.enter(CALL).isOpen()).isTrue();
                    status.setRollbackOnly();
                });
            assertThat(rows(context.getBean(JdbcTemplate.class))).isZero();
        });
    }

    @Test
    void a_database_that_only_reads_keeps_no_application_from_starting(@TempDir Path dir)
            throws Exception {
        String url = "jdbc:h2:" + dir.resolve("replica");
        try (Connection connection = DriverManager.getConnection(url)) {
            connection.createStatement().execute("create table shelf(id int)");
        }
        DataSource replica = new DriverManagerDataSource(url + ";ACCESS_MODE_DATA=r");
        runner.withUserConfiguration(Written.class).withBean("replica", DataSource.class,
            () -> replica).withPropertyValues("pactor.participant.initialize-schema=always")
            .run(context -> {
                assertThat(context).hasNotFailed();
                assertThat(rows(context.getBean(JdbcTemplate.class))).isZero();
                assertThatThrownBy(() -> context.getBean(Barriers.class).of(replica))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("cannot be made");
            });
    }

    @Test
    void migrations_make_the_tables_if_the_application_has_them() {
        runner.withConfiguration(AutoConfigurations.of(FlywayAutoConfiguration.class))
            .withPropertyValues("spring.flyway.locations=classpath:migrations")
            .run(context -> {
                assertThat(context).hasNotFailed();
                assertThat(rows(context.getBean(JdbcTemplate.class))).isZero();
                BoundBarrier barrier =
                    context.getBean(Barriers.class).of(context.getBean(DataSource.class));
                new TransactionTemplate(context.getBean(PlatformTransactionManager.class))
                    .executeWithoutResult(status ->
                        assertThat(barrier.enter(CALL).isOpen()).isTrue());
                assertThat(rows(context.getBean(JdbcTemplate.class))).isEqualTo(1);
            });
    }

    private static int rows(JdbcTemplate jdbc) {
        return jdbc.queryForObject("select count(*) from barrier", Integer.class);
    }

    @Configuration(proxyBeanMethods = false)
    static class OnlyAProxy {

        @Bean
        DataSource dataSource() {
            return new TransactionAwareDataSourceProxy(
                new DriverManagerDataSource("jdbc:h2:mem:behind;DB_CLOSE_DELAY=-1"));
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Written {

        @Bean
        @Primary
        DataSource written() {
            return new DriverManagerDataSource("jdbc:h2:mem:written;DB_CLOSE_DELAY=-1");
        }
    }
}

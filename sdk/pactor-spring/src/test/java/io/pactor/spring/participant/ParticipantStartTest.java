package io.pactor.spring.participant;

import static org.assertj.core.api.Assertions.assertThat;

import io.pactor.client.participant.BranchCall;
import jakarta.persistence.EntityManagerFactory;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** An application whose participant cannot be safe does not start, and says which and why. */
class ParticipantStartTest {

    private static final String SECOND = "jdbc:h2:mem:second;DB_CLOSE_DELAY=-1";

    @Test
    void without_a_transaction() {
        refused(Runners.jdbc(), WithoutTransaction.class, "bean 'bare'", "act()",
            "has no transaction");
    }

    @Test
    void with_a_read_only_transaction() {
        refused(Runners.jdbc(), ReadOnly.class, "bean 'bare'", "act()", "read-only");
    }

    @Test
    void with_a_propagation_that_needs_no_transaction() {
        refused(Runners.jdbc(), Supports.class, "bean 'bare'", "act()", "without a transaction");
    }

    @Test
    void with_a_result_that_comes_later() {
        refused(Runners.jdbc(), Later.class, "bean 'bare'", "act()",
            "java.util.concurrent.CompletableFuture");
    }

    @Test
    void that_undoes_what_there_is_not() {
        refused(Runners.jdbc(), UndoesNothing.class, "bean 'bare'", "undo()", "'akt'",
            "[act, undo]");
    }

    @Test
    void with_two_managers_and_none_named() {
        refused(Runners.jdbc().withUserConfiguration(TwoManagers.class), Plain.class,
            "bean 'bare'", "its transaction manager is not clear", "Name it at @Transactional");
    }

    @Test
    void with_a_manager_that_binds_no_connection() {
        refused(Runners.jdbc().withUserConfiguration(JpaWithoutDataSource.class), Plain.class,
            "bean 'bare'", "JpaTransactionManager", "binds no JDBC connection");
    }

    /** And the row is in that manager's database. */
    @Test
    void with_the_manager_named_it_starts() {
        Runners.jdbc().withUserConfiguration(TwoManagers.class)
            .withBean("bare", Named.class).run(context -> {
                assertThat(context).hasNotFailed();
                BranchContext.call(new BranchCall("g1", "saga", "01", "action"), () -> {
                    context.getBean(Named.class).act();
                    return null;
                });

                assertThat(new JdbcTemplate(new DriverManagerDataSource(SECOND))
                    .queryForList("select gid from barrier", String.class)).containsExactly("g1");
            });
    }

    private static void refused(ApplicationContextRunner runner, Class<?> participant,
            String... words) {
        runner.withBean("bare", participant).run(context -> {
            assertThat(context).hasFailed();
            assertThat(context.getStartupFailure()).rootCause()
                .isInstanceOf(ParticipantException.class).message().contains(words);
        });
    }

    static class WithoutTransaction {

        @Participant
        public void act() {}
    }

    static class ReadOnly {

        @Participant
        @Transactional(readOnly = true)
        public void act() {}
    }

    static class Supports {

        @Participant
        @Transactional(propagation = Propagation.SUPPORTS)
        public void act() {}
    }

    static class Later {

        @Participant
        @Transactional
        public CompletableFuture<String> act() {
            return CompletableFuture.completedFuture("later");
        }
    }

    @Transactional
    static class UndoesNothing {

        @Participant
        public void act() {}

        @Participant(undoes = "akt")
        public void undo() {}
    }

    static class Plain {

        @Participant
        @Transactional
        public void act() {}
    }

    static class Named {

        @Participant
        @Transactional("second")
        public void act() {}
    }

    @Configuration(proxyBeanMethods = false)
    static class TwoManagers {

        @Bean
        JdbcTransactionManager first(DataSource dataSource) {
            return new JdbcTransactionManager(dataSource);
        }

        @Bean
        JdbcTransactionManager second() {
            return new JdbcTransactionManager(
                new DriverManagerDataSource(SECOND));
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class JpaWithoutDataSource {

        @Bean
        LocalContainerEntityManagerFactoryBean entityManagerFactory(DataSource dataSource) {
            LocalContainerEntityManagerFactoryBean factory =
                new LocalContainerEntityManagerFactoryBean();
            factory.setDataSource(dataSource);
            factory.setPackagesToScan("nothing.here");
            factory.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
            return factory;
        }

        @Bean
        @Primary
        JpaTransactionManager transactionManager(EntityManagerFactory factory) {
            return new JpaTransactionManager(factory) {
                @Override
                public DataSource getDataSource() {
                    return null;
                }
            };
        }
    }
}

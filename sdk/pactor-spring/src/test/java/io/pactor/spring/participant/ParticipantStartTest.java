package io.pactor.spring.participant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.pactor.client.participant.BranchCall;
import io.pactor.client.participant.Refused;
import io.pactor.spring.boot.PactorAutoConfiguration;
import io.pactor.spring.boot.ParticipantAutoConfiguration;
import io.pactor.spring.boot.UnguardedAutoConfiguration;
import jakarta.persistence.EntityManagerFactory;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

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

    @Test
    void without_jdbc() {
        refused(new ApplicationContextRunner()
            .withClassLoader(new FilteredClassLoader(ConnectionHolder.class))
            .withConfiguration(AutoConfigurations.of(PactorAutoConfiguration.class,
                ParticipantAutoConfiguration.class, UnguardedAutoConfiguration.class)),
            Plain.class, "bean 'bare'", "act()", "has no barrier");
    }

    @Test
    void that_a_proxy_cannot_pass_on() {
        refused(Runners.jdbc(), Private.class, "bean 'bare'", "act()", "passes no proxy");
        refused(Runners.jdbc(), Final.class, "bean 'bare'", "act()", "passes no proxy");
    }

    /** As Spring's own transaction advice reads it. */
    @Test
    void with_the_manager_named_at_the_class_it_starts() {
        Runners.jdbc().withUserConfiguration(TwoManagers.class)
            .withBean("bare", Qualified.class).run(context -> {
                assertThat(context).hasNotFailed();
                assertThatThrownBy(() -> BranchContext.call(
                    new BranchCall("g2", "saga", "01", "action"), () -> {
                        context.getBean(Qualified.class).act();
                        return null;
                    })).hasMessage("reached");
            });
    }

    @Test
    void two_mappers_do_not_keep_it_from_starting() {
        Runners.jdbc().withBean("one", ObjectMapper.class, () -> new ObjectMapper())
            .withBean("other", ObjectMapper.class, () -> new ObjectMapper())
            .withBean("three", JsonMapper.class, () -> JsonMapper.builder().build())
            .withBean("four", JsonMapper.class, () -> JsonMapper.builder().build())
            .run(context -> assertThat(context).hasNotFailed());
    }

    /** Its classes are away, and not only hidden from the conditions. */
    @Test
    void without_spring_web_it_starts() throws Exception {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("surefire.test.class.path",
                System.getProperty("java.class.path")).split(File.pathSeparator)) {
            if (!entry.contains("spring-web") && !entry.contains("tomcat")) {
                urls.add(new File(entry).toURI().toURL());
            }
        }
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader = new URLClassLoader(urls.toArray(URL[]::new),
                ClassLoader.getPlatformClassLoader())) {
            thread.setContextClassLoader(loader);
            Callable<?> start = (Callable<?>) loader.loadClass(WithoutWeb.class.getName())
                .getDeclaredConstructor().newInstance();
            assertThat(start.call()).isEqualTo(true);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** Started where there is no Spring Web. */
    public static final class WithoutWeb implements Callable<Boolean> {

        @Override
        public Boolean call() {
            try (var context = new AnnotationConfigApplicationContext(
                    PactorAutoConfiguration.class)) {
                return context.containsBean("pactor");
            }
        }
    }

    static class Private {

        @Participant
        @Transactional
        private void act() {}
    }

    static class Final {

        @Participant
        @Transactional
        public final void act() {}
    }

    @Qualifier("second")
    static class Qualified {

        @Participant
        @Transactional
        public void act() {
            throw new Refused("reached");
        }
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

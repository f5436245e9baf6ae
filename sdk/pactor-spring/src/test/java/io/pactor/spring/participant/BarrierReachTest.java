package io.pactor.spring.participant;

import static org.assertj.core.api.Assertions.assertThat;

import io.pactor.client.participant.BranchCall;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.annotation.Transactional;

/** Whether the barrier is around each participant, and whether it is that of its database. */
class BarrierReachTest {

    private static final String SECOND = "jdbc:h2:mem:reach;DB_CLOSE_DELAY=-1";

    @Test
    void a_participant_that_was_made_too_early_keeps_the_application_from_starting() {
        Runners.jdbc().withUserConfiguration(Early.class).run(context -> {
            assertThat(context).hasFailed();
            assertThat(context.getStartupFailure())
                .isInstanceOf(ParticipantException.class)
                .hasMessageContainingAll("bean 'bare'", "act()", "has no barrier");
        });
    }

    @Test
    void a_proxy_around_its_own_does_not() {
        Runners.jdbc().withUserConfiguration(Wrapped.class)
            .run(context -> assertThat(context).hasNotFailed());
    }

    /** The method is that of the class above; the database is not. */
    @Test
    void an_inherited_participant_has_the_barrier_of_each_class_that_inherits_it() {
        Runners.jdbc().withUserConfiguration(TwoManagers.class)
            .withBean("one", One.class).withBean("other", Other.class).run(context -> {
                assertThat(context).hasNotFailed();
                act(context.getBean(One.class), "in-first");
                act(context.getBean(Other.class), "in-second");

                assertThat(gids(context.getBean(DataSource.class))).containsExactly("in-first");
                assertThat(gids(new DriverManagerDataSource(SECOND)))
                    .containsExactly("in-second");
            });
    }

    private static void act(Inherited participant, String gid) throws Exception {
        BranchContext.call(new BranchCall(gid, "saga", "01", "action"), () -> {
            participant.act();
            return null;
        });
    }

    private static List<String> gids(DataSource dataSource) {
        return new JdbcTemplate(dataSource).queryForList("select gid from barrier", String.class);
    }

    static class Bare {

        @Participant
        @Transactional
        public void act() {}
    }

    static class Inherited {

        @Participant
        @Transactional
        public void act() {}
    }

    @Qualifier("first")
    static class One extends Inherited {}

    @Qualifier("second")
    static class Other extends Inherited {}

    @Configuration(proxyBeanMethods = false)
    static class Early {

        @Bean
        static Bare bare() {
            return new Bare();
        }

        @Bean
        static First eager(Bare bare) {
            return new First();
        }
    }

    /** Comes before all others, and so does what it needs. */
    static final class First implements BeanPostProcessor, PriorityOrdered {

        @Override
        public int getOrder() {
            return Ordered.HIGHEST_PRECEDENCE;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Wrapped {

        @Bean
        static Bare bare() {
            return new Bare();
        }

        @Bean
        static BeanPostProcessor wrapper() {
            return new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String name) {
                    if (!name.equals("bare")) {
                        return bean;
                    }
                    ProxyFactory around = new ProxyFactory(bean);
                    around.setProxyTargetClass(true);
                    return around.getProxy();
                }
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class TwoManagers {

        @Bean
        JdbcTransactionManager first(DataSource dataSource) {
            return new JdbcTransactionManager(dataSource);
        }

        @Bean
        JdbcTransactionManager second() {
            return new JdbcTransactionManager(new DriverManagerDataSource(SECOND));
        }
    }
}

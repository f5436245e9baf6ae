package io.pactor.spring.participant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pactor.client.participant.BranchCall;
import io.pactor.client.participant.Refused;
import org.apache.ibatis.annotations.Mapper;
import org.apache.ibatis.annotations.Select;
import org.apache.ibatis.annotations.Update;
import org.apache.ibatis.session.SqlSessionFactory;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mybatis.spring.boot.autoconfigure.MybatisAutoConfiguration;
import org.mybatis.spring.mapper.MapperFactoryBean;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.jooq.JooqAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.annotation.Transactional;

/** What participants do by jOOQ or MyBatis is in the same transaction as the barrier's row. */
class JooqAndMybatisTest {

    private final ApplicationContextRunner runner = Runners.jdbc().withConfiguration(
        AutoConfigurations.of(JooqAutoConfiguration.class, MybatisAutoConfiguration.class))
        .withUserConfiguration(Purses.class);

    /** Takes cents out of the one purse. */
    interface Purse {

        int take(int cents);

        void giveBack(int cents);
    }

    @ParameterizedTest
    @ValueSource(classes = {WithJooq.class, WithMybatis.class})
    void a_repeat_takes_nothing_and_gets_the_same_reply(Class<? extends Purse> type) {
        runner.withBean(type).run(context -> {
            Purse purse = context.getBean(Purse.class);
            assertThat(take(purse, "g1", 30)).isEqualTo(70);
            assertThat(take(purse, "g2", 20)).isEqualTo(50);
            assertThat(take(purse, "g1", 30)).isEqualTo(70);
            assertThat(cents(context.getBean(JdbcTemplate.class))).isEqualTo(50);
        });
    }

    @ParameterizedTest
    @ValueSource(classes = {WithJooq.class, WithMybatis.class})
    void a_refusal_leaves_nothing_so_its_undo_undoes_nothing(Class<? extends Purse> type) {
        runner.withBean(type).run(context -> {
            Purse purse = context.getBean(Purse.class);
            assertThatThrownBy(() -> take(purse, "g1", 130)).isInstanceOf(Refused.class);
            JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
            assertThat(cents(jdbc)).isEqualTo(100);
            assertThat(jdbc.queryForObject("select count(*) from barrier", Integer.class)).isZero();

            giveBack(purse, "g1", 130);
            assertThat(cents(jdbc)).isEqualTo(100);
        });
    }

    @ParameterizedTest
    @ValueSource(classes = {WithJooq.class, WithMybatis.class})
    void what_was_taken_is_given_back_once(Class<? extends Purse> type) {
        runner.withBean(type).run(context -> {
            Purse purse = context.getBean(Purse.class);
            take(purse, "g1", 30);
            giveBack(purse, "g1", 30);
            giveBack(purse, "g1", 30);
            assertThat(cents(context.getBean(JdbcTemplate.class))).isEqualTo(100);
        });
    }

    private static int take(Purse purse, String gid, int cents) throws Exception {
        return BranchContext.call(new BranchCall(gid, "saga", "01", "action"),
            () -> purse.take(cents));
    }

    private static void giveBack(Purse purse, String gid, int cents) throws Exception {
        BranchContext.call(new BranchCall(gid, "saga", "01", "compensate"), () -> {
            purse.giveBack(cents);
            return null;
        });
    }

    private static int cents(JdbcTemplate jdbc) {
        return jdbc.queryForObject("select cents from purse", Integer.class);
    }

    /** By jOOQ, without generated code. */
    static class WithJooq implements Purse {

        private final DSLContext jooq;

        WithJooq(DSLContext jooq, JdbcTemplate jdbc) {
            this.jooq = jooq;
            fill(jdbc);
        }

        @Override
        @Participant
        @Transactional
        public int take(int cents) {
            add(-cents);
            return checked(jooq.select(DSL.field("cents", Integer.class)).from("purse")
                .fetchSingle().value1());
        }

        @Override
        @Participant(undoes = "take")
        @Transactional
        public void giveBack(int cents) {
            add(cents);
        }

        private void add(int cents) {
            jooq.update(DSL.table("purse")).set(DSL.field("cents", Integer.class),
                DSL.field("cents", Integer.class).plus(cents)).execute();
        }
    }

    /** By MyBatis. */
    static class WithMybatis implements Purse {

        private final PurseMapper mapper;

        WithMybatis(PurseMapper mapper, JdbcTemplate jdbc) {
            this.mapper = mapper;
            fill(jdbc);
        }

        @Override
        @Participant
        @Transactional
        public int take(int cents) {
            mapper.add(-cents);
            return checked(mapper.cents());
        }

        @Override
        @Participant(undoes = "take")
        @Transactional
        public void giveBack(int cents) {
            mapper.add(cents);
        }
    }

    /** The statements. */
    @Mapper
    interface PurseMapper {

        @Update("update purse set cents = cents + #{cents}")
        void add(int cents);

        @Select("select cents from purse")
        int cents();
    }

    @Configuration(proxyBeanMethods = false)
    static class Purses {

        @Bean
        MapperFactoryBean<PurseMapper> purseMapper(SqlSessionFactory factory) {
            MapperFactoryBean<PurseMapper> mapper = new MapperFactoryBean<>(PurseMapper.class);
            mapper.setSqlSessionFactory(factory);
            return mapper;
        }
    }

    private static void fill(JdbcTemplate jdbc) {
        jdbc.execute("create table purse(cents int)");
        jdbc.update("insert into purse values(100)");
    }

    private static int checked(int left) {
        if (left < 0) {
            throw new Refused("too little money");
        }
        return left;
    }
}

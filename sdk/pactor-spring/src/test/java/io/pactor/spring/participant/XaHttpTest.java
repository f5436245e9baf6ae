package io.pactor.spring.participant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import io.pactor.client.participant.Refused;
import io.pactor.testing.MariadbServer;
import io.pactor.testing.PostgresServer;
import jakarta.persistence.EntityManager;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.apache.ibatis.annotations.Update;
import org.apache.ibatis.session.ExecutorType;
import org.apache.ibatis.session.SqlSessionFactory;
import org.jooq.DSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.mybatis.spring.SqlSessionTemplate;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.interceptor.TransactionAspectSupport;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Both phases of methods with {@code @Xa} over HTTP, on connections of a pool. */
class XaHttpTest {

    @Nested
    class Postgresql extends Contract {

        @Override
        String url() {
            assumeTrue(PostgresServer.isHere());
            return PostgresServer.shared().fresh();
        }
    }

    @Nested
    class Mariadb extends Contract {

        @Override
        String url() {
            assumeTrue(MariadbServer.isHere());
            return MariadbServer.shared().fresh();
        }
    }

    @TestInstance(Lifecycle.PER_CLASS)
    abstract static class Contract {

        private static final Duration WAIT = Duration.ofSeconds(30);
        private static int transactions;

        private final HttpClient client = HttpClient.newHttpClient();
        private final List<String> registered = new CopyOnWriteArrayList<>();
        private HttpServer coordinator;
        private ServletWebServerApplicationContext context;
        private JdbcTemplate jdbc;
        private String gid;

        abstract String url();

        @BeforeAll
        void start() throws Exception {
            String url = url();
            coordinator = HttpServer.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            coordinator.createContext("/", exchange -> {
                registered.add(new String(exchange.getRequestBody().readAllBytes(),
                    StandardCharsets.UTF_8));
                byte[] done = "{\"dtm_result\":\"SUCCESS\"}".getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, done.length);
                exchange.getResponseBody().write(done);
                exchange.close();
            });
            coordinator.start();
            context = (ServletWebServerApplicationContext) new SpringApplicationBuilder(Bank.class)
                .run("--server.port=0", "--spring.main.banner-mode=off",
                    "--spring.datasource.url=" + url,
                    "--spring.datasource.hikari.maximum-pool-size=2",
                    "--spring.datasource.hikari.connection-timeout=10000",
                    "--pactor.participant.initialize-schema=always",
                    "--pactor.participant.base-url=http://bank:8080/",
                    "--pactor.url=http://127.0.0.1:" + coordinator.getAddress().getPort());
            jdbc = context.getBean(JdbcTemplate.class);
            jdbc.execute("create table account(name varchar(20) primary key, cents int)");
            jdbc.update("insert into account values('ann', 100)");
        }

        @AfterAll
        void stop() {
            if (context != null) {
                context.close();
            }
            if (coordinator != null) {
                coordinator.stop(0);
            }
        }

        @BeforeEach
        void another() {
            gid = "g" + transactions++;
            registered.clear();
            Ledger.PHASES.clear();
            jdbc.update("update account set cents = 100");
        }

        private HttpResponse<String> send(String path, String op, String body) throws Exception {
            return client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
                    + context.getWebServer().getPort() + path + (path.contains("?") ? "&" : "?")
                    + "gid=" + gid + "&branch_id=01&trans_type=xa&op=" + op + "&phase2_url=x"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)).build(),
                HttpResponse.BodyHandlers.ofString());
        }

        private HttpResponse<String> act(String path) throws Exception {
            return send(path, "action", "{\"cents\":30}");
        }

        /** As the coordinator: again, until it is done. */
        private void end(String path, String op) {
            await().atMost(WAIT).until(() -> send(path, op, "").statusCode() == 200);
        }

        private int cents() {
            return jdbc.queryForObject("select cents from account", Integer.class);
        }

        @Test
        void what_is_prepared_is_committed_without_a_body() throws Exception {
            HttpResponse<String> answer = act("/withdraw");

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("{\"cents\":70}");
            assertThat(registered).singleElement().asString()
                .contains("\"url\":\"http://bank:8080/withdraw\"");
            assertThat(cents()).isEqualTo(100);
            end("/withdraw", "commit");
            assertThat(cents()).isEqualTo(70);
            end("/withdraw", "commit");
            assertThat(cents()).isEqualTo(70);
        }

        /** More often than the pool has connections. */
        @Test
        void the_pool_is_none_the_worse() throws Exception {
            for (int i = 0; i < 6; i++) {
                gid = "pool-" + gid;
                assertThat(act("/withdraw").statusCode()).isEqualTo(200);
                assertThat(cents()).isEqualTo(100);
                end("/withdraw", "rollback");
            }
            assertThat(cents()).isEqualTo(100);
        }

        @Test
        void what_is_rolled_back_is_gone_and_comes_no_more() throws Exception {
            act("/withdraw");
            end("/withdraw", "rollback");

            assertThat(cents()).isEqualTo(100);
            assertThat(act("/withdraw").statusCode()).isEqualTo(409);
            assertThat(send("/withdraw", "commit", "").statusCode()).isEqualTo(500);
        }

        @Test
        void a_refusal_is_409_and_leaves_nothing() throws Exception {
            assertThat(act("/refuse").statusCode()).isEqualTo(409);
            end("/refuse", "rollback");
            assertThat(cents()).isEqualTo(100);
        }

        @Test
        void what_is_checked_is_thrown_as_it_is() throws Exception {
            assertThat(act("/fail").body()).contains("java.io.IOException");
            end("/fail", "rollback");
        }

        /** Whoever makes the first call would have the coordinator send that. */
        @Test
        void the_query_of_the_caller_is_not_registered() throws Exception {
            assertThat(act("/withdraw?bank=a%20b").statusCode()).isEqualTo(200);
            assertThat(registered.get(0)).contains("\"url\":\"http://bank:8080/withdraw\"");
            end("/withdraw", "rollback");
        }

        @Test
        void a_transactional_method_joins_and_nothing_is_said_to_be_committed() throws Exception {
            assertThat(act("/join").statusCode()).isEqualTo(200);
            assertThat(Ledger.PHASES).containsExactly("before commit", "unknown");
            assertThat(cents()).isEqualTo(100);
            end("/join", "commit");
            assertThat(cents()).isEqualTo(70);
        }

        @Test
        void jooq_and_mybatis_take_its_connection() throws Exception {
            for (String path : List.of("/jooq", "/mybatis")) {
                gid += path.replace('/', '-');
                assertThat(act(path).statusCode()).isEqualTo(200);
                assertThat(cents()).isEqualTo(100);
                end(path, "rollback");
                assertThat(cents()).isEqualTo(100);
                gid += "-again";
                act(path);
                end(path, "commit");
                assertThat(cents()).isEqualTo(70);
                jdbc.update("update account set cents = 100");
            }
        }

        @Test
        void one_that_is_marked_to_roll_back_is_not_prepared() throws Exception {
            assertThat(act("/mark").statusCode()).isEqualTo(500);
            end("/mark", "rollback");
            assertThat(cents()).isEqualTo(100);
        }

        /** Its changes would be lost, or be made by another connection. */
        @Test
        void jpa_is_refused() throws Exception {
            assertThat(act("/jpa").body()).contains("ParticipantException");
            end("/jpa", "rollback");
        }

        @Test
        void a_call_of_another_mode_is_no_success() throws Exception {
            HttpResponse<String> answer = client.send(HttpRequest.newBuilder(URI.create(
                    "http://127.0.0.1:" + context.getWebServer().getPort() + "/withdraw?gid=" + gid
                    + "&branch_id=01&trans_type=saga&op=compensate"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{}")).build(),
                HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(500);
        }
    }

    record Transfer(int cents) {}

    interface PurseMapper {

        @Update("update account set cents = cents - #{cents}")
        void take(int cents);
    }

    @Service
    static class Ledger {

        static final List<String> PHASES = new ArrayList<>();

        private final JdbcTemplate jdbc;

        Ledger(JdbcTemplate jdbc) {
            this.jdbc = jdbc;
        }

        @Transactional("ofJdbc")
        public void take(int cents) {
            TransactionSynchronizationManager.registerSynchronization(
                new TransactionSynchronization() {
                    @Override
                    public void beforeCommit(boolean readOnly) {
                        PHASES.add("before commit");
                    }

                    @Override
                    public void afterCommit() {
                        PHASES.add("after commit");
                    }

                    @Override
                    public void afterCompletion(int status) {
                        PHASES.add(status == STATUS_UNKNOWN ? "unknown" : "status " + status);
                    }
                });
            jdbc.update("update account set cents = cents - ?", cents);
        }

        @Transactional("ofJdbc")
        public void mark(int cents) {
            take(cents);
            TransactionAspectSupport.currentTransactionStatus().setRollbackOnly();
        }
    }

    @RestController
    static class Accounts {

        private final JdbcTemplate jdbc;
        private final Ledger ledger;
        private final EntityManager entities;
        private final DSLContext jooq;
        private final SqlSessionTemplate mybatis;

        Accounts(JdbcTemplate jdbc, Ledger ledger, EntityManager entities, DSLContext jooq,
                SqlSessionFactory mybatis) {
            mybatis.getConfiguration().addMapper(PurseMapper.class);
            this.mybatis = new SqlSessionTemplate(mybatis, ExecutorType.BATCH);
            this.jooq = jooq;
            this.jdbc = jdbc;
            this.ledger = ledger;
            this.entities = entities;
        }

        @Xa
        @PostMapping("/withdraw")
        public Transfer withdraw(@RequestBody Transfer transfer,
                @RequestParam(required = false) String bank) {
            jdbc.update("update account set cents = cents - ?", transfer.cents());
            return new Transfer(jdbc.queryForObject("select cents from account", Integer.class));
        }

        @Xa
        @PostMapping("/refuse")
        public void refuse(@RequestBody Transfer transfer) {
            withdraw(transfer, "");
            throw new Refused("no");
        }

        @Xa
        @PostMapping("/fail")
        public void fail(@RequestBody Transfer transfer) throws IOException {
            withdraw(transfer, "");
            throw new IOException("no disk");
        }

        @Xa
        @PostMapping("/join")
        public void join(@RequestBody Transfer transfer) {
            ledger.take(transfer.cents());
        }

        @Xa
        @PostMapping("/mark")
        public void mark(@RequestBody Transfer transfer) {
            ledger.mark(transfer.cents());
        }

        @Xa
        @PostMapping("/jooq")
        public void jooq(@RequestBody Transfer transfer) {
            jooq.execute("update account set cents = cents - ?", transfer.cents());
        }

        /** In batches, which are sent before the end of the transaction. */
        @Xa
        @PostMapping("/mybatis")
        public void mybatis(@RequestBody Transfer transfer) {
            mybatis.getMapper(PurseMapper.class).take(transfer.cents());
        }

        @Xa
        @PostMapping("/jpa")
        public void jpa(@RequestBody Transfer transfer) {
            entities.createNativeQuery("select 1").getResultList();
        }
    }

    @Configuration
    @EnableAutoConfiguration
    @Import({Accounts.class, Ledger.class})
    static class Bank {

        @Bean
        JdbcTransactionManager ofJdbc(DataSource dataSource) {
            return new JdbcTransactionManager(dataSource);
        }
    }
}

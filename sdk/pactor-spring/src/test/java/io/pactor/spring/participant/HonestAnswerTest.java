package io.pactor.spring.participant;

import static org.assertj.core.api.Assertions.assertThat;

import io.pactor.client.participant.Ongoing;
import io.pactor.client.participant.Refused;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.data.jpa.JpaRepositoriesAutoConfiguration;
import org.springframework.boot.autoconfigure.orm.jpa.HibernateJpaAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** The answer says what the database did, where the application's own code says something else. */
class HonestAnswerTest {

    private static ServletWebServerApplicationContext context;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static int transactions;

    private String gid;

    @BeforeAll
    static void start() {
        context = (ServletWebServerApplicationContext) new SpringApplicationBuilder(Books.class)
            .run("--server.port=0", "--spring.datasource.generate-unique-name=true",
                "--spring.main.banner-mode=off");
    }

    @AfterAll
    static void stop() {
        context.close();
    }

    @BeforeEach
    void another() {
        gid = "h" + transactions++;
    }

    /** As while the database is away: an advice that makes 200 of it would be believed. */
    @Test
    void a_transaction_that_cannot_begin_is_500() throws Exception {
        assertThat(post("/cannot-begin", "action").statusCode()).isEqualTo(500);
        assertThat(post("/calls-what-cannot-begin", "action").statusCode()).isEqualTo(500);
    }

    @Test
    void a_call_at_the_other_s_address_is_500() throws Exception {
        assertThat(post("/act", "compensate").statusCode()).isEqualTo(500);
        assertThat(post("/swallow-act", "compensate").statusCode()).isEqualTo(500);
        assertThat(rows()).isZero();
    }

    @Test
    void the_time_to_ask_again_is_told_though_the_application_catches_what_tells_it()
            throws Exception {
        HttpResponse<String> answer = post("/put-off", "action");
        assertThat(answer.statusCode()).isEqualTo(425);
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("7");
    }

    /** The outer transaction commits, and has nothing of it. */
    @Test
    void what_was_rolled_back_to_a_savepoint_is_no_success() throws Exception {
        assertThat(post("/nested-and-swallowed", "action").statusCode()).isEqualTo(409);
        assertThat(rows()).isZero();
        assertThat(post("/within-nested", "action").statusCode()).isEqualTo(500);
        assertThat(rows()).isZero();
    }

    @Test
    void a_savepoint_of_later_does_not_matter() throws Exception {
        assertThat(post("/nested-after", "action").statusCode()).isEqualTo(200);
        assertThat(rows()).isOne();
    }

    /** Spring MVC would answer with the status that is in what is returned. */
    @Test
    void a_problem_that_is_returned_instead_of_thrown_rolls_back() throws Exception {
        assertThat(post("/problem", "action").statusCode()).isEqualTo(500);
        assertThat(rows()).isZero();
    }

    @Test
    void a_reply_that_no_repeat_could_read_rolls_back() throws Exception {
        assertThat(post("/sealed", "action").statusCode()).isEqualTo(500);
        assertThat(rows()).isZero();
    }

    @Test
    void what_has_committed_is_not_refused() throws Exception {
        for (String path : List.of("/refuse-after", "/conflict-after", "/error-after")) {
            another();
            assertThat(post(path, "action").statusCode()).as(path).isEqualTo(500);
            assertThat(rows()).as(path).isOne();
        }
    }

    @Test
    void a_status_with_a_reason_is_200_after_the_commit() throws Exception {
        assertThat(post("/reason", "action").statusCode()).isEqualTo(200);
    }

    @Test
    void what_a_participant_writes_itself_is_200_after_the_commit() throws Exception {
        assertThat(post("/write", "action").body()).isEqualTo("written");
        assertThat(post("/write", "action").statusCode()).isEqualTo(200);
        another();
        assertThat(post("/write", "action").statusCode()).isEqualTo(200);
    }

    @Test
    void a_path_of_the_application_may_begin_as_pactor_s_own() throws Exception {
        assertThat(post("/pactor/act", "action").statusCode()).isEqualTo(200);
        assertThat(rows()).isOne();
    }

    private int rows() {
        return context.getBean(JdbcTemplate.class).queryForObject(
            "select count(*) from barrier where gid = ?", Integer.class, gid);
    }

    private HttpResponse<String> post(String path, String op)
            throws IOException, InterruptedException {
        return CLIENT.send(HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + context.getWebServer().getPort() + path
                + "?branch_id=01&gid=" + gid + "&op=" + op + "&trans_type=saga"))
            .POST(HttpRequest.BodyPublishers.noBody()).timeout(Duration.ofSeconds(30)).build(),
            HttpResponse.BodyHandlers.ofString());
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(exclude = {
        HibernateJpaAutoConfiguration.class, JpaRepositoriesAutoConfiguration.class})
    @Import({Desk.class, Clerk.class, KnowAll.class})
    static class Books {}

    @RestController
    static class Desk {

        private final Clerk clerk;
        private final PlatformTransactionManager manager;

        Desk(Clerk clerk, PlatformTransactionManager manager) {
            this.clerk = clerk;
            this.manager = manager;
        }

        @Participant
        @Transactional(propagation = Propagation.MANDATORY)
        @PostMapping("/cannot-begin")
        public void cannotBegin() {}

        @PostMapping("/calls-what-cannot-begin")
        public void callsWhatCannotBegin() {
            clerk.cannotBegin();
        }

        @Participant
        @Transactional
        @PostMapping({"/act", "/pactor/act"})
        public void act() {}

        @Transactional
        @PostMapping("/nested-and-swallowed")
        public String nestedAndSwallowed() {
            try {
                clerk.refuseNested();
            } catch (Refused e) {
                // As if nothing had happened.
            }
            return "done";
        }

        @Transactional
        @PostMapping("/within-nested")
        public String withinNested() {
            nested(() -> clerk.act());
            return "done";
        }

        @Transactional
        @PostMapping("/nested-after")
        public String nestedAfter() {
            clerk.act();
            nested(() -> { });
            return "done";
        }

        /** Rolls back to its savepoint what it runs. */
        private void nested(Runnable body) {
            TransactionTemplate template = new TransactionTemplate(manager);
            template.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
            template.executeWithoutResult(status -> {
                body.run();
                status.setRollbackOnly();
            });
        }

        @Participant
        @Transactional
        @PostMapping("/problem")
        public ProblemDetail problem() {
            return ProblemDetail.forStatus(HttpStatus.CONFLICT);
        }

        @Participant
        @Transactional
        @PostMapping("/sealed")
        public Sealed sealedReply() {
            return () -> 7;
        }

        @PostMapping("/refuse-after")
        public void refuseAfter() {
            clerk.act();
            throw new Refused("too late");
        }

        @PostMapping("/conflict-after")
        public ResponseEntity<String> conflictAfter() {
            clerk.act();
            return ResponseEntity.status(HttpStatus.CONFLICT).body("too late");
        }

        @PostMapping("/error-after")
        public void errorAfter(HttpServletResponse response) throws IOException {
            clerk.act();
            response.sendError(409);
        }

        @Participant
        @Transactional
        @PostMapping("/reason")
        @ResponseStatus(value = HttpStatus.CREATED, reason = "made")
        public void reason() {}

        @Participant
        @Transactional
        @PostMapping("/write")
        public void write(HttpServletResponse response) throws IOException {
            response.getWriter().write("written");
        }

        @PostMapping("/put-off")
        public String putOff() {
            try {
                clerk.putOff();
            } catch (Ongoing e) {
                // As if nothing had happened.
            }
            return "done";
        }

        @PostMapping("/swallow-act")
        public String swallowAct() {
            try {
                clerk.act();
            } catch (RuntimeException e) {
                // As if nothing had happened.
            }
            return "done";
        }
    }

    /** JSON can be made of it, and it not of JSON. */
    interface Sealed {
        int getLeft();
    }

    static class Clerk {

        @Participant
        @Transactional(propagation = Propagation.NESTED)
        public void refuseNested() {
            throw new Refused("no books");
        }

        @Participant
        @Transactional(propagation = Propagation.MANDATORY)
        public void cannotBegin() {}

        @Participant
        @Transactional
        public void act() {}

        @Participant
        @Transactional
        public void putOff() {
            throw Ongoing.askAgainIn(Duration.ofSeconds(7));
        }
    }

    @RestControllerAdvice
    static class KnowAll {

        @ExceptionHandler(Exception.class)
        @ResponseStatus(HttpStatus.OK)
        public String all(Exception thrown) {
            return "an advice knows it all: " + thrown.getMessage();
        }
    }
}

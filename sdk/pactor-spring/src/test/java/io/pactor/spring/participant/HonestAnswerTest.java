package io.pactor.spring.participant;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
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
    @EnableAutoConfiguration
    @Import({Desk.class, Clerk.class, KnowAll.class})
    static class Books {}

    @RestController
    static class Desk {

        private final Clerk clerk;

        Desk(Clerk clerk) {
            this.clerk = clerk;
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
        @PostMapping("/act")
        public void act() {}

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

    static class Clerk {

        @Participant
        @Transactional(propagation = Propagation.MANDATORY)
        public void cannotBegin() {}

        @Participant
        @Transactional
        public void act() {}
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

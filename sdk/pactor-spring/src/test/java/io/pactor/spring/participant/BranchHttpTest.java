package io.pactor.spring.participant;

import static org.assertj.core.api.Assertions.assertThat;

import io.pactor.client.participant.Ongoing;
import io.pactor.client.participant.Refused;
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
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** What a coordinator is answered over HTTP, by a Spring application in its server. */
@ExtendWith(OutputCaptureExtension.class)
class BranchHttpTest {

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
        gid = "g" + transactions++;
    }

    @Test
    void what_returns_is_200_whatever_the_status_of_the_mapping() throws Exception {
        HttpResponse<String> answer = post("/created");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(post("/created").body()).isEqualTo(answer.body()).isEqualTo("{\"left\":7}");
        assertThat(post("/nothing").statusCode()).isEqualTo(200);
    }

    @Test
    void a_refusal_is_409_though_an_advice_makes_200_of_every_exception() throws Exception {
        HttpResponse<String> answer = post("/refuse");

        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.body()).contains("\"dtm_result\":\"FAILURE\"").contains("no books");
    }

    @Test
    void what_takes_longer_is_425_and_says_when_to_ask_again() throws Exception {
        HttpResponse<String> answer = post("/later");

        assertThat(answer.statusCode()).isEqualTo(425);
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("7");
    }

    @Test
    void any_other_exception_is_500() throws Exception {
        assertThat(post("/fail").statusCode()).isEqualTo(500);
    }

    @Test
    void a_refusal_that_the_controller_swallows_is_409() throws Exception {
        assertThat(post("/swallow").statusCode()).isEqualTo(409);
    }

    @Test
    void an_exception_that_the_controller_swallows_is_500() throws Exception {
        assertThat(post("/swallow-failure").statusCode()).isEqualTo(500);
    }

    @Test
    void a_status_that_is_returned_instead_of_thrown_rolls_back() throws Exception {
        assertThat(post("/conflict").statusCode()).isEqualTo(500);
        assertThat(rows()).isZero();
    }

    @Test
    void what_fails_at_the_commit_is_500() throws Exception {
        assertThat(post("/fail-at-commit").statusCode()).isEqualTo(500);
        assertThat(rows()).isZero();
    }

    @Test
    void a_call_that_lacks_a_parameter_is_400() throws Exception {
        HttpResponse<String> answer = send("/created?gid=" + gid + "&branch_id=01&op=action");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("trans_type");
    }

    @Test
    void requests_of_others_are_left_alone() throws Exception {
        assertThat(send("/plain?gid=7").statusCode()).isEqualTo(201);
        assertThat(send("/throws").body()).isEqualTo("an advice knows it all: plain");
    }

    @Test
    void a_call_that_passes_no_barrier_is_told_once(CapturedOutput output) throws Exception {
        assertThat(post("/through-this").statusCode()).isEqualTo(200);
        assertThat(post("/through-this").statusCode()).isEqualTo(200);

        assertThat(output.toString().split("by /through-this and has passed no barrier"))
            .hasSize(2);
        assertThat(rows()).isZero();
    }

    @Test
    void a_branch_call_to_what_is_no_participant_is_left_alone() throws Exception {
        assertThat(post("/plain").statusCode()).isEqualTo(201);
    }

    @Test
    void a_participant_without_a_branch_is_an_error_that_tells() throws Exception {
        assertThat(send("/created").body()).contains("outside of a branch call");
    }

    private int rows() {
        return context.getBean(JdbcTemplate.class).queryForObject(
            "select count(*) from barrier where gid = ?", Integer.class, gid);
    }

    private HttpResponse<String> post(String path) throws IOException, InterruptedException {
        return send(path + "?branch_id=01&gid=" + gid + "&op=action&trans_type=saga");
    }

    private static HttpResponse<String> send(String path) throws IOException, InterruptedException {
        return CLIENT.send(HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + context.getWebServer().getPort() + path))
            .POST(HttpRequest.BodyPublishers.noBody()).timeout(Duration.ofSeconds(30)).build(),
            HttpResponse.BodyHandlers.ofString());
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({Desk.class, Clerk.class, KnowAll.class})
    static class Books {}

    record Left(int left) {}

    @RestController
    static class Desk {

        private final Clerk clerk;

        Desk(Clerk clerk) {
            this.clerk = clerk;
        }

        @Participant
        @Transactional
        @PostMapping("/created")
        @ResponseStatus(HttpStatus.CREATED)
        public Left created() {
            return new Left(7);
        }

        @Participant
        @Transactional
        @PostMapping("/nothing")
        @ResponseStatus(HttpStatus.NO_CONTENT)
        public void nothing() {}

        @Participant
        @Transactional
        @PostMapping("/refuse")
        public void refuse() {
            throw new Refused("no books");
        }

        @Participant
        @Transactional
        @PostMapping("/later")
        public void later() {
            throw Ongoing.askAgainIn(Duration.ofSeconds(7));
        }

        @PostMapping("/fail")
        public void fail() throws IOException {
            clerk.fail();
        }

        @PostMapping("/swallow")
        public String swallow() {
            try {
                clerk.refuse();
            } catch (Refused e) {
                // As if nothing had happened.
            }
            return "done";
        }

        @PostMapping("/swallow-failure")
        public String swallowFailure() {
            try {
                clerk.fail();
            } catch (IOException e) {
                // As if nothing had happened.
            }
            return "done";
        }

        @Participant
        @Transactional
        @PostMapping("/conflict")
        public ResponseEntity<String> conflict() {
            return ResponseEntity.status(HttpStatus.CONFLICT).body("no books");
        }

        @PostMapping("/fail-at-commit")
        public String failAtCommit() {
            clerk.failAtCommit();
            return "done";
        }

        @PostMapping("/through-this")
        public Left throughThis() {
            return created();
        }

        @PostMapping("/plain")
        @ResponseStatus(HttpStatus.CREATED)
        public String plain() {
            return "plain";
        }

        @PostMapping("/throws")
        public void throwsPlain() {
            throw new IllegalStateException("plain");
        }
    }

    static class Clerk {

        private final JdbcTemplate jdbc;

        Clerk(JdbcTemplate jdbc) {
            this.jdbc = jdbc;
        }

        @Participant
        @Transactional
        public void fail() throws IOException {
            throw new IOException("no paper");
        }

        @Participant
        @Transactional
        public void refuse() {
            throw new Refused("no books");
        }

        /** The transaction is gone when Spring comes to commit it. */
        @Participant
        @Transactional
        public void failAtCommit() {
            TransactionSynchronizationManager
                .registerSynchronization(
                    new TransactionSynchronization() {
                        @Override
                        public void beforeCommit(boolean readOnly) {
                            jdbc.update("insert into barrier(no_such_column) values(1)");
                        }
                    });
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

package io.pactor.spring.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pactor.client.Outcome;
import io.pactor.client.Pactor;
import io.pactor.client.RejectedException;
import io.pactor.client.Workflow;
import io.pactor.client.WorkflowResult;
import io.pactor.testing.CoordinatorProcess;
import io.pactor.testing.PostgresServer;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What a starter gives an application, with a coordinator of its own, over PostgreSQL: sagas of
 * recorded calls, participants behind the barrier, and the health of the way between. The
 * coordinator signs its calls, and the application serves no other ones.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class StarterContract {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private CoordinatorProcess coordinator;
    private ConfigurableApplicationContext context;
    private Pactor pactor;
    private Shop.Shelf shelf;
    private int port;

    @BeforeAll
    void start(@TempDir Path dir) throws Exception {
        assumeTrue(PostgresServer.isHere(), "no PostgreSQL here");
        coordinator = CoordinatorProcess.start(CoordinatorProcess.Launch.in(dir.resolve("data"))
            .withArguments("--set", "pactor.calls.signing.key-file=" + key(dir)));
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        context = new SpringApplicationBuilder(Shop.class).run("--server.port=" + port,
            "--spring.main.banner-mode=off", "--pactor.url=" + coordinator.baseUrl(),
            "--spring.datasource.url=" + PostgresServer.shared().fresh(),
            "--pactor.participant.initialize-schema=always",
            "--pactor.participant.base-url=http://127.0.0.1:" + port,
            "--pactor.participant.verify-signatures=true",
            "--pactor.participant.unsigned-modes=tcc,xa",
            "--management.endpoint.health.show-details=always");
        pactor = context.getBean(Pactor.class);
        shelf = context.getBean(Shop.Shelf.class);
    }

    private static Path key(Path dir) throws Exception {
        PrivateKey made = KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate();
        return Files.writeString(dir.resolve("signing.pem"), "-----BEGIN PRIVATE KEY-----\n"
            + Base64.getEncoder().encodeToString(made.getEncoded())
            + "\n-----END PRIVATE KEY-----\n");
    }

    @AfterAll
    void stop() {
        if (context != null) {
            context.close();
        }
        if (coordinator != null) {
            coordinator.close();
        }
    }

    @BeforeEach
    void fill() {
        context.getBean(JdbcTemplate.class).update("update shelf set copies = 10");
    }

    @Test
    void a_saga_of_recorded_calls_succeeds() {
        Outcome outcome = pactor.saga()
            .step(() -> shelf.take(new Shop.Line("java", 3)))
            .undo(() -> shelf.putBack(new Shop.Line("java", 3)))
            .step(() -> shelf.take(new Shop.Line("java", 2)))
            .undo(() -> shelf.putBack(new Shop.Line("java", 2)))
            .submitAndWait(PATIENCE);

        assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
        assertThat(copies()).isEqualTo(5);
    }

    @Test
    void a_refusal_rolls_back_what_was_done_and_its_reason_is_the_participant_s() {
        Outcome outcome = pactor.saga()
            .step(() -> shelf.take(new Shop.Line("java", 3)))
            .undo(() -> shelf.putBack(new Shop.Line("java", 3)))
            .step(() -> shelf.take(new Shop.Line("java", 8)))
            .undo(() -> shelf.putBack(new Shop.Line("java", 8)))
            .submitAndWait(PATIENCE);

        assertThat(outcome).isInstanceOf(Outcome.RolledBack.class);
        assertThat(((Outcome.RolledBack) outcome).reason()).isEqualTo("sold out");
        assertThat(copies()).isEqualTo(10);
    }

    @Test
    void the_same_gid_is_the_same_saga() {
        String gid = "same-" + System.identityHashCode(this);
        for (int time = 0; time < 2; time++) {
            assertThat(pactor.saga(gid)
                .step(() -> shelf.take(new Shop.Line("java", 3)))
                .submitAndWait(PATIENCE)).isInstanceOf(Outcome.Succeeded.class);
        }
        assertThat(copies()).isEqualTo(7);
    }

    @Test
    void nothing_is_called_when_a_step_is_recorded() {
        pactor.saga().step(() -> shelf.take(new Shop.Line("java", 3)));

        assertThat(copies()).isEqualTo(10);
    }

    @Test
    void a_step_is_one_call() {
        assertThatThrownBy(() -> pactor.saga().step(() -> {
            shelf.take(new Shop.Line("java", 1));
            shelf.take(new Shop.Line("java", 1));
        })).hasMessageContaining("a step is one call");
    }

    @Test
    void a_participant_is_guarded_against_a_plain_call() {
        assertThatThrownBy(() -> shelf.take(new Shop.Line("java", 3)))
            .hasMessageContaining("500");
        assertThat(copies()).isEqualTo(10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/take?op=action", "/pactor/check-back/dataSource?op=msg",
        "/pactor/workflows/book%20trip?op=book%20trip"})
    void what_no_coordinator_has_signed_is_not_served(String call) throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient().send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + call
                + "&gid=forged&branch_id=01&trans_type=saga")).header("Content-Type",
                "application/json").POST(HttpRequest.BodyPublishers.ofString(
                    "{\"article\":\"java\",\"copies\":1}")).build(),
            HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).contains("the call is not signed");
        assertThat(copies()).isEqualTo(10);
    }

    @Test
    void a_tcc_books_what_was_held_and_sets_free_what_was_not_wanted() {
        Rooms rooms = context.getBean(Rooms.class);

        assertThat(hold(new Rooms.Stay("ann", 2), new Rooms.Stay("bob", 1)))
            .isInstanceOf(Outcome.Succeeded.class);
        assertThat(rooms.number("free")).isEqualTo(2);
        assertThat(rooms.number("booked")).isEqualTo(3);

        assertThat(hold(new Rooms.Stay("cid", 1), new Rooms.Stay("dan", 7)))
            .isInstanceOfSatisfying(Outcome.RolledBack.class,
                it -> assertThat(it.reason()).contains("no room for dan"));
        assertThat(rooms.number("free")).isEqualTo(2);
        assertThat(rooms.number("held")).isZero();
    }

    private Outcome hold(Rooms.Stay one, Rooms.Stay other) {
        return pactor.tcc().run(PATIENCE, tx -> {
            Rooms.Held held = tx.branch(() -> shelf.hold(one), () -> shelf.bookRooms(one),
                () -> shelf.setFree(one), Rooms.Held.class);
            assertThat(held.left()).isPositive();
            tx.branch(() -> shelf.hold(other), () -> shelf.bookRooms(other),
                () -> shelf.setFree(other));
        });
    }

    @Test
    void an_xa_transaction_commits_what_all_have_prepared_and_else_nothing() {
        Transfers transfers = context.getBean(Transfers.class);

        assertThat(transfers.move("ann", "bob", 30)).isInstanceOf(Outcome.Succeeded.class);
        assertThat(transfers.cents("ann")).isEqualTo(70);
        assertThat(transfers.cents("bob")).isEqualTo(130);

        assertThat(transfers.move("ann", "bob", 71)).isInstanceOfSatisfying(
            Outcome.RolledBack.class, it -> assertThat(it.reason()).contains("the purse of ann"));
        assertThat(transfers.cents("bob")).isEqualTo(130);
        assertThat(context.getBean(JdbcTemplate.class).queryForObject(
            "select count(*) from pg_prepared_xacts where database = current_database()",
            Integer.class)).isZero();
    }

    @Test
    @SuppressWarnings("unchecked")
    void a_workflow_goes_on_after_its_last_step_when_the_coordinator_calls() {
        JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
        jdbc.execute("create table trip(guest varchar(20) primary key)");
        Workflow<Trips.Trip, String> trip = context.getBean(Workflow.class);

        WorkflowResult<String> result = trip.run("w1", new Trips.Trip("ann"), PATIENCE);

        assertThat(result).isEqualTo(new WorkflowResult.Succeeded<>("w1", "ticket of ann"));
        assertThat(jdbc.queryForList("select guest from trip", String.class))
            .containsExactly("ann");
    }

    @Test
    void a_message_is_delivered_after_the_commit() {
        context.getBean(Payments.class).pay("m1", false);

        awaitEnd("m1", "succeed");
        assertThat(context.getBean(Payments.class).isBooked("m1")).isTrue();
    }

    @Test
    void a_message_of_a_transaction_that_rolled_back_is_not_delivered() {
        Payments payments = context.getBean(Payments.class);
        assertThatThrownBy(() -> payments.pay("m2", true)).hasMessage("the card was stolen");

        awaitEnd("m2", "failed");
        assertThat(payments.isPaid("m2")).isFalse();
        assertThat(payments.isBooked("m2")).isFalse();
        assertThatThrownBy(() -> payments.pay("m2", false)).isInstanceOf(RejectedException.class);
        assertThat(payments.isPaid("m2")).isFalse();
    }

    @Test
    void a_message_is_delivered_though_nobody_submitted_it_after_the_commit() {
        Payments payments = context.getBean(Payments.class);
        payments.payAndDie("m3", "http://127.0.0.1:" + port + "/pactor/check-back/dataSource");

        awaitEnd("m3", "succeed");
        assertThat(payments.isPaid("m3")).isTrue();
        assertThat(payments.isBooked("m3")).isTrue();
    }

    @Test
    void a_message_that_was_sent_is_not_sent_twice() {
        Payments payments = context.getBean(Payments.class);
        payments.pay("m4", false);

        assertThatThrownBy(() -> payments.pay("m4", false));
        awaitEnd("m4", "succeed");
    }

    @Test
    void the_health_tells_the_coordinator_s_version() throws Exception {
        HttpResponse<String> health = HttpClient.newHttpClient().send(
            HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + port + "/actuator/health")).build(),
            HttpResponse.BodyHandlers.ofString());

        assertThat(health.statusCode()).isEqualTo(200);
        assertThat(health.body()).contains("\"pactor\":{").contains("\"version\":\"v");
    }

    @Test
    void it_is_the_spring_boot_that_this_starter_is_for() {
        assertThat(SpringBootVersion.getVersion()).startsWith(springBoot());
    }

    /** The line of versions that is meant, as in {@code 4.0}. */
    protected abstract String springBoot();

    private void awaitEnd(String gid, String status) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(pactor.query(gid))
            .hasValueSatisfying(found -> assertThat(found.status()).isEqualTo(status)));
    }

    private int copies() {
        return context.getBean(JdbcTemplate.class)
            .queryForObject("select copies from shelf", Integer.class);
    }
}

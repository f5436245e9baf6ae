package io.pactor.client;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two-phase messages on the real coordinator. */
@Timeout(120)
class MessageTest {

    private static final Duration WAIT = Duration.ofSeconds(30);

    private static Pactor pactor;

    private final Participants services = new Participants();

    @BeforeAll
    static void start() {
        pactor = Pactor.connect(SharedCoordinator.url());
    }

    @AfterAll
    static void stop() {
        pactor.close();
    }

    @AfterEach
    void close() {
        services.close();
    }

    private Message message(String gid) {
        return pactor.message(gid).to(Call.post(services.url("/credit"), Map.of("amount", 30)))
            .checkBackAt(services.url("/check")).checkBackAfter(Duration.ofSeconds(1));
    }

    private void awaitStatus(String gid, String status) {
        await().atMost(WAIT).until(() -> pactor.query(gid).orElseThrow().status(), status::equals);
    }

    @Test
    void whatIsCommittedIsDelivered() {
        List<String> local = new ArrayList<>();
        message("paid").commitWith(gid -> {
            assertEquals("prepared", pactor.query(gid).orElseThrow().status());
            local.add(gid);
        });

        awaitStatus("paid", "succeed");
        assertEquals(List.of("paid"), local);
        assertEquals(List.of("/credit"), services.calls("paid"));
        assertEquals("{\"amount\":30}", services.received().get(0).body());
    }

    @Test
    void whenTheLocalTransactionThrowsTheCheckBackDecides() {
        services.answer("/check", 409, "{\"dtm_result\":\"FAILURE\",\"message\":\"no row\"}");
        SQLException thrown = new SQLException("deadlock");

        assertSame(thrown, assertThrows(SQLException.class, () ->
            message("undone").commitWith(gid -> {
                throw thrown;
            })));

        awaitStatus("undone", "failed");
        assertEquals(List.of("/check"), services.calls("undone"));
        assertEquals(Map.of("gid", "undone", "trans_type", "msg", "branch_id", "00", "op", "msg"),
            services.received().get(0).query());
        Message again = message("undone");
        assertThrows(RejectedException.class, () -> again.commitWith(gid -> fail("given up")));
        assertThrows(RejectedException.class, again::submit);
    }

    @Test
    void aCommitWithoutASubmitIsDeliveredAfterTheCheckBack() {
        message("silent").prepare();

        awaitStatus("silent", "succeed");
        assertEquals(List.of("/check", "/credit"), services.calls("silent"));
    }

    @Test
    void aRepeatCommitsNothingAndDeliversNothing() {
        message("msg-twice").commitWith(gid -> {});
        awaitStatus("msg-twice", "succeed");

        message("msg-twice").commitWith(gid -> fail("it is committed"));
        message("msg-twice").submit();
        assertEquals(new Outcome.Succeeded("msg-twice"), message("msg-twice").submitAndWait(WAIT));
        assertEquals(List.of("/credit"), services.calls("msg-twice"));
    }

    @Test
    void aMessageWithoutALocalTransactionIsSentAtOnce() {
        Outcome outcome = pactor.message("plain").to(Call.get(services.url("/a"))).concurrent()
            .to(() -> CallRecorder.record(Call.get(services.url("/b")))).submitAndWait(WAIT);

        assertEquals(new Outcome.Succeeded("plain"), outcome);
        assertEquals(2, services.calls("plain").size());
        assertThrows(IllegalStateException.class,
            () -> pactor.message("x").to(Call.get(services.url("/a"))).prepare());
        assertThrows(IllegalStateException.class, () -> pactor.message("x").submit());
    }

    @Test
    void whatWillNeverBeCommittedCanBeGivenUp() {
        Message message = message("given-up");
        message.prepare();
        message.abort("the order was withdrawn");
        message.abort("once more");

        TransactionView view = pactor.query("given-up").orElseThrow();
        assertEquals("failed", view.status());
        assertThrows(RejectedException.class, message::submit);
    }

    @Test
    void aTopicStandsForItsSubscribers() throws Exception {
        String subscribe = "/api/dtmsvr/subscribe?topic=orders&remark=&url=";
        HttpRequest request = HttpRequest.newBuilder(
            URI.create(SharedCoordinator.url() + subscribe + services.url("/hear"))).build();
        assertEquals(200, HttpClient.newHttpClient()
            .send(request, HttpResponse.BodyHandlers.discarding()).statusCode());

        Outcome outcome =
            pactor.message("topic").toTopic("orders", Map.of("order", 7)).submitAndWait(WAIT);

        assertEquals(new Outcome.Succeeded("topic"), outcome);
        assertEquals(List.of("/hear"), services.calls("topic"));
        assertEquals(new Outcome.Succeeded("topic"),
            pactor.message("topic").toTopic("orders", Map.of("order", 7)).submitAndWait(WAIT));
    }

    @Test
    void afterTheCommitACoordinatorThatIsGoneIsNoError() {
        FakeCoordinator gone = new FakeCoordinator();
        Message message = Pactor.builder().urls(gone.url()).timeout(Duration.ofSeconds(1)).build()
            .message("m1").to(Call.get(services.url("/a"))).checkBackAt(services.url("/check"));

        message.commitWith(gid -> gone.close());

        assertEquals("prepared", gone.status("m1"));
        assertTrue(gone.received("/api/dtmsvr/abort").isEmpty());
    }
}

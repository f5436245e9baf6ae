package io.pactor.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pactor.client.participant.BarrierSchema;
import io.pactor.client.participant.BranchCall;
import io.pactor.client.participant.JdbcBarrier;
import io.pactor.client.participant.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs the examples of README.md, which must be here word for word. */
@Timeout(120)
class ReadmeTest {

    private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    private final Participants services = new Participants();
    private final String stock = services.url("/stock");
    private final String bank = services.url("/bank");
    private final String hotel = services.url("/hotel");
    private final String air = services.url("/air");
    private final String ledger = services.url("/ledger");
    private final String self = services.url("/self");
    private final Map<String, Object> order = Map.of("id", 7);
    private final Map<String, Object> trip = Map.of("id", 7);
    private final Map<String, Object> payment = Map.of("id", 7);
    private final JdbcDataSource database = new JdbcDataSource();
    private final JdbcBarrier barrier = JdbcBarrier.create();
    private final Pactor pactor = Pactor.connect(SharedCoordinator.url());

    @AfterEach
    void close() {
        services.close();
        pactor.close();
    }

    @Test
    void everyExampleIsHere() throws IOException {
        List<String> lines = Files.readString(Path.of(
            "src/test/java/io/pactor/client/ReadmeTest.java")).lines().map(String::strip).toList();
        Matcher example = EXAMPLE.matcher(Files.readString(Path.of("README.md")));
        int count = 0;
        while (example.find()) {
            count++;
            for (String line : example.group(1).lines().map(String::strip).toList()) {
                assertTrue(lines.contains(line) || line.startsWith("Pactor pactor ="), line);
            }
        }
        assertEquals(6, count);
    }

    @Test
    void aFirstSaga() {
        services.answer("/bank/charge", 409, "{\"message\":\"no funds\"}");
        Outcome outcome = pactor.saga("order-7")
            .step(Call.post(stock + "/reserve", order)).undo(Call.post(stock + "/release", order))
            .step(Call.post(bank + "/charge", order)).undo(Call.post(bank + "/refund", order))
            .submitAndWait(Duration.ofSeconds(3));
        if (outcome instanceof Outcome.RolledBack it) {
            System.out.println("refused: " + it.reason());
        }
        assertEquals(List.of("/stock/reserve", "/bank/charge"),
            services.calls("order-7").subList(0, 2));
    }

    @Test
    void tcc() {
        services.answer("/hotel/try", 200, "{\"number\":204}");
        Outcome outcome = pactor.tcc("trip-7").run(tx -> {
            Map<?, ?> room = tx.branch(Call.post(hotel + "/try", trip),
                Call.post(hotel + "/confirm", trip), Call.post(hotel + "/cancel", trip), Map.class);
            System.out.println("room " + room.get("number"));
            tx.branch(Call.post(air + "/try", trip),
                Call.post(air + "/confirm", trip), Call.post(air + "/cancel", trip));
        });
        assertEquals(new Outcome.Succeeded("trip-7"), outcome);
    }

    @Test
    void aMessage() throws SQLException {
        database.setURL("jdbc:h2:mem:readme");
        try (Connection open = database.getConnection()) {
            BarrierSchema.create(open);
            pactor.message("pay-7")
                .to(Call.post(ledger + "/credit", payment))
                .checkBackAt(self + "/check")
                .commitWith(gid -> debit(gid, payment));
            assertTrue(pactor.query("pay-7").isPresent());
        }
    }

    @Test
    void severalCoordinators() {
        Pactor pactor = Pactor.builder()
            .urls("http://pactor-0:8080", "http://pactor-1:8080")
            .header("Authorization", () -> "Bearer " + token())
            .timeout(Duration.ofSeconds(30))
            .build();
        boolean isUp = pactor.isReachable(Duration.ofSeconds(1));
        assertFalse(isUp);
    }

    @Test
    void theCheckBackAnswersByTheRow() throws SQLException {
        database.setURL("jdbc:h2:mem:readme");
        try (Connection open = database.getConnection()) {
            BarrierSchema.create(open);
            String gid = "pay-8";
            debit(gid, payment);
            int status = barrier.committed(database, gid) ? 200 : 409;
            assertEquals(200, status);
        }
    }

    private void debit(String gid, Map<String, Object> payment) {
        barrier.run(database, BranchCall.message(gid), connection -> {
            // … the application's own statements, in the transaction of this connection
            return Reply.EMPTY;
        });
    }

    private static String token() {
        return "secret";
    }
}

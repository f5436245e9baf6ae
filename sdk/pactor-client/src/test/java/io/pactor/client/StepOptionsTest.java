package io.pactor.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes beyond DTM's protocol, on the real coordinator. */
@Timeout(120)
class StepOptionsTest {

    private static final Duration WAIT = Duration.ofSeconds(30);

    private final Participants services = new Participants();
    private final Pactor pactor = Pactor.connect(SharedCoordinator.url());

    @AfterEach
    void close() {
        services.close();
        pactor.close();
    }

    private List<String> made(String gid) {
        return services.received().stream().filter(each -> each.gid().equals(gid))
            .map(each -> each.method() + " " + each.path() + " " + each.body()).toList();
    }

    @Test
    void eachCallIsMadeAsItSays() {
        assumeTrue(pactor.server().features().contains("step-options"), "an older coordinator");
        services.answer("/no", 409, "{\"message\":\"no\"}");
        Outcome outcome = pactor.saga("options")
            .step(Call.of("PUT", services.url("/stock/7"), "{\"n\":1}").withHeader("X-A", "1"))
            .undo(Call.of("DELETE", services.url("/stock/7"), null))
            .step(Call.get(services.url("/look")))
            .undo(Call.post(services.url("/forget"), "[2]"))
            .step(Call.post(services.url("/no"), null)).stepTimeout(Duration.ofSeconds(5))
            .undo(Call.get(services.url("/bare")))
            .submitAndWait(WAIT);

        assertEquals(new Outcome.RolledBack("options", "no"), outcome);
        assertEquals(List.of("PUT /stock/7 {\"n\":1}", "GET /look ", "POST /no ", "GET /bare ",
            "POST /forget [2]", "DELETE /stock/7 "), made("options"));
    }

    @Test
    void aLimitOfOneStepRollsBack() {
        assumeTrue(pactor.server().features().contains("step-options"), "an older coordinator");
        services.answer("/down", 503, "");
        Outcome outcome = pactor.saga("limit").step(Call.post(services.url("/down"), "{}"))
            .stepRetryLimit(1).submitAndWait(WAIT);

        assertEquals(Outcome.RolledBack.class, outcome.getClass());
        assertEquals(2, made("limit").size());
    }

    @Test
    void whatItDoesNotKnowIsNotSent() {
        assumeTrue(!pactor.server().features().contains("park"), "it knows");
        Saga saga = pactor.saga("park").step(Call.get(services.url("/x"))).parkWhenExhausted();

        assertThrows(RejectedException.class, saga::submit);
        assertEquals(List.of(), made("park"));
    }
}

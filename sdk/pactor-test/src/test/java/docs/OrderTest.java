package docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.pactor.client.Call;
import io.pactor.client.Outcome;
import io.pactor.client.Pactor;
import io.pactor.test.Answer;
import io.pactor.test.PactorTest;
import io.pactor.test.ScriptedParticipant;
import io.pactor.test.TestCoordinator;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

@PactorTest
class OrderTest {

    @Test
    void anOrderThatCannotBePaidIsUndone(Pactor pactor, ScriptedParticipant services) {
        services.answers("/purse/charge", Answer.REFUSED);

        Outcome outcome = pactor.saga("order-1")
            .step(Call.post(services.url("/stock/take"), "{}"))
            .undo(Call.post(services.url("/stock/give-back"), "{}"))
            .step(Call.post(services.url("/purse/charge"), "{}"))
            .submitAndWait(Duration.ofSeconds(30));

        assertInstanceOf(Outcome.RolledBack.class, outcome);
        assertEquals(List.of("/stock/take", "/purse/charge", "/stock/give-back"),
            services.paths("order-1"));
    }

    @Test
    void aPurseThatIsAwayForTenMinutesIsAskedAgain(Pactor pactor, ScriptedParticipant services,
            TestCoordinator coordinator) {
        services.answers("/purse/charge", Answer.ERROR, Answer.LOST, Answer.SUCCESS);
        pactor.saga("order-2").step(Call.post(services.url("/purse/charge"), "{}")).submit();

        coordinator.skip(Duration.ofMinutes(10));
        coordinator.skip(Duration.ofMinutes(10));
        coordinator.awaitRest();

        assertEquals("succeed", pactor.query("order-2").orElseThrow().status());
    }
}

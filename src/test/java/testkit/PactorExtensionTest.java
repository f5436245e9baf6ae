package testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The extension as its users see it; the first test stands in docs/testing-your-saga.md. */
class PactorExtensionTest {

    @RegisterExtension
    static final PactorExtension pactor = new PactorExtension();

    @Test
    void anOrderThatCannotBePaidIsUndone() {
        pactor.participant().answers("/purse/charge", Answer.FAILURE);

        String gid = pactor.saga()
            .step("/stock/take", "/stock/give-back")
            .step("/purse/charge", "/purse/refund")
            .submit();

        pactor.assertThat(gid).rolledBackInOrder("/purse/refund", "/stock/give-back");
    }

    @Test
    void aParticipantThatIsAwayForTenMinutesHoldsNothingUp() {
        pactor.participant().answers("/purse/charge", Answer.ERROR, Answer.HANG_UP, Answer.ERROR,
            Answer.ERROR, Answer.SUCCESS);

        String gid = pactor.saga()
            .step("/stock/take", "/stock/give-back")
            .step("/purse/charge", "/purse/refund")
            .retryInterval(40)
            .submit();

        pactor.assertThat(gid).calledTimes("/purse/charge", 1).hasStatus("submitted");
        for (int attempt = 2; attempt <= 5; attempt++) {
            pactor.advance(Duration.ofMinutes(10));
            pactor.assertThat(gid).calledTimes("/purse/charge", attempt);
        }
        pactor.assertThat(gid).succeeded();
    }

    @Test
    void byHandNothingIsTriedAgainUntilItIsSaid() {
        pactor.manual(true);
        pactor.participant().answers("/stock/take", Answer.ONGOING, Answer.SUCCESS);
        String gid = pactor.saga().step("/stock/take", "/stock/give-back").submit();
        pactor.assertThat(gid).called("/stock/take");

        pactor.advance(Duration.ofHours(1));
        pactor.assertThat(gid).called("/stock/take").hasStatus("submitted");
        assertEquals(gid, pactor.runDue());
        pactor.assertThat(gid).called("/stock/take", "/stock/take").succeeded();
        assertEquals("", pactor.runDue());
    }

    @Test
    void whatIsNotAsExpectedIsToldWithTheStory() {
        String gid = pactor.saga().step("/stock/take", "/stock/give-back").submit();

        AssertionError told = assertThrows(AssertionError.class,
            () -> pactor.assertThat(gid).succeeded().called("/elsewhere"));

        assertTrue(told.getMessage().contains("01 action /stock/take"), told.getMessage());
        assertTrue(told.getMessage().contains("it is succeed"), told.getMessage());
    }

    /** Each begins with nothing that the one before has left. */
    @RepeatedTest(2)
    void theSameGidMayBeUsedInEachTest() throws Exception {
        String saga = "{\"gid\":\"mine\",\"trans_type\":\"saga\",\"steps\":[{\"action\":\""
            + pactor.participant().url("/a") + "\"}],\"payloads\":[\"{}\"]}";
        HttpResponse<String> answer = HttpClient.newHttpClient().send(HttpRequest
            .newBuilder(URI.create(pactor.httpUrl() + "/submit"))
            .POST(HttpRequest.BodyPublishers.ofString(saga)).build(),
            HttpResponse.BodyHandlers.ofString());

        assertEquals(200, answer.statusCode(), answer.body());
        pactor.assertThat("mine").succeeded().called("/a");
    }
}

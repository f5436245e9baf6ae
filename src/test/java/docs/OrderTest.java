package docs;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import testkit.Answer;
import testkit.PactorExtension;

class OrderTest {

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
    void aParticipantThatIsDownForTenMinutesIsCalledAgain() {
        pactor.participant().answers("/purse/charge", Answer.ERROR, Answer.SUCCESS);

        String gid = pactor.saga()
            .step("/stock/take", "/stock/give-back")
            .step("/purse/charge", "/purse/refund")
            .submit();

        pactor.assertThat(gid).calledTimes("/purse/charge", 1).hasStatus("submitted");
        pactor.advance(Duration.ofMinutes(10));
        pactor.assertThat(gid).calledTimes("/purse/charge", 2).succeeded();
    }
}

package http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import transaction.Busy;
import transaction.ByteBudget;

/** What clients ask for and do not read takes up so much room and no more (K4, K10). */
class OutboxTest {

    private static final Materializer MATERIALIZER =
        SystemMaterializer.get(Wire.system()).materializer();

    private final ByteBudget budget = new ByteBudget(300_000);
    private final Outbox outbox = new Outbox(budget, Duration.ofMinutes(1));

    @Test
    void anAnswerIsSentAsItIsAndItsRoomGivenBack() {
        byte[] body = text(200_001).body();
        HttpAnswer answer = outbox.admit(text(200_001));
        assertEquals(200_001, budget.held());

        ByteString sent = outbox.send(answer)
            .runFold(ByteString.emptyByteString(), ByteString::concat, MATERIALIZER)
            .toCompletableFuture().join();

        assertArrayEquals(body, sent.toArray());
        awaitHeld(0);
    }

    @Test
    void whatIsLeftUnreadRefusesOtherLongAnswersAndNoShortOne() {
        outbox.admit(text(200_000));

        HttpAnswer refused = outbox.admit(text(100_001));

        assertEquals(503, refused.status());
        assertEquals("too many long answers are being sent; nothing was done, try again soon",
            refused.message());
        assertEquals(200, outbox.admit(text(100_000)).status());
        assertEquals(200, outbox.admit(text(Outbox.SHORT_BYTES)).status());
    }

    @Test
    void anAnswerThatIsLargerThanAllRoomIsSentAlone() {
        assertEquals(200, outbox.admit(text(300_001)).status());
        assertEquals(503, outbox.admit(text(5_000)).status());
    }

    @Test
    void aClientThatGoesAwayGivesTheRoomBack() {
        HttpAnswer answer = outbox.admit(text(250_000));

        outbox.send(answer).take(1).runWith(Sink.ignore(), MATERIALIZER)
            .toCompletableFuture().join();

        awaitHeld(0);
    }

    @Test
    void anAnswerThatNobodyReadsInTimeIsGivenUp() {
        Outbox hasty = new Outbox(budget, Duration.ofMillis(20));
        HttpAnswer never = hasty.admit(text(100_000));
        HttpAnswer stuck = hasty.admit(text(100_000));

        hasty.send(never);
        // A reader that takes the first piece and no other.
        hasty.send(stuck).mapAsync(1, piece -> new CompletableFuture<>())
            .runWith(Sink.ignore(), MATERIALIZER);

        awaitHeld(0);
    }

    @Test
    void whatIsWrittenCountsTwiceMeanwhile() {
        budget.take(100_000);

        assertEquals(7, outbox.write(100_000, () -> {
            assertEquals(300_000, budget.held());
            return new byte[7];
        }).length);
        assertEquals(100_000, budget.held());
        assertThrows(Busy.class, () -> outbox.write(100_001, () -> new byte[7]));
        assertEquals(7, outbox.write(100, () -> new byte[7]).length);
    }

    @Test
    void metricsHaveRoomOfTheirOwn() {
        outbox.admit(text(300_000));

        assertEquals(200, outbox.admit(new HttpAnswer(
            200, HttpAnswer.Format.METRICS, new byte[30_000], "")).status());
    }

    private static HttpAnswer text(int bytes) {
        byte[] body = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            body[i] = (byte) ('a' + i % 26);
        }
        return new HttpAnswer(200, HttpAnswer.Format.TEXT, body, "");
    }

    private void awaitHeld(long bytes) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (budget.held() != bytes && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertEquals(bytes, budget.held());
    }
}

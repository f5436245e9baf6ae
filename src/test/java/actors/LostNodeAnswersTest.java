package actors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import actors.ClusterChanges.View;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.Address;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.UniqueAddress;
import org.junit.jupiter.api.Test;
import transaction.Reply;

/** What becomes of those who wait while nodes are lost, leave and come; by a clock of its own. */
class LostNodeAnswersTest {

    private static final Duration LONG = Duration.ofMinutes(5);

    private static final View BOTH = view(true, MemberStatus.up());
    private static final View ONE_SILENT = view(false, MemberStatus.up());
    private static final View ONE_LEAVES = view(true, MemberStatus.leaving());

    private static final View ALONE_JOINING =
        new View(Map.of(node(1), MemberStatus.joining()), true);
    private static final View ALONE_UP = new View(Map.of(node(1), MemberStatus.up()), true);

    private View cluster = BOTH;
    private long now = System.nanoTime();
    private final List<String> sent = new ArrayList<>();
    private boolean saysAsMuch = true;
    private final Answers answers = new Answers(new ClusterChanges(() -> cluster));
    private final CompletableFuture<Reply> reply = answers.expect(LONG, new Answers.Way() {
        @Override
        public void request(long ticket) {
            sent.add("request");
        }

        @Override
        public void locate(long ticket) {
            sent.add("locate");
        }

        @Override
        public boolean repeat(long ticket) {
            sent.add("repeat");
            return saysAsMuch;
        }
    });

    @Test
    void whileNothingChangesNobodyIsAskedWhereItIs() {
        pass(60_000);
        assertEquals(List.of("request"), sent);
        assertFalse(reply.isDone());
    }

    @Test
    void aNodeThatIsAloneLosesNothing() {
        List<View> views = List.of(View.ALONE, ALONE_JOINING, ALONE_UP);
        ClusterChanges changes = new ClusterChanges(() -> cluster);
        cluster = View.ALONE;
        changes.look(now);
        now += ClusterChanges.SETTLED;
        for (View view : views) {
            cluster = view;
            changes.look(now);
            assertFalse(changes.isMoving(now), view.toString());
        }
        cluster = BOTH;
        changes.look(now);
        assertTrue(changes.isMoving(now));
        cluster = ALONE_UP;
        now += ClusterChanges.SETTLED;
        changes.look(now);
        assertTrue(changes.isMoving(now));
    }

    @Test
    void whatIsAnsweredSoonIsNotLookedForWhileShardsMove() {
        cluster = ONE_LEAVES;
        pass(400);
        hear(Reply.DONE);
        pass(5_000);
        assertEquals(List.of("request"), sent);
    }

    @Test
    void nobodyWaitsForASilentNode() {
        cluster = ONE_SILENT;
        pass(600);
        assertEquals(List.of("request", "locate"), sent);
        assertTrue(assertInstanceOf(Reply.Unclear.class, reply.getNow(null)).reason()
            .contains("out of reach; it may or may not have been written"));
    }

    @Test
    void whatIsWrittenGoesOnWhenItsNodeIsSilent() {
        hear(Reply.WRITTEN);
        cluster = ONE_SILENT;
        pass(600);
        assertTrue(assertInstanceOf(Reply.Ongoing.class, reply.getNow(null)).reason()
            .contains("it goes on elsewhere"));
    }

    @Test
    void whoeverIsAtALivingNodeWaitsOn() {
        cluster = ONE_SILENT;
        for (int i = 0; i < 300; i++) {
            pass(100);
            if (sent.get(sent.size() - 1).equals("locate")) {
                hear(Reply.PENDING);
            }
        }
        assertFalse(reply.isDone());
        hear(Reply.DONE);
        assertEquals(Reply.DONE, reply.getNow(null));
    }

    @Test
    void whatIsNotThereIsSentAgain() {
        cluster = ONE_LEAVES;
        pass(600);
        hear(Reply.UNKNOWN_REQUEST);
        assertEquals(List.of("request", "locate", "repeat"), sent);
        hear(Reply.DONE);
        assertEquals(Reply.DONE, reply.getNow(null));
    }

    @Test
    void aRefusalOfWhatWasSentTwiceIsNoRefusal() {
        saysAsMuch = false;
        cluster = ONE_LEAVES;
        pass(600);
        hear(Reply.UNKNOWN_REQUEST);
        hear(new Reply.Refused("current status 'failed'"));
        assertTrue(assertInstanceOf(Reply.Unclear.class, reply.getNow(null)).reason()
            .contains("current status 'failed'"));
    }

    @Test
    void aRefusalThatSaysAsMuchAsTheFirstIsOne() {
        cluster = ONE_LEAVES;
        pass(600);
        hear(Reply.UNKNOWN_REQUEST);
        hear(new Reply.Refused("no"));
        assertEquals(new Reply.Refused("no"), reply.getNow(null));
    }

    @Test
    void whileShardsMoveTheyAreGivenTime() {
        cluster = ONE_LEAVES;
        pass(5_400);
        assertFalse(reply.isDone());
        assertTrue(sent.size() > 5, sent.toString());
        pass(400);
        assertInstanceOf(Reply.Unclear.class, reply.getNow(null));
    }

    @Test
    void whenAllHasSettledNobodyIsAskedAnyMore() {
        cluster = ONE_LEAVES;
        pass(600);
        hear(Reply.PENDING);
        cluster = BOTH;
        for (int i = 0; i < 180; i++) {
            pass(500);
            hear(Reply.PENDING);
        }
        pass(1_000);
        int before = sent.size();
        pass(60_000);
        assertEquals(before, sent.size());
        assertFalse(reply.isDone());
    }

    private void pass(long millis) {
        long until = now + Duration.ofMillis(millis).toNanos();
        while (now < until) {
            now += Answers.SWEEP.toNanos();
            answers.hear(new TransactionActor.Answer(0, null), now);
        }
    }

    private void hear(Reply heard) {
        answers.hear(new TransactionActor.Answer(1, heard), now);
    }

    private static View view(boolean isReachable, MemberStatus other) {
        return new View(Map.of(node(1), MemberStatus.up(), node(2), other), isReachable);
    }

    private static UniqueAddress node(long uid) {
        return new UniqueAddress(new Address("pekko", "pactor", "127.0.0.1", (int) uid), uid);
    }
}

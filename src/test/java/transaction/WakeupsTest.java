package transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import transaction.TransactionIndex.Due;
import transaction.Wakeups.Pace;

/** When the index is read, and whom that wakes. */
class WakeupsTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Pace PACE = new Pace(Duration.ofSeconds(1), 2, 30, 2);

    private Instant now = NOON;
    private final List<String> done = new ArrayList<>();
    private final Wakeups wakeups = new Wakeups(new Wakeups.Effects() {
        @Override
        public void read(Instant until, Due after, int page) {
            done.add(after == null ? "read" : "read after " + after.gid());
        }

        @Override
        public void wake(String gid, int view) {
            done.add("wake " + gid + " in " + view);
        }

        @Override
        public Duration jitter(Duration most) {
            return Duration.ZERO;
        }
    }, PACE, 100);

    @Test
    void nothingIsReadBeforeItCanBeWoken() {
        pass(10_000);
        assertDone();
        wakeups.begin(now);
        assertDone("read");
    }

    @Test
    void soManyAreUnansweredAtOnceAndPageFollowsPage() {
        begin("a", "b");
        assertDone("read", "wake a in 0", "wake b in 0", "read after b");
        found("c");
        assertDone();
        wakeups.answered(now, "a", 0, true);
        assertDone("wake c in 0");
    }

    @Test
    void aSweepFollowsTheEndOfTheOneBefore() {
        begin("a");
        assertDone("read", "wake a in 0");
        pass(900);
        assertDone();
        pass(100);
        assertDone("read");
    }

    @Test
    void oneThatWasWokenIsLeftAloneForAWhile() {
        begin("a");
        wakeups.answered(now, "a", 0, true);
        pass(1_000);
        found("a");
        assertDone("read", "wake a in 0", "read");
        pass(9_000);
        done.clear();
        found("a");
        assertDone("wake a in 0");
    }

    @Test
    void oneThatWasNotHeardOfIsWokenByTheNextSweep() {
        begin("a");
        wakeups.answered(now, "a", 0, false);
        pass(1_000);
        found("a");
        assertDone("read", "wake a in 0", "read", "wake a in 0");
    }

    @Test
    void whenNodesChangeAllIsLookedForAtOnceAndFormerAnswersCountNoMore() {
        begin("a");
        wakeups.nodesChanged();
        pass(100);
        found("a");
        wakeups.answered(now, "a", 0, false);
        found("b");
        assertDone("read", "wake a in 0", "read", "wake a in 1", "wake b in 1");
    }

    @Test
    void whatCouldNotBeReadIsReadAgain() {
        wakeups.begin(now);
        wakeups.unread(now);
        pass(1_000);
        assertDone("read", "read");
    }

    private void begin(String... gids) {
        wakeups.tick(now, PACE);
        wakeups.begin(now);
        found(gids);
    }

    private void found(String... gids) {
        wakeups.found(now, List.of(gids).stream().map(gid -> new Due(gid, NOON)).toList(),
            gids.length == PACE.page());
    }

    private void pass(long millis) {
        for (long i = 0; i < millis; i += Wakeups.TICK.toMillis()) {
            now = now.plus(Wakeups.TICK);
            wakeups.tick(now, PACE);
        }
    }

    private void assertDone(String... expected) {
        assertEquals(List.of(expected), done);
        done.clear();
    }
}

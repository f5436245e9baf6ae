package store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Which writes share a group. */
class AppendQueueTest {

    private static final int MOST = AppendQueue.GROUP_BYTES_MAX;
    private static final int ROWS_MAX = 4;

    private final AppendQueue queue = new AppendQueue(10, ROWS_MAX);

    @Test
    void whatWaitsIsOneGroup() throws InterruptedException {
        offer("a", 10);
        offer("b", 10);
        assertEquals(List.of("a", "b"), next());
        assertNull(queue.next(Duration.ZERO));
    }

    @Test
    void oneOfEachTransaction() throws InterruptedException {
        offer("a", 10);
        offer("a", 10);
        assertEquals(List.of("a"), next());
        assertEquals(List.of("a"), next());
    }

    @Test
    void noMoreRowsThanThat() throws InterruptedException {
        List.of("a", "b", "c", "d", "e").forEach(gid -> offer(gid, 10));
        assertEquals(List.of("a", "b", "c", "d"), next());
        assertEquals(List.of("e"), next());
    }

    @Test
    void noMoreBytesThanThatUnlessOneAloneHasMore() throws InterruptedException {
        offer("a", MOST - 10);
        offer("b", 10);
        offer("c", 1);
        offer("d", MOST + 1);
        offer("e", 1);
        assertEquals(List.of("a", "b"), next());
        assertEquals(List.of("c"), next());
        assertEquals(List.of("d"), next());
        assertEquals(List.of("e"), next());
    }

    @Test
    void whatFollowsALargeEntryCountsAsThatEntryOnce() throws InterruptedException {
        offer("a", MOST / 2);
        offer("b", MOST / 2);
        assertEquals(List.of("a", "b"), next());
        offer("a", 10);
        offer("c", MOST / 2);
        offer("b", 10);
        assertEquals(List.of("a"), next());
        assertEquals(List.of("c"), next());
        assertEquals(List.of("b"), next());
        offer("a", 10);
        offer("b", 10);
        assertEquals(List.of("a", "b"), next());
    }

    @Test
    void whatIsFullTakesNothing() {
        for (int i = 0; i < 10; i++) {
            assertTrue(queue.offer(append("a" + i, 1)));
        }
        assertFalse(queue.offer(append("b", 1)));
    }

    @Test
    void theEndComesAfterWhatWaits() throws InterruptedException {
        offer("a", 10);
        queue.end(Duration.ZERO);
        assertEquals(List.of("a"), next());
        assertEquals(List.of(), next());
    }

    @Test
    void nobodyIsLeftOut() throws InterruptedException {
        offer("a", 10);
        offer("a", 10);
        offer("b", 10);
        next();
        assertEquals(List.of("a", "a", "b"), gids(queue.left()));
    }

    private void offer(String gid, int bytes) {
        queue.offer(append(gid, bytes));
    }

    private List<String> next() throws InterruptedException {
        return gids(queue.next(Duration.ZERO));
    }

    private static List<String> gids(List<Append> group) {
        return group.stream().map(Append::gid).toList();
    }

    private static Append append(String gid, int bytes) {
        return new Append(gid, List.of(new Append.Row(1, 1, 0, new byte[bytes], List.of())), null,
            false, false, new CompletableFuture<>());
    }
}

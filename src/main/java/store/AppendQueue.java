package store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The writes that wait for the journal, handed out in groups. Any thread may offer; one takes.
 *
 * <p>H2 writes a group as one piece of memory, which needs one hole in the heap. It writes whole
 * pages, and an entry of a transaction shares the page of the entry before it until the page is
 * split, so a small entry that follows a large one costs as much as the large one. Both count.
 */
final class AppendQueue {

    /** What H2 writes at once is up to twice as much, and there while it is put together. */
    static final int GROUP_BYTES_MAX = 2 << 20;

    /** From here on an entry fills a page. */
    private static final int PAGE_BYTES = 16 << 10;

    /** Large entries whose successor is still to come; of more, the oldest does not count. */
    private static final int LARGE_MAX = 1_000;

    private final LinkedBlockingQueue<Append> queue;
    private final int groupRowsMax;
    private final Append end =
        new Append("", List.of(), null, false, false, new CompletableFuture<>());
    private final Map<String, Integer> large = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
            return size() > LARGE_MAX;
        }
    };
    private List<Append> group = List.of();
    private Append carried;

    /**
     * @param max more are not taken
     * @param groupRowsMax the rows of a group, unless one append alone has more
     */
    AppendQueue(int max, int groupRowsMax) {
        this.queue = new LinkedBlockingQueue<>(max);
        this.groupRowsMax = groupRowsMax;
    }

    /** False if too many wait. Does not block. */
    boolean offer(Append append) {
        return queue.offer(append);
    }

    /** Whether it was still there. */
    boolean remove(Append append) {
        return queue.remove(append);
    }

    /** Nothing is handed out after what is there now. False if there was no room to say so. */
    boolean end(Duration within) throws InterruptedException {
        return queue.offer(end, within.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * The next group, one append for each gid. Blocks.
     *
     * @return null if none came within {@code patience}; empty at the end
     */
    List<Append> next(Duration patience) throws InterruptedException {
        Append next = carried != null ? carried
            : queue.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
        if (next == null) {
            return null;
        }
        group = new ArrayList<>();
        Set<String> gids = new HashSet<>();
        int rows = 0;
        long bytes = 0;
        for (; next != null; next = queue.poll()) {
            carried = next;
            long more = next.bytes() + next.attemptBytes()
                + large.getOrDefault(next.gid(), 0);
            boolean fits = group.isEmpty() || rows + next.rows().size() <= groupRowsMax
                && bytes + more <= GROUP_BYTES_MAX;
            if (next == end || !fits || !gids.add(next.gid())) {
                break;
            }
            group.add(next);
            carried = null;
            rows += next.rows().size();
            bytes += more;
            note(next);
        }
        return group;
    }

    /** What was handed out last, and all that is still here. */
    List<Append> left() {
        List<Append> left = new ArrayList<>(group);
        if (carried != null) {
            left.add(carried);
        }
        queue.drainTo(left);
        return left;
    }

    private void note(Append taken) {
        if (taken.bytes() >= PAGE_BYTES) {
            large.put(taken.gid(), taken.bytes());
        } else if (!large.isEmpty()) {
            large.remove(taken.gid());
        }
    }
}

package actors.feed;

import actors.TransactionListener;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import transaction.Attempt;
import transaction.CallKey;
import transaction.Decision;
import transaction.GlobalTransaction;
import transaction.LiveEvents;
import transaction.Notice;

/**
 * The last things that happened on this node, numbered, in a ring that is bounded in count and in
 * bytes. Nothing is rendered here, so that it costs next to nothing while nobody reads.
 * Thread-safe; no method waits for more than a few array accesses of another.
 */
public final class EventFeed implements TransactionListener {

    /** Notices looked at in one go; a filter that lets few through must not hold up the writers. */
    private static final int LOOKED_AT = 1_000;

    /** What one slice weighs, but for its last notice: it travels between nodes in one piece. */
    private static final int SLICE_WEIGHT = 64 << 10;

    /** @param count the notices kept; @param bytes the same by weight */
    public record Bounds(int count, long bytes) {}

    /** A notice with its number. */
    record Numbered(long number, Notice notice) {}

    /**
     * What a reader gets.
     *
     * @param upTo the number of the last notice that was looked at
     * @param missed whether some that it should have seen are gone
     * @param more whether there are notices that were not looked at
     */
    record Slice(List<Numbered> found, long upTo, boolean missed, boolean more) {}

    /**
     * Where this ring stands.
     *
     * @param name of this node's present life; no other has it
     * @param first the oldest number that is kept
     * @param last the newest number given, 0 before the first
     */
    record Origin(String name, long first, long last) {}

    private final Bounds bounds;
    private final Consumer<Notice.PassFinished> passes;
    private final Notice[] ring;
    private String name = newName();
    private long first = 1;
    private long next = 1;
    private long bytes;
    private long passesSoFar;
    private Runnable bell;

    /** @param passes hears of each pass that is finished; does not block */
    public EventFeed(Bounds bounds, Consumer<Notice.PassFinished> passes) {
        this.bounds = bounds;
        this.passes = passes;
        this.ring = new Notice[bounds.count()];
    }

    @Override
    public void wrote(GlobalTransaction before, Decision decision) {
        var told = new DecisionNotices(decision.after(), before.status());
        decision.events().forEach(told::add);
        add(told.notices());
    }

    @Override
    public void called(GlobalTransaction t, Attempt attempt, Instant at) {
        add(List.of(new Notice.Attempted(subject(t), attempt, at)));
    }

    @Override
    public void paused(GlobalTransaction t, CallKey key, Instant until, Instant at) {
        add(List.of(new Notice.RetryScheduled(subject(t), key, until, false, at)));
    }

    @Override
    public void passed(GlobalTransaction t, Instant at) {
        Runnable rung;
        synchronized (this) {
            passesSoFar++;
            var pass = new Notice.PassFinished(subject(t), passesSoFar, at);
            keep(pass);
            passes.accept(pass);
            rung = ringOnce();
        }
        rung.run();
    }

    /** Forgets everything, and goes on under another name. */
    public void clear() {
        Runnable rung;
        synchronized (this) {
            Arrays.fill(ring, null);
            name = newName();
            first = 1;
            next = 1;
            bytes = 0;
            passesSoFar = 0;
            rung = ringOnce();
        }
        rung.run();
    }

    synchronized Origin origin() {
        return new Origin(name, first, next - 1);
    }

    /** Rings {@code bell} once, when something is added; at once if there is more than that. */
    void wake(String knownName, long knownLast, Runnable bell) {
        synchronized (this) {
            if (name.equals(knownName) && next - 1 <= knownLast) {
                this.bell = bell;
                return;
            }
        }
        bell.run();
    }

    /** At most {@code most} notices that pass the filter, numbered above {@code after}. */
    synchronized Slice after(long after, LiveEvents.Filter filter, int most) {
        List<Numbered> found = new ArrayList<>();
        long number = Math.max(after + 1, first);
        long end = Math.min(next, number + LOOKED_AT);
        long weight = 0;
        for (; number < end && found.size() < most && weight < SLICE_WEIGHT; number++) {
            Notice notice = ring[slot(number)];
            if (filter.lets(notice)) {
                found.add(new Numbered(number, notice));
                weight += notice.weight();
            }
        }
        return new Slice(found, Math.max(after, number - 1), after + 1 < first, number < next);
    }

    private void add(List<? extends Notice> notices) {
        if (notices.isEmpty()) {
            return;
        }
        Runnable rung;
        synchronized (this) {
            notices.forEach(this::keep);
            rung = ringOnce();
        }
        rung.run();
    }

    private void keep(Notice notice) {
        int weight = notice.weight();
        while (first < next
                && (next - first == ring.length || bytes + weight > bounds.bytes())) {
            bytes -= ring[slot(first)].weight();
            ring[slot(first)] = null;
            first++;
        }
        ring[slot(next)] = notice;
        bytes += weight;
        next++;
    }

    private Runnable ringOnce() {
        Runnable rung = bell;
        bell = null;
        return rung == null ? () -> {} : rung;
    }

    private int slot(long number) {
        return (int) (number % ring.length);
    }

    private static String newName() {
        return Long.toString(
            ThreadLocalRandom.current().nextLong(Long.MAX_VALUE), Character.MAX_RADIX);
    }

    private static Notice.Subject subject(GlobalTransaction t) {
        return DecisionNotices.subject(t, t.status());
    }
}

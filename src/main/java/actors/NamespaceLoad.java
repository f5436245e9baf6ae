package actors;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import meter.Meter;

/**
 * What one namespace has, as this node knows it: what was counted last, and what it has let in
 * since. It is counted again after a second, and after a tenth of one before anything is refused.
 * What other nodes let in is known after a second. Where less than half of the quota is taken, who
 * begins does not wait for the count; nobody waits for one that takes long.
 */
final class NamespaceLoad {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    /** Those who are refused come again at once, and each count reads all that is open. */
    private static final long AGAIN = Duration.ofMillis(100).toNanos();

    /** Gids that began here of late: what is said of them again is no start. */
    private static final int RECENT = 10_000;

    private final Supplier<CompletionStage<Quotas.Usage>> count;
    private final LongSupplier nanos;
    private final AtomicLong refusals = new AtomicLong();

    /** With the bytes of those that are on their way, and may be counted or not. */
    private final Map<String, Long> underWay = new LinkedHashMap<>();
    private final Map<String, Boolean> recent = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > RECENT;
        }
    };

    private Quotas.Usage counted = new Quotas.Usage(0, 0);
    private long open;
    private long bytes;
    private long countedAt;
    private CompletableFuture<Void> counting;

    /** The same, unless that takes longer than a start may wait. */
    private CompletableFuture<Void> inTime;
    private boolean wasCounted;

    /** Starts that are left, in billionths, and when that was so. */
    private long left;
    private long leftAt;
    private int rate = -1;

    NamespaceLoad(Supplier<CompletionStage<Quotas.Usage>> count, LongSupplier nanos) {
        this.count = count;
        this.nanos = nanos;
    }

    /** The stage has what there is too much of; empty if it may begin, and {@link #left} is due. */
    CompletionStage<String> enter(Quota quota, String id, long size) {
        synchronized (this) {
            if (recent.containsKey(id)) {
                return CompletableFuture.completedFuture("");
            }
            long age = wasCounted ? nanos.getAsLong() - countedAt : Long.MAX_VALUE;
            String wrong = wrong(quota, size);
            if (age < (wrong.isEmpty() ? SECOND : AGAIN)) {
                return CompletableFuture.completedFuture(
                    wrong.isEmpty() ? take(quota, id, size) : wrong);
            }
            if (wasCounted && isFar(quota, size)) {
                counted();
                return CompletableFuture.completedFuture(take(quota, id, size));
            }
        }
        return counted().handle((done, thrown) -> {
            synchronized (this) {
                // Not to be counted now: what is known has to do.
                String wrong = wrong(quota, size);
                return wrong.isEmpty() ? take(quota, id, size) : wrong;
            }
        });
    }

    private String wrong(Quota quota, long size) {
        if (quota.open() > 0 && counted.open() + open >= quota.open()) {
            return quota.open() + " open transactions, as many as it may have";
        }
        return quota.bytes() > 0 && counted.bytes() + bytes + size > quota.bytes()
            ? "no room for this in the " + quota.bytes() + " bytes of its open transactions" : "";
    }

    private boolean isFar(Quota quota, long size) {
        return (quota.open() <= 0 || counted.open() + open < quota.open() / 2)
            && (quota.bytes() <= 0 || counted.bytes() + bytes + size <= quota.bytes() / 2);
    }

    private String take(Quota quota, String id, long size) {
        if (quota.starts() > 0 && !hasStart(quota.starts())) {
            return "begun " + quota.starts() + " transactions in this second, as many as it may";
        }
        open++;
        bytes += size;
        underWay.put(id, size);
        recent.put(id, true);
        return "";
    }

    private boolean hasStart(int perSecond) {
        long now = nanos.getAsLong();
        long most = perSecond * SECOND;
        boolean isNew = rate != perSecond;
        long since = Math.min(SECOND, now - leftAt);
        left = isNew ? most : Math.min(most, left + since * perSecond);
        leftAt = now;
        rate = perSecond;
        if (left < SECOND) {
            return false;
        }
        left -= SECOND;
        return true;
    }

    /** The start is over: it is on record, or never will be. */
    synchronized void left(String id) {
        underWay.remove(id);
    }

    void refused() {
        refusals.incrementAndGet();
    }

    /** One count at a time: whoever asks meanwhile waits for that one. */
    private CompletionStage<Void> counted() {
        CompletableFuture<Void> done;
        CompletableFuture<Void> bounded;
        long openBefore;
        long bytesBefore;
        synchronized (this) {
            if (counting != null) {
                return inTime;
            }
            done = new CompletableFuture<>();
            counting = done;
            bounded = done.copy().orTimeout(SECOND, TimeUnit.NANOSECONDS);
            inTime = bounded;
            // Those under way may be among what is counted: they count twice until the next time.
            openBefore = open - underWay.size();
            bytesBefore = bytes - underWay.values().stream().mapToLong(Long::longValue).sum();
        }
        count.get().whenComplete((usage, thrown) -> {
            synchronized (this) {
                if (thrown == null) {
                    counted = usage;
                    countedAt = nanos.getAsLong();
                    wasCounted = true;
                    open -= openBefore;
                    bytes -= bytesBefore;
                }
                counting = null;
            }
            done.complete(null);
        });
        return bounded;
    }

    private synchronized long known(boolean ofBytes) {
        return ofBytes ? counted.bytes() + bytes : counted.open() + open;
    }

    void show(Meter meter, String namespace) {
        Map<String, String> tags = Map.of("namespace", namespace);
        meter.gauge("pactor_namespace_open_transactions",
            "Unfinished transactions of a namespace with a quota, as this node knows", tags,
            () -> known(false));
        meter.gauge("pactor_namespace_open_bytes",
            "Bytes of their histories, as this node knows", tags, () -> known(true));
        meter.gauge("pactor_namespace_refusals",
            "Starts that the quota of a namespace refused here", tags, refusals::get);
    }
}

package bench.failover;

import bench.failover.Chronicle.Mark;
import bench.failover.Chronicle.Moment;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sees how the other nodes go on without one: from their logs, which tell at once, and from their
 * management ports, which are asked again and again.
 */
final class Lookout implements AutoCloseable {

    private static final long LOOK_MILLIS = 50;

    /** Shards that are asked for side by side: one that is not there yet holds up no other. */
    private static final int ASKED_AT_ONCE = 16;

    private static final String UNREACHABLE = "Marking node as UNREACHABLE";
    private static final String GONE = "has ended: it takes no connections";
    private static final String DECIDED = "the database lets this node decide";
    private static final String LOST = "was lost, and the others take over";

    private final Chronicle chronicle;
    private final CountDownLatch end = new CountDownLatch(1);
    private final AtomicLong lines = new AtomicLong();
    private final AtomicLong warnings = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private volatile int victim = -1;
    private volatile Thread thread;

    /** What the nodes' logs got since the event. */
    record LogCount(long lines, long warnings, long errors, long bytes) {}

    Lookout(Chronicle chronicle) {
        this.chronicle = chronicle;
    }

    /** A line of a node's log. Any thread; does not block. */
    void heard(NodeProcess.Said said) {
        if (chronicle.eventAt() == 0) {
            return;
        }
        lines.incrementAndGet();
        warnings.addAndGet(said.line().contains(" WARN ") ? 1 : 0);
        errors.addAndGet(said.line().contains(" ERROR ") ? 1 : 0);
        bytes.addAndGet(said.line().length() + 1);
        if (victim < 0 || said.node() == victim) {
            return;
        }
        if (said.line().contains(UNREACHABLE) || said.line().contains(GONE)) {
            note(Mark.OUT_OF_REACH, said.at(), "log");
        } else if (said.line().contains(DECIDED)) {
            note(Mark.DECIDED, said.at(), "log");
        } else if (said.line().contains(LOST)) {
            note(Mark.REMOVED, said.at(), "log");
        }
    }

    LogCount logs() {
        return new LogCount(lines.get(), warnings.get(), errors.get(), bytes.get());
    }

    /** From now on {@code gone} is looked for at the others, and its {@code shards}. */
    void follow(List<NodeProcess> nodes, NodeProcess gone, Set<String> shards) {
        victim = gone.index();
        NodeProcess asked = nodes.stream().filter(each -> each != gone).findFirst().orElseThrow();
        thread = new Thread(() -> look(asked, gone.clusterAddress(), shards), "lookout");
        thread.setDaemon(true);
        thread.start();
    }

    private void look(NodeProcess asked, String gone, Set<String> shards) {
        var port = new ManagementPort(asked.managementPort());
        Set<String> missing = ConcurrentHashMap.newKeySet();
        missing.addAll(shards);
        boolean removed = false;
        ExecutorService askers = Executors.newFixedThreadPool(ASKED_AT_ONCE, task -> {
            Thread asker = new Thread(task, "lookout-asker");
            asker.setDaemon(true);
            return asker;
        });
        try {
            while (!missing.isEmpty() && !end.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                if (chronicle.eventAt() == 0) {
                    continue;
                }
                if (!removed) {
                    removed = isRemoved(port, gone);
                } else {
                    askFor(missing, asked, askers);
                }
            }
            if (removed && missing.isEmpty()) {
                note(Mark.TAKEN_OVER, System.nanoTime(), "a query for each shard");
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        } finally {
            askers.shutdownNow();
        }
    }

    /** A shard is nowhere until somebody asks for a transaction in it. */
    private static void askFor(Set<String> missing, NodeProcess asked, ExecutorService askers)
            throws InterruptedException {
        List<Callable<Void>> questions = missing.stream().<Callable<Void>>map(shard -> () -> {
            if (HealthProbe.isAnswered(asked.base(), Homes.gidIn(Set.of(shard), "failover-look"))) {
                missing.remove(shard);
            }
            return null;
        }).toList();
        askers.invokeAll(questions);
    }

    private boolean isRemoved(ManagementPort port, String gone) {
        var view = port.members();
        if (view.isPresent() && view.get().unreachable().contains(gone)) {
            note(Mark.OUT_OF_REACH, System.nanoTime(), "management port");
        }
        boolean removed = view.isPresent() && !view.get().members().contains(gone);
        if (removed) {
            note(Mark.REMOVED, System.nanoTime(), "management port");
        }
        return removed;
    }

    private void note(Mark mark, long at, String source) {
        chronicle.add(new Moment(mark, at, victim, source));
    }

    @Override
    public void close() {
        end.countDown();
    }
}

package actors;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import meter.Meter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.slf4j.MarkerFactory;
import transaction.Decision;
import transaction.Event;
import transaction.GlobalTransaction;
import transaction.Status;

/**
 * Counts what was written, and tells of it in one line for each change of status, gid first.
 *
 * <p>What goes well is told at debug, since a busy node does it thousands of times a second;
 * turning back, failing and stopping at info; a branch that is asked again at info on tries 1, 2,
 * 4, 8 and so on.
 */
public final class TransactionLog implements TransactionListener {

    /**
     * On lines that each transaction of a participant writes that is down: a log may bound them,
     * whatever their level.
     */
    public static final String REPEATED = "repeated";

    private static final Marker MARKED = MarkerFactory.getMarker(REPEATED);

    private static final Logger LOG = LoggerFactory.getLogger(TransactionLog.class);

    /** While the database is away each transaction meets it; one line a minute says it as well. */
    private static final long QUIET_NANOS = Duration.ofMinutes(1).toNanos();

    private final Meter meter;
    private final AtomicLong quietUntil = new AtomicLong(System.nanoTime());
    private final AtomicLong untold = new AtomicLong();

    public TransactionLog(Meter meter) {
        this.meter = meter;
    }

    @Override
    public void wrote(GlobalTransaction before, Decision decision) {
        GlobalTransaction after = decision.after();
        if (before.isAbsent()) {
            meter.transactionStarted(after.mode().wire());
        }
        for (Event event : decision.events()) {
            if (event instanceof Event.RetryScheduled retry) {
                if (retry.isPutOff()) {
                    meter.branchPutOff(retry.key().op().wire());
                } else {
                    retried(after, retry);
                }
            } else if (event instanceof Event.Parked parked) {
                parked(after, parked);
            } else if (event instanceof Event.Unparked unparked) {
                LOG.info("gid={} {} goes on after it was parked by=\"{}\"", after.gid(),
                    after.mode().wire(), unparked.by());
            } else if (event instanceof Event.Paused paused) {
                LOG.info("gid={} {} is paused until={} by=\"{}\" reason=\"{}\"", after.gid(),
                    after.mode().wire(), paused.until() == null ? "resumed" : paused.until(),
                    paused.by(), paused.reason());
            }
        }
        if (before.status() != after.status()) {
            changed(before.status(), after);
        }
    }

    private void parked(GlobalTransaction after, Event.Parked parked) {
        if (parked.key() == null) {
            LOG.info("gid={} {} is parked by=\"{}\" reason=\"{}\"", after.gid(),
                after.mode().wire(), parked.by(), parked.reason());
            return;
        }
        meter.transactionParked(after.mode().wire());
        LOG.warn("gid={} {} is parked until an operator has it go on: branch={} op={}"
            + " reason=\"{}\"", after.gid(), after.mode().wire(),
            parked.key().branchId(), parked.key().op().wire(), parked.reason());
    }

    @Override
    public void unread(String gid, String why) {
        long now = System.nanoTime();
        long until = quietUntil.get();
        if (now - until < 0 || !quietUntil.compareAndSet(until, now + QUIET_NANOS)) {
            untold.incrementAndGet();
            return;
        }
        LOG.warn("gid={} cannot be read now, and is tried again ({} more like it): {}", gid,
            untold.getAndSet(0), why);
    }

    private void changed(Status before, GlobalTransaction after) {
        String from = before == null ? "new" : before.wire();
        boolean fine = after.status() != Status.ABORTING && after.status() != Status.FAILED;
        if (!fine) {
            LOG.info("gid={} {} {} -> {} reason=\"{}\"", after.gid(), after.mode().wire(), from,
                after.status().wire(), after.reason());
        } else {
            LOG.debug("gid={} {} {} -> {}", after.gid(), after.mode().wire(), from,
                after.status().wire());
        }
        if (after.isFinal()) {
            meter.transactionFinished(after.mode().wire(), after.status().wire(),
                Duration.between(after.openedAt(), after.updatedAt()));
        }
    }

    private void retried(GlobalTransaction after, Event.RetryScheduled retry) {
        meter.branchRetry(retry.key().op().wire());
        int attempts = retry.backoff().attempts();
        if (Integer.bitCount(attempts) == 1) {
            LOG.info(MARKED, "gid={} {} branch={} op={} attempt={} next={} reason=\"{}\"",
                after.gid(), after.mode().wire(), retry.key().branchId(),
                retry.key().op().wire(), attempts, retry.backoff().notBefore(), retry.reason());
        }
    }
}

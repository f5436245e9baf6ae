package crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import crash.BankParticipants.Fate;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A participant answers 500 to everything for a while, with thousands of transactions under way,
 * and is well again. While it is not, it is probed and not stormed (docs/operating.md, "A
 * participant is down"), and others are served; then the backlog drains within the longest wait
 * between two tries.
 *
 * <p>{@code -Dcrash.outage=600 -Dcrash.overdue=100000} is the full measure, in seconds and
 * transactions; a build takes a part of it. The rate is printed.
 */
class ParticipantOutageIT {

    private static final int OUTAGE = Integer.getInteger("crash.outage", 12);
    private static final int OVERDUE = Integer.getInteger("crash.overdue", 2_000);
    private static final int OTHERS = 200;

    /** Settings of the coordinator: pactor.calls.retry, and where waits end. */
    private static final int BURST = 20;
    private static final int PER_SECOND = 1;
    private static final Duration WAIT_MAX = Duration.ofSeconds(60);

    @Test
    @DisplayName("H-06 all of a participant's answers are errors, then it heals: calls are within"
        + " the budget, others are served, and the backlog drains")
    void itIsProbedAndNotStormedAndThenDrained(@TempDir Path home) throws Exception {
        Child.Setup setup = Child.Setup.withJvm("-Xmx512m", "-XX:+UseParallelGC");
        try (BankParticipants ill = new BankParticipants(1);
                BankParticipants well = new BankParticipants(1);
                Child child = new Child(home, setup)) {
            Wire wire = new Wire(child.serving()::uri);
            Crowd crowd = new Crowd(wire, Duration.ofMinutes(10));
            AtomicLong repeats = new AtomicLong();
            ill.decideFates(call -> {
                if (ill.receipts(call.gid()).size() > 1) {
                    repeats.incrementAndGet();
                }
                return Fate.ERROR_BEFORE;
            });
            long begin = System.nanoTime();
            Crowd.Pace taken = crowd.send("submit", OVERDUE,
                i -> Crowd.saga("late-" + i, 1, ill.url("/receipt")));
            int rounds = 0;
            do {
                String round = "other-" + rounds++ + "-";
                crowd.send("submit", OTHERS, i -> Crowd.saga(round + i, 1, well.url("/receipt"))
                    .put("wait_result", true));
            } while (seconds(begin) < OUTAGE);
            double outage = seconds(begin);
            long stormed = repeats.get();
            double putOff = metric(wire, "pactor_branch_put_off_total");

            ill.decideFates(call -> Fate.WELL);
            long healed = System.nanoTime();
            Drain drain = drained(wire, OVERDUE + rounds * OTHERS);

            System.out.printf("%,d taken at %s; in %.0f s of outage %,d calls made again, %,.0f put"
                + " off, %,d others served; drained %.1f s after it, half of them after %.1f s,"
                + " %.0f/s, %,d a second at best%n", OVERDUE, taken, outage, stormed, putOff,
                rounds * OTHERS, drain.all, drain.half, OVERDUE / drain.all, drain.most);
            assertTrue(putOff > 0, "nothing was put off");
            // A few more: who could not write that a first call failed makes a first call again.
            assertTrue(stormed <= BURST + PER_SECOND * outage * 1.1 + 10,
                stormed + " calls made again in " + outage + " s");
            assertTrue(seconds(healed) < WAIT_MAX.toSeconds() * 2, "drained after " + drain.all);
            assertEquals("succeed", wire.status("late-0"));
            assertEquals(0, metric(wire, "pactor_transactions_finished_total", "failed"));
        }
    }

    /** @param all seconds until all had ended; @param most of them in one second */
    private record Drain(double all, double half, long most) {}

    private static Drain drained(Wire wire, int count) throws IOException {
        long begin = System.nanoTime();
        double before = metric(wire, "pactor_transactions_finished_total", "succeed");
        double[] last = {before, 0, 0};
        double missing = count - before;
        double[] half = {0};
        Awaitility.await().atMost(WAIT_MAX.multipliedBy(3)).pollInterval(Duration.ofMillis(500))
            .until(() -> {
                double now = metric(wire, "pactor_transactions_finished_total", "succeed");
                last[2] = Math.max(last[2], (now - last[0]) / (seconds(begin) - last[1]));
                last[0] = now;
                last[1] = seconds(begin);
                half[0] = half[0] == 0 && now - before >= missing / 2 ? last[1] : half[0];
                return now >= count;
            });
        return new Drain(seconds(begin), half[0], Math.round(last[2]));
    }

    /** The sum of all of that name whose labels have that word in them. */
    private static double metric(Wire wire, String name, String... word) throws IOException {
        return wire.get("/api/metrics").body().lines()
            .filter(line -> line.startsWith(name) && (word.length == 0 || line.contains(word[0])))
            .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ')))).sum();
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}

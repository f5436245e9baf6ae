package bench.failover;

import bench.failover.Chronicle.Answer;
import bench.failover.Chronicle.Ended;
import bench.failover.Chronicle.Kind;
import bench.failover.Chronicle.Mark;
import bench.failover.Chronicle.Moment;
import java.time.Duration;
import java.util.Optional;

/** A rehearsal that nobody has played: what was seen is written down, in seconds. */
final class Played {

    /** Of the event; nothing of what is told is at zero. */
    private static final long FROM = 1_000_000_000_000L;

    final Chronicle chronicle;
    private final Scenario scenario;

    Played(Fault event, int nodes, int clients, int waiting) {
        chronicle = new Chronicle(waiting);
        chronicle.event(FROM);
        scenario = new Scenario(event, Scenario.Victim.YOUNGEST, nodes,
            new Scenario.Load(clients, 0, Scenario.At.STAYING, Scenario.Ids.OWN,
                Duration.ofMillis(200), Duration.ofSeconds(60)), waiting, Duration.ofSeconds(10),
            new Scenario.Times(Duration.ZERO, Duration.ZERO, Duration.ofSeconds(10),
                Duration.ofSeconds(5)));
    }

    Played answer(double asked, double at, int node, Kind kind) {
        chronicle.add(new Answer(nanos(asked), nanos(at), node, 0, kind));
        return this;
    }

    Played saga(double due, double at, int home, String wrong) {
        chronicle.add(new Ended(nanos(due), nanos(at), home, 1, wrong));
        return this;
    }

    Played moment(Mark mark, double at, int node) {
        chronicle.add(new Moment(mark, nanos(at), node, "the test"));
        return this;
    }

    Played called(int number, double at) {
        chronicle.called(number, nanos(at));
        return this;
    }

    Scenario scenario() {
        return scenario;
    }

    Rehearsal.Seen seen() {
        return new Rehearsal.Seen(chronicle, new Lookout.LogCount(2, 1, 0, 250),
            scenario.nodes() - 1, 10, Duration.ofSeconds(2), Optional.of(Duration.ofSeconds(1)), 1);
    }

    FailoverFigures figures() {
        return FailoverFigures.of(scenario, seen());
    }

    private static long nanos(double seconds) {
        return FROM + Math.round(seconds * 1e9);
    }
}

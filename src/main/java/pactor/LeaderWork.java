package pactor;

import actors.Background;
import actors.BulkRunner;
import actors.Sweeper;
import java.time.Clock;
import java.util.function.Supplier;
import meter.Meter;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.typed.Cluster;
import store.BulkTable;
import store.Database;
import store.HistoryTable;
import transaction.Bulks;
import transaction.Coordinator;

/**
 * What one node of a cluster does for all: it removes what is old, and carries out bulk operations.
 * It runs on each, and rests where another one leads.
 */
final class LeaderWork {

    /**
     * What it works with.
     *
     * @param retention asked at each round
     */
    record Parts(ActorSystem<?> system, Background background, Database database,
            Coordinator coordinator, Clock clock, Meter meter,
            Supplier<Sweeper.Terms> retention) {}

    private final Parts parts;
    private final BulkTable bulks;
    private final ActorRef<Sweeper.Message> sweeper;
    private final ActorRef<BulkRunner.Message> bulkRunner;

    private LeaderWork(Parts parts) {
        this.parts = parts;
        this.bulks = new BulkTable(parts.database, parts.clock);
        this.sweeper = parts.background.spawn("sweeper", Sweeper.create(
            new HistoryTable(parts.database), parts.clock, parts.meter, parts.retention,
            this::leads));
        this.bulkRunner = parts.background.spawn("bulk", BulkRunner.create(
            bulks, parts.coordinator, parts.clock, this::leads));
    }

    /** Blocks a moment. */
    static LeaderWork start(Parts parts) {
        return new LeaderWork(parts);
    }

    Bulks bulks() {
        return bulks;
    }

    void end() {
        parts.background.end(sweeper, Sweeper.STOP);
        parts.background.end(bulkRunner, BulkRunner.STOP);
    }

    /** One node of a cluster leads it; two may think so while they do not hear each other. */
    private boolean leads() {
        Cluster cluster = Cluster.get(parts.system);
        return cluster.selfMember().address().equals(cluster.state().getLeader());
    }
}

package pactor.cluster;

import health.Guard;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import meter.Meter;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.JoinSeedNodes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pactor.settings.Settings;
import store.Database;
import store.LeaseTable;
import store.NodeTable;
import store.NodeTable.Node;
import store.NodeTable.Row;

/**
 * How nodes find each other that know nothing but their database: each writes its row, as for its
 * {@link Membership}, and joins those whose rows say that they work there. If there are none for a
 * while, the first of those that wait forms the cluster, and the others join it.
 *
 * <p>Whoever forms it takes a lease before, and looks again under it, so that of two that both
 * think themselves the first only one does. Should the lease lapse meanwhile, the membership lets
 * one of them go on.
 */
final class Rendezvous implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Rendezvous.class);

    private static final Duration LOOK = Duration.ofMillis(250);

    /** Those that are started at once mostly see each other within this. */
    private static final Duration QUIET = Duration.ofSeconds(1);

    /** Longer than a node that can be joined takes to answer. */
    private static final Duration AGAIN = Duration.ofSeconds(1);

    /** The lease under which a cluster is formed. */
    private static final String LEASE = "pactor-rendezvous";

    private final ActorSystem<?> system;
    private final Duration lease;
    private final Database database;
    private final NodeTable table;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread looking = new Thread(this::look, "pactor-rendezvous");
    private volatile Node own;
    private volatile boolean isKept;
    private List<String> asked = List.of();
    private long askedAt;

    private Rendezvous(ActorSystem<?> system, Settings settings, Node own) {
        this.system = system;
        this.lease = settings.cluster().lease();
        this.own = own;
        this.database = Database.open(settings.store().withoutKeys(),
            Meter.over(new SimpleMeterRegistry()), Guard.passive());
        this.table = new NodeTable(database);
    }

    /** Looks for the others until it is closed. Blocks while it opens the database. */
    static Rendezvous open(ActorSystem<?> system, Settings settings, Node own) {
        Rendezvous opened = new Rendezvous(system, settings, own);
        try {
            Asked.join(opened.table.enter(own));
            opened.looking.setDaemon(true);
            opened.looking.start();
            return opened;
        } catch (RuntimeException failed) {
            opened.close();
            throw failed;
        }
    }

    /** Has the row stay for the membership, which goes on with it. @return as it is there */
    Node keep() {
        stopLooking();
        isKept = true;
        return own;
    }

    @Override
    public void close() {
        stopLooking();
        if (!isKept) {
            try {
                Asked.join(table.leave(own));
            } catch (RuntimeException unreachable) {
                LOG.debug("this node's row stays until it expires", unreachable);
            }
        }
        database.close();
    }

    private void stopLooking() {
        closed.countDown();
        try {
            looking.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        Cluster cluster = Cluster.get(system);
        long quietSince = System.nanoTime();
        try {
            do {
                try {
                    List<Row> others = others(Asked.join(table.renew(own)));
                    long now = System.nanoTime();
                    if (others.stream().anyMatch(row -> row.node().settled())) {
                        quietSince = now;
                    }
                    boolean isQuiet = now - quietSince >= QUIET.toNanos();
                    Optional<List<String>> seeds = seeds(own, others, isQuiet);
                    if (!own.settled() && seeds.isPresent()) {
                        join(cluster, seeds.get());
                    }
                } catch (RuntimeException failed) {
                    LOG.debug("the rows of the other nodes were not read; trying again", failed);
                }
            } while (!closed.await(LOOK.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void join(Cluster cluster, List<String> seeds) {
        long now = System.nanoTime();
        if (seeds.isEmpty()) {
            if (isClaimed()) {
                LOG.info("no other node works on this database: {} forms a cluster",
                    own.address());
                cluster.manager().tell(Join.create(cluster.selfMember().address()));
            }
        } else if (!seeds.equals(asked) || now - askedAt >= AGAIN.toNanos()) {
            asked = seeds;
            askedAt = now;
            cluster.manager().tell(new JoinSeedNodes(
                seeds.stream().map(AddressFromURIString::parse).toList()));
        }
    }

    /** Its row tells that there is a cluster before there is one: nobody else forms it. */
    private boolean isClaimed() {
        LeaseTable leases = table.leases();
        if (Asked.join(leases.take(
                new LeaseTable.Claim(LEASE, own, Set.of(), false, lease))).isEmpty()) {
            return false;
        }
        try {
            if (others(Asked.join(table.renew(own))).stream().anyMatch(
                    row -> row.node().settled())) {
                return false;
            }
            Node settled = own.settledNow();
            Asked.join(table.renew(settled));
            own = settled;
            return true;
        } finally {
            Asked.join(leases.release(LEASE, own));
        }
    }

    private List<Row> others(List<Row> rows) {
        return rows.stream()
            .filter(row -> !row.node().address().equals(own.address()) && !row.expelled())
            .filter(row -> row.age().compareTo(lease) <= 0)
            .toList();
    }

    /**
     * Whom to join.
     *
     * @param others the rows of the other nodes that live
     * @param isQuiet whether none of them has worked on the database for a while
     * @return an empty list to form a cluster; nothing if it is too soon to say
     */
    static Optional<List<String>> seeds(Node own, List<Row> others, boolean isQuiet) {
        List<String> settled = others.stream().map(Row::node).filter(Node::settled)
            .map(Node::address).sorted().toList();
        if (!settled.isEmpty()) {
            return Optional.of(settled);
        }
        String first = Stream.concat(Stream.of(own), others.stream().map(Row::node))
            .map(Node::address).min(String::compareTo).orElseThrow();
        return !isQuiet ? Optional.empty()
            : Optional.of(first.equals(own.address()) ? List.of() : List.of(first));
    }
}

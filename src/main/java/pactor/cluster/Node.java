package pactor.cluster;

import actors.Background;
import health.Guard;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.Subscribe;
import org.apache.pekko.management.cluster.bootstrap.ClusterBootstrap;
import org.apache.pekko.management.javadsl.PekkoManagement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pactor.settings.ClusterSettings;
import pactor.settings.Settings;
import pactor.settings.StartFailure;
import store.NodeTable;
import store.StoreException;
import transaction.Limits;

/** One node of a cluster: how it joins, who else is there, and under which address it is known. */
public final class Node {

    private static final Logger LOG = LoggerFactory.getLogger(Node.class);

    /** The width of the column. */
    private static final int ADDRESS_CHARS = 255;

    /** How long the reason of an end that was not asked for may take to be printed. */
    private static final Executor LAST_WORDS =
        CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);

    private final ActorSystem<?> system;
    private final Cluster cluster;
    private final String address;
    private final boolean isServer;
    private Optional<NodeTable.Node> row = Optional.empty();

    private Node(ActorSystem<?> system, String address, boolean isServer) {
        this.system = system;
        this.cluster = Cluster.get(system);
        this.address = address;
        this.isServer = isServer;
    }

    /** A node of somebody's own cluster, in which not every member has to have a coordinator. */
    public static Node guestOf(ActorSystem<?> system) {
        return new Node(
            system, Cluster.get(system).selfMember().address().toString(), false);
    }

    /**
     * Joins the others, or itself where there are to be none. Blocks until it is a member.
     *
     * @throws StartFailure if it does not become one in time
     */
    public static Node join(ActorSystem<?> system, Settings settings) {
        Cluster cluster = Cluster.get(system);
        var config = system.settings().config();
        List<String> seeds = config.getStringList("pekko.cluster.seed-nodes");
        ClusterSettings how = settings.cluster();
        if (how.managementPort() > 0) {
            manage(system, how);
        }
        String address = cluster.selfMember().address().toString();
        if (how.isByDatabase()) {
            return byDatabase(system, settings, address);
        } else if (how.isByBootstrap()) {
            ClusterBootstrap.get(system).start();
        } else if (seeds.isEmpty()) {
            cluster.manager().tell(Join.create(cluster.selfMember().address()));
            address = alone(settings.http(), address);
        }
        var node = new Node(system, address, true);
        Cancellable asking = SeedNodes.askAgain(system, seeds);
        try {
            node.awaitUp(how.joinWithin());
        } finally {
            asking.cancel();
        }
        return node;
    }

    private static Node byDatabase(ActorSystem<?> system, Settings settings, String address) {
        var node = new Node(system, address, true);
        try (Rendezvous meeting = Rendezvous.open(system, settings,
                Membership.Guest.row(address, settings.coordinator().shards()))) {
            node.awaitUp(settings.cluster().joinWithin());
            node.row = Optional.of(meeting.keep());
            return node;
        }
    }

    /** The addresses of all members that were not given up, this node's included. */
    public Set<String> members() {
        return addresses(member -> !member.status().equals(MemberStatus.down()));
    }

    /** @throws StoreException if there are other nodes, which cannot use {@code place} */
    public void refuseOthers(String place) {
        if (members().size() > 1) {
            throw new StoreException("H2 is for one node, and this one is in a cluster of "
                + members().size() + "; all nodes need one database that they share, such as"
                + " PostgreSQL (pactor.store.jdbc-url), and not " + place);
        }
    }

    public Membership membership(NodeTable table, Settings settings, SteadyClock clock) {
        ClusterSettings how = settings.cluster();
        Membership membership = new Membership(table, new Membership.Guest(address,
            settings.coordinator().shards(), how.lease(), how.fence(), this::members,
            () -> isServer && members().size() > 1
                ? addresses(member -> member.status() == MemberStatus.up()) : Set.of()), clock);
        row.ifPresent(membership::take);
        Arbiter.of(system).seat(membership, table, how.fence());
        return membership;
    }

    /**
     * Tells {@code ear} when this node begins to end, and why if nobody told it to. In that case
     * there is time to say so before the process is gone.
     */
    public void whenEnding(Consumer<Optional<String>> ear) {
        CoordinatedShutdown.get(system).addTask(
            CoordinatedShutdown.PhaseBeforeServiceUnbind(), "pactor-ending", () -> {
                Optional<String> reason = expelled();
                ear.accept(reason);
                return reason.isEmpty() ? CompletableFuture.completedFuture(Done.done())
                    : CompletableFuture.supplyAsync(Done::done, LAST_WORDS);
            });
    }

    /** Has {@code gone} told the address of each node that this one's cluster gives up for dead. */
    public void watchDowned(Background background, Consumer<String> gone) {
        Behavior<ClusterEvent.MemberEvent> watcher = Behaviors.setup(context -> {
            cluster.subscriptions().tell(
                Subscribe.create(context.getSelf(), ClusterEvent.MemberEvent.class));
            return Behaviors.receive(ClusterEvent.MemberEvent.class)
                .onMessage(ClusterEvent.MemberUp.class, up -> {
                    LOG.info("{} has joined the cluster", up.member().address());
                    return Behaviors.same();
                })
                .onMessage(ClusterEvent.MemberDowned.class, downed -> {
                    gone.accept(downed.member().address().toString());
                    return Behaviors.same();
                })
                .onMessage(ClusterEvent.MemberRemoved.class, removed -> {
                    boolean lost = removed.previousStatus().equals(MemberStatus.down());
                    if (lost || !cluster.isTerminated()) { // Whoever leaves loses sight of all.
                        LOG.info("{} {}", removed.member().address(), lost
                            ? "was lost, and the others take over its transactions"
                            : "has left the cluster");
                    }
                    if (lost) {
                        gone.accept(removed.member().address().toString());
                    }
                    return Behaviors.same();
                })
                .build();
        });
        background.spawn("cluster-members", watcher);
    }

    /** Has the end of another node's process noticed at once, where nodes can tell. */
    public void probeOthers(Background background, Guard guard) {
        if (ProbedMembers.areOfUse(system.settings().config())) {
            background.spawn("cluster-probe", ProbedMembers.create(system, guard));
        }
    }

    private Optional<String> expelled() {
        return CoordinatedShutdown.get(system).getShutdownReason().flatMap(reason -> {
            if (reason instanceof CoordinatedShutdown.ClusterDowningReason$) {
                return Optional.of("the other nodes of the cluster could not reach this one and"
                    + " went on without it (downed); its transactions go on there. Start it again"
                    + " to have it join");
            }
            if (reason instanceof CoordinatedShutdown.IncompatibleConfigurationDetectedReason$) {
                return Optional.of("the cluster was set up otherwise than this node, and refused"
                    + " it: pactor.coordinator.shards, for one, must be the same on each node;"
                    + " the log names the settings that differ");
            }
            return reason instanceof CoordinatedShutdown.ClusterJoinUnsuccessfulReason$
                ? Optional.of("none of the nodes to join was reached in time") : Optional.empty();
        });
    }

    private void awaitUp(Duration within) {
        var up = new CompletableFuture<Void>();
        org.apache.pekko.cluster.Cluster.get(system).registerOnMemberUp(() -> up.complete(null));
        whenEnding(reason -> up.completeExceptionally(new StartFailure(
            reason.orElse("stopped while it joined the cluster"), null)));
        try {
            up.get(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException ended) {
            throw (StartFailure) ended.getCause();
        } catch (TimeoutException late) {
            throw new StartFailure("no cluster was joined within " + within.toSeconds()
                + " s; is one of pactor.cluster.join running, and the first of the list?", late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StartFailure("interrupted while joining", interrupted);
        }
    }

    private Set<String> addresses(Predicate<Member> which) {
        return StreamSupport.stream(cluster.state().getMembers().spliterator(), false)
            .filter(which).map(member -> member.address().toString())
            .collect(Collectors.toSet());
    }

    private static void manage(ActorSystem<?> system, ClusterSettings how) {
        try {
            PekkoManagement.get(system).start().toCompletableFuture()
                .get(how.joinWithin().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException failed) {
            throw new StartFailure("cannot listen on port " + how.managementPort()
                + " (pactor.cluster.management.port): " + failed.getMessage(), failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StartFailure("interrupted while starting", interrupted);
        }
    }

    /** Two processes of one machine cannot have one port, so after a restart it is the same one. */
    private static String alone(Settings.Http http, String otherwise) {
        if (http.port() == 0) {
            return otherwise;
        }
        try {
            String machine = InetAddress.getLocalHost() + ":" + http.port();
            return Limits.cut(machine, ADDRESS_CHARS);
        } catch (UnknownHostException nameless) {
            return otherwise;
        }
    }
}

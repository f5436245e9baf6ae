package pactor.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.coordination.lease.LeaseSettings;
import org.apache.pekko.coordination.lease.javadsl.Lease;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lease that Pekko's split brain resolver asks for before it decides ({@code lease-majority}),
 * kept in the database that the nodes share. As Pekko makes it, for the class named in {@code
 * application.conf}.
 *
 * <p>Whoever has the lease marks the rows of the nodes out of reach. The answer waits until these
 * can do nothing any more by what they last heard from the database, so that others may take up
 * their work as soon as they are removed.
 *
 * <p>{@link #acquire} tries again until it has the lease or {@code lease-operation-timeout} is
 * over: while a database that fails over is away, while the holder lives, and while this node has
 * no row yet. It does not give up sooner when the other side was first. This node has been shut out
 * then and ends by its row; to take the answer no would have Pekko end each node it still hears,
 * and in a partial cut these belong to the other side too.
 */
public final class DatabaseLease extends Lease {

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseLease.class);

    /** From an answer of the database to the next question. */
    static final Duration AGAIN = Duration.ofMillis(200);

    /**
     * For so long the smaller side of a cut leaves the lease to the larger one; longer than two
     * nodes differ in when they miss each other: a heartbeat, and a look at those that are late.
     */
    static final Duration YIELD = Duration.ofSeconds(1);

    private final LeaseSettings settings;
    private final Supplier<Claims> claims;
    private final Supplier<Sides> sides;
    private final BiConsumer<Duration, Runnable> later;

    /** Where the lease is kept. Methods do not block. */
    interface Claims {

        /** As {@link store.LeaseTable#take}, for this node. */
        CompletionStage<Optional<Duration>> take(String name, Set<String> lost, boolean yields);

        /** As {@link store.LeaseTable#release}, for this node. */
        CompletionStage<Void> release(String name);
    }

    /**
     * The cluster as this node sees it.
     *
     * @param lost the addresses out of reach
     * @param isSmaller whether these are the larger side; of equal ones, that of the first address
     */
    record Sides(Set<String> lost, boolean isSmaller) {

        static Sides of(CurrentClusterState state) {
            // Whoever is exiting has handed over, and goes without anybody's decision.
            Set<Member> lost = state.getUnreachable().stream()
                .filter(member -> !member.status().equals(MemberStatus.exiting()))
                .collect(Collectors.toSet());
            List<Member> counted = new ArrayList<>();
            state.getMembers().forEach(member -> {
                if (member.status().equals(MemberStatus.up())
                        || member.status().equals(MemberStatus.leaving())) {
                    counted.add(member);
                }
            });
            return new Sides(
                lost.stream().map(each -> each.address().toString()).collect(Collectors.toSet()),
                isSmaller(counted, lost));
        }

        /** @param members in the order of their addresses */
        static <T> boolean isSmaller(List<T> members, Set<T> lost) {
            long away = members.stream().filter(lost::contains).count();
            long here = members.size() - away;
            return away > here || away > 0 && away == here && lost.contains(members.get(0));
        }
    }

    /** As Pekko calls it. */
    public DatabaseLease(LeaseSettings settings, ExtendedActorSystem system) {
        this(settings, () -> Arbiter.of(system),
            () -> Sides.of(Cluster.get(system).state()),
            (delay, task) -> system.scheduler().scheduleOnce(delay, task, system.dispatcher()));
    }

    /** @param later runs a task after a time, on a thread that is not held up by it */
    DatabaseLease(LeaseSettings settings, Supplier<Claims> claims, Supplier<Sides> sides,
            BiConsumer<Duration, Runnable> later) {
        this.settings = settings;
        this.claims = claims;
        this.sides = sides;
        this.later = later;
    }

    @Override
    public LeaseSettings getSettings() {
        return settings;
    }

    @Override
    public CompletionStage<Boolean> acquire() {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        AtomicBoolean yields = new AtomicBoolean(true);
        // Pekko gives up whom it misses now, even if they are in reach again by then.
        Set<String> lost = ConcurrentHashMap.newKeySet();
        lost.addAll(sides.get().lost());
        later.accept(YIELD, () -> yields.set(false));
        later.accept(settings.timeoutSettings().getOperationTimeout(), () -> {
            if (answer.complete(false)) {
                LOG.warn("the database did not let this node decide about those out of reach");
            }
        });
        attempt(answer, lost, yields);
        return answer;
    }

    /** Whoever loses the lease has been shut out and ends, which needs no ear. */
    @Override
    public CompletionStage<Boolean> acquire(Consumer<Optional<Throwable>> lost) {
        return acquire();
    }

    @Override
    public CompletionStage<Boolean> release() {
        return claims.get().release(settings.leaseName()).handle((none, failed) -> failed == null);
    }

    /** The database alone knows, so it is asked before each decision. */
    @Override
    public boolean checkLease() {
        return false;
    }

    private void attempt(
            CompletableFuture<Boolean> answer, Set<String> lost, AtomicBoolean yields) {
        if (answer.isDone()) {
            return;
        }
        ask(lost, yields).whenComplete((taken, failed) -> {
            if (failed != null) {
                LOG.debug("the database was not asked who decides; trying again", failed);
            }
            if (failed != null || taken.isEmpty()) {
                later.accept(AGAIN, () -> attempt(answer, lost, yields));
            } else {
                LOG.info("the database lets this node decide: {} may do nothing any more in {} ms",
                    lost, taken.get().toMillis());
                later.accept(taken.get(), () -> answer(answer));
            }
        });
    }

    private void answer(CompletableFuture<Boolean> answer) {
        if (!answer.complete(true)) {
            release(); // Too late: this side has given up.
        }
    }

    private CompletionStage<Optional<Duration>> ask(Set<String> lost, AtomicBoolean yields) {
        try {
            Sides now = sides.get();
            lost.addAll(now.lost());
            return claims.get().take(
                settings.leaseName(), Set.copyOf(lost), now.isSmaller() && yields.get());
        } catch (RuntimeException failed) {
            return CompletableFuture.failedStage(failed);
        }
    }
}

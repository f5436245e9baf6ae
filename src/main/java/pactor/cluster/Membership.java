package pactor.cluster;

import health.Guard;
import health.Heartbeat;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pactor.settings.Version;
import store.NodeTable;
import store.NodeTable.Node;
import store.NodeTable.Row;
import store.StoreException;

/**
 * Sees to it that one cluster works on a database, and not two that know nothing of each other.
 *
 * <p>Each node writes a row and renews it. A node that starts looks at the rows before it does
 * anything: one that lives, and is of no member of the cluster that this node has joined, is
 * another cluster's. Of two that start at once the one whose row was there first goes on. Should
 * two clusters work on one database all the same, the journal's key keeps their histories apart.
 *
 * <p>The row is a fence too. The nodes that go on without another one mark its row, and it ends
 * when it next renews; and one that could not renew for a while sends nothing to participants,
 * whether it was cut off or stopped, until it knows better. So what has been given up as dead is
 * silent before others take up its work (failure model, F6 and S8).
 */
public final class Membership {

    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

    private static final Duration LOOK = Duration.ofMillis(250);

    /** A stranger that goes on for this part of a lease while it is watched is no late member. */
    private static final int WATCHED = 3;

    /** How often a row is renewed in the time after which it is missed. */
    static final int RENEWALS = 4;

    private static final String PART = "the renewal of this node's row";

    private static final Heartbeat.Bounds SILENCE =
        new Heartbeat.Bounds(Duration.ofSeconds(10), Duration.ofSeconds(60));

    private final NodeTable table;
    private final Guest guest;
    private final SteadyClock clock;
    private final AtomicReference<Node> own = new AtomicReference<>();
    private final CompletableFuture<Void> lost = new CompletableFuture<>();
    private final CountDownLatch never = new CountDownLatch(1);
    private final Set<String> downed = ConcurrentHashMap.newKeySet();
    private volatile long provenAt = System.nanoTime();
    private volatile boolean isDowned;
    private volatile Cancellable renewing = Cancellable.alreadyCancelled();
    private volatile Runnable renewal = () -> {};
    private volatile String trouble;
    private boolean isPlaced;
    private volatile long askedAt;

    /**
     * Who wants to work on the database.
     *
     * @param address of this node; after a restart it is the same if it can be
     * @param shards over how many shards it spreads the transactions
     * @param lease after which a row that was not renewed is a dead node's
     * @param fence without a renewal for so long, this node sends nothing to participants; several
     *     times as long as from one renewal to the next
     * @param members the addresses in this node's cluster, now
     * @param partners those of them that must work on this database too, now
     */
    record Guest(String address, int shards, Duration lease, Duration fence,
            Supplier<Set<String>> members, Supplier<Set<String>> partners) {

        /** The row of a new process. */
        static Node row(String address, int shards) {
            return new Node(address, Long.toString(ThreadLocalRandom.current()
                .nextLong(Long.MAX_VALUE), Character.MAX_RADIX), false, shards, Version.text());
        }

        /** Often enough that neither time runs out because one renewal was late. */
        Duration renewEvery() {
            Duration shorter = fence.compareTo(lease) < 0 ? fence : lease;
            return shorter.dividedBy(RENEWALS);
        }
    }

    /** @param clock is told the database's time, again and again */
    Membership(NodeTable table, Guest guest, SteadyClock clock) {
        this.table = table;
        this.guest = guest;
        this.clock = clock;
        own.set(Guest.row(guest.address(), guest.shards()));
    }

    /** Goes on with a row that is there. To be called before {@link #enter}. */
    void take(Node row) {
        own.set(row);
        isPlaced = true;
    }

    /**
     * Makes sure that this node may work here. Blocks: as long as the first look takes, or up to a
     * lease and a little more if there is a row that may be another cluster's.
     *
     * @throws StoreException if it may not; the message says what to do
     */
    public void enter() {
        if (!isPlaced) {
            Asked.join(table.enter(own.get()));
        }
        Map<String, Long> firstSeen = new HashMap<>();
        long deadline = System.nanoTime() + guest.lease().multipliedBy(2).toNanos();
        for (boolean told = false;; told = true) {
            long asked = System.nanoTime();
            List<Row> rows = Asked.join(table.renew(own.get()));
            provenAt = asked;
            setClock(rows, asked);
            Set<String> members = guest.members().get();
            refuseOtherShards(rows, members);
            List<Row> strangers = strangers(rows, members);
            if (strangers.isEmpty() && isAmongItsOwn(rows)) {
                own.updateAndGet(Node::settledNow);
                Asked.join(table.renew(own.get()));
                return;
            }
            long watched = guest.lease().dividedBy(WATCHED).toNanos() / 1_000;
            Optional<Row> alive = strangers.stream().filter(each -> each.seen() - firstSeen
                .computeIfAbsent(each.node().incarnation(), unseen -> each.seen()) > watched)
                .findFirst();
            if (alive.isPresent() || System.nanoTime() - deadline > 0) {
                leave();
                throw alive.isPresent() ? stranger(alive.get())
                    : strangers.isEmpty() ? homeless() : stranger(strangers.get(0));
            }
            if (!told) {
                LOG.info("waiting to see {}", strangers.isEmpty()
                    ? "another node of this cluster in the database"
                    : "whether " + strangers.get(0).node().address()
                        + ", which is not in this cluster, still works on the database");
            }
            pause();
        }
    }

    /**
     * Goes on renewing this node's row.
     *
     * @param guard misses it when it does not go on
     */
    public void stay(ActorSystem<?> system, Guard guard) {
        Heartbeat heartbeat = guard.heartbeat(PART, SILENCE);
        renewal = () -> guarded(guard, () -> renew(guard));
        Cancellable schedule = system.scheduler().scheduleWithFixedDelay(guest.renewEvery(),
            guest.renewEvery(), () -> {
                heartbeat.beat();
                renewal.run();
            }, system.executionContext());
        renewing = new Cancellable() {
            @Override
            public boolean cancel() {
                guard.release(heartbeat);
                return schedule.cancel();
            }

            @Override
            public boolean isCancelled() {
                return schedule.isCancelled();
            }
        };
    }

    /** Why this node cannot write, as far as its row tells; empty if it can. Does not block. */
    public Optional<String> trouble() {
        long asked = askedAt;
        if (asked != 0 && System.nanoTime() - asked > guest.fence().dividedBy(2).toNanos()) {
            return Optional.of("the database does not answer");
        }
        return Optional.ofNullable(trouble);
    }

    /** Fails, with the reason, if this node may not go on. Never completes otherwise. */
    public CompletionStage<Void> lost() {
        return lost;
    }

    /**
     * Whether what this node knows is surely still its own to act on. From any thread; to be asked
     * right before something leaves the process, since it may be stopped at any moment.
     */
    public boolean isSure() {
        return !isDowned && System.nanoTime() - provenAt < guest.fence().toNanos();
    }

    /** This process, as its row names it. */
    Node own() {
        return own.get();
    }

    /** The cluster gave up that node, whose row is marked. This node, if it is, sends no more. */
    public void downed(String address) {
        if (address.equals(own.get().address())) {
            isDowned = true;
        } else {
            downed.add(address);
            renewal.run();
        }
    }

    /** A new process at that address is a member by the time it writes its row. */
    private void expelDowned(List<Row> rows) {
        Set<String> members = guest.members().get();
        downed.removeIf(address -> members.contains(address) || rows.stream()
            .noneMatch(row -> row.node().address().equals(address) && !row.expelled()));
        rows.stream().filter(row -> downed.contains(row.node().address()))
            .forEach(row -> table.expel(row.node()));
    }

    /** Takes this node's row away, so that nobody waits for it. Blocks for a moment. */
    public void leave() {
        renewing.cancel();
        try {
            table.leave(own.get()).toCompletableFuture().get(2, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (Exception unreachable) {
            LOG.debug("this node's row stays until it expires", unreachable);
        }
    }

    /** One at a time; but one that is not answered within the fence is left to itself. */
    private void renew(Guard guard) {
        long asked = System.nanoTime();
        long before = askedAt;
        if (before != 0 && asked - before < guest.fence().toNanos()) {
            return;
        }
        if (before != 0) {
            if (trouble == null) {
                LOG.warn("this node's row was not renewed within {} ms; trying again",
                    guest.fence().toMillis());
            }
            trouble = "the database does not answer";
        }
        askedAt = asked;
        table.renew(own.get()).whenComplete((found, thrown) -> {
            if (askedAt == asked) {
                askedAt = 0;
            }
            if (thrown != null) {
                trouble = "the database cannot be written";
                LOG.debug("this node's row was not renewed", thrown);
            } else {
                guarded(guard, () -> renewed(found, asked));
            }
        });
    }

    /** One that was shut out shuts nobody out: of two sides of a cut only one goes on. */
    private void renewed(List<Row> found, long asked) {
        setClock(found, asked);
        judge(found).ifPresentOrElse(
            reason -> lost.completeExceptionally(new StoreException(reason)),
            () -> {
                if (asked - provenAt > 0) {
                    provenAt = asked;
                }
                trouble = null;
                expelDowned(found);
            });
    }

    /** The next renewal comes, whatever this one meets. */
    private void guarded(Guard guard, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException failed) {
            trouble = "this node's place in the database cannot be judged";
            LOG.error("{} has failed and is tried again", PART, failed);
        } catch (Error fatal) {
            guard.fail(PART, fatal);
        }
    }

    /** Each row tells the same time: when it was last renewed, and how long ago that was. */
    private void setClock(List<Row> rows, long asked) {
        rows.stream().findFirst()
            .ifPresent(row -> clock.heard(row.seen() + row.age().toNanos() / 1_000, asked));
    }

    /** Why this node must end, if it must. */
    private Optional<String> judge(List<Row> rows) {
        Node mine = own.get();
        Optional<Row> row = rows.stream()
            .filter(each -> each.node().address().equals(mine.address())).findFirst();
        if (row.isPresent() && !row.get().node().incarnation().equals(mine.incarnation())) {
            return Optional.of("another process took this node's place in the database ("
                + mine.address() + "); ending, so that not two work as one");
        }
        if (row.isPresent() && row.get().expelled()) {
            return Optional.of("the other nodes of the cluster went on without this one ("
                + mine.address() + "); ending, so that not two work on one transaction");
        }
        if (row.isPresent() && row.get().age().compareTo(guest.lease()) <= 0) {
            return Optional.empty();
        }
        Optional<Row> stranger = strangers(rows, guest.members().get()).stream().findFirst();
        if (row.isEmpty() && stranger.isEmpty()) {
            table.enter(mine);
        }
        return stranger.map(each -> "this node did not reach the database for more than "
            + guest.lease().toSeconds() + " s, and " + each.node().address()
            + " of another cluster works on it now; ending");
    }

    /** Live rows of nodes that are not in this cluster, and that this one must give way to. */
    private List<Row> strangers(List<Row> rows, Set<String> members) {
        Node mine = own.get();
        long since = rows.stream().filter(each -> isMine(each.node()))
            .mapToLong(Row::started).findFirst().orElse(Long.MAX_VALUE);
        return rows.stream()
            .filter(each -> !each.node().address().equals(mine.address()))
            .filter(each -> !members.contains(each.node().address()))
            .filter(each -> each.age().compareTo(guest.lease()) <= 0)
            .filter(each -> each.node().settled() || each.started() < since
                || each.started() == since
                    && each.node().address().compareTo(mine.address()) < 0)
            .toList();
    }

    /** Whether another member works on this database too, unless this node is the only one. */
    private boolean isAmongItsOwn(List<Row> rows) {
        Set<String> others = others();
        return others.isEmpty()
            || rows.stream().anyMatch(each -> others.contains(each.node().address()));
    }

    private Set<String> others() {
        return guest.partners().get().stream()
            .filter(each -> !each.equals(own.get().address())).collect(Collectors.toSet());
    }

    private void refuseOtherShards(List<Row> rows, Set<String> members) {
        rows.stream()
            .filter(each -> members.contains(each.node().address()))
            .filter(each -> !isMine(each.node()))
            .filter(each -> each.age().compareTo(guest.lease()) <= 0)
            .filter(each -> each.node().shards() != guest.shards())
            .findFirst().ifPresent(each -> {
                leave();
                throw new StoreException("pactor.coordinator.shards is " + guest.shards()
                    + " here and " + each.node().shards() + " at " + each.node().address()
                    + "; it must be the same on each node");
            });
    }

    private boolean isMine(Node node) {
        return node.address().equals(own.get().address())
            && node.incarnation().equals(own.get().incarnation());
    }

    private StoreException stranger(Row row) {
        return new StoreException("the database is in use by " + row.node().address()
            + ", which is not in the cluster of this node (" + guest.address() + "). Join that"
            + " cluster (--join), or stop it, or give this one another database");
    }

    private StoreException homeless() {
        return new StoreException("no other node of this cluster works on this database ("
            + String.join(", ", others()) + "). All nodes need the same pactor.store.jdbc-url");
    }

    private void pause() {
        try {
            never.await(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StoreException("interrupted while starting", interrupted);
        }
    }
}

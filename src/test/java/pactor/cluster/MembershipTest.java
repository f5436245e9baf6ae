package pactor.cluster;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import health.Guard;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import meter.Meter;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import store.Database;
import store.NodeTable;
import store.StoreException;
import store.StoreSettings;

/** Who may work on a database, without a cluster: the members are what the test says. */
class MembershipTest {

    private static final Duration LEASE = Duration.ofMillis(1_500);

    private final Guard guard = Guard.passive();
    private final ActorTestKit kit = ActorTestKit.create();
    private final Database database = Database.open(
        StoreSettings.at("jdbc:h2:mem:" + UUID.randomUUID()), Meter.create());
    private final NodeTable table = new NodeTable(database);
    private final Set<String> members = new HashSet<>();

    @AfterEach
    void close() {
        kit.shutdownTestKit();
        database.close();
    }

    @Test
    void aNodeOfAnotherClusterIsRefusedWhileTheFirstLives() {
        Membership first = node("a", 8);
        first.enter();
        stay(first);
        StoreException refused = assertThrows(StoreException.class, node("b", 8)::enter);
        assertTrue(refused.getMessage().contains("in use by a,"), refused.getMessage());
        assertTrue(refused.getMessage().contains("--join"), refused.getMessage());
        members.addAll(Set.of("a", "b"));
        node("b", 8).enter();
    }

    @Test
    void theRowOfOneThatWasKilledExpiresAndThatOfOneThatLeftIsNotWaitedFor() {
        node("killed", 8).enter();
        Membership left = node("left", 8);
        members.addAll(Set.of("killed", "left"));
        left.enter();
        members.clear();
        left.leave();
        node("next", 8).enter();
    }

    @Test
    void aNodeThatComesBackAtItsAddressDoesNotWait() {
        Duration forEver = Duration.ofDays(1);
        node("same", 8, forEver).enter();
        node("same", 8, forEver).enter();
    }

    @Test
    void ofTwoThatStartAtOnceOneGoesOn() {
        CompletableFuture<Boolean> one = CompletableFuture.supplyAsync(() -> entered("one"));
        CompletableFuture<Boolean> two = CompletableFuture.supplyAsync(() -> entered("two"));
        assertTrue(one.join() ^ two.join(), one.join() + " and " + two.join());
    }

    @Test
    void anotherNumberOfShardsIsRefused() {
        node("a", 8).enter();
        members.addAll(Set.of("a", "b"));
        StoreException refused = assertThrows(StoreException.class, node("b", 9)::enter);
        assertTrue(refused.getMessage().contains("pactor.coordinator.shards is 9 here and 8 at a"),
            refused.getMessage());
    }

    @Test
    void aMemberWhoseOthersWorkElsewhereIsRefused() {
        members.addAll(Set.of("a", "b"));
        StoreException refused = assertThrows(StoreException.class, node("b", 8)::enter);
        assertTrue(refused.getMessage().contains("pactor.store.jdbc-url"), refused.getMessage());
    }

    @Test
    void whoeverLosesItsPlaceEnds() {
        Membership first = node("same", 8);
        first.enter();
        stay(first);
        assertFalse(first.lost().toCompletableFuture().isDone());
        node("same", 8).enter();
        assertTrue(reason(first).contains("took this node's place"), reason(first));
    }

    @Test
    void whoWasAwayForTooLongEndsIfOthersWorkHereByNow() {
        Membership away = node("away", 8);
        away.enter();
        Membership next = node("next", 8);
        next.enter();
        stay(next);
        stay(away);
        assertTrue(reason(away).contains("next of another cluster"), reason(away));
        assertFalse(next.lost().toCompletableFuture().isDone());
    }

    @Test
    void whoeverTheOthersGoOnWithoutEndsThoughItReachesTheDatabase() {
        Membership other = node("a", 8);
        other.enter();
        stay(other);
        members.addAll(Set.of("a", "cutOff"));
        Membership cutOff = node("cutOff", 8);
        cutOff.enter();
        stay(cutOff);
        members.remove("cutOff");
        other.downed("cutOff");
        assertTrue(reason(cutOff).contains("went on without this one"), reason(cutOff));
        assertFalse(other.lost().toCompletableFuture().isDone());
    }

    @Test
    void aNodeThatItsClusterGaveUpIsNotSureAnyMore() {
        Membership first = node("a", 8);
        first.enter();
        stay(first);
        assertTrue(first.isSure());
        first.downed("a");
        assertFalse(first.isSure());
    }

    @Test
    void aNodeIsSureOnlyWhileItsRowIsRenewed() {
        Membership first = node("a", 8);
        first.enter();
        assertTrue(first.isSure());
        await().until(() -> !first.isSure());
        first.stay(kit.system(), guard);
        await().until(first::isSure);
        database.close();
        await().until(() -> !first.isSure());
    }

    @Test
    void aDatabaseThatIsAwayIsToldAndNobodyEnds() {
        Membership first = node("a", 8);
        first.enter();
        first.stay(kit.system(), guard);
        assertEquals(Optional.empty(), first.trouble());
        database.close();
        await().until(() -> first.trouble().isPresent());
        assertEquals(Optional.of("the database cannot be written"), first.trouble());
        assertFalse(first.lost().toCompletableFuture().isDone());
    }

    private boolean entered(String address) {
        try {
            Membership entering = node(address, 8);
            entering.enter();
            stay(entering);
            return true;
        } catch (StoreException refused) {
            return false;
        }
    }

    private void stay(Membership membership) {
        membership.stay(kit.system(), guard);
    }

    private static String reason(Membership membership) {
        return membership.lost().toCompletableFuture()
            .handle((none, thrown) -> thrown.getMessage())
            .orTimeout(10, TimeUnit.SECONDS).join();
    }

    private Membership node(String address, int shards) {
        return node(address, shards, LEASE);
    }

    private Membership node(String address, int shards, Duration lease) {
        return new Membership(table, new Membership.Guest(address, shards, lease,
            lease, () -> Set.copyOf(members), () -> Set.copyOf(members)), new SteadyClock());
    }
}

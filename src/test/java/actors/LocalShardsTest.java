package actors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pekko.cluster.sharding.typed.HashCodeMessageExtractor;
import org.junit.jupiter.api.Test;

/** New ids are of transactions that live on the node that made them. */
class LocalShardsTest {

    private static final int COUNT = 128;

    private final GidGenerator gids = new GidGenerator(Clock.systemUTC());
    private final HashCodeMessageExtractor<Object> extractor =
        new HashCodeMessageExtractor<>(COUNT);
    private boolean hasPeers = true;
    private final LocalShards local =
        new LocalShards(extractor::shardId, COUNT, () -> hasPeers);

    @Test
    void newIdsAreOfTheNodesOwnShardsAndOfAllOfThem() {
        Set<String> own = shards(0, COUNT / 3);
        local.seen(own);
        Set<String> met = new HashSet<>();
        Set<String> made = new HashSet<>();
        for (int i = 0; i < 2_000; i++) {
            String gid = local.newGid(gids);
            assertTrue(local.holds(gid), gid);
            met.add(extractor.shardId(gid));
            assertTrue(made.add(gid), gid);
        }
        assertEquals(own, met);
    }

    /** Otherwise the few shards that a new cluster has so far would have to bear everything. */
    @Test
    void ofTooFewNoneIsPreferred() {
        local.seen(shards(0, COUNT / 16 - 1));
        assertTrue(met(2_000).size() > COUNT / 2);
        local.seen(Set.of());
        assertTrue(met(2_000).size() > COUNT / 2);
    }

    @Test
    void aNodeThatIsAloneHoldsAll() {
        local.seen(shards(0, COUNT / 2));
        hasPeers = false;
        assertTrue(met(2_000).size() > COUNT / 2);
        assertTrue(local.holds("anything"));
    }

    @Test
    void whatIsElsewhereIsNotHeld() {
        String gid = gids.next();
        local.seen(Set.of(extractor.shardId(gid)));
        assertTrue(local.holds(gid));
        local.seen(shards(0, COUNT).stream()
            .filter(each -> !each.equals(extractor.shardId(gid))).collect(Collectors.toSet()));
        assertFalse(local.holds(gid));
    }

    private Set<String> met(int count) {
        return IntStream.range(0, count)
            .mapToObj(i -> extractor.shardId(local.newGid(gids))).collect(Collectors.toSet());
    }

    private static Set<String> shards(int from, int to) {
        return IntStream.range(from, to).mapToObj(String::valueOf).collect(Collectors.toSet());
    }
}

package bench.failover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bench.failover.Chronicle.Kind;
import bench.failover.Chronicle.Mark;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the tool reads: answers to clients, logs, management ports. */
class ViewsTest {

    @ParameterizedTest
    @CsvSource({
        "200, false, OK", "503, true, REFUSED", "425, false, REFUSED", "429, true, REFUSED",
        "503, false, WRONG", "429, false, WRONG", "0, false, NONE", "409, false, WRONG",
        "500, true, WRONG",
    })
    void anAnswerIsTold(int status, boolean retryAfter, Kind kind) {
        assertEquals(kind, LoadClients.kind(new NodeConnection.Heard(status, "{}", retryAfter)));
    }

    @Test
    void aFailureIsOneWhateverTheStatus() {
        assertEquals(Kind.WRONG, LoadClients.kind(
            new NodeConnection.Heard(200, "{\"dtm_result\":\"FAILURE\"}", false)));
    }

    @Test
    void theViewOfAManagementPortIsRead() throws Exception {
        var view = ManagementPort.View.of(new ObjectMapper().readTree("""
            {"selfNode":"pekko://pactor@127.0.0.1:1","oldest":"pekko://pactor@127.0.0.1:1",
             "members":[{"node":"pekko://pactor@127.0.0.1:1","status":"Up"},
                        {"node":"pekko://pactor@127.0.0.1:2","status":"Down"}],
             "unreachable":[{"node":"pekko://pactor@127.0.0.1:2",
                             "observedBy":["pekko://pactor@127.0.0.1:1"]}]}"""));

        assertEquals(Set.of("127.0.0.1:1", "127.0.0.1:2"), view.members());
        assertEquals(Set.of("127.0.0.1:1"), view.up());
        assertEquals(Set.of("127.0.0.1:2"), view.unreachable());
        assertEquals("127.0.0.1:1", view.oldest());
    }

    @Test
    void aTransactionLivesWhereItsShardIs() {
        Set<String> even = IntStream.range(0, Homes.SHARDS).filter(i -> i % 2 == 0)
            .mapToObj(String::valueOf).collect(Collectors.toSet());
        Set<String> odd = IntStream.range(0, Homes.SHARDS).filter(i -> i % 2 == 1)
            .mapToObj(String::valueOf).collect(Collectors.toSet());
        Homes homes = Homes.of(List.of(even, odd));

        assertTrue(homes.isWhole());
        assertFalse(Homes.of(List.of(even)).isWhole());
        assertEquals(64, homes.count(1));
        assertEquals(1, homes.of(Homes.gidIn(odd, "a")));
        assertEquals(0, homes.of(Homes.gidIn(even, "a")));
        assertEquals(-1, Homes.UNKNOWN.of("a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "polygenelubricants"})
    void aShardIsNeverNegative(String gid) { // The last has the hash Integer.MIN_VALUE.
        int shard = Integer.parseInt(Homes.shard(gid));
        assertTrue(shard >= 0 && shard < Homes.SHARDS, gid);
    }

    @Test
    void linesBeforeTheEventAreNotCounted() {
        var chronicle = new Chronicle(0);
        try (var lookout = new Lookout(chronicle)) {
            lookout.heard(new NodeProcess.Said(0, 5, "x ERROR y"));
            chronicle.event(10);
            lookout.heard(new NodeProcess.Said(0, 11, "x ERROR y"));
            lookout.heard(new NodeProcess.Said(0, 12, "x WARN  y"));

            assertEquals(new Lookout.LogCount(2, 1, 1, 20), lookout.logs());
        }
        assertEquals(List.of(), chronicle.moments());
    }

    @Test
    void theFirstWordOnAMomentCounts() {
        var chronicle = new Chronicle(0);
        chronicle.add(new Chronicle.Moment(Mark.REMOVED, 7, 2, "log"));
        chronicle.add(new Chronicle.Moment(Mark.REMOVED, 9, 2, "management port"));

        assertEquals(7, chronicle.first(Mark.REMOVED).orElseThrow().at());
        assertEquals(1, chronicle.moments().size());
    }

    @Test
    void callsBeforeTheEventAndStrangersAreNotNoted() {
        var chronicle = new Chronicle(2);
        chronicle.called(0, 5);
        chronicle.event(10);
        chronicle.called(1, 12);
        chronicle.called(2, 12);

        assertEquals(1, chronicle.calledAgain());
    }
}

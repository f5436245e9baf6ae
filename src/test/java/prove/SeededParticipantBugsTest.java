package prove;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each bug of a participant is told by the check that is for it. */
@Timeout(120)
final class SeededParticipantBugsTest {

    /** Most of a run is waiting. */
    private static final int AT_ONCE = 6;

    private static final Map<Bug, Future<ProveReport>> REPORTS = new EnumMap<>(Bug.class);

    private static final ExecutorService THREADS = Executors.newFixedThreadPool(AT_ONCE);

    @BeforeAll
    static void proveAll() {
        for (Bug bug : Bug.values()) {
            REPORTS.put(bug, THREADS.submit(() -> prove(bug)));
        }
    }

    @AfterAll
    static void end() {
        THREADS.shutdownNow();
    }

    private static ProveReport prove(Bug bug) throws Exception {
        try (Participant participant = new Participant(new BuggyShop(bug))) {
            ProveOptions.Builder options = participant.options().runs(bug.isOfTiming() ? 8 : 2);
            if (bug.isOfTcc()) {
                options.mode(ProveMode.TCC).confirm(participant.url("/call"));
            }
            if (bug == Bug.ANSWERS_TOO_LATE) {
                options.requestTimeout(Duration.ofMillis(300));
            }
            return Prover.prove(options.build());
        }
    }

    @ParameterizedTest(name = "{0} is found")
    @EnumSource(Bug.class)
    void isFound(Bug bug) throws Exception {
        ProveReport report = REPORTS.get(bug).get();
        List<String> broken = report.broken().stream().map(Finding::check).toList();

        assertTrue(broken.contains(bug.check()), broken + " of " + report.findings());
        for (Finding finding : report.broken()) {
            assertFalse(finding.expected().isEmpty(), finding::toString);
            assertFalse(finding.seen().isEmpty(), finding::toString);
            assertFalse(finding.again().isEmpty(), finding::toString);
        }
    }

    @Test
    void theWholeListIsMade() throws Exception {
        List<String> made = REPORTS.get(Bug.NO_BARRIER).get().findings().stream()
            .map(Finding::check).toList();

        assertEquals(Check.all(ProveOptions.of("http://a", "http://b").build())
            .stream().map(Check::name).toList(),
            made.subList(0, made.size() - 1));
        assertEquals("end", made.get(made.size() - 1));
    }
}

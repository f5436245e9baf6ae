package transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A plan tells what follows each refusal, as far as its bounds go, and says where it ends. */
class DryRunTest {

    private static final Moment NOW =
        new Moment(Instant.parse("2026-03-01T10:00:00Z"), Policy.DEFAULT);

    @Test
    void eachStepTellsWhatFollowsItsRefusal() {
        DryRun run = DryRun.of(Samples.saga(3), NOW);
        assertEquals(List.of("http://p1/act", "http://p2/act", "http://p3/act"),
            urls(run.steps()));
        assertEquals(List.of("http://p3/undo", "http://p2/undo", "http://p1/undo"),
            urls(run.steps().get(2).thenIfFailed()));
        assertEquals(List.of(), run.warnings());
    }

    /** The n-th step is undone with those before it, so n compensations follow. */
    @Test
    void fiftyRefusalsArePlayed() {
        int most = DryRun.FAILURES_PLAYED;
        DryRun whole = DryRun.of(Samples.saga(most), NOW);
        assertEquals(most, whole.steps().get(most - 1).thenIfFailed().size());
        assertEquals(List.of(), whole.warnings());

        DryRun more = DryRun.of(Samples.saga(most + 1), NOW);
        assertEquals(most + 1, more.steps().size());
        assertEquals(List.of(), more.steps().get(most).thenIfFailed());
        assertEquals(List.of("what follows if 51 action or a later call is refused is left out:"
            + " a plan tells 2000 calls in all, and 50 refusals"), more.warnings());
    }

    @Test
    void callsAreToldUpToTheBound() {
        int played = DryRun.FAILURES_PLAYED;
        int steps = Limits.PLAN_CALLS - played * (played + 1) / 2;
        DryRun fits = DryRun.of(Samples.saga(steps), NOW);
        assertEquals(Limits.PLAN_CALLS, told(fits));
        assertTrue(fits.warnings().get(0).startsWith("what follows if 51 action"));

        DryRun beyond = DryRun.of(Samples.saga(steps + 1), NOW);
        assertEquals(steps + 1, beyond.steps().size());
        assertEquals(List.of(), beyond.steps().get(played - 1).thenIfFailed());
        assertEquals(played - 1, beyond.steps().get(played - 2).thenIfFailed().size());
        assertTrue(beyond.warnings().get(0).startsWith("what follows if 50 action"));
    }

    /** Each refusal of one of so many would call off two thousand others. */
    @Test
    void theLargestSagaIsToldWithItsOwnCalls() {
        DryRun run = DryRun.of(Samples.saga(Limits.STEPS, Map.of(), Options.NONE), NOW);
        assertEquals(Limits.STEPS, run.steps().size());
        assertEquals(Limits.STEPS, told(run));
        assertTrue(run.warnings().get(0).startsWith("what follows if 01 action"));
    }

    @Test
    void theLargestMessageIsTold() {
        List<String> subscribers = Collections.nCopies(Limits.SUBSCRIBERS, "http://a/x");
        Submission.Step topic = new Submission.Step("topic://t", "", Bytes.EMPTY, subscribers);
        Submission asked = new Submission(Samples.GID, Mode.MSG, List.of(topic, topic),
            Samples.QUERY, Protocol.HTTP, "", Details.PLAIN, Options.NONE);
        DryRun run = DryRun.of(asked, NOW);
        assertEquals(Limits.PLAN_CALLS, run.steps().size());
    }

    private static int told(DryRun run) {
        return run.steps().stream().mapToInt(each -> 1 + each.thenIfFailed().size()).sum();
    }

    private static List<String> urls(List<DryRun.Planned> calls) {
        return calls.stream().map(DryRun.Planned::url).toList();
    }
}

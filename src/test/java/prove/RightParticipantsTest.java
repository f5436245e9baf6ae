package prove;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static prove.RightShop.Style.ENDS_CONNECTIONS_AND_SENDS_CHUNKS;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import prove.Finding.Verdict;
import transaction.VerdictMode;

/** A participant that does as it should raises no alarm, whatever the seed. */
@Timeout(600)
final class RightParticipantsTest {

    /** Of each one; more with -Dprove.seeds. */
    private static final int SEEDS = Integer.getInteger("prove.seeds", 2);

    /** Most of a run is waiting. */
    private static final int AT_ONCE = 6;

    private static ProveOptions options(Participant participant, RightShop.Style style, long seed) {
        ProveOptions.Builder options = participant.options().runs(4).seed(seed);
        switch (style) {
            case SHOWS_A_CLOCK -> options.ignored(Set.of("at"));
            case IS_CALLED_BY_GET -> options.payload("");
            case SAYS_DTM_RESULT_AND_THE_WORD_FAILURE -> options.verdicts(VerdictMode.STRICT);
            case TCC_THAT_SHOWS_WHAT_IS_HELD, TCC_THAT_SHOWS_WHAT_IS_CONFIRMED ->
                options.mode(ProveMode.TCC).confirm(participant.url("/call"));
            case XA -> options.mode(ProveMode.XA).confirm(participant.url("/call"));
            default -> { }
        }
        ProveOptions all = options.build();
        return style != RightShop.Style.SHOWS_NOTHING ? all
            : ProveOptions.of(all.action(), all.undo()).payload(all.payload())
                .refusedPayload(all.refusedPayload().orElseThrow()).seed(seed).build();
    }

    private static ProveReport prove(RightShop.Style style, long seed) throws Exception {
        try (Participant participant = new Participant(new RightShop(style),
                style == ENDS_CONNECTIONS_AND_SENDS_CHUNKS)) {
            return Prover.prove(options(participant, style, seed));
        }
    }

    @ParameterizedTest(name = "one that {0} raises no alarm")
    @EnumSource(RightShop.Style.class)
    void noAlarm(RightShop.Style style) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Future<ProveReport>> reports = new ArrayList<>();
            for (long seed = 1; seed <= SEEDS; seed++) {
                long each = seed;
                reports.add(threads.submit(() -> prove(style, each)));
            }
            for (Future<ProveReport> each : reports) {
                ProveReport report = each.get();
                assertEquals(List.of(), report.broken());
                assertEquals(expectedSkips(style), report.findings().stream()
                    .filter(finding -> finding.verdict() == Verdict.SKIPPED)
                    .map(Finding::seen).distinct().toList());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** What cannot be known of it, and nothing more. */
    private static List<String> expectedSkips(RightShop.Style style) {
        return switch (style) {
            case SHOWS_NOTHING -> List.of("needs --state");
            case TCC_THAT_SHOWS_WHAT_IS_HELD -> List.of("what was confirmed stays: the state was"
                + " {\"stock\":1000,\"held\":0.0} and is {\"stock\":972,\"held\":0.0}");
            case TCC_THAT_SHOWS_WHAT_IS_CONFIRMED -> List.of(
                "the state does not show the action alone", "what was confirmed stays: the state"
                + " was {\"stock\":1000} and is {\"stock\":972}");
            case XA -> List.of("nobody repeats the first phase of XA",
                "the state does not show the action alone", "what was confirmed stays: the state"
                + " was {\"stock\":1000} and is {\"stock\":972}");
            default -> List.of();
        };
    }
}

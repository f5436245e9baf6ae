package io.pactor.test;

import java.util.List;
import prove.Finding;
import prove.ProveOptions;
import prove.ProveReport;
import prove.Prover;

/** Proofs for tests. */
public final class PactorTestKit {

    private PactorTestKit() {}

    /**
     * What was found.
     *
     * @param checks the names of the checks that passed
     * @param text   all of it for people
     */
    public record Result(List<String> checks, String text) {}

    /**
     * Plays the coordinator against a running participant: repeats, late actions, undos of what
     * never ran, calls at the same time, lost answers, and kills if it can be restarted. Blocks, a
     * few seconds, and at most as long as the proof says. Nobody else should call the participant
     * meanwhile.
     *
     * @return what was checked, if nothing broke
     * @throws AssertionError if something broke; its message says what, with the calls that show it
     * @throws IllegalArgumentException if something of the proof cannot be
     */
    public static Result prove(Proof proof) {
        ProveOptions options = proof.options();
        try {
            ProveReport report = Prover.prove(options);
            if (!report.isClean()) {
                throw new AssertionError(report.text(options));
            }
            return new Result(report.findings().stream()
                .filter(each -> each.verdict() == Finding.Verdict.PASSED).map(Finding::check)
                .toList(), report.text(options));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted before all checks were made", e);
        }
    }
}

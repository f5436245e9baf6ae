package prove;

import java.time.Duration;
import java.util.List;
import prove.Finding.Verdict;

/**
 * What is known of a participant after a run.
 *
 * @param findings one for each check, in order
 * @param notes what a reader has to know besides
 * @param calls how many were made one after another or at once, without those that were cut
 */
public record ProveReport(List<Finding> findings, List<String> notes, int calls, Duration took) {

    public ProveReport {
        findings = List.copyOf(findings);
        notes = List.copyOf(notes);
    }

    /** Whether nothing broke. Checks that could not be made do not count. */
    public boolean isClean() {
        return broken().isEmpty();
    }

    /** All of it for people, as the command prints it. @param options of the run */
    public String text(ProveOptions options) {
        return ReportText.of(this, options, (verdict, text) -> text);
    }

    /** The findings that somebody has to look at. */
    public List<Finding> broken() {
        return findings.stream().filter(each -> each.verdict() == Verdict.BROKEN).toList();
    }
}

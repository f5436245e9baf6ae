package prove;

import java.util.ArrayList;
import java.util.List;

/**
 * What one check has found.
 *
 * @param check its name
 * @param meaning what a right participant does
 * @param expected what should have been; empty unless broken
 * @param seen what was instead; of a check that was not made, why not
 * @param steps how it came about; empty unless broken
 */
public record Finding(String check, String meaning, Verdict verdict, String expected, String seen,
        List<ProveStep> steps) {

    /** How a check ended. */
    public enum Verdict {
        PASSED, BROKEN, SKIPPED
    }

    static Finding passed(Check check) {
        return new Finding(check.name(), check.meaning(), Verdict.PASSED, "", "", List.of());
    }

    static Finding skipped(Check check, String why) {
        return new Finding(check.name(), check.meaning(), Verdict.SKIPPED, "", why, List.of());
    }

    static Finding broken(Check check, Broken how, List<ProveStep> steps) {
        return new Finding(check.name(), check.meaning(), Verdict.BROKEN, how.expected(),
            how.seen(), steps);
    }

    /** What a shell must be told to see it again, a line each. */
    public List<String> again() {
        if (steps.isEmpty()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        lines.add(Curl.FRESH);
        boolean isTogether = false;
        for (ProveStep step : steps) {
            isTogether |= step.isTogether();
            lines.add(step.curl() + (isTogether ? " &" : ""));
            if (isTogether && !step.isTogether()) {
                lines.add("wait");
                isTogether = false;
            }
        }
        return lines;
    }
}

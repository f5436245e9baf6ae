package prove;

import java.util.Locale;
import java.util.function.BiFunction;
import prove.Finding.Verdict;

/** A report for people. */
final class ReportText {

    /** More steps than this are the same ones again. */
    private static final int STEPS_SHOWN = 24;

    private final BiFunction<Verdict, String, String> colour;
    private final StringBuilder out = new StringBuilder();

    private ReportText(BiFunction<Verdict, String, String> colour) {
        this.colour = colour;
    }

    /** @param colour paints a text for a verdict */
    static String of(ProveReport report, ProveOptions options,
            BiFunction<Verdict, String, String> colour) {
        return new ReportText(colour).write(report, options);
    }

    private String write(ProveReport report, ProveOptions options) {
        line(options.mode().wire() + ": " + Curl.withoutUser(options.action()) + ", undone by "
            + Curl.withoutUser(options.undo()));
        line("");
        report.findings().forEach(this::row);
        report.broken().forEach(this::failure);
        line("");
        report.notes().forEach(this::line);
        line(summary(report, options));
        return out.toString();
    }

    private void row(Finding finding) {
        String mark = switch (finding.verdict()) {
            case PASSED -> "✓";
            case BROKEN -> "✗";
            case SKIPPED -> "–";
        };
        line(colour.apply(finding.verdict(), mark)
            + String.format(Locale.ROOT, " %-20s ", finding.check()) + finding.meaning()
            + (finding.verdict() == Verdict.SKIPPED ? " Not made: " + finding.seen() : ""));
    }

    private void failure(Finding finding) {
        line("");
        line(colour.apply(Verdict.BROKEN, "✗ " + finding.check()) + ": " + finding.meaning());
        line("  expected  " + finding.expected());
        line("  seen      " + finding.seen());
        int number = 0;
        for (ProveStep step : finding.steps()) {
            if (++number <= STEPS_SHOWN) {
                line(String.format(Locale.ROOT, "  %2d. %s%s -> %s", number, step.did(),
                    step.isTogether() ? ", at the same time as the next" : "", step.saw()));
            }
        }
        if (number > STEPS_SHOWN) {
            line("      and " + (number - STEPS_SHOWN) + " more");
        }
        if (!finding.steps().isEmpty()) {
            line("  to see it again:");
            finding.again().stream().limit(2 * STEPS_SHOWN).forEach(line -> line("    " + line));
        }
    }

    private static String summary(ProveReport report, ProveOptions options) {
        long made = report.findings().stream()
            .filter(each -> each.verdict() != Verdict.SKIPPED).count();
        long left = report.findings().size() - made;
        return made + " checks made, " + report.broken().size() + " broken, " + left
            + " not made; " + report.calls() + " calls in "
            + String.format(Locale.ROOT, "%.1f s", report.took().toMillis() / 1_000.0) + ", seed "
            + options.seed();
    }

    private void line(String text) {
        out.append(text.stripTrailing()).append('\n');
    }
}

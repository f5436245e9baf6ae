package demo;

import demo.Timeline.Entry;
import demo.Timeline.Tone;
import java.io.PrintWriter;
import java.util.List;

/** The printed page: plain text, with colours where a terminal wants them. */
final class Screen {

    private static final String BOLD = "\u001b[1m";
    private static final String DIM = "\u001b[2m";
    private static final String RED = "\u001b[31m";
    private static final String GREEN = "\u001b[32m";
    private static final String YELLOW = "\u001b[33m";
    private static final String OFF = "\u001b[0m";

    private final PrintWriter out;
    private final boolean colours;

    Screen(PrintWriter out, boolean colours) {
        this.out = out;
        this.colours = colours;
    }

    void line(String text) {
        out.println(text);
        out.flush(); // A reader watches while the parts are at work.
    }

    void title(String text) {
        line("");
        line(paint(BOLD, text));
    }

    void good(String text) {
        line(paint(GREEN, text));
    }

    void bad(String text) {
        line(paint(RED, text));
    }

    void faint(String text) {
        line(paint(DIM, text));
    }

    void story(Timeline timeline) {
        for (Entry entry : timeline.entries()) {
            double seconds = timeline.since(entry.nanos()).toNanos() / 1e9;
            line(paint(DIM, "  %+7.3f s  ".formatted(seconds)) + text(entry));
        }
    }

    /** One row: each bank before and after, then the total. */
    void balances(List<String> names, List<Long> before, List<Long> after) {
        StringBuilder row = new StringBuilder("  balances    ");
        for (int i = 0; i < names.size(); i++) {
            row.append("%s %s   ".formatted(names.get(i), change(before.get(i), after.get(i))));
        }
        line(row + "total " + change(sum(before), sum(after)));
    }

    private String text(Entry entry) {
        if (entry.from().isEmpty()) {
            return paint(YELLOW, entry.detail());
        }
        String who = "%-11s -> %-11s".formatted(entry.from(), entry.to());
        String what = "%-15s %-2s  %-16s".formatted(entry.verb(), entry.branch(), entry.detail());
        String answer = paint(entry.tone() == Tone.BAD ? RED : GREEN, entry.answer());
        return who + "  " + what + "  " + answer;
    }

    private static String change(long before, long after) {
        return before == after
                ? Money.text(before)
                : Money.text(before) + " -> " + Money.text(after);
    }

    static long sum(List<Long> cents) {
        return cents.stream().mapToLong(Long::longValue).sum();
    }

    private String paint(String colour, String text) {
        return colours ? colour + text + OFF : text;
    }
}

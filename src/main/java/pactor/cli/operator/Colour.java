package pactor.cli.operator;

import picocli.CommandLine.Help.Ansi.Style;

/** What a text is marked with on a terminal. */
enum Colour {
    NONE(null),
    DIM(Style.faint),
    HEAD(Style.bold),
    GOOD(Style.fg_green),
    WAITS(Style.fg_yellow),
    BAD(Style.fg_red);

    /** What ends bold alone means something else to some terminals. */
    private static final String PLAIN = "\u001b[0m";

    private final Style style;

    Colour(Style style) {
        this.style = style;
    }

    /** {@code text}, marked if {@code isColoured}. */
    String of(String text, boolean isColoured) {
        return !isColoured || style == null || text.isEmpty() ? text
            : style.on() + text + PLAIN;
    }

    /** That of a status, an outcome, or what a transaction waits for. */
    static Colour ofWord(String word) {
        return switch (word) {
            case "succeed", "success", "yes", "up", "ready", "done", "succeeded",
                "finished" -> GOOD;
            case "failed", "failure", "parked", "quarantined", "forbidden", "no", "down",
                "unreachable", "not ready", "refused" -> BAD;
            case "aborting", "retry", "retrying", "put-off", "unknown", "ongoing", "paused",
                "callback" -> WAITS;
            default -> NONE;
        };
    }
}

package pactor.cli.operator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What bulk operations look like to a person. Pure. */
final class BulkViews {

    private static final int BAR_COLUMNS = 40;

    private BulkViews() {}

    /** One bulk operation. */
    static List<String> one(Json it, Instant now, boolean isColoured) {
        List<String> lines = new ArrayList<>();
        Views.label(lines, "id", it.text("id"));
        Views.label(lines, "action", (it.text("action") + " " + it.text("branch_id") + " "
            + it.text("op") + " " + it.text("outcome")).strip().replaceAll(" +", " "));
        Views.label(lines, "until", it.text("until").isEmpty() ? ""
            : TimeText.shown(it.text("until")));
        Views.label(lines, "filter", FilterOptions.written(it.get("filter")));
        Views.label(lines, "reason", it.text("reason"));
        Views.label(lines, "by", it.text("by"));
        Views.label(lines, "changed by", it.text("changed_by"));
        Views.label(lines, "begun", TimeText.shown(it.text("begun_at")) + ", "
            + TimeText.since(it.text("begun_at"), now) + " ago");
        Views.label(lines, "ended", it.text("ended_at").isEmpty() ? ""
            : TimeText.shown(it.text("ended_at")));
        Views.label(lines, "state", state(it));
        lines.add(bar(it, isColoured));
        return lines;
    }

    /** How it stands and how far it is. */
    static String state(Json it) {
        return it.text("state") + ", " + (it.number("total") - it.number("remaining")) + " of "
            + it.text("total") + " done"
            + (it.number("refused") > 0 ? ", " + it.text("refused") + " refused" : "")
            + (it.number("failed") > 0 ? ", " + it.text("failed") + " failed" : "");
    }

    private static String bar(Json it, boolean isColoured) {
        long total = Math.max(1, it.number("total"));
        long not = it.number("refused") + it.number("failed");
        int good = (int) (BAR_COLUMNS * it.number("succeeded") / total);
        int both = (int) (BAR_COLUMNS * (it.number("succeeded") + not) / total);
        return Colour.GOOD.of("#".repeat(good), isColoured)
            + Colour.BAD.of("x".repeat(both - good), isColoured)
            + Colour.DIM.of(".".repeat(BAR_COLUMNS - both), isColoured);
    }

    /** Its transactions. */
    static Table items(Json page) {
        Table table = new Table("NUMBER", "GID", "RESULT", "AT", "DETAIL");
        for (Json each : page.elements("items")) {
            table.row(each.text("number"), each.text("gid"), each.text("result"),
                each.text("at").isEmpty() ? "" : TimeText.shown(each.text("at")),
                each.text("detail"));
        }
        return table;
    }
}

package pactor.cli.operator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import pactor.settings.ControlCharacters;

/** What the server's answers look like to a person. Pure. */
final class Views {

    private static final int LABEL_COLUMNS = 13;

    /** Nothing goes on by itself. */
    private static final Set<String> HELD = Set.of("quarantined", "paused", "parked");

    /** An answer of the API is no page of text; the rest is in {@code --json}. */
    private static final int TEXT_COLUMNS_MAX = 2_000;

    private Views() {}

    static Table transactions(Json page, Instant now) {
        Table table = new Table("GID", "MODE", "STATUS", "WAITS FOR", "AGE", "NEXT", "ATTEMPTS",
            "PARTICIPANT", "ERROR");
        for (Json each : page.elements("items")) {
            table.row(each.text("gid"), each.text("mode"), each.text("status"), waiting(each),
                TimeText.since(each.text("opened_at"), now),
                TimeText.until(each.text("next_at"), now),
                each.text("attempts"), each.text("participant"), each.text("error"));
        }
        return table;
    }

    /** One transaction and its branches. */
    static List<String> transaction(Json it, Instant now, boolean isColoured) {
        List<String> lines = new ArrayList<>();
        label(lines, "gid", it.text("gid"));
        label(lines, "mode", it.text("mode"));
        lines.add(named("status")
            + Colour.ofWord(it.text("status")).of(text(it.text("status")), isColoured)
            + (waiting(it).isEmpty() ? "" : (HELD.contains(waiting(it)) ? ", " : ", waits for ")
                + text(waiting(it))));
        label(lines, "opened", time(it.text("opened_at"), now));
        label(lines, "updated", time(it.text("updated_at"), now));
        label(lines, "next", it.text("next_at").isEmpty() ? ""
            : TimeText.shown(it.text("next_at")) + ", " + TimeText.until(it.text("next_at"), now));
        label(lines, "reason", it.text("reason"));
        label(lines, "quarantine", it.text("quarantine"));
        label(lines, "error", it.text("error"));
        label(lines, "result", it.text("result"));
        label(lines, "custom data", it.text("custom_data"));
        label(lines, "attributes", pairs(it.get("attributes")));
        label(lines, "options", pairs(it.get("options")));
        label(lines, "node", it.text("node"));
        Table branches = new Table("BRANCH", "OP", "STATUS", "ATTEMPTS", "NEXT", "URL");
        for (Json each : it.elements("branches")) {
            branches.row(each.text("branch_id"), each.text("op"), each.text("status"),
                each.text("attempts"), TimeText.until(each.text("next_at"), now), each.text("url"));
        }
        if (!branches.isEmpty()) {
            lines.add("");
            lines.addAll(branches.lines(0, isColoured));
        }
        for (Json each : it.elements("branches")) {
            if (!each.text("error").isEmpty()) {
                lines.add(text(each.text("branch_id") + " " + each.text("op") + ": "
                    + each.text("error")));
            }
        }
        return lines;
    }

    static List<String> explanation(Json it, Instant now, boolean isColoured) {
        List<String> lines = new ArrayList<>();
        lines.add(Colour.HEAD.of(text(it.text("summary")), isColoured));
        it.elements("happened").forEach(each -> lines.add("  " + text(each.text())));
        label(lines, "waits for", it.text("waits_for"));
        Json next = it.get("next");
        label(lines, "next", next.text("what") + (next.text("at").isEmpty() ? ""
            : ", " + TimeText.until(next.text("at"), now)));
        Table actions = new Table("ACTION", "ALLOWED", "EFFECT");
        for (Json each : it.elements("actions")) {
            actions.row((each.text("action") + " " + each.text("branch_id") + " "
                + each.text("op")).strip(), each.is("allowed") ? "yes" : "no",
                each.is("allowed") ? each.text("effect") : each.text("because"));
        }
        if (!actions.isEmpty()) {
            lines.add("");
            lines.addAll(actions.lines(0, isColoured));
        }
        return lines;
    }

    static Table history(Json page) {
        Table table = new Table("NUMBER", "AT", "EVENT", "TEXT");
        for (Json each : page.elements("items")) {
            table.row(each.text("number"), TimeText.shown(each.text("at")), each.text("event"),
                each.text("text"));
        }
        return table;
    }

    /** What an action has done, in a line. */
    static String done(String gid, Json answer) {
        String how = answer.text("text").isEmpty() ? "done" : answer.text("text");
        return text(gid + ": " + how + (answer.is("changed") ? "" : "; nothing has changed"));
    }

    static List<String> warnings(Json answer) {
        return answer.elements("warnings").stream()
            .map(each -> text("warning: " + each.text())).toList();
    }

    /** An event of the live stream. */
    static String event(Json event, boolean isColoured) {
        StringBuilder line = new StringBuilder(TimeText.shown(event.text("time")));
        line.append("  ").append(event.text("gid")).append("  ").append(event.text("event"));
        for (Map.Entry<String, Json> field : event.fields().entrySet()) {
            if (!List.of("event", "gid", "time", "trans_type").contains(field.getKey())) {
                line.append("  ").append(field.getKey()).append('=')
                    .append(field.getValue().text());
            }
        }
        return Colour.ofWord(event.text("status")).of(text(line.toString()), isColoured);
    }

    static String pairs(Json object) {
        return object.fields().entrySet().stream()
            .filter(each -> !List.of("", "false", "{}").contains(each.getValue().text()))
            .map(each -> each.getKey() + "=" + each.getValue().text())
            .collect(Collectors.joining(" "));
    }

    static String text(String said) {
        return ControlCharacters.escaped(Columns.cut(said, TEXT_COLUMNS_MAX));
    }

    /** A line with its name before it; none if there is nothing to say. */
    static void label(List<String> lines, String name, String said) {
        if (!said.isEmpty()) {
            lines.add(named(name) + text(said));
        }
    }

    private static String named(String name) {
        return name + " ".repeat(LABEL_COLUMNS - name.length());
    }

    private static String waiting(Json it) {
        return it.is("quarantined") ? "quarantined" : it.is("paused") ? "paused"
            : it.text("waiting");
    }

    private static String time(String moment, Instant now) {
        return moment.isEmpty() ? ""
            : TimeText.shown(moment) + ", " + TimeText.since(moment, now) + " ago";
    }
}

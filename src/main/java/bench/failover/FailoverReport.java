package bench.failover;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Figures for people and for programs.
 *
 * @param about where it was played, since figures mean nothing without
 */
record FailoverReport(Scenario scenario, Rehearsal.Seen seen, FailoverFigures figures,
        About about) {

    /**
     * @param store the kind of the database, as its url begins
     * @param cores processors that nodes, database and tool share here
     */
    record About(String version, String store, int cores) {}

    void print(PrintWriter out) {
        line(out, "%s", scenario.title());
        line(out, "%s over %s, %d processors, load of the machine %.1f at the end",
            about.version(), about.store(), about.cores(), seen.load());
        line(out, "");
        for (FailoverFigures.Figure each : figures.all()) {
            line(out, "  %-38s %12s %-9s %s", each.name(), number(each.value()), each.unit(),
                verdict(each));
        }
        line(out, "");
        for (Chronicle.Moment each : seen.chronicle().moments()) {
            line(out, "  %8.2f s  %-36s %s%s", seconds(each), each.mark().label(),
                each.node() < 0 ? "" : "node " + each.node() + ", ", "told by " + each.source());
        }
        if (!figures.wrong().isEmpty()) {
            line(out, "");
            figures.wrong().forEach(each -> line(out, "  wrong: %s", each.strip()));
        }
        out.flush();
    }

    private static String verdict(FailoverFigures.Figure figure) {
        return !figure.hasGoal() ? "" : (figure.isMet() ? "reached" : "missed") + ", the goal is "
            + number(figure.goal()) + " at most";
    }

    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "unknown";
        }
        return value == Math.rint(value) && Math.abs(value) < 1e15
            ? String.format(Locale.ROOT, "%,d", (long) value)
            : String.format(Locale.ROOT, value < 10 ? "%.3f" : "%,.1f", value);
    }

    private double seconds(Chronicle.Moment moment) {
        return (moment.at() - seen.chronicle().eventAt()) / 1e9;
    }

    private static void line(PrintWriter out, String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values).stripTrailing());
    }

    /** Writes the same as one JSON object. @throws IOException if the file cannot be written */
    void write(Path file) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode root = mapper.createObjectNode();
        root.put("title", scenario.title());
        root.put("event", scenario.event().label());
        root.put("victim", scenario.victim().name().toLowerCase(Locale.ROOT));
        root.put("nodes", scenario.nodes());
        root.put("clients", scenario.load().clients());
        root.put("rate", scenario.load().rate());
        root.put("waiting", scenario.waiting());
        root.put("at", scenario.load().at().name().toLowerCase(Locale.ROOT));
        root.put("ids", scenario.load().ids().name().toLowerCase(Locale.ROOT));
        root.put("warmupSeconds", scenario.times().warmup().toMillis() / 1e3);
        root.put("observeSeconds", scenario.times().observe().toMillis() / 1e3);
        root.put("version", about.version());
        root.put("store", about.store());
        root.put("cores", about.cores());
        root.put("load", seen.load());
        ArrayNode told = root.putArray("figures");
        for (FailoverFigures.Figure each : figures.all()) {
            ObjectNode figure = told.addObject().put("name", each.name()).put("unit", each.unit());
            if (!Double.isNaN(each.value())) {
                figure.put("value", each.value());
            }
            if (each.hasGoal()) {
                figure.put("goalAtMost", each.goal()).put("met", each.isMet());
            }
        }
        ArrayNode moments = root.putArray("moments");
        for (Chronicle.Moment each : seen.chronicle().moments()) {
            moments.addObject().put("mark", each.mark().label()).put("seconds", seconds(each))
                .put("node", each.node()).put("source", each.source());
        }
        ArrayNode wrong = root.putArray("wrong");
        figures.wrong().forEach(wrong::add);
        mapper.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), root);
    }
}

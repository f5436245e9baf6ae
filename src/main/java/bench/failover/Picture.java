package bench.failover;

import bench.failover.Chronicle.Answer;
import bench.failover.Chronicle.Kind;
import bench.failover.Chronicle.Mark;
import bench.failover.Chronicle.Moment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The timeline of a {@link Rehearsal}: a lane for each node with what its clients saw, second by
 * second, and a line down for each moment at which something changed.
 */
final class Picture {

    private static final int WIDTH = 960;
    private static final int LEFT = 104;
    private static final int RIGHT = 20;
    private static final int TOP = 74;
    private static final int MARK_ROW = 17;
    private static final int LANE = 92;
    private static final int QUIET_LANE = 30;
    private static final int GAP = 8;
    private static final int FOOT = 64;
    private static final double CHAR = 6.4;

    /** Latencies from one millisecond to ten seconds, four decades. */
    private static final double DECADES = 4;

    private static final double SLOW_MILLIS = 500;

    /** Fewer dots can be told apart, and more make the file large. */
    private static final int DOTS_MAX = 400;

    /** So much is shown before the event, and after the last moment at least. */
    private static final double BEFORE = 2;
    private static final double AFTER_LAST = 2;
    private static final double SECONDS_MIN = 8;

    private static final double BUCKET = 0.1;

    private final Scenario scenario;
    private final Rehearsal.Seen seen;
    private final FailoverFigures figures;
    private final List<Moment> marks;
    private final double end;
    private final List<Integer> rows = new ArrayList<>();

    private Picture(Scenario scenario, Rehearsal.Seen seen, FailoverFigures figures) {
        this.scenario = scenario;
        this.seen = seen;
        this.figures = figures;
        this.marks = marks();
        double last = marks.stream().mapToDouble(each -> seconds(each.at())).max().orElse(0);
        this.end = Math.max(SECONDS_MIN, Math.ceil(last + AFTER_LAST));
        placeLabels();
    }

    static Picture of(Scenario scenario, Rehearsal.Seen seen, FailoverFigures figures) {
        return new Picture(scenario, seen, figures);
    }

    /** One of each kind is drawn, but for the nodes that are ready, whose lanes show it. */
    private List<Moment> marks() {
        List<Moment> first = new ArrayList<>();
        for (Moment each : seen.chronicle().moments()) {
            boolean isNew = first.stream().noneMatch(other -> other.mark() == each.mark());
            if (isNew && each.mark() != Mark.STARTED && seconds(each.at()) > -BEFORE) {
                first.add(each);
            }
        }
        return first;
    }

    /** Each label goes into the first row where it does not touch the one before. */
    private void placeLabels() {
        List<Double> ends = new ArrayList<>();
        for (Moment each : marks) {
            double from = labelAt(each);
            int row = 0;
            while (row < ends.size() && ends.get(row) > from - 8) {
                row++;
            }
            if (row == ends.size()) {
                ends.add(0.0);
            }
            ends.set(row, from + label(each).length() * CHAR);
            rows.add(row);
        }
    }

    private double labelAt(Moment mark) {
        return Math.min(x(seconds(mark.at())) + 4,
            WIDTH - RIGHT - label(mark).length() * CHAR);
    }

    private String label(Moment mark) {
        return String.format(Locale.ROOT, "%.2f s %s", seconds(mark.at()), mark.mark().label());
    }

    String svg() {
        int labels = rows.stream().mapToInt(row -> row + 1).max().orElse(0) * MARK_ROW;
        int lanesAt = TOP + labels + 6;
        int height = lanesAt + FOOT;
        for (int node = 0; node < scenario.nodes(); node++) {
            height += laneHeight(node) + GAP;
        }
        height += scenario.waiting() > 0 ? LANE + GAP : 0;
        Svg svg = new Svg(WIDTH, height, scenario.title());
        svg.text("title", 16, 26, scenario.title());
        svg.text("soft", 16, 46, subtitle());
        int y = lanesAt;
        for (int node = 0; node < scenario.nodes(); node++) {
            lane(svg, node, y);
            y += laneHeight(node) + GAP;
        }
        if (scenario.waiting() > 0) {
            waiting(svg, y);
            y += LANE + GAP;
        }
        axis(svg, lanesAt, y - GAP);
        drawMarks(svg, y - GAP);
        legend(svg, height - 14);
        return svg.toString();
    }

    private String subtitle() {
        List<String> parts = new ArrayList<>();
        for (String name : List.of("longest silence", "slowest saga, repeats included",
                "last called again after", "all ready after", "beyond the outage")) {
            double value = figures.value(name);
            if (!Double.isNaN(value)) {
                parts.add(String.format(Locale.ROOT, "%s %.2f s", name, value));
            }
        }
        double sagas = figures.value("sagas");
        if (!Double.isNaN(sagas)) {
            parts.add(String.format(Locale.ROOT, "%,d sagas, %d without a definite answer",
                (long) sagas, (long) figures.value("without a definite answer")));
        }
        return String.join(" · ", parts);
    }

    private int laneHeight(int node) {
        return answersOf(node).isEmpty() ? QUIET_LANE : LANE;
    }

    private List<Answer> answersOf(int node) {
        return seen.chronicle().answers().stream().filter(each -> each.node() == node)
            .filter(each -> seconds(each.at()) >= -BEFORE && seconds(each.at()) < end).toList();
    }

    private void lane(Svg svg, int node, int y) {
        int height = laneHeight(node);
        svg.rect("lane", LEFT, y, WIDTH - LEFT - RIGHT, height);
        svg.text("", 16, y + 18, "node " + node);
        if (node == seen.victim()) {
            svg.text("soft small", 64, y + 18, "goes");
        }
        life(svg, node, y + height - 6);
        if (height == LANE) {
            for (int decade = 1; decade < DECADES; decade++) {
                double at = y(Math.pow(10, decade), y);
                svg.line("grid", LEFT, at, WIDTH - RIGHT, at);
                svg.text("soft small end", LEFT - 6, at + 4,
                    List.of("", "10 ms", "100 ms", "1 s").get(decade));
            }
            List<Answer> answers = answersOf(node);
            band(svg, answers, y);
            dots(svg, answers, y);
        }
    }

    /** The bar at the foot of a lane: whether the process is there. */
    private void life(Svg svg, int node, int y) {
        double from = -BEFORE;
        Optional<Double> ready = momentOf(Mark.READY, node).filter(at -> at > 0);
        if (ready.isPresent()) {
            svg.rect("starting", x(0), y, x(ready.get()) - x(0), 4);
            from = ready.get();
        }
        Optional<Double> gone = momentOf(Mark.KILLED, node)
            .or(() -> momentOf(Mark.EXITED, node));
        double until = gone.orElse(end);
        svg.rect("alive", x(from), y, x(until) - x(from), 4);
        gone.ifPresent(at -> svg.rect("gone", x(at), y, x(end) - x(at), 4));
    }

    private Optional<Double> momentOf(Mark mark, int node) {
        return seen.chronicle().moments().stream()
            .filter(each -> each.mark() == mark && each.node() == node)
            .map(each -> seconds(each.at())).findFirst();
    }

    /** From the median to the slowest of each tenth of a second; nothing where nobody was told. */
    private void band(Svg svg, List<Answer> answers, int y) {
        TreeMap<Integer, List<Double>> buckets = new TreeMap<>();
        for (Answer each : answers) {
            if (each.kind() == Kind.OK) {
                buckets.computeIfAbsent((int) Math.floor(seconds(each.at()) / BUCKET),
                    bucket -> new ArrayList<>()).add(each.millis());
            }
        }
        StringBuilder area = new StringBuilder();
        StringBuilder median = new StringBuilder();
        buckets.forEach((bucket, millis) -> {
            millis.sort(Comparator.naturalOrder());
            double left = x(bucket * BUCKET);
            double right = x((bucket + 1) * BUCKET);
            double top = y(millis.get(millis.size() - 1), y);
            double low = y(millis.get(0), y);
            double mid = y(FailoverFigures.percentile(millis, 50), y);
            area.append(String.format(Locale.ROOT, "M%.1f %.1fH%.1fV%.1fH%.1fZ",
                left, top, right, low, left));
            median.append(String.format(Locale.ROOT, "M%.1f %.1fH%.1f", left, mid, right));
        });
        if (!buckets.isEmpty()) {
            svg.path("band", area);
            svg.path("median", median);
        }
    }

    private void dots(Svg svg, List<Answer> answers, int y) {
        List<Answer> told = answers.stream().filter(each -> !style(each).isEmpty()).toList();
        int step = Math.max(1, (told.size() + DOTS_MAX - 1) / DOTS_MAX);
        for (int i = 0; i < told.size(); i += step) {
            Answer each = told.get(i);
            svg.dot(style(each), x(seconds(each.at())), y(each.millis(), y));
        }
    }

    private static String style(Answer answer) {
        return switch (answer.kind()) {
            case OK -> answer.millis() >= SLOW_MILLIS ? "slow" : "";
            case REFUSED -> "refused";
            case NONE, WRONG -> "none";
        };
    }

    /** How many of those that wait have been called again. */
    private void waiting(Svg svg, int y) {
        svg.rect("lane", LEFT, y, WIDTH - LEFT - RIGHT, LANE);
        svg.text("", 16, y + 18, "waiting");
        List<Double> delays = seen.chronicle().delays();
        int all = seen.chronicle().waiting();
        svg.text("soft small", 16, y + 34, String.format(Locale.ROOT, "%,d there,", all));
        svg.text("soft small", 16, y + 48, "called again");
        StringBuilder path = new StringBuilder();
        double bottom = y + LANE - 2;
        path.append(String.format(Locale.ROOT, "M%.1f %.1f", x(0), bottom));
        int step = Math.max(1, delays.size() / DOTS_MAX);
        for (int i = 0; i < delays.size(); i += step) {
            path.append(point(delays.get(i), bottom, i, all));
        }
        if (!delays.isEmpty()) {
            path.append(point(delays.get(delays.size() - 1), bottom, delays.size(), all));
            path.append(point(end * 1e3, bottom, delays.size(), all));
        }
        svg.path("waiting", path.append(String.format(Locale.ROOT, "V%.1fZ", bottom)));
    }

    private String point(double millis, double bottom, int called, int all) {
        return String.format(Locale.ROOT, "L%.1f %.1f", x(Math.min(end, millis / 1e3)),
            bottom - (LANE - 12) * (double) called / all);
    }

    private void axis(Svg svg, int top, int bottom) {
        int step = end <= 16 ? 1 : end <= 30 ? 2 : 10;
        for (int second = -(int) BEFORE / step * step; second <= end; second += step) {
            svg.line("grid", x(second), bottom, x(second), bottom + 5);
            svg.text("soft small mid", x(second), bottom + 18, second + " s");
        }
        svg.line("grid", LEFT, bottom, WIDTH - RIGHT, bottom);
    }

    private void drawMarks(Svg svg, int bottom) {
        for (int i = 0; i < marks.size(); i++) {
            Moment mark = marks.get(i);
            double at = x(seconds(mark.at()));
            int y = TOP + rows.get(i) * MARK_ROW;
            svg.line(i == 0 ? "event" : "mark", at, y - 10, at, bottom);
            svg.text("", labelAt(mark), y, label(mark));
        }
    }

    private void legend(Svg svg, int y) {
        double x = LEFT;
        for (String[] each : new String[][] {
            {"band", "done: fastest, median, slowest"}, {"slow", "done after 0.5 s or more"},
            {"refused", "503 or 425: ask again"}, {"none", "no answer"}}) {
            svg.rect(each[0], x, y - 8, 10, 8);
            svg.text("soft small", x + 15, y, each[1]);
            x += 30 + each[1].length() * 5.8;
        }
    }

    private double seconds(long at) {
        return (at - seen.chronicle().eventAt()) / 1e9;
    }

    private double x(double seconds) {
        return LEFT + (seconds + BEFORE) / (end + BEFORE) * (WIDTH - LEFT - RIGHT);
    }

    /** @param top of the lane */
    private static double y(double millis, int top) {
        double share = Math.log10(Math.max(1, Math.min(10_000, millis))) / DECADES;
        return top + LANE - 10 - share * (LANE - 16);
    }
}
